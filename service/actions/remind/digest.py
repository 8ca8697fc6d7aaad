"""The digest: once each working day, at its start, each of the team gets one mail with their tasks and what waits for them.

A task is a reminder to the team. It is settled when it is due, like any other, and told by the next digest, which asks
once more whether it is still wanted and marks it in the transaction that queues the mail: none is lost, none told twice.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from service.actions import telling
from service.actions.remind.audiences import meant_by_date, people_meant, service_leads
from service.actions.remind.planning import key_of_row, refresh, wanted
from service.actions.remind.writing import said_of, settle
from service.context import Context
from service.records import digests, follow_ups
from service.records.calendars import calendar_for
from service.records.database import Unit
from service.records.queue import Filters
from service.records.tables import Digest, Enquiry, FollowUp, Person
from service.records.today import Line, Whose, today
from service.workflows.reminders import CALENDAR_RUNS_OUT, STAFF_DATE
from service.working_time import CalendarRanOut, local_date, opening
from service.working_time.calendars import SATURDAY

logger = logging.getLogger(__name__)

PAGE = "/manage"
"""Where the digest leads: the page that it tells in words."""
ESCALATED = ("task_first_response_escalated", "task_contract_escalated")
"""Promises that were broken: they head the digest and its subject."""
_LATELY = timedelta(days=60)
"""How long a task that nobody saw to is still shown."""
_MOST_SHOWN = 30
"""Of what came due lately, how much a page looks through."""
_MOST_TOLD = 50
"""Tasks that one mail tells in full; the rest are on the page."""


@dataclass(frozen=True, slots=True)
class Task:
    """A reminder to the team in its own words: the kind of wording, what that is told, and for whom it is."""

    row: FollowUp
    kind: str
    told: Mapping[str, object]
    meant: tuple[Person, ...]


def is_digest_due(unit: Unit, ctx: Context) -> bool:
    """Tell whether today's digests are still to be written: on a working day of the service, from nine on."""
    day = _day(unit, ctx)
    team = digests.team(unit, opening(day)) if day else []
    return day is not None and bool(team) and not digests.are_written(unit, day, team)


def write_digests(unit: Unit, ctx: Context) -> int:
    """Write today's digests, all of them at once, and return how many mails those are; 0 where others were first.

    Whoever has nothing to be told gets no mail. A day that was missed is not made up for: the next digest tells its tasks.
    """
    day = _day(unit, ctx)
    if day is None:
        return 0
    ids = sorted({row.enquiry_id for row in digests.untold(unit) if row.enquiry_id})
    enquiries = {enquiry.id: enquiry for enquiry in follow_ups.locked_enquiries(unit, ids)}
    team = digests.locked_team(unit, opening(day))
    if not team or digests.are_written(unit, day, team):
        return 0
    tasks = sorted(_tasks(unit, ctx, enquiries), key=lambda task: task.kind not in ESCALATED)
    readers = {person.id: person for task in tasks for person in task.meant} | {person.id: person for person in team}
    sent: dict[UUID, UUID | None] = {}
    for person in readers.values():
        own = [task for task in tasks if person in task.meant]
        sent[person.id] = _write(unit, ctx, day, person, own)
        unit.add(Digest(person_id=person.id, day=day, outbox_id=sent[person.id], created_at=ctx.now))
    for task in tasks:
        task.row.outbox_id = next((sent[person.id] for person in task.meant), None)
        unit.add(task.row)
    unit.flush()
    return sum(message is not None for message in sent.values())


def tasks_that_stand(unit: Unit, ctx: Context, scope: Filters) -> list[Task]:
    """Return the team's tasks of the enquiries that pass `scope` which came due lately and are still wanted.

    Of one rule about one subject the newest step alone, the newest first; dates that somebody set are not among them.
    """
    rows = digests.came_due(unit, scope, local_date(ctx.now), ctx.now - _LATELY, _MOST_SHOWN)
    enquiries = {enquiry.id: enquiry for enquiry in follow_ups.enquiries_of(unit, rows)}
    planned = wanted(unit, ctx, list(enquiries.values()))
    found: dict[tuple[str, UUID], Task] = {}
    for row in rows:
        stands, enquiry = planned.get(key_of_row(row)), enquiries.get(row.enquiry_id) if row.enquiry_id else None
        if stands is not None and enquiry is not None:
            told = telling.named_for_team(enquiry) | said_of(row, stands)
            found.setdefault((row.rule, row.subject_id), Task(row, stands.step.kind, told, ()))
    return list(found.values())


