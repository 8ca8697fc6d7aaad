"""Links in mail that let a person in, once."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class SignInLink(SQLModel, table=True):
    """Opened by GET as often as a mail scanner likes; spent by one POST within the hour."""

    __tablename__ = "sign_in_link"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    next_path: str
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    spent_at: datetime | None = Field(default=None, sa_type=Instant)
