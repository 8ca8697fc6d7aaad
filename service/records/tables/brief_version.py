"""The research brief's versions. The brief itself is its enquiry's `brief_id`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class BriefVersion(SQLModel, table=True):
    """One wording of the brief. Frozen once sent; `hash` covers the sections and nothing else."""

    __tablename__ = "brief_version"
    __table_args__ = (UniqueConstraint("enquiry_id", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id", index=True)
    number: int
    state: str
    sections: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    hash: str
    revision: int = 1
    """Raised by each save: the brief's ETag."""
    created_at: datetime = Field(sa_type=Instant)
    saved_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    agreed_at: datetime | None = Field(default=None, sa_type=Instant)
    agreed_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    agreed_entry_id: UUID | None = Field(default=None, foreign_key="entry.id")
    published_at: datetime | None = Field(default=None, sa_type=Instant)
    change_comment: str | None = None
