"""Where universities want to be poked when their feed has gone on."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class Webhook(SQLModel, table=True):
    """One address of one university. Its secrets are derived from the service's own and stand nowhere."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    name: str
    url: str
    enabled: bool = True
    rotation: int = 0
    """Which secret signs: the number of times it was replaced."""
    overlap_until: datetime | None = Field(default=None, sa_type=Instant)
    """Business time until which the secret before signs too."""
    created_at: datetime = Field(sa_type=Instant)
    rotated_at: datetime | None = Field(default=None, sa_type=Instant)
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)
    disabled_because: str | None = None
