"""A university's own figures: what it answered to the calls it was sent, and what the others did, all together.

The unit is one call to one university; it belongs to the period in which the call went out and is followed to the as_of.
The others' numbers are told only where none of them lets anybody work out what a single university did
(docs/decisions/0077).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from service.throughput.counts import in_period
from service.throughput.packing import CALL, NEVER, NO_DAY, NO_WORD, REASONS
from service.throughput.periods import MONTHS, Period, month_number
from service.throughput.spool import Spool
from service.throughput.spreads import WORKING_DAYS, days
from service.throughput.survival import Observed, incidence, quantile
from service.working_time import Calendar, Ticks, ticks_of, worked_until

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answering:
    """Working days from a call to the first answer; a call never answered counts for as long as it stood open."""

    median: float | None
    p75: float | None
    p90: float | None
    not_reached: bool
    answered: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Projects:
    """What was commissioned from it, and delivered by the day its costs named."""

    commissioned: int
    delivered: int
    on_time: int
    late: int
    no_date: int


@dataclass(frozen=True, slots=True)
class Own:
    """A university's own numbers. calls are those it was sent: with_interest, declined and unanswered make them up."""

    calls: int
    with_interest: int
    declined: int
    unanswered: int
    interests: int
    late_interests: int
    declines: Mapping[str, int]
    offers: int
    offers_accepted: int
    offers_declined: int
    time_to_answer: Answering
    projects: Projects
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Others:
    """What the other universities did, all together; None stands for what is withheld."""

    universities: int | None
    calls: int | None
    with_interest: int | None
    offers_accepted: int | None
    median_days_to_answer: float | None
    suppressed: bool


def own(
    sent: Iterable[NDArray[Any]],
    university: UUID,
    period: Period,
    calendar: Calendar,
    first: date | None,
    threshold: int,
) -> tuple[Own, Others]:
    """Return a university's own figures of a period, and what may be told of the others.

    `sent` is every call to anybody before the as_of, some at a time (packing.read_calls); `first` the day of the first
    submission.
    """
    ours, us = [np.empty(0, CALL)], np.void(university.bytes)
    with Spool() as spool:
        others = _Rest(spool, period, calendar, first, threshold)
        for calls in sent:
            is_ours = calls["university"] == us
            ours.append(calls[is_ours & in_period(calls, period)])
            others.add(calls[~is_ours])
        return _own(np.concatenate(ours), period, calendar), others.told()


def _own(sent: NDArray[Any], period: Period, calendar: Calendar) -> Own:
    with_interest = _with_interest(sent)
    declined = sent["declined"][(sent["declined"] != NO_WORD) & ~with_interest]
    delivered = sent["delivered_on"] != NO_DAY
    dated = delivered & (sent["end_on"] != NO_DAY)
    on_time = dated & (sent["delivered_on"] <= sent["end_on"])
    return Own(
        calls=len(sent),
        with_interest=_count(with_interest),
        declined=len(declined),
        unanswered=len(sent) - _count(with_interest) - len(declined),
        interests=_sum(sent["interests"]),
        late_interests=_sum(sent["late"]),
        declines={reason: _count(declined == place) for place, reason in enumerate(REASONS)},
        offers=_sum(sent["offers"]),
        offers_accepted=_sum(sent["accepted"]),
        offers_declined=_sum(sent["turned_down"]),
        time_to_answer=_answering(Observed.split(_took(sent, period, calendar), _answered(sent))),
        projects=Projects(
            commissioned=_sum(sent["commissioned"]),
            delivered=_count(delivered),
            on_time=_count(on_time),
            late=_count(dated & ~on_time),
            no_date=_count(delivered & ~dated),
        ),
    )


def _count(which: Flags) -> int:
    return int(np.count_nonzero(which))


def _sum(numbers: NDArray[Any]) -> int:
    return int(numbers.sum())


def _between(calls: NDArray[Any], low: int, high: int) -> NDArray[Any]:
    """Return the calls sent in the months from one up to another."""
    return calls[(low <= calls["month"]) & (calls["month"] < high)]


def _answered(calls: NDArray[Any]) -> Flags:
    found: Flags = calls["answered_at"] != NEVER
    return found


def _with_interest(calls: NDArray[Any]) -> Flags:
    found: Flags = calls["interests"] > 0
    return found


def _took(sent: NDArray[Any], period: Period, calendar: Calendar) -> Ticks:
    """Return the working time from each call to its first answer, or for as long as it stood open."""
    until = np.minimum(np.where(_answered(sent), sent["answered_at"], sent["ended_at"]), ticks_of(period.closes))
    began, ended = (worked_until(np.ascontiguousarray(instants), calendar) for instants in (sent["sent_at"], until))
    return ended - began


