"""The durations of a cohort, worked out in bulk, and no sooner than they are asked for."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.throughput.calendars import Calendars
from service.throughput.cases import MILESTONES
from service.throughput.counts import STAGES
from service.throughput.packing import HOLDERS, NEVER, STATES, Counted
from service.throughput.periods import Period
from service.throughput.spreads import Held, TimeIn, TimeTo, days, time_in, time_to, total
from service.throughput.stays import Stays, Turns, ends_of, stays_of, together
from service.throughput.survival import Observed
from service.working_time import Ticks, ticks_of

_NOT_OVERTAKEN = frozenset({"first_response", "closed"})
"""Kaplan-Meier, where a closing ends the watch; a closing overtakes the other milestones (API.md section 4)."""
_AT_ONCE = 20_000
"""Cases whose spans are looked at together: it bounds what is held beside the durations."""


class Durations:
    """Times to milestones and times in states, of cases as of a period's end."""

    def __init__(self, counted: Counted, calendars: Calendars, period: Period) -> None:
        """Take cases that are no spam."""
        self._counted, self._calendars, self._closes = counted, calendars, ticks_of(period.closes)

    def time_to(self) -> dict[str, TimeTo]:
        """Return the time to each milestone."""
        return {name: self.time_to_one(name) for name in MILESTONES}

    def time_to_one(self, name: str) -> TimeTo:
        """Return the time to one milestone."""
        heads = self._counted.heads
        was_reached, is_closed = heads[name] != NEVER, heads["closed"] != NEVER
        overtaken = ~was_reached & is_closed if name not in _NOT_OVERTAKEN else np.zeros_like(is_closed)
        observed = Observed.of(self.took_to(name), self.watched[overtaken], self.watched[~was_reached & ~overtaken])
        return time_to(observed, int(np.count_nonzero(~was_reached & is_closed)))

    def took_to(self, name: str) -> Ticks:
        """Return the working time to a milestone, without holds, of those that reached it."""
        instants: Ticks = self._counted.heads[name]
        was_reached = instants != NEVER
        return self._until(self._worked_until(instants[was_reached], was_reached), was_reached)

    @cached_property
    def watched(self) -> Ticks:
        """Working time from each submission to the first closing, or to the as_of, without holds."""
        return self._until(self._ends, np.ones(len(self._counted), np.bool_))

    def time_in_state(self) -> dict[str, TimeIn]:
        """Return the time in each state an open enquiry can be in, in their order."""
        stays, turns = self._stays_and_turns()
        return {stage.value: _time_in(stays, turns, STATES.index(stage)) for stage in STAGES}

    def _until(self, worked: Ticks, which: NDArray[np.bool_]) -> Ticks:
        """Return working time from the submission of some cases until `worked` was reached, without holds."""
        case, began, ended = self._holds
        place = np.cumsum(which) - 1
        here = which[case]
        reached = worked[place[case[here]]]
        paused = np.minimum(ended[here], reached) - np.minimum(began[here], reached)
        passed = worked - self._starts[which]
        np.subtract.at(passed, place[case[here]], paused)
        return passed

    def _worked_until(self, instants: Ticks, which: NDArray[np.bool_]) -> Ticks:
        return self._calendars.worked_until(instants, self._counted.heads["nation"][which])

    @cached_property
    def _starts(self) -> Ticks:
        everybody = np.ones(len(self._counted), np.bool_)
        return self._worked_until(self._counted.heads["submitted_at"], everybody)

    @cached_property
    def _ends(self) -> Ticks:
        return self._worked_until(ends_of(self._counted, self._closes), np.ones(len(self._counted), np.bool_))

    @cached_property
    def _holds(self) -> tuple[NDArray[np.intp], Ticks, Ticks]:
        """The case of each span on hold, and working time up to its start and its end."""
        spans, ends = self._counted.spans, ends_of(self._counted, self._closes)
        held = np.flatnonzero(spans["on_hold"])
        cases = self._counted.case_of_span()
        case, following = cases[held], (held + 1) % max(len(spans), 1)
        is_last = (cases[following] != case) | (following == 0)
        until = np.where(is_last, ends[case], spans["start"][following])
        nation = self._counted.heads["nation"][case]
        began = self._calendars.worked_until(np.ascontiguousarray(spans["start"][held]), nation)
        return case, began, self._calendars.worked_until(until, nation)

    def _stays_and_turns(self) -> tuple[Stays, Turns]:
        parts = self._counted.parts(_AT_ONCE) if len(self._counted) else [self._counted]
        stays, turns = zip(*(stays_of(part, self._calendars, self._closes) for part in parts), strict=True)
        return together(stays), together(turns)


def _time_in(stays: Stays, turns: Turns, state: int) -> TimeIn:
    here, with_ball = stays.state == state, turns.state == state
    ended, holder = stays.ended[here], turns.holder[with_ball]
    worked, turn_ended = turns.worked[with_ball], turns.ended[with_ball]
    return time_in(
        Observed.split(stays.worked[here], ended),
        Observed.split(stays.elapsed[here], ended),
        {
            HOLDERS[place].value: Observed.split(worked[holder == place], turn_ended[holder == place])
            for place in np.unique(holder)
        },
        Held(int(np.count_nonzero(stays.was_held[here])), days(total(stays.held[here]))),
    )
