"""Installing: what reminders stand on (bank holidays, and since when each rule writes), and the warning before it ends."""

from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

from service.actions.planning import replan
from service.actions.remind.planning import recompute_calendar
from service.context import Context
from service.ids import new_id
from service.records import calendars, follow_ups, reminder_settings
from service.records.database import Unit
from service.records.tables import FollowUp
from service.workflows.reminders import CALENDAR_RUNS_OUT, CALENDAR_WARNING_DAYS
from service.working_time import Nation, local_date, opening
from service.working_time.wording import full_date

ADMIN = "admin"


def prepare(unit: Unit, ctx: Context) -> None:
    """Write in bank holidays as far as they are published, let every new rule take effect now, reckon plans that lack a day.

    Safe to repeat: `migrate` does, and a year later that is how the calendar grows.
    """
    gained = calendars.write_library(unit, ctx.now)
    reminder_settings.settings(unit, ctx.now)
    for nation in sorted(gained):
        recompute_calendar(unit, ctx, nation)
    replan(unit, ctx, unreckoned=True)


def ending_calendars(unit: Unit, ctx: Context) -> list[Nation]:
    """Return the nations whose calendar ends within 180 days and whose service leads have not been told of that end."""
    soon = local_date(ctx.now) + timedelta(days=CALENDAR_WARNING_DAYS)
    return [
        nation
        for nation, last in calendars.known_until(unit).items()
        if last <= soon and not follow_ups.is_there(unit, _warning(ctx, nation, last))
    ]


def warn_of(unit: Unit, ctx: Context, nation: Nation) -> bool:
    """Let the next digest warn the service leads of a calendar's end; tell whether this call was the first to see it."""
    last = calendars.known_until(unit)[nation]
    row = _warning(ctx, nation, last)
    if reminder_settings.settings(unit, ctx.now)[CALENDAR_RUNS_OUT].stopped:
        row.status, row.settled_why = "suppressed", "the rule is stopped"
    return follow_ups.add_one(unit, row) and row.status == "sent"


def _warning(ctx: Context, nation: Nation, last: date) -> FollowUp:
    subject = uuid5(NAMESPACE_URL, f"calendar:{nation}")
    due_on = last - timedelta(days=CALENDAR_WARNING_DAYS)
    return FollowUp(
        id=new_id(),
        rule=CALENDAR_RUNS_OUT,
        subject_id=subject,
        anchor_event_id=uuid5(subject, last.isoformat()),
        step=-CALENDAR_WARNING_DAYS,
        addressee=ADMIN,
        anchored_at=ctx.now,
        anchor_on=last,
        due_on=due_on,
        due_at=opening(due_on),
        arithmetic=f"The {nation.label} calendar is known until {full_date(last)}.",
        status="sent",
        settled_at=ctx.now,
        created_at=ctx.now,
    )
