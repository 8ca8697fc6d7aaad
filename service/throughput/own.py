"""A university's own figures: what it answered to the calls it was sent, and what the others did, all together.

The unit is one call to one university; it belongs to the period in which the call went out and is followed to the as_of.
The others' numbers are told only where none of them lets anybody work out what a single university did
(docs/decisions/0077).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

import numpy as np

from service.throughput.called import Sent
from service.throughput.periods import MONTHS, Period, month_number
from service.throughput.spreads import WORKING_DAYS, days
from service.throughput.survival import Observed, incidence, quantile
from service.vocabulary import DECLINE_REASONS
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


def own(
    sent: Sequence[Sent], university: UUID, period: Period, calendar: Calendar, first: date | None, threshold: int
) -> tuple[Own, Others]:
    """Return a university's own figures of a period, and what may be told of the others.

    `sent` is every call to anybody before the as_of; `first` the day of the first submission.
    """
    us = str(university)
    ours = [each for each in sent if each.university == us and _is_in(each, period)]
    theirs = [each for each in sent if each.university != us]
    return _own(ours, period, calendar), _others(theirs, period, calendar, first, threshold)


def _is_in(sent: Sent, period: Period) -> bool:
    return month_number(period.start) <= sent.month < month_number(period.end)


def _own(sent: Sequence[Sent], period: Period, calendar: Calendar) -> Own:
    declines = Counter(each.declined for each in sent if each.declined is not None and not each.interests)
    with_interest = sum(each.interests > 0 for each in sent)
    delivered = [each for each in sent if each.delivered_on is not None]
    return Own(
        calls=len(sent),
        with_interest=with_interest,
        declined=declines.total(),
        unanswered=len(sent) - with_interest - declines.total(),
        interests=sum(each.interests for each in sent),
        late_interests=sum(each.late for each in sent),
        declines={reason: declines[reason] for reason in DECLINE_REASONS},
        offers=sum(each.offers for each in sent),
        offers_accepted=sum(each.accepted for each in sent),
        offers_declined=sum(each.turned_down for each in sent),
        time_to_answer=_answering(sent, period, calendar),
        projects=Projects(
            commissioned=sum(each.commissioned for each in sent),
            delivered=len(delivered),
            on_time=sum(_is_punctual(each) is True for each in delivered),
            late=sum(_is_punctual(each) is False for each in delivered),
            no_date=sum(_is_punctual(each) is None for each in delivered),
        ),
    )


def _is_punctual(sent: Sent) -> bool | None:
    if sent.end_on is None or sent.delivered_on is None:
        return None
    return sent.delivered_on <= sent.end_on


def _answering(sent: Iterable[Sent], period: Period, calendar: Calendar) -> Answering:
    calls = list(sent)
    starts = [ticks_of(each.sent_at) for each in calls]
    ends = [ticks_of(each.answered_at or each.ended_at or period.closes) for each in calls]
    began, ended = (worked_until(np.array(instants, np.int64), calendar) for instants in (starts, ends))
    observed = Observed.split(ended - began, np.array([each.answered_at is not None for each in calls], np.bool_))
    curve = incidence(observed)
    found = [quantile(curve, share) for share in (0.5, 0.75, 0.9)]
    median, p75, p90 = (None if ticks is None else days(ticks, WORKING_DAYS) for ticks in found)
    return Answering(median, p75, p90, None in found, len(observed.reached), len(observed.unfinished))


# ------------------------------------------------------------------------------------------------------------ the others
_WITHHELD = Others(None, None, None, None, None, suppressed=True)


def _others(sent: Sequence[Sent], period: Period, calendar: Calendar, first: date | None, threshold: int) -> Others:
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
    parts = [[each for each in sent if low <= each.month < high] for low, high in stretches]
    if not all(_is_safe(part, threshold) for part in parts):
        return _WITHHELD
    counted = [each for each in sent if asked[0] <= each.month < asked[1]]
    chosen = all(_has_chain(part, threshold) for part in parts)
    accepted = all(_has_chain(part, threshold, to_the_end=True) for part in parts)
    return Others(
        universities=len({each.university for each in counted}),
        calls=len(counted),
        with_interest=sum(each.interests > 0 for each in counted) if chosen else None,
        offers_accepted=sum(each.accepted > 0 for each in counted) if accepted else None,
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


def _is_safe(part: Sequence[Sent], threshold: int) -> bool:
    """Tell whether enough universities were sent calls, and enough of them answered."""
    called = {each.university for each in part}
    answered = {each.university for each in part if each.answered_at is not None}
    return min(len(called), len(answered)) >= max(threshold, 2) and len(part) >= threshold


def _has_chain(part: Sequence[Sent], threshold: int, *, to_the_end: bool = False) -> bool:
    """Tell whether calls hold interests, and those accepted offers, with the threshold in each and in what is left."""
    interested = {each.university for each in part if each.interests}
    with_interest = sum(each.interests > 0 for each in part)
    is_enough = len(interested) >= threshold and min(with_interest, len(part) - with_interest) >= threshold
    if not to_the_end:
        return is_enough
    taken = {each.university for each in part if each.accepted}
    accepted = sum(each.accepted > 0 for each in part)
    return is_enough and len(taken) >= threshold and min(accepted, with_interest - accepted) >= threshold
