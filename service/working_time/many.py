"""Working time of many instants at once, the same to the microsecond as one by one.

An instant is a whole number of microseconds since 1970 in UTC here. Working time up to an instant grows by a working day
a day and stands still in between, so that it is read off a table of days; only differences mean anything.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.working_time.calendars import SATURDAY, Calendar
from service.working_time.hours import WORKING_DAY, opening
from service.working_time.instants import local_date

TICK = timedelta(microseconds=1)
Ticks = NDArray[np.int64]
"""Instants, or durations, in microseconds."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FULL_DAY = WORKING_DAY // TICK
_DAY = timedelta(days=1) // TICK
_DECADE = 10


class _Days(NamedTuple):
    """Days one after the other: their ordinals (1 is a Monday), and when they open."""

    ordinals: NDArray[np.int64]
    openings: Ticks

    def places(self, instants: Ticks) -> NDArray[np.int64]:
        """Return on which of the days each instant lies in UTC: nobody works in the hour between the two midnights."""
        places: NDArray[np.int64] = instants // _DAY
        places += _EPOCH.toordinal() - self.ordinals[0]
        return places


class Clocks:
    """Working time by several calendars, each known by its place. Their tables are made when they are looked at."""

    def __init__(self, calendars: Sequence[Calendar]) -> None:
        """Take the calendars in their order."""
        self._calendars = calendars
        self._tables: dict[tuple[int, int], tuple[_Days, Ticks, Ticks]] = {}

    def worked_until(self, instants: Ticks, places: NDArray[Any]) -> Ticks:
        """Return working time up to each instant by the calendar at the place beside it.

        Raises CalendarRanOut when one of them falls on a day its calendar does not vouch for.
        """
        if not len(instants):
            return instants
        first, last = self._require(instants, places)
        days, before, hours = self._table(first.year // _DECADE, last.year // _DECADE)
        day = days.places(instants)
        here = places.astype(np.int64) * len(days.ordinals) + day
        worked: Ticks = np.minimum(np.maximum(instants - days.openings[day], 0), hours[here])
        worked += before[here]
        return worked

    def _require(self, instants: Ticks, places: NDArray[Any]) -> tuple[date, date]:
        """Return the first and the last day."""
        first, last = _span(instants)
        for place, calendar in enumerate(self._calendars):
            if first < calendar.known_from or calendar.known_until < last:
                for day in _span(instants[places == place]):
                    calendar.require(day)
        return first, last

    def _table(self, first: int, last: int) -> tuple[_Days, Ticks, Ticks]:
        """Return the days of some decades; for each calendar and day the time worked before it, and the hours of the day."""
        if (first, last) not in self._tables:
            days = _days(first, last)
            weeks, weekday = np.divmod(days.ordinals - 1, 7)
            before, hours = [], []
            for calendar in self._calendars:
                off = np.array([day.toordinal() for day in calendar.weekdays_off], np.int64)
                full = weeks * SATURDAY + np.minimum(weekday, SATURDAY) - np.searchsorted(off, days.ordinals)
                before.append(full * _FULL_DAY)
                hours.append(np.where((weekday < SATURDAY) & ~np.isin(days.ordinals, off), _FULL_DAY, 0))
            self._tables[first, last] = days, np.concatenate(before), np.concatenate(hours)
        return self._tables[first, last]


def ticks_of(instant: datetime) -> int:
    """The microseconds from 1970 to an aware instant."""
    return (instant - _EPOCH) // TICK


def worked_until(instants: Ticks, calendar: Calendar) -> Ticks:
    """Working time up to each instant: the difference of two is `working_time_between` them without pauses.

    Raises CalendarRanOut when one of them falls on a day the calendar does not vouch for.
    """
    return Clocks([calendar]).worked_until(instants, np.zeros(len(instants), np.int8))


def _span(instants: Ticks) -> tuple[date, ...]:
    """Return the first and the last of the days on which instants lie, or nothing where there are none."""
    return (
        tuple(local_date(_EPOCH + int(tick) * TICK) for tick in (instants.min(), instants.max()))
        if len(instants)
        else ()
    )


@lru_cache(maxsize=8)
def _days(first: int, last: int) -> _Days:
    """Return every day of some decades and the days around them."""
    ordinals = range(date(first * _DECADE, 1, 1).toordinal() - 1, date(last * _DECADE + _DECADE, 1, 1).toordinal() + 2)
    openings = [ticks_of(opening(date.fromordinal(ordinal))) for ordinal in ordinals]
    return _Days(np.array(ordinals, np.int64), np.array(openings, np.int64))
