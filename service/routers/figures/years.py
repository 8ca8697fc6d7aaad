"""Which periods a reader may choose: everything so far, the last twelve months, and years that are over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from service.routers.figure_answers import Question
from service.working_time.wording import short_date

_CODE = re.compile(r"(\d{4})(?:-(\d\d))?", re.ASCII)
ONE_DAY = timedelta(days=1)
_APRIL = 4
_FIRST, _LAST = 1990, 2200
"""Years that a report may have, so that no date is out of reach."""


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year (2026), or a financial one from April to March (2026-27)."""

    start: date

    @property
    def is_financial(self) -> bool:
        return self.start.month == _APRIL

    @property
    def end(self) -> date:
        """The first day after it."""
        return self.start.replace(year=self.start.year + 1)

    @property
    def last_day(self) -> date:
        return self.end - ONE_DAY

    @property
    def code(self) -> str:
        return f"{self.start.year}-{self.end.year % 100:02}" if self.is_financial else str(self.start.year)

    @property
    def label(self) -> str:
        """For example "2026", or "April 2026 to March 2027"."""
        return f"April {self.start.year} to March {self.end.year}" if self.is_financial else self.code

    @property
    def question(self) -> Question:
        """Its figures as they stood at its end: what the yearly report tells, and what never changes."""
        return Question(self.start, self.end, self.last_day)


@dataclass(frozen=True, slots=True)
class Choice:
    """A period that a link leads to."""

    label: str
    question: Question
    is_shown: bool
    """It is the one on the page."""

    @property
    def query(self) -> str:
        return query_of(self.question)


def year_called(code: str) -> Year | None:
    """Return the year with this code, or None where there is no such year."""
    found = _CODE.fullmatch(code)
    if not found or not _FIRST <= int(found[1]) <= _LAST:
        return None
    year = Year(date(int(found[1]), _APRIL if found[2] else 1, 1))
    return year if year.code == code else None


def years_over(first: date | None, as_of: date) -> list[Year]:
    """Return every calendar and financial year with a month since `first` that was over at `as_of`, the newest first."""
    if first is None:
        return []
    begins = (date(year, month, 1) for year in range(first.year - 1, as_of.year + 1) for month in (1, _APRIL))
    years = [year for year in map(Year, begins) if first < year.end and year.last_day <= as_of]
    return sorted(years, key=lambda year: year.start, reverse=True)


def choices(first: date | None, latest: date, shown: Question) -> list[Choice]:
    """Return what may be chosen; `latest` is the last month's end, `shown` the question on the page, its as_of settled."""
    return [Choice(label, question, _same(question, shown, latest)) for label, question in _choosable(first, latest)]


def query_of(question: Question) -> str:
    """Return a question as it stands in an address, with its question mark; empty where nothing was chosen."""
    parts = {"from": question.start, "to": question.end, "as_of": question.as_of}
    asked = urlencode({name: day.isoformat() for name, day in parts.items() if day is not None})
    return f"?{asked}" if asked else ""


def period_in_words(start: date, end: date) -> str:
    """Return a cohort in words, both days included: "1 April 2026 to 31 March 2027"."""
    return f"{short_date(start)} to {short_date(end - ONE_DAY)}"


def _choosable(first: date | None, latest: date) -> Iterator[tuple[str, Question]]:
    yield "Everything so far", Question(None, None, None)
    end = latest + ONE_DAY
    if first is not None and first < end.replace(year=end.year - 1):
        yield "The last 12 months", Question(end.replace(year=end.year - 1), end, latest)
    for year in years_over(first, latest):
        yield year.label, year.question


def _same(one: Question, other: Question, latest: date) -> bool:
    return (one.start, one.end, one.as_of or latest) == (other.start, other.end, other.as_of or latest)
