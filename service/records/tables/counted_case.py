"""What figures make of each enquiry at each month's end: derived from the log, never the truth, and made anew at any time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from service.records.types import Instant

STILL = 2**31 - 1
"""The month until which a row counts that nothing has followed yet."""


class Closing(SQLModel, table=True):
    """How far one source of history has been closed by one set of rules. Months are numbered (service/throughput/periods.py)."""

    __table_args__ = (Index("uq_closing_rules_source", "rules", "source", unique=True),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    rules: str
    source: str
    through: int | None = None
    """The last month that is closed: until it is written, nothing after the one before it counts."""
    heading_for: int | None = None
    """The month that is being closed, with every one between."""
    reached: UUID | None = None
    """The last case that was seen to on the way there."""
    changed_at: datetime = Field(sa_type=Instant)


class CountedCase(SQLModel, table=True):
    """One case as bytes, from the month in which the log said so to the month in which it said something else."""

    __tablename__ = "counted_case"
    __table_args__ = (Index("ix_counted_case_valid", "closing_id", "valid_until", "valid_from"),)

    closing_id: int = Field(primary_key=True)
    case_id: UUID = Field(primary_key=True)
    valid_from: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    valid_until: int = STILL
    head: bytes
    spans: bytes
    universities: bytes
    moves: bytes
    calls: bytes
