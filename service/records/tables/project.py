"""The commissioned (or planned) project."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class Project(SQLModel, table=True):
    """Planned when an offer is accepted; started by commission."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id", index=True)
    offer_id: UUID = Field(foreign_key="offer.id", unique=True)
    interest_id: UUID = Field(foreign_key="interest.id")
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    lead_person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    state: str = Field(index=True)
    version: int = 1
    created_at: datetime = Field(sa_type=Instant)
    start_on: date | None = None
    end_on: date | None = None
    costs_version: int = 0
    costs_submitted_version: int | None = None
    costs_submitted_at: datetime | None = Field(default=None, sa_type=Instant)
    costs_agreed_version: int | None = None
    costs_agreed_at: datetime | None = Field(default=None, sa_type=Instant)
    funding_route: str | None = None
    start_at_risk: dict[str, str] | None = Field(default=None, sa_type=Json)
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    delivered_at: datetime | None = Field(default=None, sa_type=Instant, index=True)
    completed_at: datetime | None = Field(default=None, sa_type=Instant)
    terminated_at: datetime | None = Field(default=None, sa_type=Instant)
    plain_summary: str | None = None
    output: str | None = None
    publication: str | None = None
    outcomes_stopped_at: datetime | None = Field(default=None, sa_type=Instant)
    """Since when the enquirer's side is no longer asked what became of the findings."""
    lead_outcomes_stopped_at: datetime | None = Field(default=None, sa_type=Instant)
    """Since when the lead is no longer asked."""
