"""Rows as whoever answers a request reads them: what it is, when, who wrote it, who may see it, and what stands in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlmodel import col, select

from service.records import forgetting
from service.records.database import Unit
from service.records.purposes import PERSONAL, table_of
from service.records.subjects import WORDS_FOR, enquiry_of
from service.records.tables import (
    Attachment,
    DeliveryAttempt,
    Enquiry,
    FeedCounter,
    IdempotencyRecord,
    Organisation,
    Person,
    RateCount,
    TextVector,
)

SECRET = frozenset({"digest", "form_token", "lease_token", "body_digest", "mail_key", "hint", "key", "link_id"})
"""What lets somebody in, or tells nothing to people: never exported."""
MACHINERY = (IdempotencyRecord, RateCount, FeedCounter, TextVector, DeliveryAttempt)
"""Tables of copies and counts: what they copy is found where it was written."""
_WHEN = (
    "occurred_at", "recorded_at", "submitted_at", "uploaded_at", "queued_at", "saved_at", "opened_at", "offered_at", "taken_at", "told_at",
    "added_at", "decided_at", "published_at", "merged_at", "started_at", "created_at",
)  # fmt: skip
_BY = (
    "author_id", "actor_id", "uploaded_by_id", "submitted_by_id", "recorded_by_id", "by_person_id", "decided_by_id", "published_by_id", "person_id",
    "added_by_id", "merged_by_id", "set_by_id", "lead_person_id", "enquirer_id",
)  # fmt: skip
BACK_STAGE = "back_stage"
_TEAMS_OWN = ("FollowUp", "ShortlistDecision", "AuditEntry", "CallRecipient")
"""Tables that only the team reads."""


@dataclass(frozen=True, slots=True)
class Item:
    """One row. `fields` holds what is said in it, in words; `record` everything of it that may leave, as JSON has it."""

    id: str
    table: str
    what: str
    reference: str | None
    at: datetime | None
    who: str
    audience: str
    fields: Mapping[str, str]
    record: Mapping[str, object]
    file: UUID | None = None

    @property
    def is_back_stage(self) -> bool:
        """Tell whether only the team reads it."""
        return self.audience == BACK_STAGE

    @property
    def text(self) -> str:
        """Everything that is said in it."""
        return "\n".join(self.fields.values())


@dataclass(slots=True)
class Reader:
    """Reads rows as items, and remembers names and references on the way."""

    unit: Unit
    names: dict[UUID, str] = field(default_factory=dict)
    references: dict[UUID, str | None] = field(default_factory=dict)

    def item(self, row: Any) -> Item:
        """Return a row as an item; a file's content stays where it is."""
        table = table_of(type(row)).name
        fields, record = {}, {}
        for column in table_of(type(row)).columns:
            value = getattr(row, column.name)
            if column.name in SECRET or isinstance(value, bytes) or value in (None, "", [], {}):
                continue
            shown = _without_secrets(to_jsonable_python(value))
            record[column.name] = shown
            if f"{table}.{column.name}" in PERSONAL:
                fields[column.name.replace("_", " ")] = in_words(shown)
        enquiry_id = enquiry_of(self.unit, row)
        return Item(
            id=str(getattr(row, "id", "")) or str(getattr(row, "seq", "")),
            table=table,
            what=WORDS_FOR.get(type(row).__name__, table.replace("_", " ").capitalize()),
            reference=self.reference(enquiry_id) if enquiry_id else None,
            at=next((at for name in _WHEN if isinstance(at := getattr(row, name, None), datetime)), None),
            who=self.who(row),
            audience=BACK_STAGE if type(row).__name__ in _TEAMS_OWN else str(getattr(row, "visibility", "")),
            fields=fields,
            record=record,
            file=row.id if isinstance(row, Attachment) and row.redacted_at is None else None,
        )

    def who(self, row: Any) -> str:
        """Return who wrote, said or did something, by name."""
        said = getattr(row, "said_by_name", None) or getattr(row, "author_name", "")
        if said:
            return str(said)
        person_id = next((each for name in _BY if (each := getattr(row, name, None)) is not None), None)
        if person_id is None:
            return str(getattr(row, "actor_role", None) or getattr(row, "recorded_by_role", None) or "")
        if person_id not in self.names:
            person = self.unit.get(Person, person_id)
            self.names[person_id] = person.name if person else ""
        return self.names[person_id]

    def reference(self, enquiry_id: UUID) -> str | None:
        """Return an enquiry's reference."""
        if enquiry_id not in self.references:
            enquiry = self.unit.get(Enquiry, enquiry_id)
            self.references[enquiry_id] = enquiry.reference if enquiry else None
        return self.references[enquiry_id]


def of_enquiry(unit: Unit, enquiry: Enquiry) -> Iterator[Item]:
    """Yield everything that is held about one enquiry, table by table, its people among them."""
    reader = Reader(unit)
    yield reader.item(enquiry)
    organisation = unit.get(Organisation, enquiry.organisation_id) if enquiry.organisation_id else None
    if organisation is not None:
        yield reader.item(organisation)
    for person_id in sorted(forgetting.people_of(unit, enquiry)):
        yield reader.item(unit.get_one(Person, person_id))
    for cls in forgetting.tables_about_enquiries():
        if cls not in MACHINERY:
            rows = forgetting.rows_of(unit, cls, enquiry.id)
            yield from sorted((reader.item(row) for row in rows), key=_in_time)


def content_of(unit: Unit, file_id: UUID) -> bytes:
    """Return a file's content."""
    return unit.exec(select(Attachment.content).where(col(Attachment.id) == file_id)).one()


def in_words(value: object) -> str:
    """Return a value as people read it: lists and documents line by line."""
    if isinstance(value, Mapping):
        return "\n".join(f"{str(key).replace('_', ' ')}: {in_words(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return "\n".join(in_words(inner) for inner in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_secrets(inner) for key, inner in value.items() if key not in SECRET}
    return [_without_secrets(inner) for inner in value] if isinstance(value, list) else value


def _in_time(item: Item) -> tuple[str, str]:
    return (item.at.isoformat() if item.at else "", item.id)
