"""The durations of a cohort, collected case by case: a few numbers are kept of each, never the case itself."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from service.throughput.cases import Case
from service.throughput.counts import STAGES
from service.throughput.spreads import Held, TimeIn, TimeTo, days, time_in, time_to
from service.throughput.stays import Stay
from service.throughput.survival import Observed

MILESTONES = ("first_response", "agreed_brief", "published", "commissioned", "closed")
_NOT_OVERTAKEN = frozenset({"first_response", "closed"})
"""Kaplan-Meier, where a closing ends the watch; a closing overtakes the other milestones (API.md section 4)."""


@dataclass
class _Stage:
    """What is kept of the stays in one state."""

    worked: Observed = field(default_factory=Observed)
    elapsed: Observed = field(default_factory=Observed)
    turns: defaultdict[str, Observed] = field(default_factory=lambda: defaultdict(Observed))
    stays_held: int = 0
    ticks_held: int = 0

    def add(self, stay: Stay) -> None:
        self.worked.note(stay.worked, ended=stay.ended)
        self.elapsed.note(stay.elapsed, ended=stay.ended)
        for turn in stay.turns:
            self.turns[turn.waiting_on].note(turn.worked, ended=turn.ended)
        self.stays_held += stay.was_held
        self.ticks_held += stay.held

    def shown(self) -> TimeIn:
        return time_in(self.worked, self.elapsed, self.turns, Held(self.stays_held, days(self.ticks_held)))


class Durations:
    """Times to milestones and times in states, of every case added."""

    def __init__(self) -> None:
        self._milestones = {name: Observed() for name in MILESTONES}
        self._closed_before: Counter[str] = Counter()
        self._stages = {stage.value: _Stage() for stage in STAGES}

    def add(self, case: Case) -> None:
        """Take a case into account."""
        for name, observed in self._milestones.items():
            if name in case.reached:
                observed.reached.append(case.reached[name])
                continue
            self._closed_before[name] += case.is_closed
            overtaken = case.is_closed and name not in _NOT_OVERTAKEN
            (observed.overtaken if overtaken else observed.unfinished).append(case.watched)
        for stay in case.stays:
            self._stages[stay.state].add(stay)

    def time_to(self) -> dict[str, TimeTo]:
        """Return the time to each milestone."""
        return {name: time_to(observed, self._closed_before[name]) for name, observed in self._milestones.items()}

    def time_in_state(self) -> dict[str, TimeIn]:
        """Return the time in each state an open enquiry can be in, in their order."""
        return {state: stage.shown() for state, stage in self._stages.items()}
