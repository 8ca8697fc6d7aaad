"""The event log: the truth that figures come from. Rows are appended and never changed, but for a redacted reason."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class Event(SQLModel, table=True):
    """One recorded change, with the facts about its enquiry as they were known then.

    `seq` has no gaps in commit order and `recorded_at` never decreases along it: both come from one counter.
    """

    __table_args__ = (
        Index("ix_event_event_recorded_at", "event", "recorded_at"),
        Index("ix_event_organisation_id_recorded_at", "organisation_id", "recorded_at"),
    )

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    id: UUID = Field(default_factory=new_id, unique=True)
    recorded_at: datetime = Field(sa_type=Instant, index=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id", index=True)
    project_id: UUID | None = None
    machine: str = "enquiry"
    """enquiry or project: whose states `from_state` and `to_state` are."""
    event: str
    from_state: str
    to_state: str
    waiting_on: str
    outcome: str | None = None
    on_hold: bool = False
    epoch: int = 1
    actor_role: str
    actor_id: UUID | None = None
    actor_organisation_id: UUID | None = None
    version: int = 0
    """The enquiry's version after it."""
    reason: str | None = None
    waivers: list[dict[str, str]] = Field(default_factory=list, sa_type=Json)
    data: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    """Facts of the event by name: ids, versions and dates; never free text about people."""
    sector: str | None = None
    area: str | None = None
    enquiry_type: str | None = None
    topics: list[str] = Field(default_factory=list, sa_type=Json)
    organisation_id: UUID | None = None
    request_id: str = ""
