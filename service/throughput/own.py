"""A university's own figures: what it answered to the calls it was sent, and what the others did, all together.

The unit is one call to one university; it belongs to the period in which the call went out and is followed to the as_of.
The others' numbers are told only where none of them lets anybody work out what a single university did
(docs/decisions/0077).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from service.throughput.packing import NEVER, NO_DAY, NO_WORD, REASONS
from service.throughput.periods import MONTHS, Period, month_number
from service.throughput.spreads import WORKING_DAYS, days
from service.throughput.survival import Observed, incidence, quantile
from service.working_time import Calendar, ticks_of, worked_until


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


@dataclass(frozen=True, slots=True)
class _Calls:
    """Calls in arrays, with the place of each one's university among all there are."""

    sent: NDArray[Any]
    who: NDArray[np.intp]

    def where(self, which: NDArray[np.bool_]) -> "_Calls":
        return _Calls(self.sent[which], self.who[which])

    def between(self, low: int, high: int) -> "_Calls":
        """Return the calls sent in the months from one up to another."""
        return self.where((low <= self.sent["month"]) & (self.sent["month"] < high))

    def universities(self, which: NDArray[np.bool_]) -> int:
        """Return how many universities the calls for which `which` holds were sent to."""
        return len(np.unique(self.who[which]))

    @property
    def answered(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.sent["answered_at"] != NEVER
        return found

    @property
    def with_interest(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.sent["interests"] > 0
        return found

    @property
    def with_acceptance(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.sent["accepted"] > 0
        return found

    def __len__(self) -> int:
        return len(self.sent)


def own(
    sent: NDArray[Any], university: UUID, period: Period, calendar: Calendar, first: date | None, threshold: int
) -> tuple[Own, Others]:
    """Return a university's own figures of a period, and what may be told of the others.

    `sent` is every call to anybody before the as_of (packing.read_calls); `first` the day of the first submission.
    """
    known, who = np.unique(sent["university"], return_inverse=True)
    is_ours = np.isin(who, [place for place, one in enumerate(known) if bytes(one) == university.bytes])
    calls = _Calls(sent, who)
    ours = calls.where(is_ours).between(month_number(period.start), month_number(period.end))
    return _own(ours, period, calendar), _others(calls.where(~is_ours), period, calendar, first, threshold)


def _own(calls: _Calls, period: Period, calendar: Calendar) -> Own:
    sent = calls.sent
    declined = sent["declined"][(sent["declined"] != NO_WORD) & ~calls.with_interest]
    with_interest = _count(calls.with_interest)
    delivered = sent["delivered_on"] != NO_DAY
    dated = delivered & (sent["end_on"] != NO_DAY)
    on_time = dated & (sent["delivered_on"] <= sent["end_on"])
    return Own(
        calls=len(calls),
        with_interest=with_interest,
        declined=len(declined),
        unanswered=len(calls) - with_interest - len(declined),
        interests=_sum(sent["interests"]),
        late_interests=_sum(sent["late"]),
        declines={reason: _count(declined == place) for place, reason in enumerate(REASONS)},
        offers=_sum(sent["offers"]),
        offers_accepted=_sum(sent["accepted"]),
        offers_declined=_sum(sent["turned_down"]),
        time_to_answer=_answering(calls, period, calendar),
        projects=Projects(
            commissioned=_sum(sent["commissioned"]),
            delivered=_count(delivered),
            on_time=_count(on_time),
            late=_count(dated & ~on_time),
            no_date=_count(delivered & ~dated),
        ),
    )


def _count(which: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(which))


def _sum(numbers: NDArray[Any]) -> int:
    return int(numbers.sum())


def _answering(calls: _Calls, period: Period, calendar: Calendar) -> Answering:
    sent, answered = calls.sent, calls.answered
    until = np.minimum(np.where(answered, sent["answered_at"], sent["ended_at"]), ticks_of(period.closes))
    began, ended = (worked_until(np.ascontiguousarray(instants), calendar) for instants in (sent["sent_at"], until))
    observed = Observed.split(ended - began, answered)
    curve = incidence(observed)
    found = [quantile(curve, share) for share in (0.5, 0.75, 0.9)]
    median, p75, p90 = (None if ticks is None else days(ticks, WORKING_DAYS) for ticks in found)
    return Answering(median, p75, p90, None in found, len(observed.reached), len(observed.unfinished))


# ------------------------------------------------------------------------------------------------------------ the others
_WITHHELD = Others(None, None, None, None, None, suppressed=True)


def _others(calls: _Calls, period: Period, calendar: Calendar, first: date | None, threshold: int) -> Others:
    """Return what may be told of the others: of everything so far and of years that end with the as_of, or nothing.

    In every such year at least the threshold of other universities were sent calls, answered and took part in what is
    told, so no number comes from fewer, whichever of these answers are subtracted. The numbers lie one inside the
    other, and each and what is left of it reaches the threshold.
    """
    end = month_number(period.as_of) + 1
    start = month_number(first) if first is not None else end
    stretches = _stretches(start, end)
    asked = max(month_number(period.start), start), min(month_number(period.end), end)
    if not _is_made_of(asked, stretches):
        return _WITHHELD
    parts = [calls.between(low, high) for low, high in stretches]
    if not all(_is_safe(part, threshold) for part in parts):
        return _WITHHELD
    counted = calls.between(*asked)
    chosen = all(_has_chain(part, threshold) for part in parts)
    accepted = all(_has_chain(part, threshold, to_the_end=True) for part in parts)
    return Others(
        universities=len(np.unique(counted.who)),
        calls=len(counted),
        with_interest=_count(counted.with_interest) if chosen else None,
        offers_accepted=_count(counted.with_acceptance) if accepted else None,
        median_days_to_answer=_answering(counted, period, calendar).median,
        suppressed=False,
    )


def _stretches(start: int, end: int) -> list[tuple[int, int]]:
    """Return the years that end with the as_of, newest first; the oldest holds the months that make no whole year."""
    years = max((end - start) // MONTHS, 1)
    borders = [end - MONTHS * place for place in range(years)] + [min(start, end)]
    return [(low, high) for high, low in pairwise(borders)]


def _is_made_of(asked: tuple[int, int], stretches: Sequence[tuple[int, int]]) -> bool:
    lows, highs = {low for low, _ in stretches}, {high for _, high in stretches}
    return asked[0] < asked[1] and asked[0] in lows and asked[1] in highs


def _is_safe(part: _Calls, threshold: int) -> bool:
    """Tell whether enough universities were sent calls, and enough of them answered."""
    least = min(len(np.unique(part.who)), part.universities(part.answered))
    return least >= max(threshold, 2) and len(part) >= threshold


def _has_chain(part: _Calls, threshold: int, *, to_the_end: bool = False) -> bool:
    """Tell whether calls hold interests, and those accepted offers, with the threshold in each and in what is left."""
    interested, with_interest = part.universities(part.with_interest), _count(part.with_interest)
    is_enough = interested >= threshold and min(with_interest, len(part) - with_interest) >= threshold
    if not to_the_end:
        return is_enough
    took, accepted = part.universities(part.with_acceptance), _count(part.with_acceptance)
    return is_enough and took >= threshold and min(accepted, with_interest - accepted) >= threshold
