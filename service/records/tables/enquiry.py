"""The enquiry itself: where it stands and what is known. The event log is the truth it can be rebuilt from."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class Enquiry(SQLModel, table=True):
    """One question on its way to evidence. A draft is one whose form has not been sent."""

    __table_args__ = (
        Index("ix_enquiry_state_submitted_at", "state", "submitted_at", "id"),
        Index("ix_enquiry_submitted_at", "submitted_at", "id"),
        Index("ix_enquiry_decision_date", "decision_date", "id"),
        Index("ix_enquiry_latest_start_on", "latest_start_on", "id"),
        Index("ix_enquiry_owner_id_state_submitted_at", "owner_id", "state", "submitted_at", "id"),
        Index(
            "ix_enquiry_kept_closed_at", "closed_at", "id",
            sqlite_where=text("forgotten_at IS NULL"), postgresql_where=text("forgotten_at IS NULL"),
        ),
    )  # fmt: skip

    id: UUID = Field(default_factory=new_id, primary_key=True)
    reference: str | None = Field(default=None, unique=True)
    version: int = 1
    state: str
    outcome: str | None = None
    waiting_on: str
    waiting_since: datetime = Field(sa_type=Instant)
    state_since: datetime = Field(sa_type=Instant)
    epoch: int = 1
    """Raised by each reopening: a new clock beside the old result."""
    created_at: datetime = Field(sa_type=Instant)
    submitted_at: datetime | None = Field(default=None, sa_type=Instant)
    first_response_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_from: str | None = None
    """The state it was closed in, for reopening."""

    question: str = ""
    original_question: str = ""
    purpose: str | None = None
    who_decides: str | None = None
    decision_date: date | None = None
    needed_by: date | None = None
    decision_window: str | None = None
    decision_step: str | None = None
    population: list[str] = Field(default_factory=list, sa_type=Json)
    population_notes: str | None = None
    place: str | None = None
    known_evidence: str | None = None
    not_wanted: str | None = None
    evidence_wanted: list[str] = Field(default_factory=list, sa_type=Json)
    methods: list[str] = Field(default_factory=list, sa_type=Json)
    enquiry_type: str | None = None
    topics: list[str] = Field(default_factory=list, sa_type=Json)
    sector: str | None = None
    budget_band: str | None = None
    procurement_route: str | None = None
    product: str | None = None
    organisation_shown: str | None = None
    organisation_description: str | None = None
    channel: str = "web"

    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id", index=True)
    organisation_name: str | None = None
    """As it was written, whether or not we know the body."""
    enquirer_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    owner_id: UUID | None = Field(default=None, foreign_key="person.id")

    on_hold: bool = False
    hold_until: date | None = None
    hold_reason: str | None = None
    held_since: datetime | None = Field(default=None, sa_type=Instant)
    due_on: date | None = Field(default=None, index=True)
    """The next promised date, from the reminder rules; None when nothing is promised."""
    due_arithmetic: str | None = None
    latest_start_on: date | None = None
    """The last day on which the stage it is in can begin or end safely (`workflows.plan`); None when no date presses."""

    brief_id: UUID = Field(default_factory=new_id, unique=True)
    project_id: UUID | None = None
    call_pulled: bool = False
    """A published call was pulled once: reopening never goes past drafting then."""
    duplicate_of_id: UUID | None = Field(default=None, foreign_key="enquiry.id", index=True)
    continues_id: UUID | None = Field(default=None, foreign_key="enquiry.id", index=True)
    """The earlier enquiry this one takes up or was split from."""
    signposted_to: str | None = None
    signpost_consent: bool | None = None
    answer: str | None = None
    closing_words: str | None = None
    reopen_requested_at: datetime | None = Field(default=None, sa_type=Instant, index=True)
    enquirer_active_at: datetime | None = Field(default=None, sa_type=Instant)
    """The enquirer's last real sign of life, for dormancy."""

    legal_hold_at: datetime | None = Field(default=None, sa_type=Instant)
    """Since when nothing of it may be destroyed, neither by retention nor by erasure."""
    legal_hold_reason: str | None = None
    legal_hold_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    forgotten_at: datetime | None = Field(default=None, sa_type=Instant)
    """When its content had had its time and was destroyed; what figures count stays."""

    form_token: str | None = Field(default=None, unique=True)
    """Digest of the form's token: a second click finds the first one's enquiry."""
    form_email: str | None = None
    """Where the link to finish later was mailed, until the draft is sent."""
    form_name: str | None = None
    form_phone: str | None = None
    form_colleagues: list[str] = Field(default_factory=list, sa_type=Json)
    updated_at: datetime = Field(sa_type=Instant)
