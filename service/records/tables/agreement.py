"""The agreement under which a project runs."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class Agreement(SQLModel, table=True):
    """The current terms; changing them raises `version` and voids the signatures given before."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", unique=True)
    version: int = 1
    parties: list[str] = Field(default_factory=list, sa_type=Json)
    terms: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    """The other members by code: roles, time_expected and so on, plain text."""
    saved_at: datetime = Field(sa_type=Instant)
    told_version: int | None = None
    """The version that whoever is to sign was last told of."""
