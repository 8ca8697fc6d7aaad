"""Instants and the London days they fall on. Instants are aware; what is returned is always UTC."""

import calendar as months
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def local_date(instant: datetime) -> date:
    """The London date on which `instant` falls; ValueError when it carries no time zone."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} carries no time zone; every instant is aware")
    return instant.astimezone(LONDON).date()


def at_london(day: date, hour: time) -> datetime:
    """The instant (UTC) at which London clocks show `hour` on `day`."""
    return datetime.combine(day, hour, tzinfo=LONDON).astimezone(UTC)


def london_midnight(day: date) -> datetime:
    """The instant (UTC) at which `day` begins in London; clocks there change at 01:00, so it is never ambiguous."""
    return at_london(day, time.min)


def month_start(day: date) -> date:
    """The first day of the month that holds `day`."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of the month that holds `day`."""
    return day.replace(day=months.monthrange(day.year, day.month)[1])
