"""What a cohort's cases count as."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.states import OPEN_STATES, EnquiryState, Outcome
from service.throughput.afterwards import IN_TIME, MONEY
from service.throughput.firsts import Firsts
from service.throughput.packing import NEVER, NO_DAY, OUTCOMES, SAID, STATES, Cases, Counted
from service.throughput.periods import ONE_DAY, Period, month_number, months_over
from service.throughput.suppression import Windows

STAGES = tuple(state for state in EnquiryState if state in OPEN_STATES)
"""Triage to commissioned, in order."""
EXITS = tuple(outcome for outcome in Outcome if outcome is not Outcome.SPAM)
UNMET = (Outcome.NO_CAPACITY, Outcome.NO_FUNDING, Outcome.MISSED_WINDOW)
"""How an enquiry ends that was wanted and could not be met."""
FATES = ("reached", "closed_before", "still_before")
"""What may be said of a case and a stage."""

Flags = NDArray[np.bool_]


class Tally:
    """Counts of a period's cases, and of all submissions by month, which decide what the period may tell.

    Every case there is has to be added, in the period or not, before anything is asked.
    """

    def __init__(self, period: Period, threshold: int) -> None:
        """Count in a period."""
        self._period = period
        self.threshold = threshold
        self._submitted, self._spam = Counter[int](), Counter[int]()
        self._first_asked = Firsts(("body_high", "body_low"), by=("submitted_at", "month"))
        self.counts = Counter[str]()
        """How many of the period's cases count as what, nothing withheld."""

    def add(self, counted: Counted) -> Flags:
        """Add some cases, and tell which of them are in the period's cohort."""
        month, spam, inside = counted.heads["month"], is_spam(counted), in_period(counted.heads, self._period)
        self._submitted.update(occurring(month[~spam]))
        self._spam.update(occurring(month[inside & spam]))
        self.counts["spam"] = self._spam.total()
        self._first_asked.add(counted.heads[~spam & counted.heads["has_body"]])
        in_cohort = inside & ~spam
        self.counts.update(counts_of(counted.take(in_cohort), self._period))
        return in_cohort

    def spam_between(self, start: int, end: int) -> int:
        """Return how many cases submitted in months of the period were spam."""
        return sum(count for month, count in self._spam.items() if start <= month < end)

    def first_time_between(self, start: int, end: int) -> int:
        """Return of how many enquiries submitted in months of the period the body had never asked before."""
        months, (first, last) = self._first_asked.heads["month"], self._window
        return int(np.count_nonzero((months >= max(start, first)) & (months < min(end, last))))

    @property
    def first_time(self) -> int:
        """The same for the whole period."""
        return self.first_time_between(*self._window)

    @property
    def months(self) -> int:
        """How many months of the period were over by the as_of."""
        return months_over(self._period)

    @property
    def tells_all(self) -> bool:
        """Tell whether everything about the period may be told, not only how many were submitted."""
        return self._windows.is_never_withheld(*self._window)

    @property
    def submitted(self) -> int | None:
        """How many were submitted in the period, or None when that is withheld."""
        return self.counts["submitted"] if self._windows.tells_submitted(*self._window) else None

    def submitted_between(self, start: int, end: int) -> tuple[int | None, bool]:
        """Return how many were submitted in months of the period, or None; and whether that is ever withheld."""
        start, end = max(start, self._window[0]), min(end, self._window[1])
        count = sum(self._submitted[month] for month in range(start, end))
        windows = self._windows
        return count if windows.tells_submitted(start, end) else None, windows.is_never_withheld(start, end)

    @property
    def _window(self) -> tuple[int, int]:
        return month_number(self._period.start), month_number(self._period.end)

    @cached_property
    def _windows(self) -> Windows:
        return Windows(self._submitted, month_number(self._period.as_of) + 1, self.threshold)


def tally_of(cases: Cases, period: Period, threshold: int) -> Tally:
    """Return the counts of a period, from every case."""
    tally = Tally(period, threshold)
    for part in cases:
        tally.add(part)
    return tally


def in_period(heads: NDArray[Any], period: Period) -> Flags:
    """Tell of each head, or of each call, whether its month is one of a period."""
    month = heads["month"]
    inside: Flags = (month >= month_number(period.start)) & (month < month_number(period.end))
    return inside


def is_spam(counted: Counted) -> Flags:
    """Tell of each case whether it turned out not to be an enquiry at all."""
    return counted.heads["outcome"] == OUTCOMES.index(Outcome.SPAM)  # type: ignore[no-any-return]


def occurring(values: NDArray[Any]) -> Counter[int]:
    """Return how often each value occurs."""
    found, times = np.unique(values, return_counts=True)
    return Counter(dict(zip(found.tolist(), times.tolist(), strict=True)))


def counts_of(counted: Counted, period: Period) -> Counter[str]:
    """Return how many cases, none of them spam, count as what, as of the period's end, and the money of them all."""
    counts = Counter({name: int(np.count_nonzero(holds)) for name, holds in facts_of(counted, period)})
    for name in MONEY:
        counts[name] = int(counted.heads[name].sum())
    return counts


def facts_of(counted: Counted, period: Period) -> Iterator[tuple[str, Flags]]:
    """Yield everything that a case which is no spam may count as, with the cases that do."""
    heads = counted.heads
    closed, commissioned = heads["closed"] != NEVER, heads["commissioned"] != NEVER
    decided = closed | commissioned
    yield "submitted", np.ones(len(counted), np.bool_)
    yield "originating", ~heads["by_split"]
    yield "decided", decided
    yield "open", ~decided
    yield "commissioned", commissioned
    for outcome in EXITS:
        yield f"exit:{outcome}", heads["outcome"] == OUTCOMES.index(outcome)
    yield "unmet", np.isin(heads["outcome"], [OUTCOMES.index(outcome) for outcome in UNMET])
    yield "reopened", heads["reopened"]
    yield "not_known", ~heads["has_body"]
    yield from _timeliness(counted, period, closed)
    yield "use:asked", heads["delivered"]
    yield "use:answered", heads["said"]
    for place, said in enumerate(SAID):
        yield f"use:{'used' if said == 'yes' else said}", heads["use"] == place
    # A stage counts as reached once the case was in it or in any later one: a direct route passes over some.
    for stage in STAGES:
        reached = heads["furthest"] >= STATES.index(stage)
        for fate, holds in zip(FATES, (reached, ~reached & closed, ~reached & ~closed), strict=True):
            yield f"{fate}:{stage}", holds


def _timeliness(counted: Counted, period: Period, closed: Flags) -> Iterator[tuple[str, Flags]]:
    """Which of IN_TIME holds: something usable by the end of the needed-by day, or what there was instead."""
    needed, usable = counted.heads["needed_by"], counted.heads["usable_on"]
    told, was_usable = needed != NO_DAY, usable != NO_DAY
    in_time = told & was_usable & (usable <= needed)
    nothing = told & ~was_usable & closed
    not_yet = told & ~was_usable & ~closed & (needed >= (period.as_of + ONE_DAY).toordinal())
    late = told & ~in_time & ~nothing & ~not_yet
    for name, holds in zip(IN_TIME, (in_time, late, nothing, not_yet, ~told), strict=True):
        yield f"in_time:{name}", holds
