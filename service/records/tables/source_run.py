"""What public records were read about whom, how far, and who reads just now."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class ResearchSource(SQLModel, table=True):
    """One public record, read by at most one worker at a time."""

    __tablename__ = "research_source"

    name: str = Field(primary_key=True)
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    lease_token: UUID | None = None
    not_before: datetime | None = Field(default=None, sa_type=Instant)
    """When it may be asked again, in machine time: it said so, or we were asking too fast."""


class SourceRun(SQLModel, table=True):
    """The reading of one researcher's works in one source: where it is, and what came of it."""

    __tablename__ = "source_run"
    __table_args__ = (UniqueConstraint("researcher_id", "source"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    researcher_id: UUID = Field(foreign_key="researcher.id")
    source: str
    orcid: str
    """Whose works are read. Another iD is another reading."""
    state: str = "reading"
    """reading, done or failed."""
    cursor: str | None = None
    """Where the next page begins; None at the beginning."""
    seen: int = 0
    added: int = 0
    completed: int = 0
    tries: int = 0
    """Failures in a row."""
    last_error: str | None = None
    available_at: datetime = Field(sa_type=Instant, index=True)
    """When to go on, try again or read anew, in machine time."""
    started_at: datetime = Field(sa_type=Instant)
    read_at: datetime | None = Field(default=None, sa_type=Instant)
    """When all of it was last read."""
