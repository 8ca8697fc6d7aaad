"""Cases of an earlier service, made into steps of our own: which order of states can be, and what each row stands for.

A log that was kept more coarsely than ours passes over states; it goes back only where our own machine can lead back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from service.states import ENQUIRY_STATES, OPEN_STATES, EnquiryState, Outcome
from service.workflows.machines import ENQUIRY

FIRST_RESPONSE = "first_response"
"""Stands where a state stands, for a row that says only that somebody of the team had been in touch by then."""

_S = EnquiryState
_ONLY_FROM: Mapping[str, EnquiryState] = {
    Outcome.COMPLETED: _S.COMMISSIONED,
    Outcome.TERMINATED: _S.COMMISSIONED,
    Outcome.SPAM: _S.TRIAGE,
}
"""Outcomes that change what figures mean, unless the case came from there."""


@dataclass(frozen=True, slots=True)
class PastRow:
    """One row of the file, its words read. `state` is a state's code or `first_response`; None or empty: it does not say."""

    number: int
    """Its place in the file, the first being 1."""
    reference: str
    state: str
    at: datetime
    waiting_on: str | None = None
    outcome: str | None = None
    sector: str | None = None
    area: str | None = None
    enquiry_type: str | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PastStep:
    """What a row stands for, with the facts as they were known by then."""

    occurred_at: datetime
    event: str
    from_state: str
    to_state: str
    waiting_on: str
    outcome: str | None
    sector: str | None
    area: str | None
    enquiry_type: str | None
    topics: tuple[str, ...]


class Fault(NamedTuple):
    """What cannot be taken: the number of the row, the column, and a sentence."""

    number: int
    column: str
    message: str


def in_order(rows: Sequence[PastRow]) -> list[PastRow]:
    """Return a case's rows by their instants; rows of one instant stay as the file has them."""
    return sorted(rows, key=attrgetter("at"))


def faults_of(rows: Sequence[PastRow]) -> list[Fault]:
    """Return what cannot be about the order of a case's rows, which are `in_order`."""
    found = []
    if rows[0].state in {FIRST_RESPONSE, _S.CLOSED}:
        told = f"This is the case's first row, and says {_label(rows[0].state)}: it needs an earlier row with the state in which it began."
        found.append(Fault(rows[0].number, "state", told))
    moves = [row for row in rows if row.state != FIRST_RESPONSE]
    for before, row in pairwise(moves):
        if row.state not in _ahead(before.state):
            told = f"It goes from {_label(before.state)} to {_label(row.state)}, which cannot be: check entered_at and state."
            found.append(Fault(row.number, "state", told))
    states = [None, *(row.state for row in moves)]
    for earlier, row in zip(states, moves, strict=False):
        found += _about_outcome(row, earlier)
    return found + [Fault(row.number, "outcome", _NO_OUTCOME) for row in rows if row.outcome and row not in moves]


def steps_of(rows: Sequence[PastRow]) -> list[PastStep]:
    """Return what a case's rows, which are `in_order` and without a fault, stand for.

    What a row does not say of sector, area, type or topics is as it was; who holds the ball is as the state has it.
    """
    steps: list[PastStep] = []
    state = _S.DRAFT.value
    for row in rows:
        last = steps[-1] if steps else None
        target = state if row.state == FIRST_RESPONSE else row.state
        usual = last.waiting_on if last and target == state else ENQUIRY_STATES[_S(target)].waiting_on.value
        steps.append(
            PastStep(
                occurred_at=row.at,
                event=_event(row, state),
                from_state=state,
                to_state=target,
                waiting_on=row.waiting_on or usual,
                outcome=row.outcome or (last.outcome if last and target == _S.CLOSED else None),
                sector=row.sector or (last.sector if last else None),
                area=row.area or (last.area if last else None),
                enquiry_type=row.enquiry_type or (last.enquiry_type if last else None),
                topics=row.topics or (last.topics if last else ()),
            )
        )
        state = target
    return steps


_NO_OUTCOME = "Only a row with the state closed has an outcome: leave it empty."


def _about_outcome(row: PastRow, before: str | None) -> list[Fault]:
    if row.state != _S.CLOSED:
        return [Fault(row.number, "outcome", _NO_OUTCOME)] if row.outcome else []
    if not row.outcome:
        return [Fault(row.number, "outcome", f"A closed case needs its outcome: one of {', '.join(Outcome)}.")]
    needed = _ONLY_FROM.get(row.outcome)
    if needed and before not in {needed, None}:
        told = (
            f"The outcome {row.outcome} is for a case that was in {_label(needed)} before, and this one was in "
            f"{_label(before or '')}: add the row that says so, or give another outcome."
        )
        return [Fault(row.number, "outcome", told)]
    return []


def _event(row: PastRow, state: str) -> str:
    if row.state == FIRST_RESPONSE:
        return FIRST_RESPONSE
    if state == _S.DRAFT:
        return "submit"
    if state == _S.CLOSED and row.state != _S.CLOSED:
        return "reopen"
    if row.state == _S.CLOSED:
        return "complete" if row.outcome == Outcome.COMPLETED else "close"
    return "update" if row.state == state else "enter"


@cache
def _ahead(state: str) -> frozenset[str]:
    """Return every state a case may be in after `state`: those ahead, itself, and those the machine leads back to."""
    if state == _S.CLOSED:
        return frozenset(OPEN_STATES)
    order = list(EnquiryState)
    found: set[str] = {_S.CLOSED, *(target for target in OPEN_STATES if order.index(target) >= order.index(_S(state)))}
    waiting, seen = [_S(state)], {state}
    while waiting:
        source = waiting.pop()
        for row in ENQUIRY.transitions.values():
            if source not in row.sources or row.event == "reopen":
                continue
            for target in map(str, row.leads_to(source)):
                if target not in seen:
                    seen.add(target)
                    waiting.append(_S(target))
    return frozenset(found | seen)


def _label(state: str) -> str:
    return f"“{state}”"
