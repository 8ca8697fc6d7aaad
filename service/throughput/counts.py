"""What a cohort's cases count as."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from service.states import OPEN_STATES, EnquiryState, Outcome
from service.throughput.afterwards import money_of, timeliness_of, use_of
from service.throughput.cases import Case
from service.throughput.periods import Period, month_number, months_over
from service.throughput.suppression import Windows

STAGES = tuple(state for state in EnquiryState if state in OPEN_STATES)
"""Triage to commissioned, in order."""
EXITS = tuple(outcome for outcome in Outcome if outcome is not Outcome.SPAM)
UNMET = (Outcome.NO_CAPACITY, Outcome.NO_FUNDING, Outcome.MISSED_WINDOW)
"""How an enquiry ends that was wanted and could not be met."""
FATES = ("reached", "closed_before", "still_before")
"""What may be said of a case and a stage."""


class Tally:
    """Counts of a period's cases, and of all submissions by month, which decide what the period may tell."""

    def __init__(self, period: Period, threshold: int) -> None:
        self._period = period
        self.threshold = threshold
        self._submitted: Counter[int] = Counter()
        self._first_asked: dict[UUID, tuple[datetime, UUID, date]] = {}
        self.counts: Counter[str] = Counter()
        """How many of the period's cases count as what, nothing withheld."""

    def add(self, case: Case) -> bool:
        """Count a case, and tell whether it belongs to the period's cohort."""
        if not case.is_spam:
            self._note_first(case)
            self._submitted[month_number(case.submitted_on)] += 1
        if not self._is_in_period(case.submitted_on):
            return False
        self.counts.update(counted_as(case))
        if case.is_spam:
            return False
        self.counts.update(money_of(case))
        return True

    def first_time_between(self, start: int, end: int) -> int:
        """Return of how many enquiries submitted in months of the period the body had never asked before."""
        days = (day for _, _, day in self._first_asked.values() if self._is_in_period(day))
        return sum(start <= month_number(day) < end for day in days)

    @property
    def first_time(self) -> int:
        """The same for the whole period."""
        return self.first_time_between(*self._window)

    def _note_first(self, case: Case) -> None:
        if case.organisation is not None:
            asked = case.submitted_at, case.enquiry_id, case.submitted_on
            self._first_asked[case.organisation] = min(self._first_asked.get(case.organisation, asked), asked)

    def _is_in_period(self, day: date) -> bool:
        return self._period.start <= day < self._period.end

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
        """Asked for once everything is counted."""
        return Windows(self._submitted, month_number(self._period.as_of) + 1, self.threshold)


def counted_as(case: Case) -> Iterator[str]:
    """Yield what a case counts as."""
    if case.is_spam:
        yield "spam"
        return
    yield "submitted"
    if not case.by_split:
        yield "originating"
    yield "decided" if case.is_decided else "open"
    if case.is_commissioned:
        yield "commissioned"
    if case.is_closed:
        yield f"exit:{case.outcome}"
        if case.outcome in UNMET:
            yield "unmet"
    if case.reopened:
        yield "reopened"
    if case.organisation is None:
        yield "not_known"
    yield f"in_time:{timeliness_of(case)}"
    for use in use_of(case):
        yield f"use:{use}"
    yield from _on_the_way(case)


def _on_the_way(case: Case) -> Iterator[str]:
    """A stage counts as reached once the case was in it or in any later one: a direct route passes over some."""
    furthest = max(STAGES.index(EnquiryState(stay.state)) for stay in case.stays)
    for place, stage in enumerate(STAGES):
        if place <= furthest:
            yield f"reached:{stage}"
        else:
            yield f"closed_before:{stage}" if case.is_closed else f"still_before:{stage}"
