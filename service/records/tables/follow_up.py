"""Reminders and staff dates: rows written with the change that caused them, sent when due and still wanted."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class FollowUp(SQLModel, table=True):
    """One step of one reminder rule for one addressee; unique, so it is never made or sent twice."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("rule", "subject_id", "anchor_event_id", "step", "addressee"),
        Index("ix_follow_up_due", "status", "due_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    rule: str
    subject_id: UUID
    """What it is about: the enquiry, a call recipient, an offer, a deliverable, a project."""
    anchor_event_id: UUID
    """The event its days are counted from, what stands for one, or the follow-up that was put off."""
    step: int
    """Working days from the anchor."""
    addressee: str
    """A person's id, or `owner`, `lead_service`, `admin`, `enquirer`: found again when it is due."""
    enquiry_id: UUID | None = Field(default=None, foreign_key="enquiry.id", index=True)
    project_id: UUID | None = Field(default=None, foreign_key="project.id", index=True)
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    anchored_at: datetime = Field(sa_type=Instant)
    """When that was recorded: a rule writes only about what came after it took effect."""
    anchor_on: date
    due_on: date
    due_at: datetime = Field(sa_type=Instant)
    arithmetic: str = ""
    status: str = "due"
    """due, sent, cancelled (no longer wanted), collapsed (a newer step was sent instead), suppressed."""
    deferred_from: date | None = None
    """The day it was first due, when the weekly limit or an unconfirmed address put it off."""
    not_before: date | None = None
    """It was put off until this day, whatever the arithmetic says."""
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    settled_why: str | None = None
    settled_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    """Who cancelled it; None where it settled by itself."""
    outbox_id: UUID | None = None
    note: str | None = None
    set_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=Instant)
