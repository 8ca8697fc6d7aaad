"""An offer of the work to one interest, with its alternates."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class Offer(SQLModel, table=True):
    """Open until answered; at most one is open for an enquiry at a time."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id", index=True)
    interest_id: UUID = Field(foreign_key="interest.id", index=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    state: str
    respond_by: date
    alternates: list[str] = Field(default_factory=list, sa_type=Json)
    offered_at: datetime = Field(sa_type=Instant)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    decline_reason: str | None = None
    snapshot_id: UUID | None = Field(default=None, foreign_key="ranking_snapshot.id")
    """The ranking as it stood when the offer was made; the lead's place in it follows. None where none was to be had."""
    standing: str | None = None
    rank: int | None = None
    score: int | None = None
    newcomer: bool | None = None
