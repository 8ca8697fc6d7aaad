"""A cohort's figures by group, beside its total."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from service.throughput.calendars import Calendars
from service.throughput.cohort import Figures, conversion, figures_of, told_in_full
from service.throughput.counts import EXITS, UNMET, Tally, counts_of, facts_of, is_spam, occurring
from service.throughput.durations import Durations
from service.throughput.groups import BY_TIME, KEYS, SEVERAL_APPLY, GroupBy
from service.throughput.measured import Flags, Measured
from service.throughput.members import members_of
from service.throughput.packing import Cases, Counted
from service.throughput.periods import QUARTER, Period, month_number, month_of, quarter_of
from service.throughput.spool import Spool
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


def grouped(
    cases: Cases, period: Period, calendars: Calendars, threshold: int, grouping: GroupBy
) -> tuple[Figures, tuple[Group, ...]]:
    """Return the figures of the cohort and those of its groups, in a fixed order.

    What a group is told is decided over everything so far, whatever the period, so that no two answers of one as_of
    give a small count away.
    """
    with Spool() as spool:
        tally, durations = Tally(period, threshold), Durations(spool)
        groups = _groups(spool, period, threshold, grouping)
        for part in cases:
            in_cohort = tally.add(part)
            measured = Measured(part.take(in_cohort), calendars, period)
            durations.add(measured)
            groups.add(part, in_cohort, measured)
        return figures_of(tally, durations), tuple(groups.told(tally, durations))


def demand(cases: Cases, period: Period, calendars: Calendars, threshold: int) -> Demand:  # noqa: ARG001 - asked like the others
    """Return what was wanted and could not be met, and by topic as far as a topic's rung tells it."""
    tally, seen = Tally(period, threshold), _Seen(period, GroupBy.TOPIC)
    for part in cases:
        tally.add(part)
        seen.add(part, members_of(part, GroupBy.TOPIC))
    tells_everything = threshold <= NOTHING_IS_SMALL
    rungs = {} if tells_everything else seen.rungs(threshold)
    topics = []
    for key in KEYS[GroupBy.TOPIC]:
        rung, counts = rungs.get(key), seen.counts(key)
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


class _Groups(Protocol):
    """What is kept of groups while the cases go by, and what is told of them in the end."""

    def add(self, part: Counted, in_cohort: Flags, measured: Measured) -> None:
        """Add some cases; `measured` are those in the cohort."""

    def told(self, tally: Tally, durations: Durations) -> Iterator[Group]:
        """Yield every group, given what was added for the whole cohort."""


def _groups(spool: Spool, period: Period, threshold: int, grouping: GroupBy) -> _Groups:
    if grouping in BY_TIME:
        return _ByTime(spool, period, grouping)
    if threshold <= NOTHING_IS_SMALL:
        return _InFull(spool, period, grouping)
    return _ByRung(spool, period, grouping)


class _ByRung:
    """Groups of which each is told what its rung tells."""

    def __init__(self, spool: Spool, period: Period, grouping: GroupBy) -> None:
        self._spool, self._period, self._grouping = spool, period, grouping
        self._seen = _Seen(period, grouping)
        self._durations: dict[str, Durations] = {}

    def add(self, part: Counted, in_cohort: Flags, measured: Measured) -> None:
        members = members_of(part, self._grouping)
        self._seen.add(part, members)
        for key, which in members.items():
            durations = self._durations.setdefault(key, Durations(self._spool, key))
            durations.add_time_to("commissioned", measured, which[in_cohort])

    def told(self, tally: Tally, durations: Durations) -> Iterator[Group]:
        rungs = self._seen.rungs(tally.threshold)
        for key in KEYS.get(self._grouping) or sorted(rungs):
            yield Group(key, self._told(key, rungs.get(key), tally))

    def _told(self, key: str, rung: Rung | None, tally: Tally) -> Figures:
        """Return what a group on a rung is told of the period: whole parts of the rung's division, or nothing.

        A part that nobody in the whole service is in counts as nothing told, like every other count under the threshold.
        """
        nothing, counts = Figures(months=tally.months, submitted=None, suppressed=True), self._seen.counts(key)
        is_listed = self._grouping in KEYS or counts["submitted"] > 0
        if rung is None or not is_listed or not _tells(rung, self._period):
            return nothing
        told = {name: counts[name] for name in rung.facts if counts[name] >= tally.threshold}
        told_exits = {outcome.value: told.get(f"exit:{outcome}") for outcome in EXITS}
        shows_conversion = {"commissioned", "decided"} <= told.keys()
        shows_time = {"commissioned", "decided", "open"} <= told.keys() and told["decided"] > told["commissioned"]
        return replace(
            nothing,
            submitted=counts["submitted"],
            decided=told.get("decided"),
            open=told.get("open"),
            commissioned=told.get("commissioned"),
            conversion=conversion(told["commissioned"], told["decided"]) if shows_conversion else None,
            exits=told_exits if any(told_exits.values()) else None,
            time_to={"commissioned": self._durations[key].time_to_one("commissioned")} if shows_time else None,
        )


