"""Pure figures over the event log: cohorts, durations with unfinished cases, exits, suppression. No SQL, no clock."""
