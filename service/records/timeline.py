"""The timeline of one enquiry: events, entries, files, messages and reminders, merged in order, a stretch at a time.

Each kind is walked along its own index from the same place, and the walks are merged; a place is an instant and an id,
and ids are drawn in order, so what happened at one instant stands as it was recorded. A message stands where it was
queued and a reminder where it is due: neither moves when it is sent.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import Mapped, defer
from sqlmodel import col, select

from service.records import people
from service.records.database import Unit
from service.records.tables import (
    Attachment,
    Entry,
    Event,
    FollowUp,
    Organisation,
    OutboxMessage,
    Participation,
    Person,
)
from service.workflows.reminders.rule import STAFF_AUDIENCES, Audience

Query = TypeVar("Query", bound="Select[*tuple[Any, ...]]")

_SHOWN_FOLLOW_UPS = ("due", "sent")
_STAFF, _ENQUIRER, _UNIVERSITIES = "back_stage", "enquirer", "universities"
_AUDIENCES: dict[str, str] = {
    Audience.ENQUIRER: _ENQUIRER,
    Audience.CONTACTS: _UNIVERSITIES,
    Audience.LEAD: _UNIVERSITIES,
    **dict.fromkeys(STAFF_AUDIENCES, _STAFF),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a moment stands."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class EventAt:
    """A recorded event with the name of whoever caused it."""

    place: Place
    audience: str
    row: Event
    actor: str | None


@dataclass(frozen=True, slots=True)
class EntryAt:
    """Something said or noted."""

    place: Place
    audience: str
    row: Entry


@dataclass(frozen=True, slots=True)
class FileAt:
    """A file, its content left where it is."""

    place: Place
    audience: str
    filename: str
    media_type: str
    size: int
    uploaded_by: str | None
    redacted: bool


@dataclass(frozen=True, slots=True)
class MessageAt:
    """A message of the service's own."""

    place: Place
    audience: str
    row: OutboxMessage


@dataclass(frozen=True, slots=True)
class FollowUpAt:
    """A reminder or staff date."""

    place: Place
    audience: str
    row: FollowUp


Moment = EventAt | EntryAt | FileAt | MessageAt | FollowUpAt


WALKS = frozenset({"events", "entries", "files", "messages", "follow_ups"})
"""What a timeline is made of."""


def page(
    unit: Unit,
    enquiry_id: UUID,
    *,
    after: Place | None = None,
    limit: int,
    walks: Collection[str] = WALKS,
    newest_first: bool = False,
    visibility: str | None = None,
) -> list[Moment]:
    """Return an enquiry's moments, the earliest first, at most `limit`: those after a place, where given.

    `walks` narrows it to some of `WALKS`, `visibility` to entries of that audience; `newest_first` walks it backwards,
    and `after` then names a place that lies later.
    """
    ours = _Ours(unit, enquiry_id)
    way = _Way(after, limit, newest_first)
    made: dict[str, Callable[[], Iterable[Moment]]] = {
        "events": lambda: _events(unit, enquiry_id, way),
        "entries": lambda: _entries(unit, enquiry_id, way, visibility),
        "files": lambda: _files(unit, enquiry_id, way),
        "messages": lambda: _messages(unit, enquiry_id, way, ours),
        "follow_ups": lambda: _follow_ups(unit, enquiry_id, way, ours),
    }
    found = [moment for name, walk in made.items() if name in walks for moment in walk()]
    return sorted(found, key=lambda moment: (moment.place.at, moment.place.id), reverse=newest_first)[:limit]


@dataclass(frozen=True, slots=True)
class _Way:
    """From where, how far and in which direction a timeline is walked."""

    after: Place | None
    limit: int
    newest_first: bool

    def along(self, query: Query, at: Mapped[datetime], key: Mapped[UUID]) -> Query:
        """Return the query that walks one kind along its own index."""
        if self.after is not None:
            here, there = tuple_(at, key), tuple_(self.after.at, self.after.id)
            query = query.where(here < there if self.newest_first else here > there)
        order = (at.desc(), key.desc()) if self.newest_first else (at, key)
        return query.order_by(*order).limit(self.limit)


