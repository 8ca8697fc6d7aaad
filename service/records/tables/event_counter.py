"""The one counter under which events are numbered and dated."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from service.records.types import Instant


class EventCounter(SQLModel, table=True):
    """A single row. Its lock is held to the commit, so sequence order is commit order."""

    __tablename__ = "event_counter"

    id: int = Field(default=1, primary_key=True)
    seq: int = 0
    recorded_at: datetime = Field(sa_type=Instant)
    settled_until: datetime | None = Field(default=None, sa_type=Instant)
    """Up to when figures were told, so that nothing may count before it any more; None while nobody asked."""
