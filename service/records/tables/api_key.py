"""Keys for machines: shown once, kept as digests."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class ApiKey(SQLModel, table=True):
    """A bearer key bound to a role and to an organisation or a person."""

    __tablename__ = "api_key"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str
    role: str
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    digest: str = Field(unique=True)
    hint: str
    """The last four characters, to recognise it by."""
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    last_used_at: datetime | None = Field(default=None, sa_type=Instant)
    rotated_to_id: UUID | None = Field(default=None, foreign_key="api_key.id")
