"""How long things took, worked out for some cases at once, and no sooner than it is asked for."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.throughput.calendars import Calendars
from service.throughput.packing import NEVER, Counted
from service.throughput.periods import Period
from service.throughput.stays import Stays, Turns, ends_of, stays_of
from service.working_time import Ticks, ticks_of

Flags = NDArray[np.bool_]


class Measured:
    """The durations of cases as of a period's end, each beside its case. The cases are no spam."""

    def __init__(self, counted: Counted, calendars: Calendars, period: Period) -> None:
        """Take the cases, with their spans."""
        self.cases, self._calendars, self._closes = counted, calendars, ticks_of(period.closes)
        self._took: dict[str, Ticks] = {}

    @cached_property
    def is_closed(self) -> Flags:
        """Whether the watch of each case ended with its first closing."""
        return self.was_reached("closed")

    def was_reached(self, name: str) -> Flags:
        """Tell of each case whether it reached a milestone."""
        reached: Flags = self.cases.heads[name] != NEVER
        return reached

    def took_to(self, name: str) -> Ticks:
        """Return the working time to a milestone, without holds, of those that reached it."""
        if name not in self._took:
            reached = self.was_reached(name)
            self._took[name] = self._until(self._worked_until(self.cases.heads[name][reached], reached), reached)
        return self._took[name]

    @cached_property
    def watched(self) -> Ticks:
        """Working time from each submission to the first closing, or to the as_of, without holds."""
        return self._until(self._ends, self._everybody)

    @cached_property
    def stays_and_turns(self) -> tuple[Stays, Turns]:
        """The stays in states, and the turns in them."""
        return stays_of(self.cases, self._calendars, self._closes)

    def _until(self, worked: Ticks, which: Flags) -> Ticks:
        """Return working time from the submission of some cases until `worked` was reached, without holds."""
        case, began, ended = self._holds
        place = np.cumsum(which) - 1
        here = which[case]
        reached = worked[place[case[here]]]
        paused = np.minimum(ended[here], reached) - np.minimum(began[here], reached)
        passed = worked - self._starts[which]
        np.subtract.at(passed, place[case[here]], paused)
        return passed

    def _worked_until(self, instants: Ticks, which: Flags) -> Ticks:
        return self._calendars.worked_until(instants, self.cases.heads["nation"][which])

    @cached_property
    def _everybody(self) -> Flags:
        return np.ones(len(self.cases), np.bool_)

    @cached_property
    def _starts(self) -> Ticks:
        return self._worked_until(self.cases.heads["submitted_at"], self._everybody)

    @cached_property
    def _ends(self) -> Ticks:
        return self._worked_until(ends_of(self.cases, self._closes), self._everybody)

    @cached_property
    def _holds(self) -> tuple[NDArray[np.intp], Ticks, Ticks]:
        """The case of each span on hold, and working time up to its start and its end."""
        spans, ends = self.cases.spans, ends_of(self.cases, self._closes)
        held = np.flatnonzero(spans["on_hold"])
        cases = self.cases.case_of_span()
        case, following = cases[held], (held + 1) % max(len(spans), 1)
        is_last = (cases[following] != case) | (following == 0)
        until = np.where(is_last, ends[case], spans["start"][following])
        nation = self.cases.heads["nation"][case]
        began = self._calendars.worked_until(np.ascontiguousarray(spans["start"][held]), nation)
        return case, began, self._calendars.worked_until(until, nation)
