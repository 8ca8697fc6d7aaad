"""Counting in whole working days, with the arithmetic kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.working_time.calendars import ONE_DAY, SATURDAY, Calendar
from service.working_time.instants import local_date
from service.working_time.wording import full_date, listed, short_date

WEEKENDS_NAMED = 3


@dataclass(frozen=True)
class Reckoning:
    """A computed date and how it came about.

    `anchor` is the London day counting was asked from, `day_zero` the working day it began on, `working_days` how many
    were counted (negative: backwards), `due` the day reached, `skipped` every day passed over with its reason, in
    date order.
    """

    anchor: date
    day_zero: date
    working_days: int
    due: date
    skipped: tuple[tuple[date, str], ...]

    def sentence(self) -> str:
        """The arithmetic in plain words, for people who want to check it."""
        count = abs(self.working_days)
        days = f"{count} working {'day' if count == 1 else 'days'}"
        direction = "before" if self.working_days < 0 else "after"
        said = (
            f"{full_date(self.due)} is {days} {direction} {full_date(self.day_zero)}."
            if count
            else f"{full_date(self.due)} is the day itself."
        )
        if self.anchor != self.day_zero:
            said += f" Counting starts there because {full_date(self.anchor)} is not a working day."
        skipped = self._skipped_in_words()
        return f"{said} Not counted: {listed(skipped)}." if skipped else said

    def _skipped_in_words(self) -> list[str]:
        """Named days off in date order, then the weekends: each by its dates while few, else how many.

        A Sunday that counting was asked from is left out: the sentence has just said that nobody works on it.
        """
        named = [f"{short_date(day)} ({reason})" for day, reason in self.skipped if day.weekday() < SATURDAY]
        weekend = [day for day, _ in self.skipped if day.weekday() >= SATURDAY]
        whole = [day for day in weekend if day.weekday() == SATURDAY and day + ONE_DAY in weekend]
        halves = [day for day in weekend if day not in whole and day - ONE_DAY not in whole]
        named += [full_date(day) for day in halves if day != self.anchor]
        if len(whole) > WEEKENDS_NAMED:
            return [*named, f"{len(whole)} weekends"]
        return named + [f"the weekend of {_span(day, day + ONE_DAY)}" for day in whole]


def add_working_days(anchor: datetime | date, days: int, calendar: Calendar) -> Reckoning:
    """The date `days` working days after the anchor (before it when negative), with its arithmetic.

    Day 0 is the anchor's London day, or the next working day when nobody works on it, whichever way one counts.
    Raises CalendarRanOut when the count leaves the days the calendar knows.
    """
    start = local_date(anchor) if isinstance(anchor, datetime) else anchor
    day_zero = calendar.next_working_day(start)
    due = calendar.working_day(calendar.working_days_before(day_zero) + days)
    first, last = min(start, due), max(day_zero, due)
    return Reckoning(start, day_zero, days, due, _days_off_between(first, last, calendar))


def granted_again(due: date, held_on: date, resumed_on: date, calendar: Calendar) -> Reckoning:
    """The new due date after a hold: the working days that were left when it began, counted again from the resume.

    Nothing is granted again when the date had already come: then the count is 0 and the due day is the day of
    resuming, which is overdue work waiting, not a new allowance.
    """
    left = max(0, whole_working_days_between(held_on, due, calendar))
    return add_working_days(resumed_on, left, calendar)


def whole_working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """How many working days one counts from `start` to `end`, negative when `end` comes first.

    The inverse of `add_working_days`: a day nobody works stands for the next working day at both ends.
    """
    return calendar.working_days_before(end) - calendar.working_days_before(start)


def _days_off_between(first: date, last: date, calendar: Calendar) -> tuple[tuple[date, str], ...]:
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return tuple((day, reason) for day in days if (reason := calendar.reason_off(day)) is not None)


def _span(first: date, last: date) -> str:
    return (
        f"{first.day} and {short_date(last)}"
        if first.month == last.month
        else f"{short_date(first)} and {short_date(last)}"
    )
