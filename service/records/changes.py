"""What happened to an enquiry since somebody looked: told to whoever was about to write over it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from service.records.database import Unit
from service.records.tables import Event, Organisation, Person


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that was done, by whom, and the facts it set (their column names) where it amended any."""

    at: datetime
    actor: str
    event: str
    machine: str
    to_state: str
    fields: tuple[str, ...]


def changes_since(unit: Unit, enquiry_id: UUID, version: int) -> list[Changed]:
    """Return what was done to an enquiry after it had `version`, oldest first."""
    query = (
        select(Event, Person.name, Organisation.name)
        .join(Person, col(Person.id) == col(Event.actor_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Event.actor_organisation_id), isouter=True)
        .where(Event.enquiry_id == enquiry_id, Event.version > version)
        .order_by(col(Event.seq))
    )
    return [
        Changed(
            event.recorded_at,
            person or organisation or "The service",
            event.event,
            event.machine,
            event.to_state,
            _fields(event),
        )
        for event, person, organisation in unit.exec(query)
    ]


def _fields(event: Event) -> tuple[str, ...]:
    found = event.data.get("fields")
    return tuple(str(name) for name in found) if isinstance(found, list) else ()
