"""What an erasure does to rows: letters with their tries, directory entries, reasons of events, reminders, and texts struck."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, select, update

from service.matching.index import texts_of
from service.matching.texts import digest_of
from service.records import briefs, corpus
from service.records.database import Unit
from service.records.purposes import IMPERSONAL, Holds, Place, Purpose, every_table, places_of, table_of
from service.records.tables import (
    AuditEntry,
    BriefVersion,
    DeliveryAttempt,
    Enquiry,
    Entry,
    Event,
    FollowUp,
    OutboxMessage,
    Participation,
    Publication,
    PublishedAnswer,
    Researcher,
    TextVector,
)
from service.states import BriefState
from service.vocabulary import REDACTED

_NOBODYS = Purpose(Holds.WORDS, "")


def is_alone(unit: Unit) -> bool:
    """Tell whether nobody else writes before this transaction ends: on SQLite it has the only write lock from its beginning."""
    return unit.connection().dialect.name == "sqlite"


def delete_letter(unit: Unit, message: OutboxMessage) -> None:
    """Delete a letter with the tries at sending it; a worker that is sending it finds nothing to settle."""
    unit.exec(select(OutboxMessage.id).where(OutboxMessage.id == message.id).with_for_update()).all()
    unit.exec(delete(DeliveryAttempt).where(col(DeliveryAttempt.outbox_id) == message.id))
    unit.exec(delete(OutboxMessage).where(col(OutboxMessage.id) == message.id))


def forget_meanings(unit: Unit, researchers: Collection[UUID]) -> None:
    """Drop what the texts of directory entries mean, as numbers. Before the entries themselves are emptied."""
    digests = [digest_of(*text) for person in corpus.profiles(unit, list(researchers)) for text in texts_of(person)]
    if digests:
        unit.exec(delete(TextVector).where(col(TextVector.digest).in_(digests)))


def forget_researcher(unit: Unit, researcher: Researcher, now: datetime) -> bool:
    """Empty a directory entry and hide it for good; what was decided of it stays, about nobody. True when something stood there."""
    if researcher.name == REDACTED:
        return False
    researcher.name, researcher.email = REDACTED, f"{researcher.id}@erased.invalid"
    researcher.orcid = researcher.statement = researcher.external_id = researcher.career_stage = None
    for name in ("keywords", "methods", "topics", "conflicts", "employers", "employments"):
        setattr(researcher, name, [])
    researcher.capacity_days, researcher.available_from = 0, None
    researcher.hidden = researcher.hidden_by_self = True
    researcher.version += 1
    researcher.updated_at = now
    unit.add(researcher)
    return True


def reasons_of(unit: Unit, people: Collection[UUID], staff: Collection[str]) -> list[Event]:
    """Return the events for which these people gave a reason in words, not acting for the service."""
    return list(
        unit.exec(
            select(Event)
            .where(
                col(Event.actor_id).in_(people),
                col(Event.actor_role).not_in(staff),
                col(Event.reason).is_not(None),
                col(Event.reason) != REDACTED,
            )
            .order_by(col(Event.seq))
        )
    )


def searches(unit: Unit) -> list[AuditEntry]:
    """Return what the audit trail tells of searches for disclosure in the words that were looked for, as it once did."""
    told = unit.exec(select(AuditEntry).where(AuditEntry.action == "disclose").order_by(col(AuditEntry.id)))
    return [entry for entry in told if "query" in entry.detail]


def unattributed(unit: Unit, people: Collection[UUID], staff: Collection[str]) -> list[tuple[Entry, bool]]:
    """Return what was written down of the side of these enquirers by the team, without whose words they were.

    With each goes whether nobody else was ever on that side.
    """
    rows = unit.exec(
        select(Entry)
        .join(Enquiry, col(Enquiry.id) == col(Entry.enquiry_id))
        .where(
            col(Enquiry.enquirer_id).in_(people),
            Entry.direction == "in",
            Entry.visibility == "enquirer",
            col(Entry.author_role).in_(staff),
            col(Entry.said_by_id).is_(None),
            col(Entry.redacted_at).is_(None),
        )
        .order_by(col(Entry.id))
    ).all()
    others = set(
        unit.exec(
            select(Participation.enquiry_id).where(
                col(Participation.enquiry_id).in_({row.enquiry_id for row in rows}),
                col(Participation.person_id).not_in(people),
            )
        )
    )
    return [(row, row.enquiry_id not in others) for row in rows]


def cancel_reminders(unit: Unit, people: Collection[UUID], now: datetime) -> None:
    """Let go of what would still be sent to these people."""
    unit.exec(
        update(FollowUp)
        .where(col(FollowUp.addressee).in_([str(each) for each in people]), col(FollowUp.status) == "due")
        .values(status="cancelled", settled_at=now, settled_why="Their data was erased.")
    )


def settle(unit: Unit, row: Any, now: datetime) -> None:
    """Keep what is worked out from a row in step with a text that was struck in it."""
    if isinstance(row, BriefVersion) and row.state == BriefState.DRAFT:
        row.hash, row.revision = briefs.sections_hash(row.sections), row.revision + 1
    if isinstance(row, PublishedAnswer):
        row.version += 1
    researcher = unit.get(Researcher, row.researcher_id) if isinstance(row, Publication) else row
    if isinstance(researcher, Researcher):
        researcher.version, researcher.updated_at = researcher.version + 1, now
        unit.add(researcher)


def every_place() -> Iterator[Place]:
    """Yield every column of the database that could hold a text: also those that should hold nothing of anybody."""
    for cls in every_table():
        yield from places_of(cls)
        for name in IMPERSONAL.get(table_of(cls).name, "").split():
            yield Place(cls, name, _NOBODYS)
