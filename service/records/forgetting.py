"""Forgetting: what stands in the place of words and people that are destroyed, table by table as the register has them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel, col, delete, or_, select, update

from service.matching.texts import digest_of
from service.records import feed, outbox
from service.records.database import Unit
from service.records.purposes import Holds, Place, every_table, places_of, table_of
from service.records.tables import (
    ApiKey,
    Attachment,
    BriefVersion,
    DeliveryAttempt,
    Digest,
    Enquiry,
    Entry,
    FeedEntry,
    IdempotencyRecord,
    OutboxMessage,
    Person,
    Project,
    PublishedAnswer,
    QuestionVersion,
    Researcher,
    SignInLink,
    TextVector,
    WebSession,
)
from service.vocabulary import REDACTED

_APART = (OutboxMessage, DeliveryAttempt, FeedEntry)
"""Letters go with their rows, and what universities were sent keeps its shape."""


def tables_about_enquiries() -> list[type[SQLModel]]:
    """Return every table whose rows belong to one enquiry, by their own column or by their project's."""
    return [
        cls
        for cls in every_table()
        if cls is not Enquiry and {"enquiry_id", "project_id"} & set(table_of(cls).columns.keys())
    ]


def rows_of(unit: Unit, cls: type[SQLModel], enquiry_id: UUID) -> list[Any]:
    """Return the rows of one table that belong to an enquiry."""
    columns = table_of(cls).columns
    if "enquiry_id" in columns:
        condition = columns["enquiry_id"] == enquiry_id
    else:
        condition = columns["project_id"].in_(select(Project.id).where(Project.enquiry_id == enquiry_id))
    return list(unit.exec(select(cls).where(condition)))


def empty_enquiry(unit: Unit, enquiry: Enquiry, now: datetime, why: str) -> None:
    """Destroy what was said and who said it in everything that belongs to an enquiry; what figures count stays."""
    _forget_meanings(unit, enquiry)
    outbox.forget(unit, enquiry.id)
    feed.empty_items(unit, enquiry.id)
    forget_answers(unit, [enquiry])
    for cls in tables_about_enquiries():
        found = places_of(cls)
        if cls in _APART or not found:
            continue
        for row in rows_of(unit, cls, enquiry.id):
            for place in found:
                if not place.purpose.outlives:
                    empty(row, place)
            stub(row, now, why)
            unit.add(row)
    for place in places_of(Enquiry):
        empty(enquiry, place)
    enquiry.forgotten_at = now
    unit.add(enquiry)
    unit.flush()


def empty(row: Any, place: Place) -> None:
    """Put nothing, or a stub where something has to stand, into one column of a row."""
    setattr(row, place.name, emptied(place, getattr(row, place.name)))


def emptied(place: Place, value: Any) -> Any:
    """Return what stands in a column once its content is destroyed."""
    if value in (None, "", b"", [], {}):
        return value
    if place.code == "event.waivers":
        return [{**each, "reason": REDACTED} for each in value]
    if place.code == "event.reason":
        return REDACTED
    if place.column.nullable:
        return None
    if isinstance(value, dict):
        return dict.fromkeys(value, REDACTED)
    if isinstance(value, list):
        return []
    if isinstance(value, bytes):
        return b""
    return "" if place.purpose.holds == Holds.ADDRESSES else REDACTED


def stub(row: Any, now: datetime, why: str) -> None:
    """Say on a row that has a place for it that its content was destroyed, when and why."""
    if isinstance(row, Entry):
        row.redaction_reason = why
        row.author_name = row.author_name and REDACTED
    if isinstance(row, Attachment):
        row.size, row.sha256, row.media_type = 0, "", "application/octet-stream"
    if isinstance(row, PublishedAnswer) and row.withdrawn_at is not None:
        row.title = row.body = REDACTED
    if isinstance(row, Entry | Attachment | QuestionVersion):
        row.redacted_at = row.redacted_at or now


def forget_answers(unit: Unit, enquiries: list[Enquiry]) -> None:
    """Drop the answers kept for repeated requests that speak of these enquiries."""
    for enquiry in enquiries:
        if enquiry.reference:
            named = or_(
                IdempotencyRecord.body.contains(enquiry.reference),  # type: ignore[attr-defined]  # SQLModel types columns as their values
                IdempotencyRecord.path.contains(enquiry.reference),  # type: ignore[attr-defined]  # the same
            )
            unit.exec(delete(IdempotencyRecord).where(named))


