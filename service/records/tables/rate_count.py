"""How often each public door was knocked at, in machine time, across processes."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from service.records.types import Instant


class RateCount(SQLModel, table=True):
    """One door and visitor in one window."""

    __tablename__ = "rate_count"

    door: str = Field(primary_key=True)
    window_start: datetime = Field(primary_key=True, sa_type=Instant)
    hits: int
