"""A cohort's figures by group, beside its total."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from service.throughput.afterwards import money_of
from service.throughput.calendars import Calendars
from service.throughput.cases import Case
from service.throughput.cohort import Figures, cases_of, conversion, figures_of, told_in_full
from service.throughput.counts import EXITS, Tally, counted_as
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
    durations, tally = Durations(), Tally(period, threshold)
    groups: defaultdict[str, _Cohort] = defaultdict(_Cohort)
    sightings = Sightings(KEYS.get(grouping, ()))
    for case in cases_of(histories, period, calendars):
        belongs = tally.add(case)
        in_period = period.start <= case.submitted_on < period.end
        if belongs:
            durations.add(case)
        if in_period:
            for key in _keys_of(case, grouping):
                groups[key].add(case)
        if grouping not in BY_TIME and not case.is_spam:
            sightings.add(month_number(case.submitted_on), counted_as(case), case.groups[grouping])
    total = figures_of(tally, durations)
    if grouping in BY_TIME:
        return total, tuple(_by_time(period, tally, groups, grouping))
    if threshold <= NOTHING_IS_SMALL:
        return total, tuple(Group(key, _everything(groups[key], tally.months)) for key in _listed(grouping, groups))
    end = month_number(period.as_of) + 1
    rungs = sightings.rungs(end, threshold, several_apply=grouping in SEVERAL_APPLY)
    return total, tuple(
        Group(key, _told(groups[key], rungs.get(key), period, tally)) for key in _listed(grouping, rungs)
    )


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
            yield Group(key, _everything(groups.get(key, _Cohort()), months))
        else:
            yield Group(key, Figures(months=months, submitted=submitted, suppressed=True))


def _everything(cohort: _Cohort, months: int) -> Figures:
    return told_in_full(cohort.counts, cohort.durations, months)


def _told(cohort: _Cohort, rung: Rung | None, period: Period, tally: Tally) -> Figures:
    """Return what a group on this rung is told of a period: whole parts of the rung's division, or nothing.

    A part that nobody in the whole service is in counts as nothing told, like every other count under the threshold.
    """
    nothing = Figures(months=tally.months, submitted=None, suppressed=True)
    if rung is None or not rung.stretches.make_up(month_number(period.start), month_number(period.end)):
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
