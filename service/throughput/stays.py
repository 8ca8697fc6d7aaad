"""Where cases spent their time: stays in states, turns with the ball, holds. All durations are in microseconds."""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from service.throughput.calendars import Calendars
from service.throughput.packing import NEVER, Counted, differs
from service.working_time import Ticks

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Times:
    """Times beside the places of the cases they are of."""

    case: NDArray[np.intp]

    def of(self, which: Flags) -> Self:
        """Return the times of those cases for which `which` holds."""
        here = which[self.case]
        return type(self)(*(getattr(self, field.name)[here] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Stays(_Times):
    """Each unbroken time in one state: working time without holds, working time on hold, all time."""

    state: NDArray[Any]
    worked: Ticks
    held: Ticks
    elapsed: Ticks
    ended: Flags
    was_held: Flags


@dataclass(frozen=True, slots=True)
class Turns(_Times):
    """Each unbroken time in which one party held the ball inside one stay; a hold does not break it."""

    state: NDArray[Any]
    holder: NDArray[Any]
    worked: Ticks
    ended: Flags


def ends_of(counted: Counted, closes: int) -> Ticks:
    """Return the instant at which the watch of each case ended: its closing, or `closes`."""
    closed_at: Ticks = counted.heads["closed"]
    return np.where(closed_at == NEVER, closes, closed_at)


def stays_of(counted: Counted, calendars: Calendars, closes: int) -> tuple[Stays, Turns]:
    """Return the stays and the turns of cases, in their order; the last of a case has ended only if it is closed."""
    heads, spans = counted.heads, counted.spans
    case = counted.case_of_span()
    is_last = np.ones(len(case), np.bool_)
    is_last[:-1] = case[1:] != case[:-1]
    starts, ends = np.ascontiguousarray(spans["start"]), ends_of(counted, closes)
    nation = heads["nation"]
    until, worked_before = _followed(starts, ends, is_last), calendars.worked_until(starts, nation[case])
    worked = _followed(worked_before, calendars.worked_until(ends, nation), is_last) - worked_before
    on_hold: Flags = spans["on_hold"]
    held = np.where(on_hold, worked, 0)
    busy, passed = worked - held, until - starts
    ended = ~is_last | (heads["closed"][case] != NEVER)

    begins_stay = differs(case) | differs(spans["state"])
    begins_turn = begins_stay | differs(spans["holder"])
    stay, turn = np.flatnonzero(begins_stay), np.flatnonzero(begins_turn)
    return (
        Stays(
            case[stay],
            spans["state"][stay],
            worked=_summed(busy, stay),
            held=_summed(held, stay),
            elapsed=_summed(passed, stay),
            ended=ended[_lasts(stay, len(case))],
            was_held=_summed(on_hold.astype(np.int64), stay) > 0,
        ),
        Turns(
            case[turn],
            spans["state"][turn],
            spans["holder"][turn],
            worked=_summed(busy, turn),
            ended=ended[_lasts(turn, len(case))],
        ),
    )


def _followed(values: Ticks, last: Ticks, is_last: Flags) -> Ticks:
    """Return what follows each value: the next one, or, after the last of a case, what is given for the case."""
    following = np.append(values[1:], values[:1])
    following[is_last] = last
    return following


def _lasts(firsts: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Return the places at which runs end that begin at `firsts`."""
    return np.append(firsts, count)[1:] - 1


def _summed(values: Ticks, firsts: NDArray[np.intp]) -> Ticks:
    """Return the sums of runs, each from one of `firsts` up to the next."""
    return np.add.reduceat(values, firsts) if len(firsts) else values[:0]
