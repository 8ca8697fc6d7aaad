"""People: enquirers, managers, university contacts and lead researchers. Each field's purpose is noted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class Person(SQLModel, table=True):
    """Somebody the service writes to or is reached by."""

    __table_args__ = (Index("uq_person_oidc_account", "oidc_issuer", "oidc_subject", unique=True),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str
    """To address them."""
    email: str | None = Field(default=None, unique=True)
    """Lower case; to write to them and to sign them in."""
    phone: str | None = None
    """To call them back."""
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id", index=True)
    staff_role: str | None = Field(default=None, index=True)
    """manager or service_lead."""
    named_as: str | None = None
    """The highest of these that the settings ever named them as: what the settings gave, the settings take."""
    is_contact: bool = False
    """Receives calls for their university."""
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    """When the address was shown to be theirs, or a manager entered it."""
    oidc_issuer: str | None = None
    oidc_subject: str | None = None
    """Of staff: the account at the provider that was first used with their address; only that one lets them in."""
    reminders_stopped_at: datetime | None = Field(default=None, sa_type=Instant)
    last_reminded_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1
