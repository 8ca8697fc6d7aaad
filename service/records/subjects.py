"""Who is meant by an address, what they are known by, and every row that has to do with them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, cast, inspect, tuple_
from sqlalchemy import select as rows_of
from sqlmodel import SQLModel, col, func, or_, select

from service.records.database import Unit
from service.records.forgetting import ties_to
from service.records.likeness import Likeness
from service.records.purposes import Place, every_table, places, table_of
from service.records.tables import (
    Attachment,
    AuditEntry,
    DeliveryAttempt,
    Enquiry,
    Entry,
    Event,
    Interest,
    Organisation,
    OutboxMessage,
    Person,
    Project,
    Researcher,
)
from service.workflows.identifying import Identifiers

WORDS_FOR = {
    "Agreement": "The agreement", "ApiKey": "A key of theirs", "Attachment": "Files", "AuditEntry": "Who changed what",
    "BriefVersion": "The brief", "Call": "Why a call went its way", "CallRecipient": "Why a university said no", "CostLine": "Costs",
    "Deliverable": "Deliverables", "DeliveryAttempt": "Tries at sending a letter", "Digest": "Daily digests", "Enquiry": "What was asked, and the facts",
    "Entry": "Words in the conversation", "Event": "Reasons in the event log", "FeedEntry": "What universities were sent",
    "FollowUp": "Reminders", "FundingLine": "Funding", "GlossaryTerm": "The glossary", "IdempotencyRecord": "Answers kept for repeated requests",
    "Interest": "A team offered by a university", "Offer": "An offer", "Organisation": "The name of a body",
    "OutboxMessage": "Letters", "OutcomeRecord": "What was said of the use of findings", "Participation": "A place in an enquiry", "Person": "Who they are and how they are reached",
    "Preference": "Which team was preferred, and why", "Project": "A project", "Publication": "Publications in the directory",
    "PublishedAnswer": "A published answer", "QuestionVersion": "Wordings of the question", "RateCount": "Counts of requests",
    "Report": "Progress reports", "Researcher": "An entry in a university's directory", "ResearcherMerge": "A merge of directory entries",
    "Satisfaction": "How the service was for them", "ShortlistDecision": "Why somebody was shortlisted or passed over", "SignInLink": "Links to sign in",
    "Signature": "Signatures", "SourceRun": "What public records were read", "WebSession": "Sessions in browsers",
    "Webhook": "A webhook",
}  # fmt: skip
"""What the rows of a table are, in words for people."""
READABLE = "text/"
"""The media types whose content can be searched as it is."""
_AT_ONCE = 500
"""How many rows are fetched by their keys at once."""


@dataclass(frozen=True)
class Subject:
    """One person as the service knows them, in every role they have."""

    email: str
    people: frozenset[UUID] = frozenset()
    researchers: frozenset[UUID] = frozenset()
    """Their entries in universities' directories, those merged into one another too."""
    drafts: frozenset[UUID] = frozenset()
    known_by: Identifiers = field(default_factory=Identifiers)
    shared: frozenset[str] = frozenset()
    """Names of theirs that somebody else here bears as well."""

    @property
    def is_known(self) -> bool:
        """Tell whether anything is held about them."""
        return bool(self.ids)

    @property
    def ids(self) -> frozenset[UUID]:
        """Return the ids of whatever they are here."""
        return self.people | self.researchers | self.drafts

    def joined(self, other: "Subject") -> "Subject":
        """Return both as one: who was found at one time and at another."""
        return Subject(
            self.email,
            self.people | other.people,
            self.researchers | other.researchers,
            self.drafts | other.drafts,
            self.known_by.joined(other.known_by),
            self.shared | other.shared,
        )


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where a row is: one that names them, or holds something they are known by."""

    table: type[SQLModel]
    key: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A row that holds something they are known by, and in which columns."""

    row: Any
    places: tuple[Place, ...]

    @property
    def table(self) -> type[SQLModel]:
        return type(self.row)


