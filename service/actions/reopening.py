"""Reopening on request: a word from the enquirer after closing is kept, and asks the owner to open the enquiry again."""

from uuid import UUID

from service.actions import remind, telling
from service.actions.entries import add_entry, said
from service.context import Context
from service.errors import conflict
from service.records import enquiries, events
from service.records.database import Unit
from service.records.tables import Entry
from service.states import EnquiryState, Outcome


def request_reopening(unit: Unit, ctx: Context, enquiry_id: UUID, body: str) -> Entry:
    """Keep the enquirer's words and tell the owner that they ask for reopening; only a manager reopens.

    Raises Problem 409 for an enquiry that is open, or whose conversation goes on elsewhere.
    """
    enquiry = enquiries.lock(unit, enquiry_id)
    if enquiry.state != EnquiryState.CLOSED or enquiry.outcome == Outcome.DUPLICATE:
        raise conflict("This enquiry is not closed. Write in its conversation.")
    entry = add_entry(unit, ctx, enquiry, kind="message", visibility="enquirer", direction="in", body=body)
    said(unit, ctx, enquiry, entry)
    enquiry.reopen_requested_at = ctx.now
    unit.add(enquiry)
    event = events.note(unit, ctx, enquiry, "reopen_requested", data={"entry": str(entry.id)})
    remind.schedule(unit, ctx, enquiry, event)
    telling.tell_owner(unit, ctx, enquiry, "reopen_requested", body=body)
    return entry