class _InFull:
    """Groups of which everything is told, since no count is small."""

    def __init__(self, spool: Spool, period: Period, grouping: GroupBy) -> None:
        self._spool, self._period, self._grouping = spool, period, grouping
        self._first, self._last = month_number(period.start), month_number(period.end)
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._durations: dict[str, Durations] = {}

    def add(self, part: Counted, in_cohort: Flags, measured: Measured) -> None:
        month = part.heads["month"]
        in_period = (month >= self._first) & (month < self._last)
        for key, which in members_of(part, self._grouping).items():
            if self._grouping in KEYS or (which & in_period).any():
                counts, durations = self._counts[key], self._durations.setdefault(key, Durations(self._spool, key))
                counts.update(counts_of(measured.cases.take(which[in_cohort]), self._period))
                counts["spam"] += int(np.count_nonzero(which & in_period & ~in_cohort))
                durations.add(measured, which[in_cohort])

    def told(self, tally: Tally, durations: Durations) -> Iterator[Group]:
        nothing = Durations(self._spool, "nothing")
        for key in KEYS.get(self._grouping) or sorted(self._counts):
            figures = told_in_full(self._counts[key], self._durations.get(key, nothing), tally.months, None)
            yield Group(key, figures)


class _ByTime:
    """Months or quarters as they would be answered if they were asked for by themselves."""

    def __init__(self, spool: Spool, period: Period, grouping: GroupBy) -> None:
        self._spool, self._period = spool, period
        self._step, self._name = (QUARTER, quarter_of) if grouping == GroupBy.QUARTER else (1, month_of)

    def add(self, part: Counted, in_cohort: Flags, measured: Measured) -> None:
        """Keep nothing: of months that are told in full none holds a case, or one holds them all."""

    def told(self, tally: Tally, durations: Durations) -> Iterator[Group]:
        period, step = self._period, self._step
        first, last = month_number(period.start), min(month_number(period.end), month_number(period.as_of) + 1)
        for start in range(first - first % step, last, step):
            submitted, is_told = tally.submitted_between(start, start + step)
            months = min(start + step, last) - max(start, first)
            if is_told:
                counts = Counter(tally.counts if submitted else {})
                counts["spam"] = tally.spam_between(start, start + step)
                times = durations if submitted else Durations(self._spool, "nothing")
                first_time = tally.first_time_between(start, start + step)
                yield Group(self._name(start), told_in_full(counts, times, months, first_time))
            else:
                yield Group(self._name(start), Figures(months=months, submitted=submitted, suppressed=True))


class _Seen:
    """How many of all cases, and of each group, were submitted when and are what: everything so far, whatever the period."""

    def __init__(self, period: Period, grouping: GroupBy) -> None:
        self._period, self._grouping = period, grouping
        self._everybody = Counter[int]()
        self._groups: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._facts: list[str] = []
        self._adds_up = grouping == GroupBy.UNIVERSITY

    def add(self, part: Counted, members: Mapping[str, Flags]) -> None:
        facts = [(name, holds) for name, holds in facts_of(part, self._period) if name in ALL_FACTS]
        self._facts = [name for name, _ in facts]
        codes = part.heads["month"].astype(np.int64) << len(facts)
        for place, (_, holds) in enumerate(facts):
            codes |= holds.astype(np.int64) << place
        kept = ~is_spam(part)
        # What universities offered is told all together as well: enquiries without any offer are no cover for one of them.
        cover = kept & (part.heads["interest"] > 0) if self._adds_up else kept
        self._everybody.update(occurring(codes[cover]))
        for key, which in members.items():
            self._groups[key].update(occurring(codes[which & kept]))

    def rungs(self, threshold: int) -> Mapping[str, Rung]:
        """Return the rung of every group of which something may be told."""
        sightings = Sightings(
            self._spelt(self._everybody), {key: self._spelt(codes) for key, codes in self._groups.items()}
        )
        end = month_number(self._period.as_of) + 1
        return sightings.rungs(end, threshold, several_apply=self._grouping in SEVERAL_APPLY, adds_up=self._adds_up)

    def counts(self, key: str) -> Counter[str]:
        """Return how many of a group's cases in the period count as what."""
        counts, start, end = Counter[str](), month_number(self._period.start), month_number(self._period.end)
        for (month, facts), times in self._spelt(self._groups[key]).items():
            if start <= month < end:
                counts.update(dict.fromkeys((*facts, "submitted"), times))
        return counts

    def _spelt(self, codes: Counter[int]) -> Counter[Seen]:
        """Return the months and the facts that stand in codes."""
        return Counter({(code >> len(self._facts), self._facts_in(code)): times for code, times in codes.items()})

    def _facts_in(self, code: int) -> frozenset[str]:
        return frozenset(name for place, name in enumerate(self._facts) if code >> place & 1)


def _tells(rung: Rung | None, period: Period) -> bool:
    return rung is not None and rung.stretches.make_up(month_number(period.start), month_number(period.end))
