"""What an earlier service's own log says of its cases: history that figures count, and that nobody works on here."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class PastEvent(SQLModel, table=True):
    """One row of an imported case. It stays as it came in; a corrected case has new rows, and the old ones say since when."""

    __tablename__ = "past_event"
    __table_args__ = (
        Index("ix_past_event_case_id", "case_id", "step"),
        Index(
            "uq_past_event_standing",
            "reference",
            "step",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    case_id: UUID
    reference: str
    """As the earlier service called the case."""
    step: int
    """Its place in the case, from 1."""
    occurred_at: datetime = Field(sa_type=Instant)
    counts_from: datetime = Field(sa_type=Instant)
    """It counts in figures whose period closed later than this: never in one that was settled before it came in."""
    imported_at: datetime = Field(sa_type=Instant)
    replaced_at: datetime | None = Field(default=None, sa_type=Instant)
    """It counts in figures whose period closed then or earlier; None while it stands."""
    event: str
    from_state: str
    to_state: str
    waiting_on: str
    outcome: str | None = None
    sector: str | None = None
    area: str | None = None
    enquiry_type: str | None = None
    topics: list[str] = Field(default_factory=list, sa_type=Json)
