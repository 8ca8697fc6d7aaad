"""Choices people make about reminders: a date of one's own, no more of this one, ask me later."""

from datetime import date, timedelta
from uuid import UUID

from service.actions.audit import audit
from service.actions.remind.planning import put_off, refresh
from service.context import Context
from service.errors import conflict, invalid, not_found
from service.ids import new_id
from service.records import enquiries, follow_ups, reminder_fates
from service.records.database import Unit
from service.records.tables import Enquiry, FollowUp
from service.workflows.reminders import STAFF_DATE, Audience
from service.working_time import local_date, opening
from service.working_time.wording import full_date

LONGEST_WAIT = timedelta(days=366)


def set_staff_date(unit: Unit, ctx: Context, enquiry: Enquiry, on: date, note: str) -> FollowUp:
    """Remind whoever acts of an enquiry on a day they choose, and return the follow-up.

    It goes out on that very day; neither a reply nor a hold moves it. Raises Problem 422 for a day that is not ahead.
    """
    enquiries.lock(unit, enquiry.id)
    if on <= local_date(ctx.now):
        raise invalid("on", "Choose a day after today.")
    if not note.strip():
        raise invalid("note", "Say what to remind you of.")
    row = FollowUp(
        rule=STAFF_DATE,
        subject_id=enquiry.id,
        anchor_event_id=new_id(),
        step=0,
        addressee=str(ctx.actor.person_id) if ctx.actor.person_id else Audience.OWNER,
        enquiry_id=enquiry.id,
        anchored_at=ctx.now,
        anchor_on=on,
        due_on=on,
        due_at=opening(on),
        arithmetic=f"{full_date(on)} is the day you chose.",
        note=note.strip(),
        set_by_id=ctx.actor.person_id,
        created_at=ctx.now,
    )
    unit.add(row)
    unit.flush()
    return row


def cancel(unit: Unit, ctx: Context, follow_up_id: UUID) -> FollowUp:
    """Let a follow-up go for good, audited, and return it. Raises Problem 404 for none such, 409 once it is settled."""
    row = _locked(unit, follow_up_id)
    if row.status != "due":
        raise conflict(f"Only a follow-up that is still to come can be cancelled. This one is {row.status}.")
    row.status, row.settled_at, row.settled_why = "cancelled", ctx.now, "cancelled by a manager"
    row.settled_by_id = ctx.actor.person_id
    unit.add(row)
    unit.flush()
    reminder_fates.note(unit, ctx, row)
    audit(unit, ctx, "cancel", f"follow_up:{row.id}", rule=row.rule, due_on=row.due_on.isoformat())
    return row


def finish(unit: Unit, ctx: Context, follow_up_id: UUID) -> FollowUp:
    """Mark a date that somebody of the team set as done, audited, and return it; one done before is left as it is.

    Raises Problem 404 for none such, 409 while its day is still to come.
    """
    row = _locked(unit, follow_up_id)
    if row.rule != STAFF_DATE:
        raise not_found("date")
    if row.due_on > local_date(ctx.now):
        raise conflict("This day is still to come. Cancel the date if it is no longer wanted.")
    if row.settled_by_id is None and row.status in {"due", "sent"}:
        was_due, row.status = row.status == "due", "sent"
        row.settled_at, row.settled_why, row.settled_by_id = row.settled_at or ctx.now, "done", ctx.actor.person_id
        unit.add(row)
        unit.flush()
        if was_due:
            reminder_fates.note(unit, ctx, row)
        audit(unit, ctx, "finish", f"follow_up:{row.id}", due_on=row.due_on.isoformat())
    return row


def ask_me_later(unit: Unit, ctx: Context, follow_up_id: UUID, until: date) -> FollowUp:
    """Send an enquirer's reminder again on a later day and let its rule's clock stand still until then.

    Asking again moves the same one. Returns the follow-up that will come. Raises Problem 404 for one that is not an
    enquirer's, 422 for a day that is not ahead or too far, 409 when there is nothing left to be reminded of.
    """
    row = _locked(unit, follow_up_id)
    if row.enquiry_id is None or row.addressee != Audience.ENQUIRER:
        raise not_found("reminder")
    today = local_date(ctx.now)
    if until <= today:
        raise invalid("until", "Choose a day after today.")
    if until > today + LONGEST_WAIT:
        raise invalid("until", "Choose a day within the next year.")
    enquiry = enquiries.lock(unit, row.enquiry_id)
    row = _last_in_line(unit, row)
    if row.status == "sent":
        row = _once_more(unit, ctx, row, until)
    elif row.status == "due":
        put_off(row, until)
    unit.add(row)
    enquiry.enquirer_active_at = ctx.now
    refresh(unit, ctx, enquiry)
    if row.status != "due":
        raise conflict("There is nothing left to remind you of.")
    return row


def _locked(unit: Unit, follow_up_id: UUID) -> FollowUp:
    found = follow_ups.get(unit, follow_up_id)
    if found is None:
        raise not_found("follow-up")
    if found.enquiry_id is not None:
        enquiries.lock(unit, found.enquiry_id)
    row = follow_ups.locked(unit, follow_up_id)
    if row is None:
        raise not_found("follow-up")
    return row


def _last_in_line(unit: Unit, row: FollowUp) -> FollowUp:
    """Return the newest reminder that stands for this one."""
    rows = follow_ups.of_enquiries(unit, [row.enquiry_id] if row.enquiry_id else [])
    while following := next((one for one in rows if one.anchor_event_id == row.id), None):
        row = following
    return row


def _once_more(unit: Unit, ctx: Context, row: FollowUp, until: date) -> FollowUp:
    again = FollowUp(
        rule=row.rule,
        subject_id=row.subject_id,
        anchor_event_id=row.id,
        step=row.step,
        addressee=row.addressee,
        enquiry_id=row.enquiry_id,
        project_id=row.project_id,
        organisation_id=row.organisation_id,
        anchored_at=ctx.now,
        anchor_on=local_date(ctx.now),
        due_on=until,
        due_at=opening(until),
        not_before=until,
        created_at=ctx.now,
    )
    unit.add(again)
    unit.flush()
    return again
