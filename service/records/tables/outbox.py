"""Messages on their way out, letters and pokes: written with the change that caused them, sent after its commit."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class OutboxMessage(SQLModel, table=True):
    """One message to one address. Its id is the Message-ID or the webhook-id, so a repeat after a crash is recognisable."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_claim", "status", "webhook_id", "available_at", "id"),
        Index("ix_outbox_webhook", "webhook_id", "id"),
        Index("ix_outbox_ask_at", "ask_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str
    """The wording file that says it; of a poke, the type of its event."""
    webhook_id: UUID | None = Field(default=None, foreign_key="webhook.id")
    """Of a poke, where it goes. None for a letter."""
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
    ask_at: datetime | None = Field(default=None, sa_type=Instant)
    """Machine time at which whoever took a letter is next asked what became of it; None once that is known."""
    attempts: int = 0
    last_error: str | None = None
