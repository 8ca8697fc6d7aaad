"""Who changed or exported what, beside the event log."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class AuditEntry(SQLModel, table=True):
    """One act on reference data, keys, exports or text that the event log does not carry."""

    __tablename__ = "audit_entry"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    recorded_at: datetime = Field(sa_type=Instant, index=True)
    actor_role: str
    actor_id: UUID | None = None
    key_id: UUID | None = None
    action: str
    subject: str
    """What it was done to, as `kind:id`."""
    detail: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    request_id: str = ""
