"""People as managers send and read them."""

from typing import Self
from uuid import UUID

from pydantic import ConfigDict

from service.actions.people import PersonChange, PersonEntry
from service.records.directory import PersonRow
from service.routers.schemas.common import Instant, Shown


class PersonSent(PersonEntry):
    """Somebody new."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Ada Nwosu",
                    "email": "ada.nwosu@university.example",
                    "organisation": "Durham University",
                    "is_contact": True,
                }
            ]
        }
    )


class PersonChanged(PersonChange):
    """What is to change of a person; what is not sent stays."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"phone": "01632 960 001"},
                {"staff_role": "manager"},
                {"reminders_stopped": True},
                {"signed_out": True},
            ]
        }
    )


class KnownPerson(Shown):
    """Somebody the service writes to or is reached by."""

    id: UUID
    name: str
    email: str | None
    phone: str | None
    organisation: str | None
    organisation_id: UUID | None
    staff_role: str | None
    is_contact: bool
    confirmed_at: Instant | None
    reminders_stopped_at: Instant | None
    created_at: Instant
    version: int

    @classmethod
    def of(cls, row: PersonRow) -> Self:
        """Show a person with their organisation's name."""
        person, organisation = row
        return cls.model_validate({**person.model_dump(), "organisation": organisation.name if organisation else None})
