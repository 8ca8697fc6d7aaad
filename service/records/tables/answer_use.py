"""Forms whose asker said that a published answer was enough."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class AnswerUse(SQLModel, table=True):
    """One form, once, known by the digest of its token alone. Gone again when the question is sent all the same."""

    __tablename__ = "answer_use"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    answer_id: UUID = Field(foreign_key="published_answer.id", index=True)
    form_token: str = Field(unique=True)
    said_at: datetime = Field(sa_type=Instant)
