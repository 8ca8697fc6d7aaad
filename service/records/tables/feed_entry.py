"""The universities' feeds: append-only, frozen, numbered in commit order."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class FeedEntry(SQLModel, table=True):
    """One entry of one university's feed. `item` is the JSON that will be sent, as text."""

    __tablename__ = "feed_entry"
    __table_args__ = (UniqueConstraint("organisation_id", "seq"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    seq: int
    type: str
    enquiry_id: UUID = Field(foreign_key="enquiry.id", index=True)
    brief_id: UUID
    brief_version: int
    occurred_at: datetime = Field(sa_type=Instant)
    item: str