def _forget_meanings(unit: Unit, enquiry: Enquiry) -> None:
    """Drop what the texts that are compared with others mean, as numbers."""
    texts = {enquiry.question, enquiry.original_question}
    for version in unit.exec(select(BriefVersion).where(BriefVersion.enquiry_id == enquiry.id)):
        texts.add(version.sections.get("questions", ""))
    unit.exec(delete(TextVector).where(col(TextVector.digest).in_([digest_of("", text) for text in texts if text])))


# -------------------------------------------------------------------------------------------------------------- people
def ties_to(kind: type[SQLModel]) -> Iterator[tuple[type[SQLModel], str]]:
    """Yield every column that names a row of this table: the class it belongs to, and its name."""
    for cls in every_table():
        for column in table_of(cls).columns:
            if any(key.column.table is table_of(kind) for key in column.foreign_keys):
                yield cls, column.name


def people_of(unit: Unit, enquiry: Enquiry) -> set[UUID]:
    """Return everybody whom the rows of an enquiry name by their id."""
    found = {enquiry.enquirer_id, enquiry.owner_id, enquiry.legal_hold_by_id}
    for cls, name in ties_to(Person):
        columns = table_of(cls).columns
        if cls is not Enquiry and {"enquiry_id", "project_id"} & set(columns.keys()):
            found |= {getattr(row, name) for row in rows_of(unit, cls, enquiry.id)}
    return {each for each in found if each is not None}


def is_needed(unit: Unit, person: Person, now: datetime) -> bool:
    """Tell whether somebody is still worked with: for the service, a university, a key, or an enquiry that is kept."""
    if person.staff_role is not None or person.is_contact:
        return True
    key = select(ApiKey.id).where(
        ApiKey.person_id == person.id,
        col(ApiKey.revoked_at).is_(None),
        or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > now),
    )
    if unit.exec(key.limit(1)).first() is not None:
        return True
    if person.email:
        listed = select(Researcher.id).where(Researcher.email == person.email).limit(1)
        drafted = select(Enquiry.id).where(Enquiry.form_email == person.email).limit(1)
        if unit.exec(listed).first() is not None or unit.exec(drafted).first() is not None:
            return True
    return any(unit.exec(_kept_rows(cls, name, person.id)).first() is not None for cls, name in _ties_to_work())


def _ties_to_work() -> Iterator[tuple[type[SQLModel], str]]:
    for cls, name in ties_to(Person):
        if cls is Enquiry or {"enquiry_id", "project_id"} & set(table_of(cls).columns.keys()):
            yield cls, name


def _kept_rows(cls: type[SQLModel], name: str, person_id: UUID) -> Any:
    columns = table_of(cls).columns
    kept = select(Enquiry.id).where(col(Enquiry.forgotten_at).is_(None))
    if cls is Enquiry:
        belongs = col(Enquiry.forgotten_at).is_(None)
    elif "enquiry_id" in columns:
        belongs = columns["enquiry_id"].in_(kept)
    else:
        belongs = columns["project_id"].in_(select(Project.id).where(col(Project.enquiry_id).in_(kept)))
    return select(columns[name]).where(columns[name] == person_id, belongs).limit(1)


def forget_person(unit: Unit, person: Person, now: datetime) -> None:
    """Destroy who somebody is and every way in for them; an empty row stays, so that what they did keeps an author."""
    for table in (SignInLink, WebSession, Digest):
        unit.exec(delete(table).where(col(table.person_id) == person.id))
    unit.exec(
        update(ApiKey)
        .where(col(ApiKey.person_id) == person.id, col(ApiKey.revoked_at).is_(None))
        .values(revoked_at=now)
    )
    person.name, person.email, person.phone = REDACTED, None, None
    person.oidc_issuer = person.oidc_subject = None
    person.organisation_id, person.staff_role, person.is_contact = None, None, False
    person.named_as = None
    person.confirmed_at = person.last_reminded_at = None
    person.reminders_stopped_at = person.reminders_stopped_at or now
    person.version += 1
    unit.add(person)
    unit.flush()
