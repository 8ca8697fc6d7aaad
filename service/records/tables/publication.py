"""What a researcher has written."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class Publication(SQLModel, table=True):
    """One publication of one researcher."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    researcher_id: UUID = Field(foreign_key="researcher.id", index=True)
    title: str
    abstract: str | None = None
    year: int | None = None
    doi: str | None = None
    organisations: list[str] = Field(default_factory=list, sa_type=Json)
    """For whom its authors worked, as far as known: universities, and public bodies that their affiliations name."""
    source: str = "university"
    """Who says so: university, researcher, team, orcid or openalex."""
    completed: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    """The fields that whoever entered it left empty, with the source that filled each."""
    removed_at: datetime | None = Field(default=None, sa_type=Instant)
    """When somebody said that what a source found is not theirs: kept, so that it is not found again."""
