"""A merge of two entries of the directory, with what it moved: so that it can be taken apart again."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class ResearcherMerge(SQLModel, table=True):
    """One merge. What it moved is kept by id and what it changed of the kept entry as it was before, until it is undone."""

    __tablename__ = "researcher_merge"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kept_id: UUID = Field(foreign_key="researcher.id", index=True)
    other_id: UUID = Field(foreign_key="researcher.id", index=True)
    merged_at: datetime = Field(sa_type=Instant)
    merged_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    moved: dict[str, list[str]] = Field(default_factory=dict, sa_type=Json)
    """The ids that went over: publications, interests, and entries merged into the other one before."""
    completed: dict[str, dict[str, str]] = Field(default_factory=dict, sa_type=Json)
    """What the other's account filled in, by publication: the fields, each with its source."""
    before: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    """The kept entry's facts before, and `other_hidden`."""
    after: dict[str, object] = Field(default_factory=dict, sa_type=Json)
    """The same facts as the merge left them: what differs from these at the undoing was changed since, and stays."""
    undone_at: datetime | None = Field(default=None, sa_type=Instant)
    undone_by_id: UUID | None = Field(default=None, foreign_key="person.id")
