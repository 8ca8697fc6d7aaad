"""How far each university's feed has got."""

from uuid import UUID

from sqlmodel import Field, SQLModel


class FeedCounter(SQLModel, table=True):
    """One row a university; locked last in the publishing transaction."""

    __tablename__ = "feed_counter"

    organisation_id: UUID = Field(foreign_key="organisation.id", primary_key=True)
    seq: int = 0
