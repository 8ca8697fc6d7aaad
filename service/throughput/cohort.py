"""A cohort's figures, given every case as counted at the as_of, some at a time: none is held once it is counted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from service.throughput.afterwards import IN_TIME, PENCE, SOURCES, USE
from service.throughput.calendars import Calendars
from service.throughput.counts import EXITS, FATES, STAGES, Tally, tally_of
from service.throughput.durations import Durations
from service.throughput.measured import Measured
from service.throughput.packing import Cases
from service.throughput.periods import Period
from service.throughput.spool import Spool
from service.throughput.spreads import TimeIn, TimeTo
from service.vocabulary import MONEY_KINDS


@dataclass(frozen=True, slots=True)
class Conversion:
    """Commissioned among decided; `value` is None where nothing was decided."""

    numerator: int
    denominator: int
    value: float | None


@dataclass(frozen=True, slots=True)
class Money:
    """A sum, to the penny."""

    amount: str
    currency: str = "GBP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What became of a cohort; None stands for what is withheld. `months` of the period were over by the as_of."""

    months: int
    submitted: int | None
    originating: int | None = None
    decided: int | None = None
    open: int | None = None
    commissioned: int | None = None
    reopened: int | None = None
    spam: int | None = None
    conversion: Conversion | None = None
    exits: Mapping[str, int | None] | None = None
    time_to: Mapping[str, TimeTo] | None = None
    time_in_state: Mapping[str, TimeIn] | None = None
    in_time: Mapping[str, int] | None = None
    use: Mapping[str, int] | None = None
    money: Mapping[str, Mapping[str, Money]] | None = None
    enquirers: Mapping[str, int] | None = None
    suppressed: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """How many of a cohort got to a state or past it, were closed before it, or may get there yet."""

    state: str
    reached: int
    closed_before: int
    still_before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """How far a cohort got; None stands for what is withheld."""

    months: int
    submitted: int | None
    stages: tuple[Stage, ...] | None = None
    suppressed: bool


def throughput(cases: Cases, period: Period, calendars: Calendars, threshold: int) -> Figures:
    """Return the figures of the cohort that `period` names, from every case counted at its as_of, whose order is free."""
    with Spool() as spool:
        tally, durations = Tally(period, threshold), Durations(spool)
        for part in cases:
            durations.add(Measured(part.take(tally.add(part)), calendars, period))
        return figures_of(tally, durations)


def figures_of(tally: Tally, durations: Durations) -> Figures:
    """Return what may be told of a period, given its counts and the durations of its cases."""
    if not tally.tells_all:
        return Figures(months=tally.months, submitted=tally.submitted, suppressed=True)
    return told_in_full(tally.counts, durations, tally.months, tally.first_time)


def told_in_full(counts: Mapping[str, int], durations: Durations, months: int, first_time: int | None) -> Figures:
    """Return every figure, nothing withheld; what is not in `counts` is none.

    `first_time` is of how many the body had never asked before; None where that is not told.
    """
    count = Counter(counts)
    not_known = count["not_known"]
    enquirers = None
    if first_time is not None:
        returning = count["submitted"] - not_known - first_time
        enquirers = {"first_time": first_time, "returning": returning, "not_known": not_known}
    return Figures(
        months=months,
        submitted=count["submitted"],
        originating=count["originating"],
        decided=count["decided"],
        open=count["open"],
        commissioned=count["commissioned"],
        reopened=count["reopened"],
        spam=count["spam"],
        conversion=conversion(count["commissioned"], count["decided"]),
        exits={outcome.value: count[f"exit:{outcome}"] for outcome in EXITS},
        time_to=durations.time_to(),
        time_in_state=durations.time_in_state(),
        in_time={name: count[f"in_time:{name}"] for name in IN_TIME},
        use={name: count[f"use:{name}"] for name in USE},
        money={kind: {source: _pounds(count[f"money:{kind}:{source}"]) for source in SOURCES} for kind in MONEY_KINDS},
        enquirers=enquirers,
        suppressed=False,
    )


def funnel(cases: Cases, period: Period, calendars: Calendars, threshold: int) -> Funnel:  # noqa: ARG001 - asked like the others
    """Return how far the cohort got, state by state, under the same rules as its other figures."""
    tally = tally_of(cases, period, threshold)
    if not tally.tells_all:
        return Funnel(months=tally.months, submitted=tally.submitted, suppressed=True)
    stages = (Stage(stage.value, *(tally.counts[f"{fate}:{stage}"] for fate in FATES)) for stage in STAGES)
    return Funnel(months=tally.months, submitted=tally.counts["submitted"], stages=tuple(stages), suppressed=False)


def _pounds(pence: int) -> Money:
    return Money(f"{pence // PENCE}.{pence % PENCE:02}")


def conversion(commissioned: int, decided: int) -> Conversion:
    """Return commissioned among decided."""
    return Conversion(commissioned, decided, round(commissioned / decided, 4) if decided else None)
