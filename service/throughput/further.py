"""More of a cohort, in counts: how old what is open has become, what universities answered, which way enquiries went."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from service.states import OPEN_STATES, EnquiryState
from service.throughput.calendars import Calendars
from service.throughput.cases import Case
from service.throughput.cohort import cases_of
from service.throughput.counts import STAGES, Tally
from service.throughput.log import History
from service.throughput.periods import Period
from service.throughput.spreads import WORKING_DAYS
from service.throughput.stays import entered
from service.vocabulary import DECLINE_REASONS

AGES = (("up_to_20", 20), ("up_to_60", 60), ("up_to_120", 120))
"""Working days since submission up to which an open enquiry counts so; older ones are `over_120`."""
OLDEST = "over_120"


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


def ageing(histories: Iterable[History], period: Period, calendars: Calendars, threshold: int) -> Ageing:
    """Return how old what is open at the as_of has become. A reopened enquiry is not open: its first result stands."""
    tally, counts = _count(histories, period, calendars, threshold, _waits)
    if not tally.tells_all:
        return Ageing(tally.submitted, None, None, suppressed=True)
    states = tuple(
        Waiting(
            state.value,
            counts[state, ""],
            counts[state, "on_hold"],
            {age: counts[state, age] for age in (*(name for name, _ in AGES), OLDEST)},
        )
        for state in STAGES
    )
    return Ageing(tally.counts["submitted"], sum(state.open for state in states), states, suppressed=False)


def answers(histories: Iterable[History], period: Period, calendars: Calendars, threshold: int) -> Answers:
    """Return what universities answered, without telling one from another."""
    tally, counts = _count(histories, period, calendars, threshold, _answered)
    if not tally.tells_all:
        return Answers(submitted=tally.submitted, suppressed=True)
    return Answers(
        submitted=tally.counts["submitted"],
        called=counts["called", ""],
        with_interest=counts["with_interest", ""],
        without_interest=counts["called", ""] - counts["with_interest", ""],
        interests=counts["interest", ""],
        late_interests=counts["late", ""],
        declines={reason: counts["recipient_declined", reason] for reason in DECLINE_REASONS},
        offers=counts["offer", ""],
        offers_accepted=counts["accept_offer", ""],
        offers_declined=counts["decline_offer", ""],
        suppressed=False,
    )


def transitions(histories: Iterable[History], period: Period, calendars: Calendars, threshold: int) -> Transitions:
    """Return how often each event led from which state to which, up to the as_of."""
    tally, counts = _count(histories, period, calendars, threshold, _moves)
    if not tally.tells_all:
        return Transitions(tally.submitted, None, suppressed=True)
    return Transitions(tally.counts["submitted"], tuple(_sorted(counts)), suppressed=False)


def _sorted(counts: Mapping["_Mark", int]) -> Iterator[Transition]:
    for event, where in sorted(counts):
        source, _, target = where.partition(">")
        yield Transition(event, source, target, counts[event, where])


_Mark = tuple[str, str]


def _count(
    histories: Iterable[History],
    period: Period,
    calendars: Calendars,
    threshold: int,
    marks: Callable[[Case], Iterator[_Mark]],
) -> tuple[Tally, Counter[_Mark]]:
    tally, counts = Tally(period, threshold), Counter[_Mark]()
    for case in cases_of(histories, period, calendars):
        if tally.add(case):
            counts.update(marks(case))
    return tally, counts


def _waits(case: Case) -> Iterator[_Mark]:
    state = case.stays[-1].state
    if case.is_closed or EnquiryState(state) not in OPEN_STATES:
        return
    yield state, ""
    yield state, next((age for age, days in AGES if case.watched <= days * WORKING_DAYS), OLDEST)
    if case.counted[-1].on_hold:
        yield state, "on_hold"


def _answered(case: Case) -> Iterator[_Mark]:
    events = Counter(row.event for row in case.counted)
    if any(entered(row) == EnquiryState.OPEN_CALL for row in case.counted):
        yield "called", ""
        if events["interest"]:
            yield "with_interest", ""
    for row in case.counted:
        if row.event == "recipient_declined":
            yield row.event, str(row.data.get("decline_reason"))
        elif row.event in {"interest", "offer", "accept_offer", "decline_offer"}:
            yield row.event, ""
            if row.data.get("late"):
                yield "late", ""


def _moves(case: Case) -> Iterator[_Mark]:
    state = EnquiryState.DRAFT.value
    for row in case.rows:
        target = entered(row)
        if target is not None and target != state:
            yield row.event, f"{state}>{target}"
            state = target
