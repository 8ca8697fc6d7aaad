"""Which question is asked: a cohort of whole calendar months, looked at as of a month's end (API.md section 4)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.errors import invalid
from service.working_time import local_date, london_midnight, month_end, month_start

ONE_DAY = timedelta(days=1)
MONTHS = 12
QUARTER = 3


@dataclass(frozen=True, slots=True)
class Period:
    """Enquiries submitted from `start` (inclusive) to `end` (exclusive), both first days of a month, as of `as_of`."""

    start: date
    end: date
    as_of: date

    @property
    def closes(self) -> datetime:
        """The instant at which `as_of` is over in London: what is recorded from then on does not count."""
        return closing_instant(self.as_of)


def closing_instant(as_of: date) -> datetime:
    """Return the London midnight at which the day `as_of` is over, in UTC."""
    return london_midnight(as_of + ONE_DAY)


def month_number(day: date) -> int:
    """Return the months from the year 0 to the month of `day`: consecutive months have consecutive numbers."""
    return day.year * MONTHS + day.month - 1


def first_day(number: int) -> date:
    """Return the first day of the month with this number."""
    return date(number // MONTHS, number % MONTHS + 1, 1)


def month_counted_from(instant: datetime) -> int:
    """Return the number of the first month whose figures count what was recorded at an instant: the one it lies in."""
    return month_number(local_date(instant))


def month_of(number: int) -> str:
    """Return the month with this number, as in 2026-04."""
    return f"{number // MONTHS}-{number % MONTHS + 1:02}"


def quarter_of(number: int) -> str:
    """Return the calendar quarter in which the month with this number lies, as in 2026-Q2."""
    return f"{number // MONTHS}-Q{number % MONTHS // QUARTER + 1}"


def settled_as_of(asked: date | None, now: datetime) -> date:
    """Return the day figures stand at: the one asked for, else the end of the last whole month before `now`.

    Raises Problem 422 unless it is the last day of a month that is over.
    """
    today = local_date(now)
    if asked is None:
        return month_start(today) - ONE_DAY
    if asked >= today:
        raise invalid("as_of", f"{asked} is not over yet. The last month's end is {month_start(today) - ONE_DAY}.")
    if asked != month_end(asked):
        raise invalid("as_of", f"{asked} is not the last day of a month: that would be {month_end(asked)}.")
    return asked


def period_of(start: date | None, end: date | None, as_of: date, first_submission: datetime | None) -> Period:
    """Return the cohort that was asked for; left out, it runs from the first month with a submission to `as_of`.

    Raises Problem 422 for a `from` or `to` that does not begin a month, or that leaves no month between them.
    """
    for name, day in (("from", start), ("to", end)):
        if day is not None and day != month_start(day):
            raise invalid(name, f"{day} is not the first day of a month: cohorts are whole calendar months.")
    last = end or as_of + ONE_DAY
    first = start or month_start(local_date(first_submission) if first_submission else as_of)
    if first >= last:
        sentence = f"from ({first}) is not before to ({last}): that leaves no month."
        if start is None:
            sentence = f"Nothing was submitted before {last}: ask for a later to, or give from as well."
        if end is None:
            sentence = f"from ({first}) is after as_of ({as_of}): that leaves no month."
        raise invalid("to" if start is None else "from", sentence)
    return Period(first, last, as_of)


def months_over(period: Period) -> int:
    """Return how many months of a period were over by its as_of."""
    return max(0, min(month_number(period.end), month_number(period.as_of) + 1) - month_number(period.start))
