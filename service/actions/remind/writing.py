"""Writing: how a reminder reaches each audience, and when an enquirer has to be left in peace for a while."""

from datetime import date, datetime, timedelta

from service.actions import telling
from service.actions.remind.audiences import enquirer_or_successor, people_meant
from service.actions.remind.planning import put_off
from service.context import Context
from service.records import follow_ups, outbox, partner_page, people
from service.records.calendars import calendar_for
from service.records.database import Unit
from service.records.tables import Enquiry, FollowUp, Organisation, Person
from service.states import EnquiryState
from service.workflows.reminders import ENQUIRER_KINDS, Audience, Planned
from service.workflows.reminders.rule import STAFF_AUDIENCES
from service.working_time import CalendarRanOut, local_date

WEEK_DAYS = 7
"""An enquirer gets at most one reminder in so many days (DOMAIN.md section 5)."""
_PAGES = {"satisfaction": "/satisfaction", "outcome": "/outcome"}
"""Where under an enquirer's page a rule's question is answered, when not on the page itself."""


def write(unit: Unit, ctx: Context, enquiry: Enquiry, row: FollowUp, planned: Planned) -> None:
    """Queue what a reminder says to whom it is for, and settle its row: sent, put off, or suppressed with the reason.

    What is for the team is only settled: the digest tells it.
    """
    if planned.step.to == Audience.ENQUIRER:
        if enquiry.state == EnquiryState.DRAFT:
            _send_to_draft(unit, ctx, enquiry, row, planned)
        else:
            _send_to_enquirer(unit, ctx, enquiry, row, planned)
        return
    meant = people_meant(unit, enquiry, planned.step.to, planned.anchor)
    if planned.step.to in STAFF_AUDIENCES:
        leave_to_digest(row, ctx, meant)
    else:
        _write(unit, ctx, enquiry, row, planned, meant, said_of(row, planned) | telling.named_brief(unit, enquiry))


def leave_to_digest(row: FollowUp, ctx: Context, meant: list[Person]) -> None:
    """Settle a reminder to the team: it came due, and the next digest tells it to these people."""
    settle(row, ctx, "sent" if meant else "suppressed", None if meant else "there is nobody to write to")


def _send_to_enquirer(unit: Unit, ctx: Context, enquiry: Enquiry, row: FollowUp, planned: Planned) -> None:
    found = enquirer_or_successor(unit, enquiry)
    person = follow_ups.locked_person(unit, found.id) if found else None
    if person is None:
        settle(row, ctx, "suppressed", "there is no address to write to")
        return
    if person.reminders_stopped_at is not None:
        settle(row, ctx, "suppressed", "they asked us not to remind them")
        return
    if person.confirmed_at is None:
        _wait(unit, ctx, enquiry, row, local_date(ctx.now) + timedelta(days=1))
        return
    # Somebody new may have been reminded of an unsent form before we knew them.
    is_new = person.created_at > ctx.now - timedelta(days=2 * WEEK_DAYS)
    drafted = follow_ups.last_written(unit, person.email, ENQUIRER_KINDS) if is_new and person.email else None
    if again := _too_soon(ctx, person.last_reminded_at, drafted):
        _wait(unit, ctx, enquiry, row, again)
        return
    params = said_of(row, planned) | telling.named_brief(unit, enquiry)
    params |= {
        "path": telling.page_of(enquiry) + _PAGES.get(row.rule, ""),
        "later_path": f"{telling.page_of(enquiry)}/later/{row.id}",
    }
    _write(unit, ctx, enquiry, row, planned, [person], params)
    person.last_reminded_at = ctx.now
    unit.add(person)


def _send_to_draft(unit: Unit, ctx: Context, draft: Enquiry, row: FollowUp, planned: Planned) -> None:
    address = draft.form_email
    if not address:
        settle(row, ctx, "suppressed", "there is no address to write to")
        return
    known = people.by_email(unit, address)
    person = follow_ups.locked_person(unit, known.id) if known else None
    if person is not None and person.reminders_stopped_at is not None:
        settle(row, ctx, "suppressed", "they asked us not to remind them")
        return
    drafted = follow_ups.last_written(unit, address, ENQUIRER_KINDS)
    if again := _too_soon(ctx, person.last_reminded_at if person else None, drafted):
        _wait(unit, ctx, draft, row, again)
        return
    message = outbox.queue(
        unit,
        ctx,
        kind=planned.step.kind,
        to_address=address,
        to_name=draft.form_name or "",
        to_person_id=person.id if person else None,
        params=said_of(row, planned) | {"draft_id": str(draft.id), "title": telling.title_of(draft)},
        enquiry_id=draft.id,
    )
    row.outbox_id = message.id
    settle(row, ctx, "sent", None)
    if person is not None:
        person.last_reminded_at = ctx.now
        unit.add(person)


def _write(
    unit: Unit,
    ctx: Context,
    enquiry: Enquiry,
    row: FollowUp,
    planned: Planned,
    meant: list[Person],
    params: dict[str, object],
) -> None:
    sent = [
        telling.tell_person(
            unit, ctx, person, planned.step.kind, enquiry, {"path": _page_for(unit, enquiry, planned, person)} | params
        )
        for person in meant
    ]
    row.outbox_id = next((one for one in sent if one), None)
    if row.outbox_id is None:
        settle(row, ctx, "suppressed", "there is nobody to write to")
    else:
        settle(row, ctx, "sent", None)


def _page_for(unit: Unit, enquiry: Enquiry, planned: Planned, person: Person) -> str:
    """Return where a reminder is acted on: a lead's own page, or the university's page of the project or the brief."""
    if planned.step.to == Audience.LEAD and person.id == planned.anchor.lead_person_id:
        interest_id = partner_page.interest_in_hand(unit, enquiry.id, person.id)
        if interest_id is not None:
            return telling.work_page_of(interest_id)
    organisation_id = planned.anchor.organisation_id or person.organisation_id
    return telling.university_page_of(unit, enquiry, organisation_id)


def said_of(row: FollowUp, planned: Planned) -> dict[str, object]:
    """Return what every reminder says: its day, why that day, the step, and the date it is about."""
    return {
        "due_on": row.due_on.isoformat(),
        "arithmetic": row.arithmetic,
        "step": row.step,
        "deadline": planned.deadline.isoformat() if planned.deadline else None,
        **dict(planned.anchor.told),
    }


def _too_soon(ctx: Context, *reminded: datetime | None) -> date | None:
    """Return the day on which somebody may be reminded again, or None when that may be today."""
    last = max((one for one in reminded if one is not None), default=None)
    again = local_date(last) + timedelta(days=WEEK_DAYS) if last else None
    return again if again and again > local_date(ctx.now) else None


def _wait(unit: Unit, ctx: Context, enquiry: Enquiry, row: FollowUp, until: date) -> None:
    """Put a reminder off until a day, or the enquirer's next working day after it."""
    organisation = unit.get(Organisation, enquiry.organisation_id) if enquiry.organisation_id else None
    calendar = calendar_for(unit, organisation.nation if organisation else ctx.nation)
    try:
        put_off(row, calendar.next_working_day(until))
    except CalendarRanOut:
        put_off(row, until)


def settle(row: FollowUp, ctx: Context, status: str, why: str | None) -> None:
    """Note what became of a follow-up, and why where it was not sent."""
    row.status, row.settled_at, row.settled_why = status, ctx.now, why
