"""Answers given to requests that carried an Idempotency-Key."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class IdempotencyRecord(SQLModel, table=True):
    """One answer, replayed to the same request for seven days."""

    __tablename__ = "idempotency_record"
    __table_args__ = (UniqueConstraint("caller", "key", "method", "path"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    caller: str
    key: str
    method: str
    path: str
    body_digest: str
    status: int
    headers: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    body: str
    created_at: datetime = Field(sa_type=Instant, index=True)
