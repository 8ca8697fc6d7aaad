"""Progress reports on a project."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class Report(SQLModel, table=True):
    """One report in the lead's words."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    body: str
    period_end: date | None = None
    submitted_at: datetime = Field(sa_type=Instant)
    submitted_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    submitted_by_role: str
