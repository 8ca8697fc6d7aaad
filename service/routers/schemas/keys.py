"""Keys for machines, as managers send and read them."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from service.actions.keys import KeyChange, KeyEntry, NewKey, Rotation
from service.principals import Staff
from service.records.keys import KeyRow, opens
from service.routers.schemas.common import Instant, Shown


class KeySent(KeyEntry):
    """A new key: whose it is, and what for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "Durham's research system", "role": "university", "organisation": "Durham University"},
                {"name": "Jo's script", "role": "manager", "email": "jo.bloggs@service.example"},
            ]
        }
    )


class KeyChanged(KeyChange):
    """What is to change of a key; what is not sent stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"revoked": True}]})


class KeyRotated(Rotation):
    """How a key is replaced."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"overlap_hours": 48}]})


class KeyShown(Shown):
    """A key, without its secret."""

    id: UUID
    name: str
    role: str
    organisation: str | None
    organisation_id: UUID | None
    person: str | None
    person_id: UUID | None
    hint: str = Field(description="The last four characters, to recognise it by.")
    valid: bool = Field(description="Whether it opens doors now.")
    created_at: Instant
    expires_at: Instant | None
    revoked_at: Instant | None
    last_used_at: Instant | None
    rotated_to_id: UUID | None

    @classmethod
    def of(cls, row: KeyRow, now: datetime, staff: Staff) -> Self:
        """Show a key as it stands at `now`."""
        return cls.model_validate(_key_facts(row, now, staff))


class NewKeyShown(KeyShown):
    """A new key with its secret, which is shown this once."""

    key: str = Field(description="Send it as Authorization: Bearer KEY. It is not kept and cannot be shown again.")

    @classmethod
    def made(cls, row: KeyRow, made: NewKey, now: datetime, staff: Staff) -> Self:
        """Show a key that was made just now."""
        return cls.model_validate({**_key_facts(row, now, staff), "key": made.secret})


def _key_facts(row: KeyRow, now: datetime, staff: Staff) -> dict[str, Any]:
    key, organisation, person = row
    return {
        **key.model_dump(exclude={"digest"}),
        "organisation": organisation.name if organisation else None,
        "person": person.name if person else None,
        "valid": opens(row, now, staff),
    }
