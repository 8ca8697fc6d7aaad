"""Messages on their way out: written with the change that caused them, sent after its commit."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class OutboxMessage(SQLModel, table=True):
    """One message to one address. Its id is the Message-ID, so a repeat after a crash is recognisable."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_claim", "status", "available_at", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str
    """The wording file that says it."""
    to_address: str
    to_name: str = ""
    to_person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    reply_to: str | None = None
    params: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    enquiry_id: UUID | None = Field(default=None, foreign_key="enquiry.id", index=True)
    status: str = "queued"
    """queued, held (until the address is confirmed), sent, failed (a dead letter), cancelled."""
    queued_at: datetime = Field(sa_type=Instant)
    """Business time."""
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    """Business time."""
    available_at: datetime = Field(sa_type=Instant)
    """Machine time of the next attempt."""
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    lease_token: UUID | None = None
    attempts: int = 0
    last_error: str | None = None
