"""Sending: what is due is asked once more whether it is wanted, and queued in the transaction that says so."""

from datetime import timedelta
from uuid import UUID

from service.actions.remind.audiences import meant_by_date
from service.actions.remind.planning import key_of_row, put_off, refresh
from service.actions.remind.writing import leave_to_digest, settle, write
from service.context import Context
from service.records import enquiries, follow_ups, reminder_fates
from service.records.database import Unit
from service.records.reminder_settings import settings
from service.records.tables import Enquiry, FollowUp
from service.workflows.reminders import STAFF_DATE
from service.working_time import local_date


def send_due(unit: Unit, ctx: Context, follow_up_id: UUID) -> bool:
    """Settle one follow-up of an enquiry that is due: queue its mail, put it off, or let it go; False when it was not.

    The enquiry is locked first, so of several workers one finds it due and the others find it settled.
    """
    found = follow_ups.get(unit, follow_up_id)
    if found is None or found.enquiry_id is None:
        return False
    try:
        enquiry = enquiries.lock(unit, found.enquiry_id)
    except LookupError:
        return False  # a draft, discarded a moment ago
    row = follow_ups.locked(unit, follow_up_id)
    if row is None or not _is_due(row, ctx):
        return False
    if row.rule == STAFF_DATE:
        _send_staff_date(unit, ctx, enquiry, row)
        return True
    planned = refresh(unit, ctx, enquiry).get(key_of_row(row))
    if planned is None or not _is_due(row, ctx):
        return True  # no longer wanted, or its day has moved
    if planned.due_on is None:
        # The calendar was cut short behind it: wait for its days to come back.
        put_off(row, local_date(ctx.now) + timedelta(days=1))
    elif _is_newest(unit, ctx, row) and _is_in_effect(unit, ctx, row):
        write(unit, ctx, enquiry, row, planned)
    unit.add(row)
    unit.flush()
    reminder_fates.note(unit, ctx, row)
    return True


def _is_due(row: FollowUp, ctx: Context) -> bool:
    return row.status == "due" and row.due_at <= ctx.now


def _is_newest(unit: Unit, ctx: Context, row: FollowUp) -> bool:
    """Let the newest of a rule's overdue steps stand for them all; tell whether that is `row`."""
    overdue = follow_ups.overdue_siblings(unit, row, ctx.now)
    newest = max(overdue, key=lambda one: (one.deferred_from or one.due_on, one.step, one.id))
    for older in overdue:
        if older.id != newest.id:
            settle(older, ctx, "collapsed", "a newer step stands for it")
            unit.add(older)
            if older.id != row.id:
                reminder_fates.note(unit, ctx, older)
    return newest.id == row.id


def _is_in_effect(unit: Unit, ctx: Context, row: FollowUp) -> bool:
    setting = settings(unit, ctx.now)[row.rule]
    if setting.stopped:
        settle(row, ctx, "suppressed", "the rule is stopped")
    elif row.anchored_at < setting.effective_from:
        settle(row, ctx, "suppressed", "the rule took effect later")
    return row.status == "due"


def _send_staff_date(unit: Unit, ctx: Context, enquiry: Enquiry, row: FollowUp) -> None:
    leave_to_digest(row, ctx, meant_by_date(unit, enquiry, row))
    unit.add(row)
    unit.flush()
    reminder_fates.note(unit, ctx, row)
