"""Installing: what reminders stand on (bank holidays, and since when each rule writes), and the warning before it ends."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from service.actions import telling
from service.actions.remind.audiences import service_leads
from service.actions.remind.planning import recompute_calendar
from service.context import Context
from service.ids import new_id
from service.records import calendars, follow_ups, reminder_settings
from service.records.database import Unit
from service.records.tables import FollowUp
from service.workflows.reminders import CALENDAR_RUNS_OUT, CALENDAR_WARNING_DAYS
from service.working_time import Nation, calendar_runs_out, local_date, opening
from service.working_time.wording import full_date

ADMIN = "admin"


def prepare(unit: Unit, ctx: Context) -> None:
    """Write in bank holidays as far as they are published, and let every rule that is new here take effect now.

    Safe to repeat: `migrate` does, and a year later that is how the calendar grows.
    """
    gained = calendars.write_library(unit, ctx.now)
    reminder_settings.settings(unit, ctx.now)
    for nation in sorted(gained):
        recompute_calendar(unit, ctx, nation)


def watch_calendars(unit: Unit, ctx: Context) -> int:
    """Warn service leads, once for each end, of a calendar that ends within 180 days; return how many were warned of."""
    today, count = local_date(ctx.now), 0
    for nation in Nation:
        calendar = calendars.calendar_for(unit, nation)
        left = calendar_runs_out(calendar, today)
        if left > CALENDAR_WARNING_DAYS:
            continue
        setting = reminder_settings.settings(unit, ctx.now)[CALENDAR_RUNS_OUT]
        subject = uuid5(NAMESPACE_URL, f"calendar:{nation}")
        anchor = uuid5(subject, calendar.known_until.isoformat())
        due_on = calendar.known_until - timedelta(days=CALENDAR_WARNING_DAYS)
        row = FollowUp(
            id=new_id(),
            rule=CALENDAR_RUNS_OUT,
            subject_id=subject,
            anchor_event_id=anchor,
            step=-CALENDAR_WARNING_DAYS,
            addressee=ADMIN,
            anchored_at=ctx.now,
            anchor_on=calendar.known_until,
            due_on=due_on,
            due_at=opening(due_on),
            arithmetic=f"The {nation.label} calendar is known until {full_date(calendar.known_until)}.",
            status="suppressed" if setting.stopped else "sent",
            settled_at=ctx.now,
            created_at=ctx.now,
        )
        # Of several workers the first to insert the row is the one that writes.
        if not follow_ups.add_one(unit, row) or setting.stopped:
            continue
        params: dict[str, object] = {
            "days_left": left,
            "due_on": due_on.isoformat(),
            "arithmetic": row.arithmetic,
            "step": row.step,
        }
        for person in service_leads(unit):
            telling.tell_person(unit, ctx, person, "task_calendar_runs_out", None, params)
        count += 1
    return count
