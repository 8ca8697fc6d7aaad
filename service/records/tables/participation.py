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
    """enquirer, colleague, or merged (came with another enquiry that repeated this one)."""
    added_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    added_at: datetime = Field(sa_type=Instant)
    sees_from: datetime | None = Field(default=None, sa_type=Instant)
    """Nothing said before this is shown to them: merging shows nobody more than before."""
    left_at: datetime | None = Field(default=None, sa_type=Instant)
