"""Where a project's money comes from."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Pence


class FundingLine(SQLModel, table=True):
    """One source, sought, confirmed or refused. `own_funds` marks the service's own money."""

    __tablename__ = "funding_line"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    source: str
    amount: Decimal = Field(sa_type=Pence)
    kind: str
    status: str
    evidence: str | None = None
    own_funds: bool = False
    recorded_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    confirmed_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    version: int = 1
