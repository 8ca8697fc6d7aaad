"""Sending: what is due is asked once more whether it is wanted, and queued in the transaction that says so."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from service.actions import telling
from service.actions.feeding import brief_title
from service.actions.remind.audiences import enquirer_or_successor, owner_or_team, people_meant
from service.actions.remind.planning import key_of_row, put_off, refresh
from service.context import Context
from service.records import briefs, enquiries, follow_ups, outbox, people
from service.records.calendars import calendar_for
from service.records.database import Unit
from service.records.reminder_settings import settings
from service.records.tables import Enquiry, FollowUp, Organisation, Person
from service.states import EnquiryState
from service.workflows.reminders import ENQUIRER_KINDS, STAFF_DATE, Audience, Planned
from service.working_time import CalendarRanOut, local_date

WEEK_DAYS = 7
"""An enquirer gets at most one reminder in so many days (DOMAIN.md section 5)."""
_PAGES = {"satisfaction": "/satisfaction", "outcome": "/outcome"}
"""Where under an enquirer's page a rule's question is answered, when not on the page itself."""
_PARTNERS = frozenset({Audience.CONTACTS, Audience.LEAD})


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
        _send(unit, ctx, enquiry, row, planned)
    unit.add(row)
    unit.flush()
    return True


def _is_due(row: FollowUp, ctx: Context) -> bool:
    return row.status == "due" and row.due_at <= ctx.now


def _is_newest(unit: Unit, ctx: Context, row: FollowUp) -> bool:
    """Let the newest of a rule's overdue steps stand for them all; tell whether that is `row`."""
    overdue = follow_ups.overdue_siblings(unit, row, ctx.now)
    newest = max(overdue, key=lambda one: (one.deferred_from or one.due_on, one.step, one.id))
    for older in overdue:
        if older.id != newest.id:
            _settle(older, ctx, "collapsed", "a newer step stands for it")
            unit.add(older)
    return newest.id == row.id


def _is_in_effect(unit: Unit, ctx: Context, row: FollowUp) -> bool:
    setting = settings(unit, ctx.now)[row.rule]
    if setting.stopped:
        _settle(row, ctx, "suppressed", "the rule is stopped")
    elif row.anchored_at < setting.effective_from:
        _settle(row, ctx, "suppressed", "the rule took effect later")
    return row.status == "due"


def _send(unit: Unit, ctx: Context, enquiry: Enquiry, row: FollowUp, planned: Planned) -> None:
    if planned.step.to == Audience.ENQUIRER:
        if enquiry.state == EnquiryState.DRAFT:
            _send_to_draft(unit, ctx, enquiry, row, planned)
        else:
            _send_to_enquirer(unit, ctx, enquiry, row, planned)
        return
    anchor = replace(planned.anchor, organisation_id=row.organisation_id)
    params = _params(row, planned)
    if planned.step.to in _PARTNERS:
        version = briefs.published(unit, enquiry.id)
        params["brief_title"] = brief_title(version) if version else None
    _write(unit, ctx, enquiry, row, planned, people_meant(unit, enquiry, planned.step.to, anchor), params)


def _send_to_enquirer(unit: Unit, ctx: Context, enquiry: Enquiry, row: FollowUp, planned: Planned) -> None:
    found = enquirer_or_successor(unit, enquiry)
    person = follow_ups.locked_person(unit, found.id) if found else None
    if person is None:
        _settle(row, ctx, "suppressed", "there is no address to write to")
        return
    if person.reminders_stopped_at is not None:
        _settle(row, ctx, "suppressed", "they asked us not to remind them")
        return
    if person.confirmed_at is None:
        _wait(unit, ctx, enquiry, row, local_date(ctx.now) + timedelta(days=1))
        return
    last = person.last_reminded_at
    if person.created_at > ctx.now - timedelta(days=2 * WEEK_DAYS) and person.email:
        drafted = follow_ups.last_written(unit, person.email, ENQUIRER_KINDS)
        last = max((one for one in (last, drafted) if one), default=None)
    if last is not None and (again := local_date(last) + timedelta(days=WEEK_DAYS)) > local_date(ctx.now):
        _wait(unit, ctx, enquiry, row, again)
        return
    params = _params(row, planned) | {
        "path": telling.page_of(enquiry) + _PAGES.get(row.rule, ""),
        "later_path": f"{telling.page_of(enquiry)}/later/{row.id}",
    }
    _write(unit, ctx, enquiry, row, planned, [person], params)
    person.last_reminded_at = ctx.now
    unit.add(person)


