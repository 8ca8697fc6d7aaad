"""More of a cohort, in counts: how old what is open has become, what universities answered, which way enquiries went."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from service.states import EnquiryState
from service.throughput.calendars import Calendars
from service.throughput.counts import STAGES, Tally
from service.throughput.measured import Measured
from service.throughput.packing import ANSWERS, NEVER, STATES, Cases, moves_of
from service.throughput.periods import Period
from service.throughput.spreads import WORKING_DAYS
from service.vocabulary import DECLINE_REASONS

AGES = (("up_to_20", 20), ("up_to_60", 60), ("up_to_120", 120))
"""Working days since submission up to which an open enquiry counts so; older ones are `over_120`."""
OLDEST = "over_120"
_AGES = (*(name for name, _ in AGES), OLDEST)
_LIMITS = [days * WORKING_DAYS for _, days in AGES]
_Open = tuple[int, bool, int]
"""The place of an open enquiry's state, whether it is on hold, and the place of its age."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many are open in a state, how many of those on hold, and how old they have become."""

    state: str
    open: int
    on_hold: int
    ages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ageing:
    """The open enquiries of a cohort; None stands for what is withheld."""

    submitted: int | None
    open: int | None
    states: tuple[Waiting, ...] | None
    suppressed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What universities answered to a cohort's calls, all together; None stands for what is withheld."""

    submitted: int | None
    called: int | None = None
    with_interest: int | None = None
    without_interest: int | None = None
    interests: int | None = None
    late_interests: int | None = None
    declines: Mapping[str, int] | None = None
    offers: int | None = None
    offers_accepted: int | None = None
    offers_declined: int | None = None
    suppressed: bool


@dataclass(frozen=True, slots=True)
class Transition:
    """How often an event led from one state to another."""

    event: str
    source: str
    target: str
    count: int


@dataclass(frozen=True, slots=True)
class Transitions:
    """Which way a cohort went, reopenings included; None stands for what is withheld."""

    submitted: int | None
    transitions: tuple[Transition, ...] | None
    suppressed: bool


def ageing(cases: Cases, period: Period, calendars: Calendars, threshold: int) -> Ageing:
    """Return how old what is open at the as_of has become. A reopened enquiry is not open: its first result stands."""
    tally, found = Tally(period, threshold), Counter[_Open]()
    for part in cases:
        waiting = part.take(tally.add(part) & (part.heads["closed"] == NEVER))
        ages = np.searchsorted(_LIMITS, Measured(waiting, calendars, period).watched)
        found.update(
            zip(waiting.heads["state"].tolist(), waiting.heads["on_hold"].tolist(), ages.tolist(), strict=True)
        )
    if not tally.tells_all:
        return Ageing(tally.submitted, None, None, suppressed=True)
    states = tuple(_waiting(stage, found) for stage in STAGES)
    return Ageing(tally.counts["submitted"], sum(state.open for state in states), states, suppressed=False)


def _waiting(stage: EnquiryState, found: Counter[_Open]) -> Waiting:
    here = [(on_hold, age, count) for (state, on_hold, age), count in found.items() if STATES[state] is stage]
    return Waiting(
        stage.value,
        sum(count for *_, count in here),
        sum(count for on_hold, _, count in here if on_hold),
        {name: sum(count for _, age, count in here if age == place) for place, name in enumerate(_AGES)},
    )


def answers(cases: Cases, period: Period, calendars: Calendars, threshold: int) -> Answers:  # noqa: ARG001 - asked like the others
    """Return what universities answered, without telling one from another."""
    tally, count = Tally(period, threshold), Counter[str]()
    for part in cases:
        heads = part.heads[tally.add(part)]
        called = heads["published"] != NEVER
        count["called"] += int(np.count_nonzero(called))
        count["with_interest"] += int(np.count_nonzero(called & (heads["interest"] > 0)))
        count.update({name: int(heads[name].sum()) for name in ANSWERS})
    if not tally.tells_all:
        return Answers(submitted=tally.submitted, suppressed=True)
    return Answers(
        submitted=tally.counts["submitted"],
        called=count["called"],
        with_interest=count["with_interest"],
        without_interest=count["called"] - count["with_interest"],
        interests=count["interest"],
        late_interests=count["late"],
        declines={reason: count[f"recipient_declined:{reason}"] for reason in DECLINE_REASONS},
        offers=count["offer"],
        offers_accepted=count["accept_offer"],
        offers_declined=count["decline_offer"],
        suppressed=False,
    )


def transitions(cases: Cases, period: Period, calendars: Calendars, threshold: int) -> Transitions:  # noqa: ARG001 - asked like the others
    """Return how often each event led from which state to which, up to the as_of."""
    tally, counts = Tally(period, threshold), Counter[tuple[str, str, str]]()
    for part in cases:
        for way, times in Counter(part.moves[tally.add(part)].tolist()).items():
            for move in moves_of(way):
                counts[move] += times
    if not tally.tells_all:
        return Transitions(tally.submitted, None, suppressed=True)
    told = (Transition(*move, counts[move]) for move in sorted(counts, key=_in_order))
    return Transitions(tally.counts["submitted"], tuple(told), suppressed=False)


def _in_order(move: tuple[str, str, str]) -> tuple[str, str]:
    event, source, target = move
    return event, f"{source}>{target}"
