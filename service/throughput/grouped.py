"""A cohort's figures by group, beside its total."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.throughput.calendars import Calendars
from service.throughput.cohort import Figures, conversion, figures_of, told_in_full
from service.throughput.counts import EXITS, UNMET, Tally, counts_of, facts_of, is_spam, occurring
from service.throughput.durations import Durations
from service.throughput.groups import BY_TIME, KEYS, SEVERAL_APPLY, GroupBy
from service.throughput.members import members_of
from service.throughput.packing import Counted
from service.throughput.periods import QUARTER, Period, month_number, month_of, quarter_of
from service.throughput.telling import ALL_FACTS, Rung, Seen, Sightings

NOTHING_IS_SMALL = 1
"""A threshold up to which nothing is withheld from groups: there is no count under it to hide."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group's figures. `key` is a code of the vocabulary, a month (2026-04), a quarter (2026-Q2) or an organisation's id."""

    key: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Unmet:
    """How many asked about a topic, and of how many nothing came that could have; None stands for what is withheld."""

    key: str
    submitted: int | None
    unmet: int | None
    suppressed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What was wanted and could not be met; None stands for what is withheld."""

    submitted: int | None
    unmet: int | None = None
    reasons: Mapping[str, int] | None = None
    topics: tuple[Unmet, ...]
    suppressed: bool


class _Cohort:
    """The period's cases in one group."""

    def __init__(self, counted: Counted, period: Period, calendars: Calendars) -> None:
        self._counted, self._period, self._calendars = counted, period, calendars

    @cached_property
    def counts(self) -> Counter[str]:
        return counts_of(self._counted, self._period)

    @cached_property
    def durations(self) -> Durations:
        return Durations(self._counted.take(~is_spam(self._counted)), self._calendars, self._period)


def grouped(
    counted: Counted, period: Period, calendars: Calendars, threshold: int, grouping: GroupBy
) -> tuple[Figures, tuple[Group, ...]]:
    """Return the figures of the cohort and those of its groups, in a fixed order.

    What a group is told is decided over everything so far, whatever the period, so that no two answers of one as_of
    give a small count away.
    """
    tally = Tally(counted, period, threshold)
    total = figures_of(tally, Durations(tally.cohort, calendars, period))
    if grouping in BY_TIME:
        return total, tuple(_by_time(period, tally, calendars, grouping))
    groups = _groups(tally.whole, period, calendars, grouping)
    if threshold <= NOTHING_IS_SMALL:
        keys = _listed(grouping, groups)
        return total, tuple(Group(key, _everything(groups[key], tally.months)) for key in keys)
    rungs = _rungs(counted, period, threshold, grouping)
    told = (Group(key, _told(groups.get(key), rungs.get(key), period, tally)) for key in _listed(grouping, rungs))
    return total, tuple(told)


def demand(counted: Counted, period: Period, calendars: Calendars, threshold: int) -> Demand:
    """Return what was wanted and could not be met, and by topic as far as a topic's rung tells it."""
    tally, topics = Tally(counted, period, threshold), []
    groups = _groups(tally.whole, period, calendars, GroupBy.TOPIC)
    tells_everything = threshold <= NOTHING_IS_SMALL
    rungs = {} if tells_everything else _rungs(counted, period, threshold, GroupBy.TOPIC)
    for key, group in groups.items():
        rung, counts = rungs.get(key), group.counts
        told = tally.tells_all if tells_everything else _tells(rung, period)
        unmet = counts["unmet"] if told and (rung is None or "unmet" in rung.facts) else None
        if unmet is not None and unmet < threshold:
            unmet = None
        topics.append(Unmet(key, counts["submitted"] if told else None, unmet, suppressed=unmet is None))
    if not tally.tells_all:
        return Demand(submitted=tally.submitted, topics=tuple(topics), suppressed=True)
    return Demand(
        submitted=tally.counts["submitted"],
        unmet=tally.counts["unmet"],
        reasons={outcome.value: tally.counts[f"exit:{outcome}"] for outcome in UNMET},
        topics=tuple(topics),
        suppressed=False,
    )


def _groups(counted: Counted, period: Period, calendars: Calendars, grouping: GroupBy) -> dict[str, _Cohort]:
    members = members_of(counted, grouping)
    return {key: _Cohort(counted.take(which), period, calendars) for key, which in members.items()}