def _send_to_draft(unit: Unit, ctx: Context, draft: Enquiry, row: FollowUp, planned: Planned) -> None:
    address = draft.form_email
    if not address:
        _settle(row, ctx, "suppressed", "there is no address to write to")
        return
    known = people.by_email(unit, address)
    person = follow_ups.locked_person(unit, known.id) if known else None
    if person is not None and person.reminders_stopped_at is not None:
        _settle(row, ctx, "suppressed", "they asked us not to remind them")
        return
    told = (person.last_reminded_at if person else None, follow_ups.last_written(unit, address, ENQUIRER_KINDS))
    last = max((one for one in told if one), default=None)
    if last is not None and (again := local_date(last) + timedelta(days=WEEK_DAYS)) > local_date(ctx.now):
        _wait(unit, ctx, draft, row, again)
        return
    message = outbox.queue(
        unit,
        ctx,
        kind=planned.step.kind,
        to_address=address,
        to_name=draft.form_name or "",
        to_person_id=person.id if person else None,
        params=_params(row, planned) | {"draft_id": str(draft.id), "title": telling.title_of(draft)},
        enquiry_id=draft.id,
    )
    row.outbox_id = message.id
    _settle(row, ctx, "sent", None)
    if person is not None:
        person.last_reminded_at = ctx.now
        unit.add(person)


def _send_staff_date(unit: Unit, ctx: Context, enquiry: Enquiry, row: FollowUp) -> None:
    chosen = unit.get(Person, row.set_by_id) if row.set_by_id else None
    meant = [chosen] if chosen is not None and chosen.email else owner_or_team(unit, enquiry)
    params: dict[str, object] = {
        "note": row.note or "",
        "due_on": row.due_on.isoformat(),
        "arithmetic": None,
        "step": 0,
    }
    sent = [telling.tell_person(unit, ctx, person, STAFF_DATE, enquiry, params) for person in meant]
    row.outbox_id = next((one for one in sent if one), None)
    _settle(
        row, ctx, "sent" if row.outbox_id else "suppressed", None if row.outbox_id else "there is nobody to write to"
    )
    unit.add(row)
    unit.flush()


def _write(
    unit: Unit,
    ctx: Context,
    enquiry: Enquiry,
    row: FollowUp,
    planned: Planned,
    meant: list[Person],
    params: dict[str, object],
) -> None:
    sent = [telling.tell_person(unit, ctx, person, planned.step.kind, enquiry, params) for person in meant]
    row.outbox_id = next((one for one in sent if one), None)
    if row.outbox_id is None:
        _settle(row, ctx, "suppressed", "there is nobody to write to")
    else:
        _settle(row, ctx, "sent", None)


def _params(row: FollowUp, planned: Planned) -> dict[str, object]:
    """Return what every reminder says: its day, why that day, the step, and the date it is about."""
    return {
        "due_on": row.due_on.isoformat(),
        "arithmetic": row.arithmetic,
        "step": row.step,
        "deadline": planned.deadline.isoformat() if planned.deadline else None,
        **dict(planned.anchor.told),
    }


def _wait(unit: Unit, ctx: Context, enquiry: Enquiry, row: FollowUp, until: date) -> None:
    """Put a reminder off until a day, or the enquirer's next working day after it."""
    organisation = unit.get(Organisation, enquiry.organisation_id) if enquiry.organisation_id else None
    calendar = calendar_for(unit, organisation.nation if organisation else ctx.nation)
    try:
        put_off(row, calendar.next_working_day(until))
    except CalendarRanOut:
        put_off(row, until)


def _settle(row: FollowUp, ctx: Context, status: str, why: str | None) -> None:
    row.status, row.settled_at, row.settled_why = status, ctx.now, why
