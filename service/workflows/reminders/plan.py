"""The plan: every reminder that an enquiry calls for as things stand, each with its day and its arithmetic."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from service.states import ProjectState
from service.workflows.reminders.facts import Postponed, ReminderFacts
from service.workflows.reminders.rule import STAFF_AUDIENCES, Anchor, Audience, Rule, Step
from service.workflows.reminders.rules import RULES
from service.working_time import Calendar, CalendarRanOut, add_working_days, granted_again, local_date
from service.working_time.reckoning import whole_working_days_between
from service.working_time.wording import full_date

Calendars = Mapping[str, Calendar]
"""By nation."""

Pause = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Planned:
    """One reminder to one audience. `due_on` is None while the calendar does not reach that far."""

    rule: str
    anchor: Anchor
    step: Step
    due_on: date | None
    arithmetic: str
    deadline: date | None = None
    """The date the reminder is about."""
    is_frozen: bool = False
    """A hold or a paused project stops it from going out; `due_on` supposes that it ends when it is said to."""


@dataclass(frozen=True, slots=True)
class Promise:
    """The next date by which whoever holds the ball was to act."""

    on: date
    arithmetic: str


def plan(facts: ReminderFacts, calendars: Calendars, rules: Mapping[str, Rule] = RULES) -> list[Planned]:
    """Return what is wanted now, sent or not; `calendars` holds those of every nation that the facts name."""
    return [
        planned
        for rule in rules.values()
        for anchor in rule.anchors(facts)
        if rule.wanted(facts, anchor)
        for planned in _planned(facts, rule, anchor, calendars)
    ]


def promise(facts: ReminderFacts, calendars: Calendars) -> Promise | None:
    """Return the next promised date: a hold's end, else the earliest that whoever holds the ball was given."""
    if facts.on_hold and facts.hold_until:
        return Promise(facts.hold_until, f"It is on hold until {full_date(facts.hold_until)}.")
    found = [
        promised
        for rule in RULES.values()
        if rule.holder == facts.waiting_on
        for anchor in rule.anchors(facts)
        if rule.wanted(facts, anchor) and (promised := _promise(facts, rule, anchor, calendars))
    ]
    return min(found, key=lambda one: one.on, default=None)


def _planned(facts: ReminderFacts, rule: Rule, anchor: Anchor, calendars: Calendars) -> Iterator[Planned]:
    promised = _promise(facts, rule, anchor, calendars)
    deadline = promised.on if promised else anchor.deadline
    for step in rule.steps:
        yield from _step(facts, rule, anchor, step, calendars, deadline)
    yield from _repeated(facts, rule, anchor, calendars, deadline)
    for postponed in facts.postponed:
        if (postponed.rule, postponed.subject_id, postponed.root_id) == (rule.code, anchor.subject_id, anchor.id):
            yield from _again(facts, rule, anchor, postponed, calendars, deadline)


def _step(
    facts: ReminderFacts, rule: Rule, anchor: Anchor, step: Step, calendars: Calendars, deadline: date | None
) -> Iterator[Planned]:
    calendar = calendars[_nation(facts, anchor, step.to)]
    start = anchor.ends_on if step.days < 0 and anchor.ends_on else anchor.on
    frozen = _is_frozen(facts, rule)
    try:
        reckoning = add_working_days(start, step.days, calendar)
        due, arithmetic = reckoning.due, reckoning.sentence()
        if due <= local_date(anchor.at):
            return  # the date was given too late for this one
        if step.days > 0:
            due, arithmetic = _shifted(facts, rule, anchor, due, arithmetic, calendar)
        if frozen:
            due = max(due, calendar.next_working_day(facts.today + timedelta(days=1)))
    except CalendarRanOut as ran_out:
        yield Planned(rule.code, anchor, step, None, str(ran_out), deadline, frozen)
        return
    if step.only is None or step.only(facts, anchor, due):
        yield Planned(rule.code, anchor, step, due, arithmetic, deadline, frozen)


def _repeated(
    facts: ReminderFacts, rule: Rule, anchor: Anchor, calendars: Calendars, deadline: date | None
) -> Iterator[Planned]:
    """The last step again and again, as far as the one that comes next."""
    step = rule.steps[-1]
    while rule.every is not None:
        step = replace(step, days=step.days + rule.every)
        found = list(_step(facts, rule, anchor, step, calendars, deadline))
        yield from found
        if not found or found[0].due_on is None or found[0].due_on > facts.today:
            return


