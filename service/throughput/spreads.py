"""Durations as they are published: median, p75 and p90 in days, and how many they rest on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from service.throughput.survival import Observed, Times, incidence, quantile
from service.working_time import TICK, WORKING_DAY

WORKING_DAYS = WORKING_DAY // TICK
"""Ticks in a working day of eight hours."""
CALENDAR_DAYS = timedelta(days=1) // TICK
_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Spread:
    """Three quantiles in days; a quantile the curve never gets to is None, and `not_reached` says that one is."""

    median: float | None
    p75: float | None
    p90: float | None
    not_reached: bool


@dataclass(frozen=True, slots=True)
class TimeTo(Spread):
    """From submission to a milestone: `reached` got there, `still_open` may yet, `closed_before` will not."""

    reached: int
    still_open: int
    closed_before: int


@dataclass(frozen=True, slots=True)
class TimeWith(Spread):
    """Turns with the ball: how long they last, how many are over and not, and all their working days together."""

    reached: int
    still_open: int
    working_days: float


@dataclass(frozen=True, slots=True)
class Held:
    """Time on hold, which no other figure holds: how many stays were held, and their working days on hold together."""

    stays: int
    working_days: float


@dataclass(frozen=True, slots=True)
class TimeIn(Spread):
    """Stays in a state: `reached` have ended, `still_open` have not; beside them elapsed days, turns and holds."""

    reached: int
    still_open: int
    elapsed: Spread
    waiting_on: Mapping[str, TimeWith]
    held: Held


def days(ticks: int, unit: int = WORKING_DAYS) -> float:
    """Return a duration in days of `unit` ticks, as published."""
    return round(ticks / unit, _DECIMALS)


def total(times: Times) -> int:
    """Return the sum of durations, exactly, also where 64 bits would not hold it."""
    days_of_each, rests = np.divmod(times, WORKING_DAYS)
    return int(days_of_each.sum()) * WORKING_DAYS + int(rests.sum())


def spread(observed: Observed, unit: int = WORKING_DAYS) -> Spread:
    """Return the quantiles of what was observed."""
    return Spread(*_quantiles(observed, unit))


def time_to(observed: Observed, closed_before: int) -> TimeTo:
    """Return the quantiles of a milestone; `closed_before` of its cases were closed without it.

    Those were overtaken where the milestone can be overtaken, and last watched at their closing where not.
    """
    without = len(observed.overtaken) + len(observed.unfinished)
    return TimeTo(*_quantiles(observed, WORKING_DAYS), len(observed.reached), without - closed_before, closed_before)


def time_with(observed: Observed) -> TimeWith:
    """Return the quantiles of the turns one party had."""
    whole = days(total(observed.reached) + total(observed.unfinished))
    return TimeWith(*_quantiles(observed, WORKING_DAYS), len(observed.reached), len(observed.unfinished), whole)


def time_in(observed: Observed, elapsed: Observed, turns: Mapping[str, Observed], held: Held) -> TimeIn:
    """Return the quantiles of the stays in one state, with what is shown beside them."""
    return TimeIn(
        *_quantiles(observed, WORKING_DAYS),
        len(observed.reached),
        len(observed.unfinished),
        elapsed=spread(elapsed, CALENDAR_DAYS),
        waiting_on={holder: time_with(turns[holder]) for holder in sorted(turns)},
        held=held,
    )


def _quantiles(observed: Observed, unit: int) -> tuple[float | None, float | None, float | None, bool]:
    curve = incidence(observed)
    found = [quantile(curve, share) for share in (0.5, 0.75, 0.9)]
    median, p75, p90 = (None if ticks is None else days(ticks, unit) for ticks in found)
    return median, p75, p90, None in found
