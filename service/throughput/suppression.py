"""What a period may tell, so that no small count can be had by subtracting two answers (API.md section 4).

Whole years and everything so far are never withheld. Any other period tells at most how many enquiries were submitted
in it, and that only where no count under the threshold follows from all such answers together.

Why that is exact: think of the boundaries between months as points. A published window ties its two ends together,
and whatever stands between two tied points, directly or over others, follows by adding and subtracting; nothing else
does. Whole years tie each boundary with the ones a year away, so the choice is which months of the year to tie. What
follows from whole years and everything so far alone is not withheld, because it cannot be. Two as_of dates may be
subtracted: nothing here protects the difference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from service.throughput.periods import MONTHS

NOTHING_IS_SMALL = 1
"""A threshold up to which nothing is withheld from groups: there is no count under it to hide."""
_PREFERRED = (3, 0, 9, 6)
"""The beginnings of quarters (January is 0), the financial year's and the calendar year's before the others."""


@dataclass(frozen=True)
class Windows:
    """Submissions by month number, from the first month with one up to but not including `end`, the month after as_of.

    A window runs from one month number up to but not including another. Months outside do not make it longer.
    """

    submitted: Mapping[int, int]
    end: int
    threshold: int

    @property
    def first(self) -> int:
        return min(self.submitted, default=self.end)

    def is_never_withheld(self, start: int, end: int) -> bool:
        """Tell whether a window is whole years, or everything so far, or holds no month that counts."""
        start, end = self._clipped(start, end)
        return start >= end or (start, end) == (self.first, self.end) or (end - start) % MONTHS == 0

    def tells_submitted(self, start: int, end: int) -> bool:
        """Tell whether a window's number of submissions may be published."""
        start, end = self._clipped(start, end)
        return self.is_never_withheld(start, end) or {start % MONTHS, end % MONTHS} <= self._tied

    def _clipped(self, start: int, end: int) -> tuple[int, int]:
        return max(start, self.first), min(end, self.end)

    @cached_property
    def _tied(self) -> frozenset[int]:
        """Tie months of the year one after the other, in a fixed order, where no small count follows from it."""
        known = [0, *accumulate(self.submitted.get(month, 0) for month in range(self.first, self.end))]
        tied: frozenset[int] = frozenset()
        for joining in self._candidates():
            gaps = (abs(known[there] - known[here]) for here in self._places(tied) for there in self._places(joining))
            if all(gap >= self.threshold for gap in gaps):
                tied |= joining
        return tied

    def _candidates(self) -> Iterator[frozenset[int]]:
        ends = frozenset({self.first % MONTHS, self.end % MONTHS})
        for month in (*_PREFERRED, *(month for month in range(MONTHS) if month not in _PREFERRED)):
            yield ends if month in ends else frozenset({month})

    def _places(self, months_of_the_year: frozenset[int]) -> list[int]:
        return [month - self.first for month in range(self.first, self.end + 1) if month % MONTHS in months_of_the_year]
