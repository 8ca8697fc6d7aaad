"""Sign-ins at a provider that came back: each may do so once."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from service.records.types import Instant


class SpentFlow(SQLModel, table=True):
    """The digest of a state that was used up, kept for as long as its cookie could be shown again; in machine time."""

    __tablename__ = "spent_flow"

    digest: str = Field(primary_key=True)
    spent_at: datetime = Field(sa_type=Instant)