def _day(unit: Unit, ctx: Context) -> date | None:
    """Return today, when nine has struck and it is a working day of the service; a calendar cut short stops nothing."""
    day = local_date(ctx.now)
    try:
        works = calendar_for(unit, ctx.nation).is_working_day(day)
    except CalendarRanOut:
        works = day.weekday() < SATURDAY
    return day if works and ctx.now >= opening(day) else None


def _write(unit: Unit, ctx: Context, day: date, person: Person, tasks: Sequence[Task]) -> UUID | None:
    waiting = [*_lines(unit, ctx, person, "me")]
    team = [*_lines(unit, ctx, person, "team")] if person.staff_role == "service_lead" else []
    if not (tasks or waiting or team):
        return None
    params: dict[str, object] = {
        "path": PAGE,
        "day": day.isoformat(),
        "tasks": [{"kind": task.kind, "told": dict(task.told)} for task in tasks[:_MOST_TOLD]],
        "more": max(0, len(tasks) - _MOST_TOLD),
        "waiting": [_counted(line) for line in waiting],
        "whole_team": [_counted(line) for line in team],
    }
    return telling.tell_person(unit, ctx, person, "digest", None, params)


def _lines(unit: Unit, ctx: Context, person: Person, whose: Whose) -> Iterator[Line]:
    found = today(unit, ctx, person.id, whose)
    yield from (line for line in (*found.now, *found.risks) if line.count)
    if whose == "me" and found.unowned.count:
        yield found.unowned


def _counted(line: Line) -> dict[str, object]:
    return {"words": line.words, "count": line.count, "path": line.path}


def _tasks(unit: Unit, ctx: Context, enquiries: Mapping[UUID, Enquiry]) -> Iterator[Task]:
    """Yield what is to be told, each still wanted; what is no longer wanted is let go."""
    for row in digests.untold(unit):
        if row.rule == CALENDAR_RUNS_OUT:
            yield _calendar_task(unit, ctx, row)
            continue
        enquiry = enquiries.get(row.enquiry_id) if row.enquiry_id else None
        if enquiry is not None:
            try:
                task = _task(unit, ctx, enquiry, row)
            except (LookupError, ValueError):
                # One enquiry that the rules cannot read keeps nobody's day from them.
                logger.exception("follow-up %s could not be told", row.id)
                continue
            if task is not None:
                yield task


def _task(unit: Unit, ctx: Context, enquiry: Enquiry, row: FollowUp) -> Task | None:
    named: dict[str, object] = telling.named_for_team(enquiry)
    if row.rule == STAFF_DATE:
        told = named | {"note": row.note or "", "due_on": row.due_on.isoformat(), "arithmetic": None}
        return Task(row, STAFF_DATE, told, tuple(meant_by_date(unit, enquiry, row)))
    planned = refresh(unit, ctx, enquiry).get(key_of_row(row))
    if planned is None:
        settle(row, ctx, "cancelled", "no longer wanted when the day began")
        unit.add(row)
        return None
    if planned.is_frozen:
        return None
    meant = people_meant(unit, enquiry, planned.step.to, planned.anchor)
    return Task(row, planned.step.kind, named | said_of(row, planned), tuple(meant))


def _calendar_task(unit: Unit, ctx: Context, row: FollowUp) -> Task:
    told: dict[str, object] = {
        "path": "/manage/settings",
        "days_left": (row.anchor_on - local_date(ctx.now)).days,
        "due_on": row.due_on.isoformat(),
        "arithmetic": row.arithmetic,
    }
    return Task(row, "task_calendar_runs_out", told, tuple(service_leads(unit)))
