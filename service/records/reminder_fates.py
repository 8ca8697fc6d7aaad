"""What became of reminders: written when one is settled, and counted."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlmodel import col, func

from service.context import Context
from service.records import events
from service.records.database import Unit
from service.records.tables import FollowUp, ReminderFate
from service.throughput.internal import fate_of
from service.throughput.periods import Period, month_number
from service.working_time import local_date


def note(unit: Unit, ctx: Context, row: FollowUp) -> None:
    """Write down what became of a follow-up that was just settled; of one still to come, nothing.

    Takes the event counter's lock, so ask for it after every other lock.
    """
    today = local_date(ctx.now)
    fate = fate_of(
        row.status,
        days_late=(today - row.due_on).days,
        was_put_off=row.deferred_from is not None,
        by_person=row.settled_by_id is not None,
    )
    if fate is None:
        return
    recorded_at = events.recording_instant(unit, ctx.now)
    unit.add(
        ReminderFate(
            follow_up_id=row.id,
            recorded_at=recorded_at,
            month=month_number(local_date(recorded_at)),
            rule=row.rule,
            fate=fate,
        )
    )


def counts(unit: Unit, period: Period) -> Mapping[tuple[str, str], int]:
    """Return how often each fate befell each rule's reminders in a period, up to its as_of."""
    start, end = month_number(period.start), min(month_number(period.end), month_number(period.as_of) + 1)
    rows = unit.connection().execute(
        select(col(ReminderFate.rule), col(ReminderFate.fate), func.count())
        .where(col(ReminderFate.month) >= start, col(ReminderFate.month) < end)
        .group_by(col(ReminderFate.rule), col(ReminderFate.fate))
    )
    return {(rule, fate): count for rule, fate, count in rows}
