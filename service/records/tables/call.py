"""A call to universities: one publication of the brief, with its reply-by."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class Call(SQLModel, table=True):
    """Opened by publish or relaunch; ended by close_call, pull or the enquiry's closing."""

    __table_args__ = (UniqueConstraint("enquiry_id", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id", index=True)
    number: int
    brief_version: int
    route: str
    reason: str | None = None
    reply_by: date
    opened_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    pulled_at: datetime | None = Field(default=None, sa_type=Instant)
