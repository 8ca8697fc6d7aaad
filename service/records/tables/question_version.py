"""The question's wordings: the original first, every reformulation beside it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class QuestionVersion(SQLModel, table=True):
    """Number 1 is what the enquirer wrote and is never edited."""

    __tablename__ = "question_version"
    __table_args__ = (UniqueConstraint("enquiry_id", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id", index=True)
    number: int
    text: str
    reason: str | None = None
    prompted_by: str | None = None
    """Reframing: who prompted the change."""
    heard: str | None = None
    """Reframing: who was heard about it."""
    by_person_id: UUID | None = Field(default=None, foreign_key="person.id")
    recorded_at: datetime = Field(sa_type=Instant)
    redacted_at: datetime | None = Field(default=None, sa_type=Instant)
