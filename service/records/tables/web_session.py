"""Sessions in browsers, exchanged for a spent link."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class WebSession(SQLModel, table=True):
    """The cookie holds a random token; only its digest is kept."""

    __tablename__ = "web_session"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    digest: str = Field(unique=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
