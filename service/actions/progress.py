"""Progress: the only way an enquiry or its project changes state.

Lock, gather the facts, let the pure rules decide, apply the event's effects, record the event, plan the reminders:
one transaction, or nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from service.actions import remind
from service.actions.change import Change
from service.actions.effects import ENQUIRY_EFFECTS, PROJECT_EFFECTS
from service.context import Context
from service.errors import Problem, not_found
from service.principals import SYSTEM
from service.records import enquiries, events
from service.records.corpus import Corpus
from service.records.database import Unit
from service.records.snapshots import snapshot
from service.records.surroundings import surroundings
from service.records.tables import Enquiry, Event, Project
from service.states import EnquiryState
from service.workflows.commands import Command, StartProject, TerminateProject
from service.workflows.decide import decide, decide_project, possibilities, project_possibilities
from service.workflows.verdicts import Decision, Refusal

Check = Callable[[Unit, Enquiry], None]
"""A door's own precondition (If-Match), judged on the locked row before the rules are asked."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What was recorded."""

    enquiry: Enquiry
    event: Event
    decision: Decision


def progress(
    unit: Unit,
    ctx: Context,
    enquiry_id: UUID,
    command: Command,
    check: Check | None = None,
    corpus: Corpus | None = None,
) -> Progress:
    """Put an event to an enquiry and record what follows. The caller has made sure that the actor may see it.

    With a `corpus`, a call and an offer write down how the ranking stood; without one that stays unknown.
    Raises Problem 409 with the sentence, the guards that failed and what is possible instead.
    """
    enquiry = enquiries.lock(unit, enquiry_id)
    if check is not None:
        check(unit, enquiry)
    facts = snapshot(unit, ctx, enquiry)
    around = surroundings(unit, ctx, enquiry, command)
    verdict = decide(facts, command, ctx.actor, around)
    if isinstance(verdict, Refusal):
        raise _refused(verdict, possibilities(facts, ctx.actor, around).available)
    change = Change(unit, ctx, enquiry, facts, around, verdict, corpus)
    effect = ENQUIRY_EFFECTS.get(command.event)
    if effect is not None:
        effect(change, command)
    _move(change, verdict)
    event = events.append(
        unit,
        ctx,
        enquiry,
        command.event,
        from_state=verdict.source,
        to_state=verdict.target,
        project_id=enquiry.project_id,
        reason=getattr(command, "reason", None),
        waivers=verdict.waivers,
        data=change.data,
    )
    for project_command in change.project_commands:
        _fire(unit, ctx, enquiry, project_command)
    remind.schedule(unit, ctx, enquiry, event)
    for other_id, other_command in change.elsewhere:
        progress(unit, ctx, other_id, other_command)
    for tell in change.messages:
        tell()
    return Progress(enquiry, event, verdict)


def progress_project(
    unit: Unit, ctx: Context, enquiry_id: UUID, command: Command, check: Check | None = None
) -> tuple[Project, Event]:
    """Put an event to an enquiry's project. Raises Problem 404 without one, 409 when it is refused."""
    enquiry = enquiries.lock(unit, enquiry_id)
    if check is not None:
        check(unit, enquiry)
    project, event = _put(unit, ctx, enquiry, command)
    return project, event


def _fire(unit: Unit, ctx: Context, enquiry: Enquiry, command: Command) -> None:
    """Let the service itself put a project event that an enquiry's event brings with it."""
    actor = SYSTEM if isinstance(command, StartProject | TerminateProject) else ctx.actor
    _put(unit, ctx.acting_as(actor), enquiry, command)


def _put(unit: Unit, ctx: Context, enquiry: Enquiry, command: Command) -> tuple[Project, Event]:
    project = unit.get(Project, enquiry.project_id) if enquiry.project_id else None
    if project is None:
        raise not_found("project")
    facts = snapshot(unit, ctx, enquiry)
    around = surroundings(unit, ctx, enquiry, command)
    verdict = decide_project(facts, command, ctx.actor, around)
    if isinstance(verdict, Refusal):
        raise _refused(verdict, project_possibilities(facts, ctx.actor, around).available)
    change = Change(unit, ctx, enquiry, facts, around, verdict)
    effect = PROJECT_EFFECTS.get(command.event)
    if effect is not None:
        effect(change, command)
    project.state = verdict.target
    project.version += 1
    enquiry.updated_at = ctx.now
    enquiry.version += 1
    unit.add(project)
    unit.flush()
    event = events.append(
        unit,
        ctx,
        enquiry,
        command.event,
        machine="project",
        from_state=verdict.source,
        to_state=verdict.target,
        project_id=project.id,
        reason=getattr(command, "reason", None),
        waivers=verdict.waivers,
        data=change.data,
    )
    remind.schedule(unit, ctx, enquiry, event)
    for tell in change.messages:
        tell()
    return project, event


def _move(change: Change, verdict: Decision) -> None:
    enquiry, now = change.enquiry, change.ctx.now
    if enquiry.state != verdict.target:
        enquiry.state = verdict.target
        enquiry.state_since = now
    if enquiry.waiting_on != verdict.waiting_on:
        enquiry.waiting_on = verdict.waiting_on
        enquiry.waiting_since = now
    if verdict.target == EnquiryState.CLOSED and verdict.source != EnquiryState.CLOSED:
        enquiry.closed_at = now
        enquiry.closed_from = verdict.source
        enquiry.on_hold, enquiry.hold_until, enquiry.hold_reason, enquiry.held_since = False, None, None, None
    enquiry.version += 1
    enquiry.updated_at = now
    change.unit.add(enquiry)
    change.unit.flush()


def _refused(refusal: Refusal, available: tuple[str, ...]) -> Problem:
    guards = [{"guard": g.guard, "detail": g.detail, "waivable": g.waivable} for g in refusal.guards]
    return Problem("transition-refused", 409, refusal.detail, available_events=list(available), guards=guards)
