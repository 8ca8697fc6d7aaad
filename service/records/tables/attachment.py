"""Files, kept in the database so that replicas, backup and erasure just work."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class Attachment(SQLModel, table=True):
    """One file of at most ten megabytes, checked by its content, served as a download only."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id", index=True)
    filename: str
    media_type: str
    size: int
    sha256: str
    visibility: str
    content: bytes = Field(sa_type=LargeBinary)
    uploaded_by_id: UUID | None = Field(default=None, foreign_key="person.id")
    uploaded_at: datetime = Field(sa_type=Instant)
    redacted_at: datetime | None = Field(default=None, sa_type=Instant)
