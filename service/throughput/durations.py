"""The durations of many cases, put aside part by part, and what is told of them in the end."""

from collections import Counter
from collections.abc import Hashable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.throughput.cases import MILESTONES
from service.throughput.counts import STAGES
from service.throughput.measured import Flags, Measured
from service.throughput.packing import HOLDERS, STATES
from service.throughput.spool import Spool
from service.throughput.spreads import Held, TimeIn, TimeTo, days, time_in, time_to
from service.throughput.survival import Observed
from service.working_time import Ticks

_NOT_OVERTAKEN = frozenset({"first_response", "closed"})
"""Kaplan-Meier, where a closing ends the watch; a closing overtakes the other milestones (API.md section 4)."""


class Durations:
    """Times to milestones and times in states. They are asked for when every part has been added."""

    def __init__(self, spool: Spool, of: str = "") -> None:
        """Keep them in a spool, apart from those `of` something else that are kept there."""
        self._spool, self._of = spool, of
        self._closed_before: Counter[str] = Counter()
        self._held: Counter[int] = Counter()
        self._held_for: Counter[int] = Counter()
        self._holders: set[tuple[int, int]] = set()

    def add(self, measured: Measured, which: Flags | None = None) -> None:
        """Add every duration of some cases, or of those among them for which `which` holds."""
        for name in MILESTONES:
            self.add_time_to(name, measured, which)
        stays, turns = measured.stays_and_turns
        if which is not None:
            stays, turns = stays.of(which), turns.of(which)
        for state, ended, worked, elapsed in _apart(stays.state, stays.ended, stays.worked, stays.elapsed):
            self._put(("stay", state, ended), worked)
            self._put(("elapsed", state, ended), elapsed)
        for state, _, held in _apart(
            stays.state[stays.was_held], stays.ended[stays.was_held], stays.held[stays.was_held]
        ):
            self._held[state] += len(held)
            self._held_for[state] += int(held.sum())
        for place, ended, worked in _apart(
            turns.state.astype(np.int16) * len(HOLDERS) + turns.holder, turns.ended, turns.worked
        ):
            state, holder = divmod(place, len(HOLDERS))
            self._holders.add((state, holder))
            self._put(("turn", state, holder, ended), worked)

    def add_time_to(self, name: str, measured: Measured, which: Flags | None = None) -> None:
        """Add the times to one milestone of some cases, or of those among them for which `which` holds."""
        reached, took = measured.was_reached(name), measured.took_to(name)
        others = ~reached
        if which is not None:
            took, others = took[which[reached]], others & which
        overtaken = others & measured.is_closed
        self._closed_before[name] += int(np.count_nonzero(overtaken))
        self._put((name, "reached"), took)
        if name in _NOT_OVERTAKEN:
            self._put((name, "unfinished"), measured.watched[others])
        else:
            self._put((name, "overtaken"), measured.watched[overtaken])
            self._put((name, "unfinished"), measured.watched[others & ~overtaken])

    def time_to(self) -> dict[str, TimeTo]:
        """Return the time to each milestone."""
        return {name: self.time_to_one(name) for name in MILESTONES}

    def time_to_one(self, name: str) -> TimeTo:
        """Return the time to one milestone."""
        observed = Observed(*(self._take((name, how)) for how in ("reached", "overtaken", "unfinished")))
        return time_to(observed, self._closed_before[name])

    def time_in_state(self) -> dict[str, TimeIn]:
        """Return the time in each state an open enquiry can be in, in their order."""
        return {stage.value: self._time_in(STATES.index(stage)) for stage in STAGES}

    def _time_in(self, state: int) -> TimeIn:
        return time_in(
            self._observed("stay", state),
            self._observed("elapsed", state),
            {
                HOLDERS[holder].value: self._observed("turn", state, holder)
                for where, holder in self._holders
                if where == state
            },
            Held(self._held[state], days(self._held_for[state])),
        )

    def _observed(self, *what: Hashable) -> Observed:
        return Observed.of(self._take((*what, True)), (), self._take((*what, False)))

    def _put(self, what: tuple[Hashable, ...], durations: Ticks) -> None:
        self._spool.put((self._of, *what), durations)

    def _take(self, what: tuple[Hashable, ...]) -> Ticks:
        return self._spool.take((self._of, *what))


def _apart(places: NDArray[Any], ended: Flags, *columns: Ticks) -> Iterator[Any]:
    """Yield the place, whether they have ended, and the durations of those that agree in both."""
    codes = places.astype(np.int16) * 2 + ended
    order = np.argsort(codes, kind="stable")
    found, firsts = np.unique(codes[order], return_index=True)
    for code, first, last in zip(found.tolist(), firsts, [*firsts[1:], len(codes)], strict=False):
        yield code // 2, bool(code % 2), *(column[order[first:last]] for column in columns)
