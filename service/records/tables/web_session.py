"""Sessions in browsers, exchanged for a spent link or an account at a provider."""

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
    method: str = Field(default="link", sa_column_kwargs={"server_default": "link"})
    """How its person showed who they are: link or oidc."""
    created_at: datetime = Field(sa_type=Instant)
    seen_at: datetime | None = Field(default=None, sa_type=Instant)
    """When it was last used, to a few minutes."""
    expires_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
