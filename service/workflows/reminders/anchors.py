"""What reminders hang on: the event that started a clock, or the date that somebody gave."""

import calendar
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from uuid import uuid5

from service.states import ProjectState
from service.workflows.reminders.facts import Happened, ReminderFacts, Word
from service.workflows.reminders.rule import Anchor
from service.working_time import local_date

Anchors = Callable[[ReminderFacts], Iterable[Anchor]]

REPORT_MONTHS = 3


def since(*events: str) -> Anchors:
    """Return anchors at the newest of these events of the enquiry. Reopening starts the clock anew."""

    def find(facts: ReminderFacts) -> Iterator[Anchor]:
        found = facts.latest(*events)
        if found is not None:
            yield _at(facts, facts.latest(*events, "reopen") or found)

    return find


def ask(facts: ReminderFacts) -> Iterator[Anchor]:
    """The newest question to the enquirer."""
    found = facts.latest("ask")
    if found is not None:
        yield _at(facts, found)


def since_or_word(*events: str) -> Anchors:
    """Return the same anchors, or the enquirer's newest real word after them: who writes is not chased as if silent."""

    def find(facts: ReminderFacts) -> Iterator[Anchor]:
        word = facts.last_word
        for anchor in since(*events)(facts):
            if word is not None and is_after(word, anchor):
                yield replace(anchor, id=word.id, at=word.at, on=local_date(word.at))
            else:
                yield anchor

    return find


def draft(facts: ReminderFacts) -> Iterator[Anchor]:
    """The day on which an unsent form was last saved; its end is the day it is forgotten."""
    saved = facts.draft_saved_at
    if saved is not None:
        day = local_date(saved)
        anchor_id = uuid5(facts.id, f"saved {day.isoformat()}")
        yield Anchor(anchor_id, saved, day, facts.id, ends_on=facts.draft_kept_until, deadline=facts.draft_kept_until)


def hold_end(facts: ReminderFacts) -> Iterator[Anchor]:
    """The date until which it is held; renewing gives a new one."""
    found = facts.latest("hold")
    if found is not None and facts.hold_until is not None:
        yield replace(_at(facts, found), on=facts.hold_until, deadline=facts.hold_until)


def reply_by(facts: ReminderFacts) -> Iterator[Anchor]:
    """The call's reply-by; extending it gives a new one."""
    found = facts.latest("publish", "relaunch", "extend")
    if found is not None and facts.call is not None:
        yield replace(_at(facts, found), on=facts.call.reply_by, deadline=facts.call.reply_by)


def reply_by_of_each(facts: ReminderFacts) -> Iterator[Anchor]:
    """The reply-by, for each recipient."""
    for anchor in reply_by(facts):
        yield from _each_recipient(facts, anchor)


def telling_of_each(facts: ReminderFacts) -> Iterator[Anchor]:
    """The sending of the call, for each recipient."""
    found = facts.latest("publish", "relaunch")
    if found is not None:
        yield from _each_recipient(facts, _at(facts, found))


def choosing(facts: ReminderFacts) -> Iterator[Anchor]:
    """The choice of a team, or the start, when the alternates are no longer needed either."""
    found = facts.latest("accept_offer", "commission")
    if found is not None:
        yield _at(facts, found)


def offer(facts: ReminderFacts) -> Iterator[Anchor]:
    """The open offer."""
    made, found = facts.latest("offer"), facts.offer
    if made is not None and found is not None:
        yield replace(
            _at(facts, made),
            subject_id=found.id,
            organisation_id=found.organisation_id,
            lead_person_id=found.lead_person_id,
            deadline=found.respond_by,
            told=(("university", found.university),),
        )


def of_project(anchors: Anchors) -> Anchors:
    """Return the same anchors, addressed to the project's university and lead."""

    def find(facts: ReminderFacts) -> Iterator[Anchor]:
        for anchor in anchors(facts):
            yield _with_project(facts, anchor)

    return find


def delivery(facts: ReminderFacts) -> Iterator[Anchor]:
    """The acceptance of what was delivered."""
    found = facts.latest("accept_delivery", machine="project")
    if found is not None and facts.project is not None:
        yield replace(_with_project(facts, _at(facts, found)), subject_id=facts.project.id)


def deliverables(facts: ReminderFacts) -> Iterator[Anchor]:
    """Each deliverable's date; a changed date is a new anchor."""
    start, project = _start(facts), facts.project
    if start is None or project is None:
        return
    for one in project.deliverables:
        anchor_id = uuid5(start.id, f"{one.id} {one.due_on.isoformat()}")
        anchor = Anchor(anchor_id, max(start.at, one.planned_at), one.due_on, one.id, deadline=one.due_on)
        yield replace(_with_project(facts, anchor), told=(("deliverable", one.title),))


def reports(facts: ReminderFacts) -> Iterator[Anchor]:
    """Each three-monthly report's date, as far as the two that come next before the agreed end."""
    start, project = _start(facts), facts.project
    if start is None or project is None:
        return
    begun = project.start_on or local_date(start.at)
    for number, due in enumerate(report_dates(begun, project.end_on, facts.today), start=1):
        anchor = Anchor(uuid5(start.id, f"report {number}"), start.at, due, project.id, deadline=due)
        yield _with_project(facts, anchor)


def report_dates(begun: date, end: date | None, today: date) -> Iterator[date]:
    """Yield the days by which a project that began on a day reports: every three months, as far as the next two.

    None is wanted after the agreed end, by which everything is handed over, until the project runs on past it.
    """
    ahead = 0
    for number in range(1, 1000):
        due = months_after(begun, number * REPORT_MONTHS)
        if end is not None and today <= end < due:
            return
        yield due
        ahead += due > today
        if ahead == 2:
            return


def months_after(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or that month's last day where it has none such."""
    year, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))


def is_after(word: Word | None, anchor: Anchor) -> bool:
    """Tell whether a word came after the anchor; ids settle what one instant cannot."""
    return word is not None and (word.at, word.id) > (anchor.at, anchor.id)


def _at(facts: ReminderFacts, happened: Happened) -> Anchor:
    return Anchor(happened.id, happened.at, local_date(happened.at), facts.id)


def _start(facts: ReminderFacts) -> Happened | None:
    project = facts.project
    begun = project is not None and project.state not in {ProjectState.PLANNED, ProjectState.TERMINATED}
    return facts.latest("start", machine="project") if begun else None


def _with_project(facts: ReminderFacts, anchor: Anchor) -> Anchor:
    project = facts.project
    if project is None:
        return anchor
    return replace(
        anchor,
        organisation_id=project.organisation_id,
        lead_person_id=project.lead_person_id,
        project_id=project.id,
    )


def _each_recipient(facts: ReminderFacts, anchor: Anchor) -> Iterator[Anchor]:
    for recipient in facts.recipients:
        yield replace(
            anchor,
            subject_id=recipient.id,
            organisation_id=recipient.organisation_id,
            told=(("university", recipient.university),),
        )
