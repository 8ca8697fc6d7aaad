"""The days by which universities and leads are asked to answer when nobody names one, with the arithmetic."""

from collections.abc import Callable

from service.context import Context
from service.records import enquiries
from service.records.calendars import calendar_for
from service.records.database import Unit
from service.records.tables import Enquiry
from service.workflows.guards.call import DEFAULT_REPLY_DAYS, RAPID_REPLY_DAYS
from service.working_time import CalendarRanOut, Reckoning, add_working_days

RESPOND_DAYS = 10
"""Working days a lead has to answer an offer when no date is named (DOMAIN.md section 5, offer_unanswered)."""


def usual_reply_by(unit: Unit, ctx: Context, enquiry: Enquiry, *, is_rapid: bool) -> Reckoning:
    """Return the reply-by of a call published now: ten working days ahead, five for rapid products."""
    return _ahead(unit, ctx, enquiry, RAPID_REPLY_DAYS if is_rapid else DEFAULT_REPLY_DAYS)


def usual_respond_by(unit: Unit, ctx: Context, enquiry: Enquiry) -> Reckoning:
    """Return the day by which an offer made now is to be answered."""
    return _ahead(unit, ctx, enquiry, RESPOND_DAYS)


def if_known(reckon: Callable[[], Reckoning]) -> Reckoning | None:
    """Return what is reckoned, or None where the calendar does not reach that far."""
    try:
        return reckon()
    except CalendarRanOut:
        return None


def _ahead(unit: Unit, ctx: Context, enquiry: Enquiry, days: int) -> Reckoning:
    nation = enquiries.nation_of(unit, enquiry, ctx.nation)
    return add_working_days(ctx.now, days, calendar_for(unit, nation))
