"""Rehearsing: whom a rule would write to, before it is let loose; and from when on it does."""

from dataclasses import dataclass
from datetime import date, datetime

from service.actions.audit import audit
from service.actions.remind.audiences import people_meant
from service.context import Context
from service.errors import not_found
from service.records import follow_ups
from service.records.calendars import calendars
from service.records.database import Unit
from service.records.reminder_facts import Gathered
from service.records.reminder_settings import settings
from service.records.tables import Enquiry, ReminderSetting
from service.states import EnquiryState
from service.workflows.reminders import CODES, RULES, Audience, Planned, plan
from service.working_time import local_date

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One message that a rule would send: to whom, about which enquiry, on which day."""

    addressee: str
    reference: str | None
    due_on: date


def dry_run(unit: Unit, ctx: Context, rule: str) -> list[Rehearsed]:
    """Return what a rule would send from now on if it counted everything that ever happened, and write nothing.

    What went out before is left out, and of several steps overdue only the newest is told, as an outage would end.
    Raises Problem 404 for a rule that is not there, or hangs on dates alone.
    """
    if rule not in RULES:
        raise not_found("reminder rule")
    everybody = follow_ups.rehearsed(unit, closed_too=RULES[rule].outlasts)
    found: list[Rehearsed] = []
    for start in range(0, len(everybody), _AT_ONCE):
        some = everybody[start : start + _AT_ONCE]
        gathered = Gathered(unit, ctx, some)
        facts = {enquiry.id: gathered.facts(enquiry) for enquiry in some}
        known = calendars(unit, gathered.nations(facts.values()))
        for enquiry in some:
            wanted = plan(facts[enquiry.id], known, {rule: RULES[rule]})
            settled = {
                (row.subject_id, row.anchor_event_id, row.step, row.addressee)
                for row in gathered.follow_ups.get(enquiry.id, [])
                if row.rule == rule and row.status != "due"
            }
            open_now = [
                planned
                for planned in wanted
                if (planned.anchor.subject_id, planned.anchor.id, planned.step.days, planned.step.to) not in settled
            ]
            for planned, due_on in _newest_overdue(open_now, local_date(ctx.now)):
                found += [
                    Rehearsed(address, enquiry.reference, due_on) for address in _addresses(unit, enquiry, planned)
                ]
    return sorted(found, key=lambda one: (one.due_on, one.reference or "", one.addressee))


def take_effect_from(unit: Unit, ctx: Context, rule: str, at: datetime, *, stopped: bool = False) -> ReminderSetting:
    """Let a rule write about what happens from `at` on, or stop it, audited. Raises Problem 404 for no such rule."""
    if rule not in CODES:
        raise not_found("reminder rule")
    setting = settings(unit, ctx.now)[rule]
    setting.effective_from, setting.stopped = at, stopped
    unit.add(setting)
    unit.flush()
    audit(unit, ctx, "change", f"reminder_rule:{rule}", effective_from=at.isoformat(), stopped=stopped)
    return setting


def _newest_overdue(wanted: list[Planned], today: date) -> list[tuple[Planned, date]]:
    dated = [(planned, planned.due_on) for planned in wanted if planned.due_on is not None]
    ahead = [(planned, due_on) for planned, due_on in dated if due_on > today]
    overdue: dict[tuple[object, ...], tuple[Planned, date]] = {}
    for planned, due_on in sorted(dated, key=lambda one: (one[1], one[0].step.days)):
        if due_on <= today:
            overdue[planned.anchor.subject_id, planned.step.to] = (planned, today)
    return [*overdue.values(), *ahead]


def _addresses(unit: Unit, enquiry: Enquiry, planned: Planned) -> list[str]:
    if enquiry.state == EnquiryState.DRAFT and planned.step.to == Audience.ENQUIRER:
        return [enquiry.form_email] if enquiry.form_email else []
    meant = people_meant(unit, enquiry, planned.step.to, planned.anchor)
    return [person.email for person in meant if person.email]
