"""Entries of the conversation and files, by audience."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import select

from service.records.database import Unit
from service.records.tables import Entry

FOR_ENQUIRERS = ("enquirer", "universities")
"""The visibilities an enquirer may read."""

EntryRow = Entry


def entries(unit: Unit, enquiry_id: UUID, visibilities: Sequence[str] | None = None) -> list[Entry]:
    """Return entries in the order they happened; only those with the given visibilities, when given."""
    query = select(Entry).where(Entry.enquiry_id == enquiry_id)
    if visibilities is not None:
        query = query.where(Entry.visibility.in_(visibilities))  # type: ignore[attr-defined]
    return list(unit.exec(query.order_by(Entry.occurred_at, Entry.id)))  # type: ignore[arg-type]


def said_since(
    unit: Unit,
    enquiry_id: UUID,
    person_id: UUID | None,
    body: str,
    since: datetime,
    visibilities: Sequence[str] | None = None,
) -> bool:
    """Tell whether a person said these very words since an instant, to these audiences: a button pressed twice."""
    said = entries(unit, enquiry_id, visibilities)
    return any(each.author_id == person_id and each.body == body and each.recorded_at >= since for each in said)


def one(unit: Unit, enquiry_id: UUID, entry_id: UUID) -> EntryRow | None:
    """Return an entry of this enquiry, or None when it is another's or unknown."""
    return unit.exec(select(Entry).where(Entry.id == entry_id, Entry.enquiry_id == enquiry_id)).first()


def filed_mail(unit: Unit, enquiry_id: UUID) -> list[EntryRow]:
    """Return the entries of this enquiry that mails were filed as and that still say something, oldest first."""
    return list(
        unit.exec(
            select(Entry)
            .where(Entry.enquiry_id == enquiry_id, Entry.mail_key != None, Entry.redacted_at == None)  # noqa: E711 - SQL's IS NULL
            .order_by(Entry.occurred_at, Entry.id)  # type: ignore[arg-type]
        )
    )


def questions_of(unit: Unit, enquiry_id: UUID, organisation_id: UUID) -> list[tuple[EntryRow, EntryRow | None]]:
    """Return one university's clarification questions, oldest first, each with its answer where there is one."""
    said = entries(unit, enquiry_id, ["universities"])
    answers = {entry.answers_id: entry for entry in said if entry.answers_id is not None}
    asked = [entry for entry in said if entry.direction == "in" and entry.organisation_id == organisation_id]
    return [(entry, answers.get(entry.id)) for entry in asked]


def open_questions(unit: Unit, enquiry_id: UUID) -> list[Entry]:
    """Return universities' clarification questions that nothing answers yet, oldest first."""
    said = entries(unit, enquiry_id, ["universities"])
    answered = {entry.answers_id for entry in said}
    return [entry for entry in said if entry.direction == "in" and entry.organisation_id and entry.id not in answered]


def meeting_since(unit: Unit, enquiry_id: UUID, since: datetime, now: datetime) -> bool:
    """Tell whether a meeting others could see took place since an instant."""
    found = unit.exec(
        select(Entry.id).where(
            Entry.enquiry_id == enquiry_id,
            Entry.kind == "meeting",
            Entry.visibility.in_(FOR_ENQUIRERS),  # type: ignore[attr-defined]
            Entry.occurred_at >= since,
            Entry.occurred_at <= now,
            Entry.redacted_at == None,  # noqa: E711 - SQL's IS NULL
        )
    ).first()
    return found is not None
