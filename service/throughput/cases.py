"""One enquiry's history made into what the figures count.

A case is watched from its submission to its first closing, or to the as_of when that comes first. What a reopening
brings afterwards is a new clock beside the old result (DOMAIN.md section 2) and is not counted here. A case says when
things happened and never how long they took: durations need the calendar of an as_of, and a case stays as it is until
the log says something new.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from uuid import UUID

from service.states import EnquiryState, Outcome, ProjectState
from service.throughput.afterwards import money_of, needed_by, use_of, was_delivered
from service.throughput.called import Sent, calls_of
from service.throughput.groups import Membership, membership_of
from service.throughput.log import History, LoggedEvent, entered, is_project
from service.working_time import local_date

MILESTONES = ("first_response", "agreed_brief", "published", "commissioned", "closed")
_USABLE = frozenset({Outcome.ANSWERED, Outcome.SIGNPOSTED, Outcome.COMPLETED})


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which nothing changed that the figures look at. It lasts until the next, the closing or the as_of."""

    state: str
    waiting_on: str
    on_hold: bool
    start: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """One enquiry as counted: everything in it is as the log tells it."""

    submitted_at: datetime
    by_split: bool
    """It came out of another enquiry, and its question was counted there."""
    outcome: str | None
    """How it was first closed; None while it was open."""
    reopened: bool
    milestones: Mapping[str, datetime]
    """Those that were reached, each with the first instant of it."""
    spans: tuple[Span, ...]
    on_hold: bool
    """Whether it was when the counted rows ended."""
    needed_by: date | None
    usable_on: date | None
    """The London day of the first answer, signpost or delivered findings."""
    delivered: bool
    use: str | None
    """What people said of the use of what was delivered, as far as anybody did."""
    money: Mapping[str, int]
    """Pence confirmed for projects that began, by kind and whose money it is."""
    answers: Mapping[str, int]
    """How often universities answered what, by event; a decline with its reason, as in `recipient_declined:conflict`."""
    moves: tuple[tuple[str, str, str], ...]
    """Each event that led to another state, with the state before and after, reopenings included."""
    calls: Sequence[Sent]
    """Every call to a university, with what became of it."""
    groups: Membership
    area: str | None
    """As the log tells it: it says whose working days count."""
    organisation: UUID | None
    """Who asked, as far as the log names a body."""

    @property
    def closed_at(self) -> datetime | None:
        return self.milestones.get("closed")


def case_of(history: History, closes: datetime) -> Case | None:
    """Return what an enquiry's history counts for before `closes`, or None when it had not been submitted by then.

    The rows may come in any order; those recorded at `closes` or later change nothing.
    """
    rows = sorted((row for row in history if row.recorded_at < closes), key=attrgetter("seq"))
    while rows and entered(rows[0]) in {None, EnquiryState.DRAFT}:
        rows.pop(0)
    if not rows:
        return None
    last = next((place for place, row in enumerate(rows) if entered(row) == EnquiryState.CLOSED), None)
    closing = None if last is None else rows[last]
    counted = rows if last is None else rows[: last + 1]
    delivered = was_delivered(rows)
    return Case(
        submitted_at=rows[0].recorded_at,
        by_split="split_from" in rows[0].data,
        outcome=closing.outcome if closing else None,
        reopened=any(row.event == "reopen" for row in rows[len(counted) :]),
        milestones=dict(_milestones(rows, counted, closing)),
        spans=tuple(_spans(counted)),
        on_hold=counted[-1].on_hold,
        needed_by=needed_by(counted),
        usable_on=_usable_on(rows, closing),
        delivered=delivered,
        use=use_of(rows) if delivered else None,
        money=money_of(rows),
        answers=Counter(_answers(counted)),
        moves=tuple(_moves(rows)),
        calls=calls_of(rows),
        groups=membership_of(counted),
        area=counted[-1].area,
        organisation=counted[-1].organisation_id,
    )


def _milestones(rows: History, counted: History, closing: LoggedEvent | None) -> Iterator[tuple[str, datetime]]:
    """Yield each milestone on the way, with the first instant of it; a response after the closing is none."""
    start = rows[0].recorded_at
    responded = min((_happened(row, start) for row in rows if row.event == "first_response"), default=None)
    if responded is not None and (closing is None or responded <= closing.recorded_at):
        yield "first_response", responded
    agreed = (row for row in counted if row.event == "agree" or entered(row) == EnquiryState.OPEN_CALL)
    published = (row for row in counted if entered(row) == EnquiryState.OPEN_CALL)
    commissioned = (row for row in counted if entered(row) == EnquiryState.COMMISSIONED)
    for name, found in (("agreed_brief", agreed), ("published", published), ("commissioned", commissioned)):
        first = next(found, None)
        if first is not None:
            yield name, first.recorded_at
    if closing:
        yield "closed", closing.recorded_at


def _happened(row: LoggedEvent, start: datetime) -> datetime:
    """Return when a contact took place: it may be logged later, and what came before the submission stands at 0."""
    told = row.data.get("occurred_at")
    happened = datetime.fromisoformat(told) if isinstance(told, str) else row.recorded_at
    return max(start, min(happened, row.recorded_at))


def _spans(counted: History) -> Iterator[Span]:
    """Yield what happened from the first row on, cut where state, ball or hold changed."""
    state, before = "", None
    for row in counted:
        if entered(row) == EnquiryState.CLOSED:
            return
        state = entered(row) or state
        if before != (following := (state, row.waiting_on, row.on_hold)):
            yield Span(*following, row.recorded_at)
            before = following


def _usable_on(rows: History, closing: LoggedEvent | None) -> date | None:
    delivered = next((row.recorded_at for row in rows if is_project(row, ProjectState.DELIVERED)), None)
    closed = closing.recorded_at if closing and closing.outcome in _USABLE else None
    usable = min((instant for instant in (delivered, closed) if instant is not None), default=None)
    return None if usable is None else local_date(usable)


def _answers(counted: History) -> Iterator[str]:
    for row in counted:
        if row.event == "recipient_declined":
            yield f"{row.event}:{row.data.get('decline_reason')}"
        elif row.event in {"interest", "offer", "accept_offer", "decline_offer"}:
            yield row.event
            if row.data.get("late"):
                yield "late"


def _moves(rows: History) -> Iterator[tuple[str, str, str]]:
    state = EnquiryState.DRAFT.value
    for row in rows:
        target = entered(row)
        if target is not None and target != state:
            yield row.event, state, target
            state = target
