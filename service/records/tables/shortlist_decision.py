"""Whom a manager shortlisted for a brief, whom they passed over, and why."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class ShortlistDecision(SQLModel, table=True):
    """One decision about one person. It stands until it ends: taken back, or replaced by another; then it is history."""

    __tablename__ = "shortlist_decision"
    __table_args__ = (
        Index("ix_shortlist_decision_enquiry_id_researcher_id", "enquiry_id", "researcher_id"),
        Index(
            "uq_shortlist_decision_standing", "enquiry_id", "researcher_id", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: UUID = Field(default_factory=new_id, primary_key=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id")
    researcher_id: UUID = Field(foreign_key="researcher.id", index=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    """The university that listed them then."""
    snapshot_id: UUID | None = Field(default=None, foreign_key="ranking_snapshot.id")
    decision: str
    """shortlisted or passed_over."""
    reason: str | None = None
    words: str | None = None
    standing: str
    rank: int | None = None
    score: int | None = None
    """In ten-thousandths."""
    newcomer: bool | None = None
    decided_at: datetime = Field(sa_type=Instant, index=True)
    decided_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    ended_how: str | None = None
    """taken_back or replaced."""
