"""What happens without anybody asking: one file a job, called by the worker's ticks.

Each is `run(database, clock, …)` with the settings or collaborators it needs, does one small batch in transactions of
its own, and returns how much it did: 0 when a second call would find nothing to do. The database decides what is
due; a tick only asks. So a job may be killed anywhere, run twice, or run late.
"""