def find(unit: Unit, email: str) -> Subject:
    """Return who is meant by an address: people, directory entries and questions not sent yet, with all they are known by."""
    emails = {email.strip().lower()}
    researchers: dict[UUID, Researcher] = {}
    while found := _more_researchers(unit, emails, researchers):
        researchers |= found
        emails |= {each.email.lower() for each in found.values()}
    people = unit.exec(select(Person).where(func.lower(Person.email).in_(emails))).all()
    drafts = unit.exec(select(Enquiry).where(func.lower(Enquiry.form_email).in_(emails))).all()
    leads = unit.exec(select(Interest.lead_name).where(func.lower(Interest.lead_email).in_(emails))).all()
    addressed = unit.exec(select(OutboxMessage.to_name).where(func.lower(OutboxMessage.to_address).in_(emails))).all()
    said = _signed_names(unit, [person.id for person in people])
    names = {
        *(each.name for each in people), *(each.name for each in researchers.values()),
        *(each.form_name or "" for each in drafts), *leads, *addressed, *said,
    }  # fmt: skip
    phones = {each.phone for each in people} | {each.form_phone for each in drafts}
    bodies = set(unit.exec(select(Organisation.name).where(col(Organisation.name).in_(names))))
    known_by = Identifiers(
        frozenset(name for name in names - bodies if name.strip() and not name.startswith("[")),
        frozenset(emails),
        frozenset(phone for phone in phones if phone),
    )
    people_ids = frozenset(each.id for each in people)
    return Subject(
        email=email.strip().lower(),
        people=people_ids,
        researchers=frozenset(researchers),
        drafts=frozenset(each.id for each in drafts),
        known_by=known_by,
        shared=_shared(unit, known_by, people_ids, researchers),
    )


def tied_rows(unit: Unit, subject: Subject) -> Iterator[tuple[type[SQLModel], Any, tuple[str, ...]]]:
    """Yield every row that names them by their id or is addressed to them, with the columns that do."""
    columns = _naming(subject)
    for cls in every_table():
        conditions = [table_of(cls).columns[name].in_(ids) for name, ids in columns.get(cls, ()) if ids]
        if addressed := _ADDRESSED.get(cls):
            conditions.append(func.lower(table_of(cls).columns[addressed]).in_(subject.known_by.emails))
        if not conditions:
            continue
        for row in unit.exec(select(cls).where(or_(*conditions))):
            yield cls, row, _named_in(row, columns)


def tied_at(unit: Unit, subject: Subject, seen: Iterable[Sighting]) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Yield the rows that were seen to name them and are still there, with the columns that do."""
    columns = _naming(subject)
    for row in rows_at(unit, seen):
        yield row, _named_in(row, columns)


def entries_of(unit: Unit, researchers: Collection[UUID]) -> list[Researcher]:
    """Return these entries of the directory."""
    return list(unit.exec(select(Researcher).where(col(Researcher.id).in_(researchers)).order_by(col(Researcher.id))))


def deeds_of(unit: Unit, people: Collection[UUID]) -> Iterator[Event | AuditEntry]:
    """Yield what the event log and the audit trail say that these people did."""
    yield from unit.exec(select(Event).where(col(Event.actor_id).in_(people)).order_by(col(Event.seq)))
    yield from unit.exec(select(AuditEntry).where(col(AuditEntry.actor_id).in_(people)).order_by(col(AuditEntry.id)))


def said_on(unit: Unit, enquiry_id: UUID) -> list[Entry]:
    """Return everything said or noted on an enquiry, in order."""
    return list(
        unit.exec(select(Entry).where(Entry.enquiry_id == enquiry_id).order_by(col(Entry.recorded_at), col(Entry.id)))
    )


def sightings(unit: Unit, known_by: Identifiers, among: Collection[Place] | None = None) -> Iterator[Sighting]:
    """Yield where something stands that they are known by, table by table; files are looked into where they are text.

    Every text there is has to be read through, which takes seconds where there are many: no lock is worth holding meanwhile.
    """
    by_table: dict[type[SQLModel], list[Place]] = {}
    like = Likeness(unit)
    for place in places() if among is None else among:
        by_table.setdefault(place.table, []).append(place)
    for cls, found in by_table.items():
        conditions = [condition for place in found for condition in _like(like, place, known_by)]
        if not conditions:
            continue
        keys = list(table_of(cls).primary_key)
        texts: list[ColumnElement[Any]] = [place.column for place in found if not place.is_file]
        if cls is Attachment:
            conditions.append(_IS_READABLE)
            texts.append(case((_IS_READABLE, Attachment.content)))
        for row in unit.connection().execute(rows_of(*keys, *texts).where(or_(*conditions))):
            if known_by.is_in([_decoded(value) for value in row[len(keys) :]]):
                yield Sighting(cls, tuple(row[: len(keys)]))


def mentions(
    unit: Unit, known_by: Identifiers, seen: Iterable[Sighting], among: Collection[Place] | None = None
) -> Iterator[Mention]:
    """Yield the rows that were seen and hold something they are known by as they are now, with the columns where it stands."""
    by_table: dict[type[SQLModel], list[Place]] = {}
    for place in places() if among is None else among:
        by_table.setdefault(place.table, []).append(place)
    for row in rows_at(unit, seen):
        holding = tuple(place for place in by_table.get(type(row), ()) if known_by.is_in(text_of(row, place)))
        if holding:
            yield Mention(row, holding)


def rows_at(unit: Unit, seen: Iterable[Sighting]) -> Iterator[Any]:
    """Yield the rows that were seen, as they are now; those that are gone are left out."""
    for cls, together in groupby(seen, key=attrgetter("table")):
        columns = list(table_of(cls).primary_key)
        keys = [each.key for each in together]
        for first in range(0, len(keys), _AT_ONCE):
            some = keys[first : first + _AT_ONCE]
            at = columns[0].in_([key[0] for key in some]) if len(columns) == 1 else tuple_(*columns).in_(some)
            yield from unit.exec(select(cls).where(at)).all()


def text_of(row: Any, place: Place) -> Any:
    """Return what stands in a column as text or a document; a file's content where it can be read."""
    value = getattr(row, place.name)
    if isinstance(value, bytes) and not (place.table is Attachment and row.media_type.startswith(READABLE)):
        return ""
    return _decoded(value)


