"""What a researcher has written."""

from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id


class Publication(SQLModel, table=True):
    """One publication of one researcher."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    researcher_id: UUID = Field(foreign_key="researcher.id", index=True)
    title: str
    abstract: str | None = None
    year: int | None = None
    doi: str | None = None
