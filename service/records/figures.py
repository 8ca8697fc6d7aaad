"""What the figures read: every enquiry as counted at a closed month's end, and the calendars as known then."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from service.records import past
from service.records.calendars import calendar_for
from service.records.database import Unit
from service.records.tables import Event, EventCounter
from service.states import EnquiryState
from service.throughput.calendars import Calendars
from service.working_time import Calendar, Nation, local_date

_INSTANT = timedelta(microseconds=1)


def is_settled(unit: Unit, closes: datetime) -> bool:
    """Tell whether nothing can be recorded before `closes` any more."""
    counter = unit.get(EventCounter, 1)
    return counter is not None and counter.settled_until is not None and counter.settled_until >= closes


def first_submission(unit: Unit, closes: datetime) -> datetime | None:
    """Return when the first enquiry in the log was submitted, or None when none was before `closes`."""
    found = (first_own_submission(unit, closes), past.first_submission(unit, closes))
    return min((instant for instant in found if instant is not None), default=None)


def first_own_submission(unit: Unit, closes: datetime) -> datetime | None:
    """The same of this service's own enquiries, without those of an earlier one."""
    found: datetime | None = unit.connection().scalar(
        select(col(Event.recorded_at))
        .where(
            col(Event.event) == "submit",
            col(Event.from_state) == EnquiryState.DRAFT,
            col(Event.to_state) != EnquiryState.DRAFT,
            col(Event.recorded_at) < closes,
        )
        .order_by(col(Event.recorded_at))
        .limit(1)
    )
    return found


def calendars_before(unit: Unit, closes: datetime, default: str) -> Calendars:
    """Return the nations' calendars as they were known just before `closes`; `default` is the service's own nation.

    Unlike a calendar that promises dates, these answer for every day up to `closes`: a day counts as off where it was
    known to be, and that settles it.
    """
    known = {nation: calendar_for(unit, nation, closes - _INSTANT) for nation in Nation}
    return Calendars(
        {
            nation: Calendar(nation, calendar.days_off, known_until=local_date(closes))
            for nation, calendar in known.items()
        },
        Nation(default),
    )
