"""Entries: what is said or noted is written down here, and the first human word to the enquirer is recorded as such."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from service.context import Context
from service.principals import Role
from service.records import events
from service.records.database import Unit
from service.records.tables import Enquiry, Entry, Person

KEPT_FILES = "Files: "
"""Begins the note of a filed mail that names the files it came with."""

_HUMAN_CONTACT = frozenset({"message", "call", "meeting"})


def add_entry(
    unit: Unit,
    ctx: Context,
    enquiry: Enquiry,
    *,
    kind: str,
    visibility: str,
    direction: str,
    body: str,
    occurred_at: datetime | None = None,
    minutes: int | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    attendees: Sequence[str] = (),
    automatic: bool = False,
    organisation_id: UUID | None = None,
    answers_id: UUID | None = None,
    said_by_id: UUID | None = None,
) -> Entry:
    """Add one entry to an enquiry's conversation and return it; `said_by_id` is whose words the actor writes down."""
    author = unit.get(Person, ctx.actor.person_id) if ctx.actor.person_id else None
    said_by = unit.get(Person, said_by_id) if said_by_id else None
    entry = Entry(
        enquiry_id=enquiry.id,
        kind=kind,
        visibility=visibility,
        direction=direction,
        body=body,
        occurred_at=occurred_at or ctx.now,
        # Figures read the minutes, so they are never recorded in a month that was told.
        recorded_at=ctx.now if minutes is None else events.recording_instant(unit, ctx.now),
        author_id=ctx.actor.person_id,
        author_role=ctx.actor.role,
        author_name=author.name if author else ctx.actor.name,
        said_by_id=said_by_id,
        said_by_name=said_by.name if said_by else None,
        organisation_id=organisation_id,
        answers_id=answers_id,
        minutes=minutes,
        state=enquiry.state,
        starts_at=starts_at,
        ends_at=ends_at,
        attendees=list(attendees),
        automatic=automatic,
    )
    unit.add(entry)
    unit.flush()
    return entry


def said(unit: Unit, ctx: Context, enquiry: Enquiry, entry: Entry) -> None:
    """Note what an entry means for the clocks.

    The response clock stops at the first logged human message, call or meeting of the team with the enquirer, and not
    at `accept` (DOMAIN.md section 2); the enquirer's own word is a sign of life.
    """
    human = entry.kind in _HUMAN_CONTACT and not entry.automatic and entry.visibility != "back_stage"
    happened = entry.occurred_at <= ctx.now
    by_team = entry.direction == "out" or entry.kind in {"call", "meeting"}
    if human and happened and by_team and ctx.actor.is_staff and enquiry.first_response_at is None:
        enquiry.first_response_at = max(entry.occurred_at, enquiry.submitted_at or entry.occurred_at)
        unit.add(enquiry)
        events.note(
            unit,
            ctx,
            enquiry,
            "first_response",
            data={"entry": str(entry.id), "occurred_at": enquiry.first_response_at.isoformat()},
        )
    reported = ctx.actor.is_staff and entry.direction == "in" and entry.kind != "note"
    from_enquirer = ctx.actor.role == Role.ENQUIRER or reported
    if from_enquirer and not entry.automatic and entry.organisation_id is None:
        enquiry.enquirer_active_at = ctx.now
        unit.add(enquiry)
