"""What the enquirer says about the teams that consented to be shown."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class Preference(SQLModel, table=True):
    """The enquirer's order of interests, first is most wanted; the newest row counts."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    ranked: list[str] = Field(default_factory=list, sa_type=Json)
    comment: str | None = None
    entry_id: UUID | None = Field(default=None, foreign_key="entry.id")
    """The inward entry a manager quoted, who recorded it for them; None when they said it on their own page."""
    recorded_at: datetime = Field(sa_type=Instant)
