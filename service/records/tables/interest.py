"""A university's answer to a call: named people, capacity and cost."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class Interest(SQLModel, table=True):
    """One team that would take the brief on. A university may send several, some joint with others."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id", index=True)
    call_id: UUID = Field(foreign_key="call.id", index=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    brief_version: int
    lead_researcher_id: UUID | None = Field(default=None, foreign_key="researcher.id")
    lead_person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    lead_name: str
    lead_email: str
    team: list[str] = Field(default_factory=list, sa_type=Json)
    with_universities: list[str] = Field(default_factory=list, sa_type=Json)
    statement: str
    capacity_days: int
    earliest_start: date
    cost_band: str
    conflicts: str | None = None
    conflicts_cleared_at: datetime | None = Field(default=None, sa_type=Instant)
    show_enquirer: bool = False
    late: bool = False
    submitted_at: datetime = Field(sa_type=Instant)
    amended_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1
