"""Calendars: a day off proclaimed, or taken back. Open due dates are counted again in the same transaction."""

from datetime import date
from uuid import UUID

from service.actions import remind
from service.actions.audit import audit
from service.context import Context
from service.errors import conflict, not_found
from service.records import calendars, events
from service.records.database import Unit
from service.records.tables import CalendarDay


def add_day(unit: Unit, ctx: Context, nation: str, day: date, name: str) -> CalendarDay:
    """Make `day` a day off in a nation and return its row. Raises Problem 409 when it is one already."""
    if calendars.standing(unit, nation, day) is not None:
        raise conflict("This day is a day off already.")
    row = CalendarDay(nation=nation, day=day, name=name, source=calendars.ADMINISTRATOR, recorded_at=ctx.now)
    unit.add(row)
    unit.flush()
    audit(unit, ctx, "create", f"calendar_day:{row.id}", nation=nation, day=day)
    remind.recompute_calendar(unit, ctx, nation)
    row.recorded_at = events.recording_instant(unit, ctx.now)
    return row


def remove_day(unit: Unit, ctx: Context, day_id: UUID) -> CalendarDay:
    """Take a day off back and return its row, which stays: what was counted over it does not move.

    Raises Problem 404 for an unknown row; taking one back twice changes nothing.
    """
    row = calendars.by_id(unit, day_id)
    if row is None:
        raise not_found("calendar day")
    if row.removed_at is None:
        row.removed_at = ctx.now
        unit.add(row)
        unit.flush()
        audit(unit, ctx, "remove", f"calendar_day:{row.id}", nation=row.nation, day=row.day)
        remind.recompute_calendar(unit, ctx, row.nation)
        row.removed_at = events.recording_instant(unit, ctx.now)
    return row
