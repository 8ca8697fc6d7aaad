"""Two entries of the directory that look like one person and are not."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class ToldApart(SQLModel, table=True):
    """A manager's word that these are two: they are not proposed again."""

    __tablename__ = "told_apart"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    first_id: UUID = Field(foreign_key="researcher.id")
    second_id: UUID = Field(foreign_key="researcher.id", index=True)
    decided_at: datetime = Field(sa_type=Instant)
    decided_by_id: UUID | None = Field(default=None, foreign_key="person.id")
