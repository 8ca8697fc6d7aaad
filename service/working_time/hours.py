"""Working hours, 09:00 to 17:00 in London: how much of them passed, and where a due instant goes after a hold."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from service.working_time.calendars import Calendar
from service.working_time.instants import at_london, local_date

OPENS, CLOSES = time(9), time(17)
WORKING_DAY = timedelta(hours=8)
NOTHING = timedelta(0)

Pause = tuple[datetime, datetime | None]
"""When a clock stopped and when it ran again; None while it still stands."""


def opening(day: date) -> datetime:
    """09:00 in London on `day`, as an aware UTC instant, whichever way the clocks stand."""
    return at_london(day, OPENS)


def closing(day: date) -> datetime:
    """17:00 in London on `day`, as an aware UTC instant, whichever way the clocks stand."""
    return at_london(day, CLOSES)


def working_time_between(start: datetime, end: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()) -> timedelta:
    """Working hours from `start` to `end` that fall in no pause, exactly; pauses may overlap and stick out.

    ValueError when `end` or a pause's end comes before its start: that is a fault in the record, not a duration.
    """
    if end < start:
        raise ValueError(f"a duration cannot run backwards: {start.isoformat()} to {end.isoformat()}")
    passed = _worked_until(end, calendar) - _worked_until(start, calendar)
    reached = start
    for paused, resumed in sorted((paused, resumed or end) for paused, resumed in pauses if resumed or paused < end):
        if resumed < paused:
            raise ValueError(f"a pause cannot run backwards: {paused.isoformat()} to {resumed.isoformat()}")
        first, last = max(paused, reached), min(resumed, end)
        if first < last:
            passed -= _worked_until(last, calendar) - _worked_until(first, calendar)
            reached = last
    return passed


def working_days_between(start: datetime, end: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()) -> float:
    """`working_time_between` in working days of eight hours."""
    return working_time_between(start, end, calendar, pauses) / WORKING_DAY


def elapsed_days(start: datetime, end: datetime) -> float:
    """Days of 24 hours from `start` to `end`, holds, nights and weekends included."""
    return (end - start) / timedelta(days=1)


def pause_shift(due: datetime, paused: datetime, resumed: datetime, calendar: Calendar) -> datetime:
    """Where `due` goes when the clock stood from `paused` to `resumed`: the working time left is granted again.

    What was already due when the hold began stays where it was, and so does everything when the hold held up no
    working time. Where the count ends between two days, what was due within a day is due at a closing, so that an
    evening deadline never drifts to the next morning, and what was due at an opening or out of hours at an opening.
    """
    if resumed < paused:
        raise ValueError(f"a hold cannot run backwards: {paused.isoformat()} to {resumed.isoformat()}")
    stopped, started = _worked_until(paused, calendar), _worked_until(resumed, calendar)
    if due <= paused or started == stopped:
        return due
    target = started + _worked_until(due, calendar) - stopped
    days, rest = divmod(target, WORKING_DAY)
    if rest:
        return opening(calendar.working_day(days)) + rest
    day = local_date(due)
    if calendar.is_working_day(day) and opening(day) < due <= closing(day):
        return closing(calendar.working_day(days - 1))
    return opening(calendar.working_day(days))


def _worked_until(instant: datetime, calendar: Calendar) -> timedelta:
    """Working time from the calendar's beginning of time to `instant`; only differences mean anything.

    Clocks never change between 09:00 and 17:00, so a working day is eight hours long on every date.
    """
    day = local_date(instant)
    today = min(max(instant - opening(day), NOTHING), WORKING_DAY) if calendar.is_working_day(day) else NOTHING
    return calendar.working_days_before(day) * WORKING_DAY + today
