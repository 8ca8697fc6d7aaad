"""How the service was for the enquirer, asked once after closing."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class Satisfaction(SQLModel, table=True):
    """One answer: a score of 1 (poor) to 5 (very good), with a comment."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    score: int
    comment: str | None = None
    recorded_at: datetime = Field(sa_type=Instant)
