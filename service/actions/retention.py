"""Retention: destroy what has been kept its time, one enquiry at a time; the anonymous event log stays."""

from datetime import timedelta
from uuid import UUID

from service.actions.audit import audit
from service.actions.feeding import feed_all
from service.context import Context
from service.records import calls, enquiries, events, forgetting, retention
from service.records.database import Unit
from service.records.retention import Kept
from service.records.tables import Person
from service.settings import Settings
from service.workflows.retention import Periods, category, is_due

WHY = "Kept for its time"
AHEAD = timedelta(days=30)
"""How far a list of what is to come looks ahead."""


def periods_of(settings: Settings) -> Periods:
    """Return how long this installation keeps what may be configured."""
    return Periods(
        settings.retain_spam_days,
        settings.retain_people_unfunded_years,
        settings.retain_project_records_years,
        settings.retain_letters_days,
    )


def coming(unit: Unit, ctx: Context, periods: Periods) -> list[Kept]:
    """Return what goes at the next run, what will within the next 30 days, and what is kept beyond its time and why."""
    return retention.until(unit, ctx.now, ctx.now + AHEAD, periods)


def forget_enquiry(unit: Unit, ctx: Context, enquiry_id: UUID, periods: Periods) -> bool:
    """Destroy an enquiry's content if it is due now, and who took part unless they are needed elsewhere; tell whether it was.

    Universities that had its brief are told to delete it. Events stay as they are but for the reasons given in words.
    """
    enquiry = enquiries.lock(unit, enquiry_id)
    case = retention.standing(unit, enquiry)
    if not is_due(case, periods, ctx.now):
        return False
    concerned = forgetting.people_of(unit, enquiry)
    told = calls.ever_recipients(unit, enquiry.id)
    forgetting.empty_enquiry(unit, enquiry, ctx.now, WHY)
    forgotten = 0
    for person_id in sorted(concerned):
        person = unit.get(Person, person_id)
        if person is not None and not forgetting.is_needed(unit, person, ctx.now):
            forgetting.forget_person(unit, person, ctx.now)
            forgotten += 1
    feed_all(unit, ctx, enquiry, told, "redacted", {"everything": True})
    rule = category(case)
    enquiry.version += 1
    unit.add(enquiry)
    events.note(unit, ctx, enquiry, "forget", reason=WHY, data={"rule": rule})
    audit(unit, ctx, "forget", f"enquiry:{enquiry.id}", rule=rule, people=forgotten)
    return True
