"""The daily digests that were written."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class Digest(SQLModel, table=True):
    """One person's digest of one day; unique, so that nobody gets two."""

    __table_args__ = (UniqueConstraint("person_id", "day"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    day: date
    """The working day it is for, in London."""
    outbox_id: UUID | None = None
    """The mail; None when there was nothing to say."""
    created_at: datetime = Field(sa_type=Instant)