def _rungs(counted: Counted, period: Period, threshold: int, grouping: GroupBy) -> Mapping[str, Rung]:
    """Return the rung of every group of which something may be told, over everything so far."""
    kept = counted.take(~is_spam(counted))
    by_university = grouping == GroupBy.UNIVERSITY
    if by_university:
        # What universities offered is told all together as well: enquiries without any offer are no cover for one of them.
        kept = kept.take(kept.heads["interest"] > 0)
    facts = [(name, holds) for name, holds in facts_of(kept, period) if name in ALL_FACTS]
    seen = kept.heads["month"].astype(np.int64) << len(facts)
    for place, (_, holds) in enumerate(facts):
        seen |= holds.astype(np.int64) << place
    names = [name for name, _ in facts]
    groups = {key: _seen(seen[which], names) for key, which in members_of(kept, grouping).items()}
    sightings = Sightings(_seen(seen, names), groups)
    return sightings.rungs(
        month_number(period.as_of) + 1, threshold, several_apply=grouping in SEVERAL_APPLY, adds_up=by_university
    )


def _seen(codes: NDArray[np.int64], facts: Sequence[str]) -> Counter[Seen]:
    """Return how often each month and set of facts occurs, given both as one number."""
    return Counter(
        {
            (code >> len(facts), frozenset(name for place, name in enumerate(facts) if code >> place & 1)): times
            for code, times in occurring(codes).items()
        }
    )


def _listed(grouping: GroupBy, occurring: Iterable[str]) -> tuple[str, ...]:
    """Return the groups to show: the vocabulary's, and of others those that something may be told of."""
    return KEYS.get(grouping) or tuple(sorted(occurring))


def _by_time(period: Period, tally: Tally, calendars: Calendars, grouping: GroupBy) -> Iterator[Group]:
    """Yield months or quarters as they would be answered if they were asked for by themselves."""
    step = QUARTER if grouping == GroupBy.QUARTER else 1
    first, last = month_number(period.start), min(month_number(period.end), month_number(period.as_of) + 1)
    for start in range(first - first % step, last, step):
        submitted, is_told = tally.submitted_between(start, start + step)
        months = min(start + step, last) - max(start, first)
        key = quarter_of(start) if grouping == GroupBy.QUARTER else month_of(start)
        if is_told:
            month = tally.whole.heads["month"]
            cohort = _Cohort(tally.whole.take((month >= start) & (month < start + step)), period, calendars)
            first_time = tally.first_time_between(start, start + step)
            yield Group(key, told_in_full(cohort.counts, cohort.durations, months, first_time))
        else:
            yield Group(key, Figures(months=months, submitted=submitted, suppressed=True))


def _everything(cohort: _Cohort, months: int) -> Figures:
    return told_in_full(cohort.counts, cohort.durations, months, None)


def _tells(rung: Rung | None, period: Period) -> bool:
    return rung is not None and rung.stretches.make_up(month_number(period.start), month_number(period.end))


def _told(cohort: _Cohort | None, rung: Rung | None, period: Period, tally: Tally) -> Figures:
    """Return what a group on this rung is told of a period: whole parts of the rung's division, or nothing.

    A part that nobody in the whole service is in counts as nothing told, like every other count under the threshold.
    """
    nothing = Figures(months=tally.months, submitted=None, suppressed=True)
    if rung is None or not _tells(rung, period) or cohort is None:
        return nothing
    told = {name: cohort.counts[name] for name in rung.facts if cohort.counts[name] >= tally.threshold}
    told_exits = {outcome.value: told.get(f"exit:{outcome}") for outcome in EXITS}
    shows_conversion = {"commissioned", "decided"} <= told.keys()
    return replace(
        nothing,
        submitted=cohort.counts["submitted"],
        decided=told.get("decided"),
        open=told.get("open"),
        commissioned=told.get("commissioned"),
        conversion=conversion(told["commissioned"], told["decided"]) if shows_conversion else None,
        exits=told_exits if any(told_exits.values()) else None,
        time_to={"commissioned": cohort.durations.time_to_one("commissioned")}
        if {"commissioned", "decided", "open"} <= told.keys() and told["decided"] > told["commissioned"]
        else None,
    )
