"""The register of bodies as it was known, so that figures about a past month stay what they were."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class RegisterEntry(SQLModel, table=True):
    """What the register said of a body from `recorded_at` on, until its next entry. Rows are added and never changed."""

    __tablename__ = "register_entry"
    __table_args__ = (Index("ix_register_entry_organisation_id", "organisation_id", "recorded_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    recorded_at: datetime = Field(sa_type=Instant)
    name: str
    kind: str
    area: str | None = None
    succeeded_by_id: UUID | None = None
