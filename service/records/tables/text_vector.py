"""The meaning of texts as numbers, worked out once for each."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from service.records.types import Instant


class TextVector(SQLModel, table=True):
    """One text's vector by one model. The text is known by its digest: whoever holds the same text finds the vector."""

    __tablename__ = "text_vector"

    model: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    """The SHA-256 of the text (`matching.texts.digest_of`)."""
    vector: bytes
    """Whole numbers from -127 to 127, one byte each (`matching.vectors`)."""
    made_at: datetime = Field(sa_type=Instant)
