"""Converse: put a message, call, meeting, post or note on an enquiry's record, and let it reach its audience."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.actions import remind, telling
from service.actions.entries import add_entry, said
from service.actions.feeding import feed_all, recipients_of
from service.context import Context
from service.errors import conflict, invalid
from service.principals import Role
from service.records import calls, conversation, enquiries, events
from service.records.database import Unit
from service.records.snapshots import snapshot
from service.records.tables import Enquiry, Entry
from service.states import EnquiryState, WaitingOn
from service.workflows.decide import waiting_on_in

_MEETS = frozenset({"meeting", "call"})


@dataclass(frozen=True, slots=True)
class Words:
    """What is said: a kind and visibility of the vocabulary, seen from the team (`in` came to us)."""

    kind: str
    visibility: str
    direction: str
    body: str
    occurred_at: datetime | None = None
    minutes: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    attendees: Sequence[str] = ()
    automatic: bool = False
    answers: UUID | None = None
    organisation_id: UUID | None = None
    """The university whose word it is: it says nothing of the enquirer."""
    said_by_id: UUID | None = None
    """Who of the enquirer's side said it, where somebody else writes it down."""
    was_sent: bool = False
    """It left by other means before it was written down: it is recorded and not sent again."""


def converse(unit: Unit, ctx: Context, enquiry_id: UUID, words: Words) -> Entry:
    """Record one entry and return it; the enquiry's version does not move.

    An outward message, or a meeting ahead, is mailed to the enquirer unless it is back stage; what universities may
    see reaches every recipient's feed as an answer. A real word from the enquirer gives the ball back to whoever
    should hold it and reminders are planned anew; an automatic one changes nothing.
    Raises Problem 422 for times that cannot be, 409 for an answer to universities without a call.
    """
    _check(ctx, words)
    enquiry = enquiries.lock(unit, enquiry_id)
    answered = _answered(unit, enquiry, words)
    entry = add_entry(
        unit,
        ctx,
        enquiry,
        kind=words.kind,
        visibility=words.visibility,
        direction=words.direction,
        body=words.body,
        occurred_at=words.occurred_at or words.starts_at,
        minutes=words.minutes,
        starts_at=words.starts_at,
        ends_at=words.ends_at,
        attendees=words.attendees,
        automatic=words.automatic,
        organisation_id=words.organisation_id,
        said_by_id=words.said_by_id,
        answers_id=answered.id if answered else None,
    )
    said(unit, ctx, enquiry, entry)
    _give_back(unit, ctx, enquiry, entry)
    remind.entry_recorded(unit, ctx, enquiry, entry)
    if not words.was_sent:
        _send(unit, ctx, enquiry, entry, answered)
    return entry


def _check(ctx: Context, words: Words) -> None:
    if words.ends_at is not None and (words.starts_at is None or words.ends_at <= words.starts_at):
        raise invalid("ends_at", "A meeting ends after it starts: give starts_at, and a later ends_at.")
    if words.starts_at is not None and words.kind not in _MEETS:
        raise invalid("starts_at", "Only meetings and calls have a start.")
    if words.occurred_at is not None and words.occurred_at > ctx.now and words.kind != "meeting":
        raise invalid("occurred_at", "This has not happened yet. Only a meeting may lie ahead.")
    if words.kind == "note" and words.visibility != "back_stage":
        raise invalid("visibility", "A note is for managers only. To tell others, write a message.")


def _answered(unit: Unit, enquiry: Enquiry, words: Words) -> Entry | None:
    """Return the university's question that an entry answers: the one named, or the only one still open."""
    if words.visibility != "universities" or words.direction != "out":
        if words.answers is not None:
            raise invalid("answers", "Only what universities may see answers a clarification question.")
        return None
    if calls.current(unit, enquiry.id) is None:
        raise conflict("No call has been published yet, so there are no universities to tell.")
    asked = conversation.open_questions(unit, enquiry.id)
    if words.answers is not None:
        found = next((entry for entry in asked if entry.id == words.answers), None)
        if found is None:
            raise invalid("answers", "That is not a university's question still waiting for an answer.")
        return found
    return asked[0] if len(asked) == 1 else None


def _give_back(unit: Unit, ctx: Context, enquiry: Enquiry, entry: Entry) -> None:
    """A manager who logs the enquirer's real answer gives the ball back, as the enquirer's own reply would."""
    real = entry.direction == "in" and not entry.automatic and entry.visibility != "back_stage"
    if not real or enquiry.waiting_on != WaitingOn.ENQUIRER:
        return
    state = EnquiryState(enquiry.state)
    holder = waiting_on_in(state, snapshot(unit, ctx, enquiry))
    if holder == enquiry.waiting_on:
        return
    enquiry.waiting_on, enquiry.waiting_since = holder, ctx.now
    unit.add(enquiry)
    unit.flush()
    events.note(unit, ctx, enquiry, "reply", data={"entry": str(entry.id)})


def _send(unit: Unit, ctx: Context, enquiry: Enquiry, entry: Entry, answered: Entry | None) -> None:
    if entry.visibility == "back_stage":
        return
    if ctx.actor.role == Role.ENQUIRER:
        telling.tell_owner(unit, ctx, enquiry, "reply_received", body=entry.body)
        return
    if entry.starts_at is not None and entry.starts_at > ctx.now:
        telling.tell_enquirer(
            unit,
            ctx,
            enquiry,
            "meeting_invitation",
            starts_at=entry.starts_at.isoformat(),
            ends_at=entry.ends_at.isoformat() if entry.ends_at else None,
            place_or_how=entry.body,
            attendees=list(entry.attendees),
            entry_id=str(entry.id),
        )
    elif entry.visibility == "universities" and entry.direction == "out":
        question = answered.body if answered else None
        told = recipients_of(unit, enquiry)
        feed_all(
            unit, ctx, enquiry, told, "answered", {"question": question, "answer": entry.body, "id": str(entry.id)}
        )
        telling.tell_contacts(unit, ctx, enquiry, told, "clarification_answered", question=question, answer=entry.body)
    elif entry.kind == "message" and entry.direction == "out" and not entry.automatic:
        telling.tell_enquirer(unit, ctx, enquiry, "message", body=entry.body)