def seen_at(row: Any) -> Sighting:
    """Return where a row is."""
    return Sighting(type(row), tuple(inspect(type(row)).primary_key_from_instance(row)))


def enquiry_of(unit: Unit, row: Any) -> UUID | None:
    """Return the enquiry a row belongs to, or None."""
    if isinstance(row, Enquiry):
        return row.id
    if isinstance(row, DeliveryAttempt):
        message = unit.get(OutboxMessage, row.outbox_id)
        return message.enquiry_id if message else None
    enquiry_id = getattr(row, "enquiry_id", None)
    if enquiry_id is None and (project_id := getattr(row, "project_id", None)) is not None:
        project = unit.get(Project, project_id)
        enquiry_id = project.enquiry_id if project else None
    found: UUID | None = enquiry_id
    return found


def key_of(row: Any) -> tuple[object, ...]:
    """Return what tells a row from every other."""
    return (type(row).__name__, *inspect(type(row)).primary_key_from_instance(row))


_ADDRESSED = {OutboxMessage: "to_address", Interest: "lead_email", Enquiry: "form_email"}
"""The column by which a row is theirs without their id."""


_IS_READABLE = col(Attachment.media_type).startswith(READABLE)


def _naming(subject: Subject) -> Mapping[type[SQLModel], Sequence[tuple[str, Collection[UUID]]]]:
    """Return the columns that name people or entries of the directory by their ids, with those ids of theirs."""
    columns: dict[type[SQLModel], list[tuple[str, Collection[UUID]]]] = {}
    for kind, ids in ((Person, subject.people), (Researcher, subject.researchers)):
        for cls, name in ties_to(kind):
            columns.setdefault(cls, []).append((name, ids))
    return columns


def _named_in(row: Any, columns: Mapping[type[SQLModel], Sequence[tuple[str, Collection[UUID]]]]) -> tuple[str, ...]:
    return tuple(name for name, ids in columns.get(type(row), ()) if getattr(row, name) in ids)


def _decoded(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _like(like: Likeness, place: Place, known_by: Identifiers) -> list[ColumnElement[bool]]:
    if place.is_file:
        return []
    text = cast(place.column, String) if place.is_json else place.column
    return [
        and_(like(text, each.pattern), text.regexp_match(each.expression))
        if each.expression
        else like(text, each.pattern)
        for each in known_by.likenesses()
    ]


def _more_researchers(unit: Unit, emails: Collection[str], known: Collection[UUID]) -> dict[UUID, Researcher]:
    """Return entries with these addresses, and those that stand for one already known or were merged into it."""
    onward = select(Researcher.merged_into_id).where(col(Researcher.id).in_(known))
    rows = unit.exec(
        select(Researcher).where(
            or_(
                func.lower(Researcher.email).in_(emails),
                col(Researcher.id).in_(onward),
                col(Researcher.merged_into_id).in_(known),
            ),
            col(Researcher.id).not_in(known),
        )
    )
    return {each.id: each for each in rows}


def _signed_names(unit: Unit, people: Collection[UUID]) -> set[str]:
    """Return the names they went by when they wrote: a name may have changed since."""
    wrote = unit.exec(select(Entry.author_name).where(col(Entry.author_id).in_(people)).distinct())
    said = unit.exec(select(Entry.said_by_name).where(col(Entry.said_by_id).in_(people)).distinct())
    return {name for name in (*wrote, *said) if name}


def _shared(
    unit: Unit, known_by: Identifiers, people: Collection[UUID], researchers: Collection[UUID]
) -> frozenset[str]:
    names = {" ".join(name.split()).casefold(): name for name in known_by.names}
    others = [
        *unit.exec(select(Person.name).where(func.lower(Person.name).in_(names), col(Person.id).not_in(people))),
        *unit.exec(
            select(Researcher.name).where(
                func.lower(Researcher.name).in_(names), col(Researcher.id).not_in(researchers)
            )
        ),
    ]
    return frozenset(names[key] for name in others if (key := " ".join(name.split()).casefold()) in names)
