"""A cohort's figures by group, beside its total."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from service.throughput.calendars import Calendars
from service.throughput.cohort import Figures, conversion, figures_of, told_in_full
from service.throughput.counts import EXITS, Tally, counts_of, in_period
from service.throughput.durations import Durations
from service.throughput.groups import BY_TIME, KEYS, GroupBy
from service.throughput.measured import Flags, Measured
from service.throughput.members import members_of
from service.throughput.packing import Cases, Counted
from service.throughput.periods import QUARTER, Period, month_number, month_of, quarter_of
from service.throughput.sighted import Sighted
from service.throughput.spool import Spool
from service.throughput.suppression import NOTHING_IS_SMALL
from service.throughput.telling import Rung


@dataclass(frozen=True, slots=True)
class Group:
    """One group's figures. `key` is a code of the vocabulary, a month (2026-04), a quarter (2026-Q2) or an organisation's id."""

    key: str
    figures: Figures


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
        self._sighted = Sighted(period, grouping)
        self._durations: dict[str, Durations] = {}

    def add(self, part: Counted, in_cohort: Flags, measured: Measured) -> None:
        members = members_of(part, self._grouping)
        self._sighted.add(part, members)
        for key, which in members.items():
            durations = self._durations.setdefault(key, Durations(self._spool, key))
            durations.add_time_to("commissioned", measured, which[in_cohort])

    def told(self, tally: Tally, durations: Durations) -> Iterator[Group]:
        rungs = self._sighted.rungs(tally.threshold)
        for key in KEYS.get(self._grouping) or sorted(rungs):
            yield Group(key, self._told(key, rungs.get(key), tally))

    def _told(self, key: str, rung: Rung | None, tally: Tally) -> Figures:
        """Return what a group on a rung is told of the period: whole parts of the rung's division, or nothing.

        A part that nobody in the whole service is in counts as nothing told, like every other count under the threshold.
        """
        nothing, counts = Figures(months=tally.months, submitted=None, suppressed=True), self._sighted.counts(key)
        is_listed = self._grouping in KEYS or counts["submitted"] > 0
        if rung is None or not is_listed or not rung.tells(self._period):
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
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._durations: dict[str, Durations] = {}

    def add(self, part: Counted, in_cohort: Flags, measured: Measured) -> None:
        inside = in_period(part.heads, self._period)
        for key, which in members_of(part, self._grouping).items():
            if self._grouping in KEYS or (which & inside).any():
                counts, durations = self._counts[key], self._durations.setdefault(key, Durations(self._spool, key))
                counts.update(counts_of(measured.cases.take(which[in_cohort]), self._period))
                counts["spam"] += int(np.count_nonzero(which & inside & ~in_cohort))
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
