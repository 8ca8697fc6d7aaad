"""Who may see an enquiry from the enquirer's side."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class Participation(SQLModel, table=True):
    """A person's place in an enquiry: the enquirer, or a colleague they added."""

    __table_args__ = (UniqueConstraint("enquiry_id", "person_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    role: str
    """enquirer or colleague."""
    added_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    added_at: datetime = Field(sa_type=Instant)
    left_at: datetime | None = Field(default=None, sa_type=Instant)
