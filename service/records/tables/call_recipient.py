"""Whom a call went to, and when each thing happened there. The status is derived from these times."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant


class CallRecipient(SQLModel, table=True):
    """One university's part in one call."""

    __tablename__ = "call_recipient"
    __table_args__ = (
        UniqueConstraint("call_id", "organisation_id"),
        Index("ix_call_recipient_organisation_id_call_id", "organisation_id", "call_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    call_id: UUID = Field(foreign_key="call.id", index=True)
    enquiry_id: UUID = Field(foreign_key="enquiry.id", index=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    told_at: datetime = Field(sa_type=Instant)
    fetched_at: datetime | None = Field(default=None, sa_type=Instant)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Instant)
    interested_at: datetime | None = Field(default=None, sa_type=Instant)
    declined_at: datetime | None = Field(default=None, sa_type=Instant)
    decline_reason: str | None = None
    decline_comment: str | None = None
    offered_at: datetime | None = Field(default=None, sa_type=Instant)
    accepted_at: datetime | None = Field(default=None, sa_type=Instant)
    stood_down_at: datetime | None = Field(default=None, sa_type=Instant)
