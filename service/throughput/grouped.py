"""A cohort's figures by group, beside its total."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from service.throughput.afterwards import money_of
from service.throughput.calendars import Calendars
from service.throughput.cases import Case
from service.throughput.cohort import Figures, cases_of, conversion, figures_of, told_in_full
from service.throughput.counts import EXITS, UNMET, Tally, counted_as
from service.throughput.durations import Durations
from service.throughput.groups import BY_TIME, KEYS, SEVERAL_APPLY, GroupBy
from service.throughput.log import History
from service.throughput.periods import QUARTER, Period, month_number, month_of, quarter_of
from service.throughput.telling import Rung, Sightings

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


@dataclass
class _Cohort:
    """The period's cases in one group."""

    counts: Counter[str] = field(default_factory=Counter)
    durations: Durations = field(default_factory=Durations)

    def add(self, case: Case) -> None:
        self.counts.update(counted_as(case))
        if not case.is_spam:
            self.counts.update(money_of(case))
            self.durations.add(case)


def grouped(
    histories: Iterable[History], period: Period, calendars: Calendars, threshold: int, grouping: GroupBy
) -> tuple[Figures, tuple[Group, ...]]:
    """Return the figures of the cohort and those of its groups, in a fixed order.

    What a group is told is decided over everything so far, whatever the period, so that no two answers of one as_of
    give a small count away.
    """
    gathered = _gather(histories, period, calendars, threshold, grouping)
    tally, groups = gathered.tally, gathered.groups
    total = figures_of(tally, gathered.durations)
    if grouping in BY_TIME:
        return total, tuple(_by_time(period, tally, groups, grouping))
    if threshold <= NOTHING_IS_SMALL:
        return total, tuple(Group(key, _everything(groups[key], tally.months)) for key in _listed(grouping, groups))
    rungs = gathered.rungs
    return total, tuple(
        Group(key, _told(groups[key], rungs.get(key), period, tally)) for key in _listed(grouping, rungs)
    )


def demand(histories: Iterable[History], period: Period, calendars: Calendars, threshold: int) -> Demand:
    """Return what was wanted and could not be met, and by topic as far as a topic's rung tells it."""
    gathered = _gather(histories, period, calendars, threshold, GroupBy.TOPIC)
    tally, topics = gathered.tally, []
    for key in KEYS[GroupBy.TOPIC]:
        rung, counts = gathered.rungs.get(key), gathered.groups[key].counts
        told = tally.tells_all if threshold <= NOTHING_IS_SMALL else _tells(rung, period)
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


@dataclass
class _Gathered:
    """What one pass over the log leaves."""

    tally: Tally
    durations: Durations
    groups: defaultdict[str, _Cohort]
    rungs: Mapping[str, Rung]


def _gather(
    histories: Iterable[History], period: Period, calendars: Calendars, threshold: int, grouping: GroupBy
) -> _Gathered:
    durations, tally = Durations(), Tally(period, threshold)
    groups: defaultdict[str, _Cohort] = defaultdict(_Cohort)
    sightings = Sightings(KEYS.get(grouping, ()))
    for case in cases_of(histories, period, calendars):
        if tally.add(case):
            durations.add(case)
        if period.start <= case.submitted_on < period.end:
            for key in _keys_of(case, grouping):
                groups[key].add(case)
        if grouping not in BY_TIME and not case.is_spam:
            sightings.add(month_number(case.submitted_on), counted_as(case), case.groups[grouping])
    told_apart = grouping not in BY_TIME and threshold > NOTHING_IS_SMALL
    end = month_number(period.as_of) + 1
    rungs = sightings.rungs(end, threshold, several_apply=grouping in SEVERAL_APPLY) if told_apart else {}
    return _Gathered(tally, durations, groups, rungs)


def _keys_of(case: Case, grouping: GroupBy) -> Iterable[str]:
    if grouping not in BY_TIME:
        return case.groups[grouping]
    return (_time_key(month_number(case.submitted_on), grouping),)


def _time_key(month: int, grouping: GroupBy) -> str:
    return quarter_of(month) if grouping == GroupBy.QUARTER else month_of(month)


def _listed(grouping: GroupBy, occurring: Iterable[str]) -> tuple[str, ...]:
    """Return the groups to show: the vocabulary's, and of others those that something may be told of."""
    return KEYS.get(grouping) or tuple(sorted(occurring))


def _by_time(period: Period, tally: Tally, groups: Mapping[str, _Cohort], grouping: GroupBy) -> Iterator[Group]:
    """Yield months or quarters as they would be answered if they were asked for by themselves."""
    step = QUARTER if grouping == GroupBy.QUARTER else 1
    first, last = month_number(period.start), min(month_number(period.end), month_number(period.as_of) + 1)
    for start in range(first - first % step, last, step):
        submitted, is_told = tally.submitted_between(start, start + step)
        months = min(start + step, last) - max(start, first)
        key = _time_key(start, grouping)
        if is_told:
            cohort, first_time = groups.get(key, _Cohort()), tally.first_time_between(start, start + step)
            yield Group(key, told_in_full(cohort.counts, cohort.durations, months, first_time))
        else:
            yield Group(key, Figures(months=months, submitted=submitted, suppressed=True))


def _everything(cohort: _Cohort, months: int) -> Figures:
    return told_in_full(cohort.counts, cohort.durations, months, None)


def _tells(rung: Rung | None, period: Period) -> bool:
    return rung is not None and rung.stretches.make_up(month_number(period.start), month_number(period.end))


def _told(cohort: _Cohort, rung: Rung | None, period: Period, tally: Tally) -> Figures:
    """Return what a group on this rung is told of a period: whole parts of the rung's division, or nothing.

    A part that nobody in the whole service is in counts as nothing told, like every other count under the threshold.
    """
    nothing = Figures(months=tally.months, submitted=None, suppressed=True)
    if rung is None or not _tells(rung, period):
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
        time_to={"commissioned": cohort.durations.time_to()["commissioned"]}
        if {"commissioned", "decided", "open"} <= told.keys() and told["decided"] > told["commissioned"]
        else None,
    )
