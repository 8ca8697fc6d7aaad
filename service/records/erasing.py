"""What an erasure does to rows: letters with their tries, directory entries, reasons of events, reminders, and texts struck."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, select, update

from service.matching.index import texts_of
from service.matching.texts import digest_of
from service.records import briefs, corpus, subjects
from service.records.database import Unit
from service.records.purposes import IMPERSONAL, Holds, Place, Purpose, every_table, places_of, table_of
from service.records.subjects import Sighting, Subject
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
    Person,
    Publication,
    PublishedAnswer,
    Researcher,
    TextVector,
)
from service.states import BriefState
from service.vocabulary import REDACTED

_NOBODYS = Purpose(Holds.WORDS, "")


@dataclass(frozen=True, slots=True)
class Look:
    """What a look through everything found about somebody at one moment."""

    subject: Subject
    who: frozenset[tuple[Any, ...]]
    """Who they were at that moment: whoever is called otherwise by now has to be looked for again."""
    tied: tuple[Sighting, ...]
    """The rows that name them by an id or an address."""
    spoken: tuple[Sighting, ...]
    """The rows that hold something they are known by, in any column at all."""
    reasons: tuple[Sighting, ...]
    """The events for which they gave a reason in words, not acting for the service."""
    searches: tuple[Sighting, ...]
    """What the audit trail tells of searches, in words that may have been for them."""
    tied_to: frozenset[UUID]
    """The enquiries that they have to do with."""
    concerned: frozenset[UUID]
    """Those and the ones that only speak of them."""

    def finds_anything(self) -> bool:
        """Tell whether there is anything about them."""
        return bool(self.tied or self.spoken or self.searches or self.subject.is_known)

    @property
    def theirs(self) -> frozenset[Sighting]:
        """Return the rows that are theirs, whatever stands in them."""
        return frozenset((*self.tied, *self.reasons, *self.searches))

    def beyond(self, subject: Subject, done: Collection[Sighting], kept: Collection[Sighting]) -> "Look | None":
        """Return the same without the rows of theirs that were `done` and those that stay; None when nothing is left then.

        `subject` is who they were known to be. What speaks of them is left out only where it was said to stay: a row that
        was done may speak of them since.
        """
        known = {*done, *kept}
        fresh = replace(
            self,
            tied=tuple(each for each in self.tied if each not in known),
            spoken=tuple(each for each in self.spoken if each not in kept),
            reasons=tuple(each for each in self.reasons if each not in known),
            searches=tuple(each for each in self.searches if each not in known),
        )
        return fresh if fresh.theirs or fresh.spoken or self.subject.ids != subject.ids else None


def look(unit: Unit, email: str, staff: Collection[str], before: Subject | None = None) -> Look:
    """Return whatever there is about whoever has this address, and about who was found `before`; `staff` are the team's roles."""
    subject = subjects.find(unit, email)
    if before is not None:
        subject = before.joined(subject)
    tied = [subjects.seen_at(row) for _, row, _ in subjects.tied_rows(unit, subject)]
    spoken = list(subjects.sightings(unit, subject.known_by, list(every_place())))
    said = _reasons_of(unit, subject.people, staff)
    tied_to = _enquiries_at(unit, tied)
    concerned = tied_to | _enquiries_at(unit, spoken) | subject.drafts | {event.enquiry_id for event in said}
    reasons = tuple(subjects.seen_at(event) for event in said)
    searches = tuple(map(subjects.seen_at, _searches_for(unit, subject)))
    return Look(subject, who(unit, subject), tuple(tied), tuple(spoken), reasons, searches, tied_to, concerned)


def who(unit: Unit, subject: Subject) -> frozenset[tuple[Any, ...]]:
    """Return what the people, directory entries and drafts of a subject say of who they are, as it is now."""
    people = select(Person.id, Person.name, Person.email, Person.phone).where(col(Person.id).in_(subject.people))
    listed = select(Researcher.id, Researcher.name, Researcher.email).where(col(Researcher.id).in_(subject.researchers))
    drafted = select(Enquiry.id, Enquiry.state, Enquiry.form_name, Enquiry.form_phone).where(
        col(Enquiry.id).in_(subject.drafts)
    )
    return frozenset(tuple(row) for query in (people, listed, drafted) for row in unit.connection().execute(query))


def _enquiries_at(unit: Unit, seen: Iterable[Sighting]) -> frozenset[UUID]:
    return frozenset(found for row in subjects.rows_at(unit, seen) if (found := subjects.enquiry_of(unit, row)))


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


def _reasons_of(unit: Unit, people: Collection[UUID], staff: Collection[str]) -> list[Event]:
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


def _searches_for(unit: Unit, subject: Subject) -> Iterator[AuditEntry]:
    """Yield what the audit trail tells of searches for disclosure in words that may have been for them, as it once did."""
    for entry in unit.exec(select(AuditEntry).where(AuditEntry.action == "disclose").order_by(col(AuditEntry.id))):
        if "query" in entry.detail and subject.known_by.is_sought(str(entry.detail["query"])):
            yield entry


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
