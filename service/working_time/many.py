"""Working time of many instants at once, the same to the microsecond as one by one.

An instant is a whole number of microseconds since 1970 in UTC here. Working time up to an instant grows by a working day
a day and stands still in between, so that it is read off a table of days; only differences mean anything.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from service.working_time.calendars import SATURDAY, Calendar
from service.working_time.hours import WORKING_DAY, opening
from service.working_time.instants import local_date, london_midnight

TICK = timedelta(microseconds=1)
Ticks = NDArray[np.int64]
"""Instants, or durations, in microseconds."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FULL_DAY = WORKING_DAY // TICK


def ticks_of(instant: datetime) -> int:
    """The microseconds from 1970 to an aware instant."""
    return (instant - _EPOCH) // TICK


def worked_until(instants: Ticks, calendar: Calendar) -> Ticks:
    """Working time up to each instant: the difference of two is `working_time_between` them without pauses.

    Raises CalendarRanOut when one of them falls on a day the calendar does not vouch for.
    """
    if not len(instants):
        return instants
    first, last = (local_date(_EPOCH + int(tick) * TICK) for tick in (instants.min(), instants.max()))
    calendar.require(first)
    calendar.require(last)
    days, midnights, openings = _days(first.year, last.year)
    weeks, weekday = np.divmod(days - 1, 7)
    weekdays_off = np.array([day.toordinal() for day in calendar.weekdays_off], np.int64)
    worked = (weekday < SATURDAY) & ~np.isin(days, weekdays_off)
    full_days_before = weeks * SATURDAY + np.minimum(weekday, SATURDAY) - np.searchsorted(weekdays_off, days)
    place = np.searchsorted(midnights, instants, side="right") - 1
    today = np.clip(instants - openings[place], 0, _FULL_DAY)
    return full_days_before[place] * _FULL_DAY + np.where(worked[place], today, 0)


@lru_cache(maxsize=4)
def _days(first_year: int, last_year: int) -> tuple[NDArray[np.int64], Ticks, Ticks]:
    """Every day of some years: its ordinal (1 is a Monday), its midnight in London and its opening."""
    ordinals = range(date(first_year, 1, 1).toordinal(), date(last_year, 12, 31).toordinal() + 1)
    days = [date.fromordinal(ordinal) for ordinal in ordinals]
    midnights = np.array([ticks_of(london_midnight(day)) for day in days], np.int64)
    return np.array(ordinals, np.int64), midnights, np.array([ticks_of(opening(day)) for day in days], np.int64)
