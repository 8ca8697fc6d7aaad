"""The glossary as this installation changed it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class GlossaryTerm(SQLModel, table=True):
    """A word that was added, changed or left out: it stands in for the default of that word (`workflows.jargon`)."""

    __tablename__ = "glossary_term"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    word: str
    word_key: str = Field(unique=True)
    """The word as compared: case folded, spaces collapsed."""
    misread_by: str
    """Who may misread it."""
    plain: str
    """What could stand instead."""
    removed_at: datetime | None = Field(default=None, sa_type=Instant)
    """It is no longer pointed at."""
    updated_at: datetime = Field(sa_type=Instant)
    version: int = 1
