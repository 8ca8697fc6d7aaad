"""Councils, universities, funders and others, with what became of them."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class Organisation(SQLModel, table=True):
    """A body that asks, answers or pays. `succeeded_by_id` leads from an abolished one to its successor."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str
    name_key: str = Field(unique=True)
    """The name as compared: case folded, spaces collapsed."""
    kind: str = "other"
    nation: str = "england_and_wales"
    area: str | None = None
    """The organisation's region."""
    sector: str | None = None
    code: str | None = Field(default=None, index=True)
    partner: bool = False
    """A partner university: calls may be sent to it and it has a feed."""
    agenda_clear_days: int = 5
    clearance_working_days: int = 20
    succeeded_by_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1
