"""Planning: what the facts call for is compared with the rows there are; dates move, stopped ones go, new ones come.

The same comparison serves every occasion (an event, a reply, a hold, a changed calendar): rows that were settled are
never made again, so it may be repeated at will.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from service.actions.planning import set_latest_days
from service.context import Context
from service.ids import new_id
from service.records import follow_ups, reminder_fates
from service.records.calendars import calendars
from service.records.database import Unit
from service.records.reminder_facts import Gathered
from service.records.reminder_settings import settings
from service.records.tables import Enquiry, Entry, Event, FollowUp, ReminderSetting
from service.states import EnquiryState
from service.workflows.reminders import Planned, plan, promise
from service.working_time import local_date, opening
from service.working_time.wording import full_date

Key = tuple[str, UUID, UUID, int, str]
"""Rule, subject, anchor, step and addressee: what makes a reminder the same one."""

_AT_ONCE = 200


def schedule(unit: Unit, ctx: Context, enquiry: Enquiry, event: Event) -> None:  # noqa: ARG001 - which it was the log tells; asking for it says when to call
    """Plan what an event that was just recorded starts, and stop what it ends."""
    refresh(unit, ctx, enquiry)


def entry_recorded(unit: Unit, ctx: Context, enquiry: Enquiry, entry: Entry) -> None:
    """Let a real word of the conversation stop or re-anchor what waits for it. An automatic one changes nothing."""
    if not entry.automatic:
        refresh(unit, ctx, enquiry)


def draft_saved(unit: Unit, ctx: Context, draft: Enquiry) -> None:
    """Plan the nudges of an unsent form that says where to write to; each day of writing starts them anew."""
    if draft.state == EnquiryState.DRAFT and draft.form_email:
        refresh(unit, ctx, draft)


def recompute(unit: Unit, ctx: Context, enquiry: Enquiry) -> None:
    """Work every open date of an enquiry out again, after a hold began, was renewed or ended."""
    refresh(unit, ctx, enquiry)


def recompute_calendar(unit: Unit, ctx: Context, nation: str) -> int:
    """Work every open date out again after a nation's days off changed; return how many enquiries were looked at.

    Enquiries are locked in id order, as everywhere. The service's own nation concerns them all.
    """
    count, after = 0, None
    elsewhere = None if nation == ctx.nation else nation
    while ids := follow_ups.in_work(unit, after, _AT_ONCE, nation=elsewhere):
        refresh(unit, ctx, *follow_ups.locked_enquiries(unit, ids))
        count, after = count + len(ids), ids[-1]
    return count


def refresh(unit: Unit, ctx: Context, *enquiries: Enquiry) -> dict[Key, Planned]:
    """Bring the follow-ups, the promised date and the latest safe day of these enquiries, locked by the caller, up to the facts.

    Returns what is wanted of them now, sent or not.
    """
    unit.flush()
    gathered = Gathered(unit, ctx, enquiries)
    facts = {enquiry.id: gathered.facts(enquiry) for enquiry in enquiries}
    known = calendars(unit, gathered.nations(facts.values()))
    rules = settings(unit, ctx.now)
    everything: dict[Key, Planned] = {}
    for enquiry in enquiries:
        wanted = {key_of(planned): planned for planned in plan(facts[enquiry.id], known)}
        _reconcile(unit, ctx, enquiry, wanted, gathered.follow_ups.get(enquiry.id, []), rules)
        promised = promise(facts[enquiry.id], known)
        enquiry.due_on = promised.on if promised else None
        enquiry.due_arithmetic = promised.arithmetic if promised else None
        unit.add(enquiry)
        everything |= wanted
    set_latest_days(unit, ctx, enquiries, known)
    unit.flush()
    return everything


def wanted(unit: Unit, ctx: Context, enquiries: Sequence[Enquiry]) -> dict[Key, Planned]:
    """Return what is wanted of these enquiries now, sent or not, and change nothing."""
    gathered = Gathered(unit, ctx, enquiries)
    facts = [gathered.facts(enquiry) for enquiry in enquiries]
    known = calendars(unit, gathered.nations(facts))
    return {key_of(planned): planned for each in facts for planned in plan(each, known)}


def key_of(planned: Planned) -> Key:
    """Return what makes a planned reminder the same one as a row."""
    return (planned.rule, planned.anchor.subject_id, planned.anchor.id, planned.step.days, str(planned.step.to))


def key_of_row(row: FollowUp) -> Key:
    """Return what makes a row the same reminder as a planned one."""
    return (row.rule, row.subject_id, row.anchor_event_id, row.step, row.addressee)


def put_off(row: FollowUp, until: date) -> None:
    """Let a follow-up wait until a day, and remember when it was due first."""
    row.deferred_from = row.deferred_from or row.due_on
    row.not_before = until
    _set_due(row, until)


def _reconcile(
    unit: Unit,
    ctx: Context,
    enquiry: Enquiry,
    wanted: Mapping[Key, Planned],
    rows: list[FollowUp],
    rules: Mapping[str, ReminderSetting],
) -> None:
    today = local_date(ctx.now)
    there = {key_of_row(row): row for row in rows if not follow_ups.standing_by_themselves(row)}
    new = []
    for key, planned in wanted.items():
        row = there.pop(key, None)
        if planned.due_on is None:
            continue  # the calendar does not reach there yet; loading it asks again
        if row is None:
            # A day that has come by the time something is first wanted was not missed, it does not apply.
            if planned.due_on > today and planned.anchor.at >= rules[planned.rule].effective_from:
                new.append(_row(ctx, enquiry, planned, planned.due_on))
        elif row.status == "due" or (_stopped_by_itself(row) and planned.due_on > today):
            _move(row, planned, planned.due_on)
            unit.add(row)
    for row in there.values():
        if row.status == "due":
            row.status, row.settled_at, row.settled_why = "cancelled", ctx.now, "no longer wanted"
            unit.add(row)
            reminder_fates.note(unit, ctx, row)
    follow_ups.add_missing(unit, new)


def _row(ctx: Context, enquiry: Enquiry, planned: Planned, due_on: date) -> FollowUp:
    anchor = planned.anchor
    return FollowUp(
        id=new_id(),
        rule=planned.rule,
        subject_id=anchor.subject_id,
        anchor_event_id=anchor.id,
        step=planned.step.days,
        addressee=planned.step.to,
        enquiry_id=enquiry.id,
        project_id=anchor.project_id,
        organisation_id=anchor.organisation_id,
        anchored_at=anchor.at,
        anchor_on=anchor.on,
        due_on=due_on,
        due_at=opening(due_on),
        arithmetic=planned.arithmetic,
        created_at=ctx.now,
    )


def _move(row: FollowUp, planned: Planned, due_on: date) -> None:
    """Give a row its date as the facts have it now; one that was stopped by mistake stands again."""
    row.status, row.settled_at, row.settled_why = "due", None, None
    row.organisation_id, row.project_id = planned.anchor.organisation_id, planned.anchor.project_id
    row.arithmetic = planned.arithmetic
    if row.not_before is not None and row.not_before > due_on:
        row.deferred_from = due_on
        row.arithmetic = f"{planned.arithmetic} It was put off until {full_date(row.not_before)}."
        _set_due(row, row.not_before)
    else:
        row.deferred_from = None
        _set_due(row, due_on)


def _set_due(row: FollowUp, day: date) -> None:
    row.due_on, row.due_at = day, opening(day)


def _stopped_by_itself(row: FollowUp) -> bool:
    return row.status == "cancelled" and row.settled_by_id is None
