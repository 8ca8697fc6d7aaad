"""What became of reminders, one row each time one was settled: figures read these, since follow-ups may stand again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class ReminderFate(SQLModel, table=True):
    """One settling of one follow-up. Rows are added and never changed; they name nobody."""

    __tablename__ = "reminder_fate"
    __table_args__ = (Index("ix_reminder_fate_month", "month", "rule", "fate"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    follow_up_id: UUID
    recorded_at: datetime = Field(sa_type=Instant)
    month: int
    """The number of the London month in which it was settled."""
    rule: str
    fate: str
    """One of `throughput.internal.FATES`."""