def _answering(observed: Observed) -> Answering:
    curve = incidence(observed)
    found = [quantile(curve, share) for share in (0.5, 0.75, 0.9)]
    median, p75, p90 = (None if ticks is None else days(ticks, WORKING_DAYS) for ticks in found)
    return Answering(median, p75, p90, None in found, len(observed.reached), len(observed.unfinished))


# ------------------------------------------------------------------------------------------------------------ the others
_WITHHELD = Others(None, None, None, None, None, suppressed=True)


@dataclass(slots=True)
class _Stretch:
    """Calls to others in the months from `low` up to `high`: how many, and to which universities."""

    low: int
    high: int
    counts: Counter[str] = field(default_factory=Counter)
    universities: defaultdict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))

    def add(self, calls: NDArray[Any]) -> None:
        accepted: Flags = calls["accepted"] > 0
        for name, which in (
            ("sent", np.ones(len(calls), np.bool_)),
            ("answered", _answered(calls)),
            ("with_interest", _with_interest(calls)),
            ("accepted", accepted),
        ):
            self.counts[name] += _count(which)
            self.universities[name].update(map(bytes, np.unique(calls["university"][which])))

    def is_safe(self, threshold: int) -> bool:
        """Tell whether enough universities were sent calls, and enough of them answered."""
        least = min(len(self.universities["sent"]), len(self.universities["answered"]))
        return least >= max(threshold, 2) and self.counts["sent"] >= threshold

    def has_chain(self, threshold: int, *names: str) -> bool:
        """Tell whether each kind of calls holds the next, with the threshold in each and in what is left of it."""
        return all(
            len(self.universities[inner]) >= threshold
            and min(self.counts[inner], self.counts[outer] - self.counts[inner]) >= threshold
            for outer, inner in pairwise(names)
        )


class _Rest:
    """What may be told of the others: of everything so far and of years that end with the as_of, or nothing.

    In every such year at least the threshold of other universities were sent calls, answered and took part in what is
    told, so no number comes from fewer, whichever of these answers are subtracted. The numbers lie one inside the
    other, and each and what is left of it reaches the threshold.
    """

    def __init__(self, spool: Spool, period: Period, calendar: Calendar, first: date | None, threshold: int) -> None:
        self._spool, self._period, self._calendar, self._threshold = spool, period, calendar, threshold
        end = month_number(period.as_of) + 1
        start = month_number(first) if first is not None else end
        self._stretches = [_Stretch(low, high) for low, high in _years(start, end)]
        self._asked = max(month_number(period.start), start), min(month_number(period.end), end)

    def add(self, calls: NDArray[Any]) -> None:
        for stretch in self._stretches:
            stretch.add(_between(calls, stretch.low, stretch.high))
        counted = _between(calls, *self._asked)
        took, answered = _took(counted, self._period, self._calendar), _answered(counted)
        self._spool.put("answered", took[answered])
        self._spool.put("unanswered", took[~answered])

    def told(self) -> Others:
        (start, end), threshold = self._asked, self._threshold
        asked = [stretch for stretch in self._stretches if start <= stretch.low and stretch.high <= end]
        is_made_of_them = (
            bool(asked) and (min(each.low for each in asked), max(each.high for each in asked)) == self._asked
        )
        if not is_made_of_them or not all(stretch.is_safe(threshold) for stretch in self._stretches):
            return _WITHHELD
        counts = sum((stretch.counts for stretch in asked), Counter())
        chosen, accepted = (
            all(stretch.has_chain(threshold, *names) for stretch in self._stretches)
            for names in (("sent", "with_interest"), ("sent", "with_interest", "accepted"))
        )
        observed = Observed(self._spool.take("answered"), Observed.of().overtaken, self._spool.take("unanswered"))
        return Others(
            universities=len(set().union(*(stretch.universities["sent"] for stretch in asked))),
            calls=counts["sent"],
            with_interest=counts["with_interest"] if chosen else None,
            offers_accepted=counts["accepted"] if accepted else None,
            median_days_to_answer=_answering(observed).median,
            suppressed=False,
        )


def _years(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the years that end with the as_of, newest first; the oldest holds the months that make no whole year."""
    years = max((end - start) // MONTHS, 1)
    borders = [end - MONTHS * place for place in range(years)] + [min(start, end)]
    return ((low, high) for high, low in pairwise(borders))
