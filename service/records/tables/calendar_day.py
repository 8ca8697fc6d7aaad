"""Days on which a nation's bodies do not work."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class CalendarDay(SQLModel, table=True):
    """One day off. Removing sets `removed_at`, so that old counts do not move."""

    __tablename__ = "calendar_day"
    __table_args__ = (
        Index("ix_calendar_day_nation_day", "nation", "day"),
        # A day is off once: of two administrators who proclaim it at once, the second is told.
        Index(
            "uq_calendar_day_standing",
            "nation",
            "day",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    nation: str
    day: date
    name: str
    source: str
    """library or administrator."""
    recorded_at: datetime = Field(sa_type=Instant)
    removed_at: datetime | None = Field(default=None, sa_type=Instant)