def _again(
    facts: ReminderFacts,
    rule: Rule,
    anchor: Anchor,
    postponed: Postponed,
    calendars: Calendars,
    deadline: date | None,
) -> Iterator[Planned]:
    step = next((one for one in rule.steps if (one.days, one.to) == (postponed.step, postponed.addressee)), None)
    if step is None:
        return
    frozen = _is_frozen(facts, rule)
    calendar = calendars[_nation(facts, anchor, step.to)]
    try:
        due = calendar.next_working_day(postponed.until)
        if frozen:
            due = max(due, calendar.next_working_day(facts.today + timedelta(days=1)))
    except CalendarRanOut:
        return
    asked_on = local_date(postponed.asked_at)
    moved = replace(anchor, id=postponed.follow_up_id, at=postponed.asked_at, on=asked_on)
    arithmetic = f"You asked us on {full_date(asked_on)} to come back on {full_date(postponed.until)}."
    if step.only is None or step.only(facts, anchor, due):
        yield Planned(rule.code, moved, step, due, arithmetic, deadline, frozen)


def _promise(facts: ReminderFacts, rule: Rule, anchor: Anchor, calendars: Calendars) -> Promise | None:
    if anchor.deadline is not None:
        return Promise(anchor.deadline, rule.given.format(day=full_date(anchor.deadline)))
    if rule.promised is None:
        return None
    calendar, days = calendars[facts.enquiry_nation], rule.promised
    try:
        while True:
            reckoning = add_working_days(anchor.on, days, calendar)
            due, arithmetic = _shifted(facts, rule, anchor, reckoning.due, reckoning.sentence(), calendar)
            if rule.every is None or due >= facts.today:
                return Promise(due, arithmetic)
            days += rule.every
    except CalendarRanOut:
        return None


def _shifted(
    facts: ReminderFacts, rule: Rule, anchor: Anchor, due: date, arithmetic: str, calendar: Calendar
) -> tuple[date, str]:
    """Move a due day by the pauses since the anchor: the working days left when each began count again from its end."""
    for began, ran_again in _pauses(facts, rule, anchor):
        stopped = max(began, anchor.on)
        if ran_again <= stopped or due < stopped:
            continue
        left = whole_working_days_between(stopped, due, calendar)
        again = granted_again(due, stopped, ran_again, calendar)
        due = again.due
        days = f"{left} working {'day was' if left == 1 else 'days were'}"
        arithmetic = (
            f"{again.sentence()} The clock stood still from {full_date(stopped)}, when {days} left, until "
            f"{full_date(ran_again)}."
        )
    return due, arithmetic


def _pauses(facts: ReminderFacts, rule: Rule, anchor: Anchor) -> list[Pause]:
    """The days on which this rule's clock stood still, in order and without overlap."""
    found: list[Pause] = []
    if rule.freezes:
        tomorrow = facts.today + timedelta(days=1)
        held_until = max(facts.hold_until or tomorrow, tomorrow)
        found += [
            (local_date(stopped), local_date(ran_again) if ran_again else held_until)
            for stopped, ran_again in facts.pauses
        ]
    found += [
        (local_date(one.asked_at), one.until)
        for one in facts.postponed
        if (one.rule, one.subject_id, one.root_id) == (rule.code, anchor.subject_id, anchor.id)
    ]
    merged: list[Pause] = []
    for stopped, ran_again in sorted(found):
        if merged and stopped <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ran_again))
        else:
            merged.append((stopped, ran_again))
    return merged


def _is_frozen(facts: ReminderFacts, rule: Rule) -> bool:
    paused = facts.project is not None and facts.project.state == ProjectState.PAUSED
    return (rule.freezes and facts.on_hold) or (rule.pauses_with_project and paused)


def _nation(facts: ReminderFacts, anchor: Anchor, audience: Audience) -> str:
    if audience in STAFF_AUDIENCES:
        return facts.staff_nation
    if audience == Audience.ENQUIRER or anchor.organisation_id is None:
        return facts.enquiry_nation
    return facts.nations.get(anchor.organisation_id, facts.staff_nation)
