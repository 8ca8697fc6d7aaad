"""When each worker last ticked, in machine time."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from service.records.types import Instant


class Heartbeat(SQLModel, table=True):
    """One row a tick's name."""

    name: str = Field(primary_key=True)
    beat_at: datetime = Field(sa_type=Instant)
    """When it last ended well."""
    took_ms: int | None = None
    """How long it took then."""
    runs: int = 0
    failures: int = 0
    failed_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it last did not end well."""