class _Ours:
    """Who is on the enquirer's side of an enquiry, and who is staff: to tell what an address means."""

    def __init__(self, unit: Unit, enquiry_id: UUID) -> None:
        takes_part = select(Participation.person_id).where(Participation.enquiry_id == enquiry_id)
        self._enquirers = set(unit.exec(takes_part))
        self._staff = {person.id for person in people.staff(unit)}

    def audience_of(self, person_id: UUID | None) -> str:
        """Return the tier that a message to this person belongs to."""
        if person_id in self._enquirers:
            return _ENQUIRER
        return _STAFF if person_id in self._staff else _UNIVERSITIES

    def audience_named(self, addressee: str) -> str:
        """Return the tier that a follow-up's addressee belongs to: a rule's audience, or a person's id."""
        if addressee in _AUDIENCES:
            return _AUDIENCES[addressee]
        try:
            return self.audience_of(UUID(addressee))
        except ValueError:
            return _STAFF


def _events(unit: Unit, enquiry_id: UUID, way: _Way) -> Iterator[EventAt]:
    query = (
        select(Event, Person.name, Organisation.name)
        .join(Person, col(Person.id) == col(Event.actor_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Event.actor_organisation_id), isouter=True)
        .where(Event.enquiry_id == enquiry_id)
    )
    for row, person, organisation in unit.exec(way.along(query, col(Event.recorded_at), col(Event.id))):
        yield EventAt(Place(row.recorded_at, row.id), _STAFF, row, person or organisation)


def _entries(unit: Unit, enquiry_id: UUID, way: _Way, visibility: str | None) -> Iterator[EntryAt]:
    query = select(Entry).where(Entry.enquiry_id == enquiry_id)
    if visibility is not None:
        query = query.where(Entry.visibility == visibility)
    for row in unit.exec(way.along(query, col(Entry.occurred_at), col(Entry.id))):
        yield EntryAt(Place(row.occurred_at, row.id), row.visibility, row)


def _files(unit: Unit, enquiry_id: UUID, way: _Way) -> Iterator[FileAt]:
    query = (
        select(Attachment, Person.name)
        .join(Person, col(Person.id) == col(Attachment.uploaded_by_id), isouter=True)
        .options(defer(Attachment.content))  # type: ignore[arg-type]  # SQLModel types columns as their values
        .where(Attachment.enquiry_id == enquiry_id)
    )
    for row, name in unit.exec(way.along(query, col(Attachment.uploaded_at), col(Attachment.id))):
        place, is_redacted = Place(row.uploaded_at, row.id), row.redacted_at is not None
        yield FileAt(place, row.visibility, row.filename, row.media_type, row.size, name, is_redacted)


def _messages(unit: Unit, enquiry_id: UUID, way: _Way, ours: _Ours) -> Iterator[MessageAt]:
    query = select(OutboxMessage).where(OutboxMessage.enquiry_id == enquiry_id)
    for row in unit.exec(way.along(query, col(OutboxMessage.queued_at), col(OutboxMessage.id))):
        yield MessageAt(Place(row.queued_at, row.id), ours.audience_of(row.to_person_id), row)


def _follow_ups(unit: Unit, enquiry_id: UUID, way: _Way, ours: _Ours) -> Iterator[FollowUpAt]:
    query = select(FollowUp).where(FollowUp.enquiry_id == enquiry_id, col(FollowUp.status).in_(_SHOWN_FOLLOW_UPS))
    for row in unit.exec(way.along(query, col(FollowUp.due_at), col(FollowUp.id))):
        yield FollowUpAt(Place(row.due_at, row.id), ours.audience_named(row.addressee), row)
