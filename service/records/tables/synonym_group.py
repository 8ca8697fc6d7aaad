"""The words of the same meaning as this installation changed them."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from service.records.types import Instant, Json


class SynonymGroup(SQLModel, table=True):
    """A group that was changed, added or left out: it stands in for the default of that code (`matching.wordings`)."""

    __tablename__ = "synonym_group"

    code: str = Field(primary_key=True)
    wordings: list[str] = Field(default_factory=list, sa_type=Json)
    removed_at: datetime | None = Field(default=None, sa_type=Instant)
    """It no longer widens a search."""
    updated_at: datetime = Field(sa_type=Instant)
    version: int = 1
