"""What a case counted as, month by month: made anew only where the log says something new about it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from service.throughput.cases import case_of
from service.throughput.log import LoggedEvent
from service.throughput.packing import Packed, pack
from service.throughput.periods import closing_instant, first_day
from service.working_time import month_end


class Dated(NamedTuple):
    """A row of the log with the first month in which it counts, and the first in which it counts no more."""

    row: LoggedEvent
    since: int
    until: int | None = None

    def counts_in(self, month: int) -> bool:
        """Tell whether it counts in figures as of a month's end."""
        return self.since <= month and (self.until is None or month < self.until)


Version = tuple[int, Packed | None]
"""From which month on a case counts as this; None where it counts no more, or not yet."""


def versions_of(rows: Sequence[Dated], after: int | None, through: int) -> Iterator[Version]:
    """Yield what a case's rows made of it in the months after one, or from the first, through another.

    A month that changes nothing is passed over, except that the first is always told.
    """
    before: Version | None = None
    for month in sorted(set(_changes(rows))):
        if month > through or (after is not None and month <= after):
            continue
        case = case_of([dated.row for dated in rows if dated.counts_in(month)], closes_of(month))
        version = month, None if case is None else pack(case)
        if before is None or before[1] != version[1]:
            yield version
            before = version


@lru_cache(maxsize=2_048)
def closes_of(month: int) -> datetime:
    """Return the instant at which the month with this number is over."""
    return closing_instant(month_end(first_day(month)))


def _changes(rows: Iterable[Dated]) -> Iterator[int]:
    for dated in rows:
        yield dated.since
        if dated.until is not None:
            yield dated.until
