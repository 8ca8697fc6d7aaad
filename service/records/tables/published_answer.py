"""Answers that anybody may read, in words written for everybody."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class PublishedAnswer(SQLModel, table=True):
    """What a manager published of one enquiry. Who asked is never written here: the enquiry's discretion says it."""

    __tablename__ = "published_answer"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id", unique=True)
    title: str
    """The question in plain words."""
    body: str
    published_at: datetime = Field(sa_type=Instant, index=True)
    published_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    version: int = 1
    """Raised by each change, also by withdrawing."""
