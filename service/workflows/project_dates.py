"""A project's dates in plain words, with the arithmetic that anybody can check."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from service.workflows.reminders.anchors import REPORT_MONTHS, report_dates
from service.workflows.reminders.stops import is_reported
from service.working_time import Calendar, CalendarRanOut
from service.working_time.wording import full_date, short_date


@dataclass(frozen=True, slots=True)
class ReportDue:
    """A report that is wanted by a day, how the day came about, and whether a report reaches to it."""

    on: date
    arithmetic: str
    is_there: bool


def length_sentence(start: date, end: date, calendar: Calendar) -> str:
    """Say how long a project runs, both days counted: in days, weeks, and working days where the calendar reaches so far."""
    days = (end - start).days + 1
    weeks, rest = divmod(days, 7)
    parts = [_count(days, "day")]
    if weeks:
        parts.append(_count(weeks, "week") + (f" and {_count(rest, 'day')}" if rest else ""))
    try:
        working = calendar.working_days_before(end + timedelta(days=1)) - calendar.working_days_before(start)
    except CalendarRanOut:
        return f"{' or '.join(parts)}, the first and the last day counted."
    return f"{' or '.join(parts)}, the first and the last day counted. {_count(working, 'working day')} of them."


def distance(day: date, today: date) -> str:
    """Say how far off a day is: "today", "in 12 days" or "3 days ago"."""
    days = (day - today).days
    if days == 0:
        return "today"
    return f"in {_count(days, 'day')}" if days > 0 else f"{_count(-days, 'day')} ago"


def lateness(day: date, today: date) -> str | None:
    """Say how long what was due on a day is late, "3 days late"; None while it is not."""
    days = (today - day).days
    return f"{_count(days, 'day')} late" if days > 0 else None


def need_sentence(end: date, needed_by: date) -> str:
    """Say how a project's end stands to the day the enquirer needs something usable."""
    days = (needed_by - end).days
    if days < 0:
        return f"It ends {_count(-days, 'day')} after {full_date(needed_by)}, when the enquirer needs something usable."
    spare = "on the very day" if days == 0 else f"{_count(days, 'day')} before the day"
    return f"It ends {spare} the enquirer needs something usable, {full_date(needed_by)}."


def reports_due(begun: date, end: date | None, today: date, reported_until: Iterable[date]) -> list[ReportDue]:
    """Return the reports a project owes since it began, as far as the next two, the earliest first."""
    reached = list(reported_until)
    return [
        ReportDue(
            on,
            f"{number * REPORT_MONTHS} months after the start on {short_date(begun)}.",
            is_reported(on, reached),
        )
        for number, on in enumerate(report_dates(begun, end, today), start=1)
    ]


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
