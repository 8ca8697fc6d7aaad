"""Who signed which version of an agreement."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class Signature(SQLModel, table=True):
    """One signature; it counts while its terms version is the agreement's."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    terms_version: int
    party: str
    person: str
    organisation: str
    signed_on: date
    evidence: str | None = None
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    recorded_by_role: str
