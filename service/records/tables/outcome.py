"""What the evidence changed afterwards; may be added years later."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class OutcomeRecord(SQLModel, table=True):
    """One person's answer about the use of a project's findings."""

    __tablename__ = "outcome"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id", index=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    used: str
    in_time: bool | None = None
    used_for: str | None = None
    how: list[str] = Field(default_factory=list, sa_type=Json)
    what_changed: str | None = None
    may_quote: bool = False
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    recorded_by_role: str
