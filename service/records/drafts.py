"""Drafts: questions whose form has not been sent, kept for twenty-eight days after they were last saved."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, delete, select

from service.records.database import Unit
from service.records.tables import Attachment, Enquiry, FollowUp, OutboxMessage
from service.states import EnquiryState

KEPT = timedelta(days=28)


def kept_until(draft: Enquiry) -> datetime:
    """Return when a draft is forgotten unless it is saved again."""
    return draft.updated_at + KEPT


def old(unit: Unit, now: datetime) -> list[UUID]:
    """Return the drafts that have been kept long enough."""
    return list(
        unit.exec(
            select(Enquiry.id)
            .where(Enquiry.state == EnquiryState.DRAFT, Enquiry.updated_at <= now - KEPT)
            .order_by(col(Enquiry.id))
        )
    )


def forget(unit: Unit, draft: Enquiry) -> None:
    """Delete a draft with its files, its reminders and the messages about it."""
    for table in (Attachment, FollowUp, OutboxMessage):
        unit.exec(delete(table).where(col(table.enquiry_id) == draft.id))
    unit.delete(draft)
    unit.flush()
