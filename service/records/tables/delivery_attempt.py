"""Each try at sending a message, and what came of it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class DeliveryAttempt(SQLModel, table=True):
    """One try, in machine time."""

    __tablename__ = "delivery_attempt"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    outbox_id: UUID = Field(foreign_key="outbox.id", index=True)
    number: int
    started_at: datetime = Field(sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    result: str | None = None
    """sent, deferred or refused."""
    detail: str | None = None
