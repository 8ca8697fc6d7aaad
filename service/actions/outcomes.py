"""Outcomes: what the evidence changed afterwards, and how the service was; asked for, and recorded by anybody concerned."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.actions import remind
from service.context import Context
from service.errors import conflict, invalid, not_found
from service.principals import Role
from service.records import enquiries, events, projects
from service.records.database import Unit
from service.records.tables import Enquiry, OutcomeRecord, Project, Satisfaction
from service.states import EnquiryState
from service.vocabulary import USE_KINDS, USES


@dataclass(frozen=True, slots=True)
class Use:
    """Answers about a project's findings: `used` and `how` are codes of the vocabulary."""

    used: str
    in_time: bool | None = None
    used_for: str | None = None
    how: Sequence[str] = ()
    what_changed: str | None = None
    may_quote: bool = False


def record_outcome(unit: Unit, ctx: Context, project_id: UUID, use: Use) -> OutcomeRecord:
    """Record one person's answers about the use of a project's findings, and return them; more may follow for years.

    Raises Problem 404 for an unknown project, 409 before anything was delivered, 422 for words we do not know.
    """
    found = projects.with_enquiry(unit, project_id)
    if found is None:
        raise not_found("project")
    enquiry = enquiries.lock(unit, found[1].id)
    if found[0].delivered_at is None:
        raise conflict("Nothing has been delivered yet. Record what it changed once it has been.")
    if use.used not in USES:
        raise invalid("used", "Say whether the findings were used.")
    if unknown := set(use.how) - set(USE_KINDS):
        raise invalid("how", f"These are not ways in which findings are used: {', '.join(sorted(unknown))}.")
    outcome = OutcomeRecord(
        enquiry_id=enquiry.id,
        project_id=project_id,
        used=use.used,
        in_time=use.in_time,
        used_for=use.used_for,
        how=list(use.how),
        what_changed=use.what_changed,
        may_quote=use.may_quote,
        recorded_at=ctx.now,
        recorded_by_id=ctx.actor.person_id,
        recorded_by_role=ctx.actor.role,
    )
    unit.add(outcome)
    unit.flush()
    data: dict[str, object] = {"outcome": str(outcome.id), "used": use.used, "in_time": use.in_time}
    _record(unit, ctx, enquiry, "outcome_recorded", data, project_id=project_id)
    return outcome


def stop_asking(unit: Unit, ctx: Context, project_id: UUID) -> None:
    """Note that whoever asks this is not to be asked about a project's findings again.

    The enquirer's side speaks for itself, and so does the lead's with their university; a manager stops the questions to
    both. Raises Problem 404 for an unknown project.
    """
    found = projects.with_enquiry(unit, project_id)
    if found is None:
        raise not_found("project")
    enquiries.lock(unit, found[1].id)
    project: Project = found[0]
    asked = _sides_of(ctx) - projects.sides_not_asked(project)
    if not asked:
        return
    if "enquirer" in asked:
        project.outcomes_stopped_at = ctx.now
    if "lead" in asked:
        project.lead_outcomes_stopped_at = ctx.now
    unit.add(project)
    _record(unit, ctx, found[1], "outcomes_stopped", {"for": sorted(asked)}, project_id=project_id)


def _sides_of(ctx: Context) -> frozenset[str]:
    if ctx.actor.is_staff:
        return frozenset({"enquirer", "lead"})
    return frozenset({"enquirer" if ctx.actor.role == Role.ENQUIRER else "lead"})


def record_satisfaction(
    unit: Unit, ctx: Context, enquiry_id: UUID, *, score: int, comment: str | None = None
) -> Satisfaction:
    """Record how the service was, 1 (poor) to 5 (very good), and return it; a person's second answer replaces the first.

    Raises Problem 409 while the enquiry is open, 422 for another score.
    """
    enquiry = enquiries.lock(unit, enquiry_id)
    if enquiry.state != EnquiryState.CLOSED:
        raise conflict("We ask this once your enquiry is closed. Until then, tell your contact, or phone us.")
    if not 1 <= score <= 5:
        raise invalid("score", "Choose a score from 1 to 5.")
    answer = enquiries.satisfaction_of(unit, enquiry_id, ctx.actor.person_id)
    if answer is None:
        answer = Satisfaction(enquiry_id=enquiry_id, person_id=ctx.actor.person_id, score=score, recorded_at=ctx.now)
    answer.score, answer.comment, answer.recorded_at = score, comment, ctx.now
    unit.add(answer)
    unit.flush()
    _record(unit, ctx, enquiry, "satisfaction_recorded", {"score": score})
    return answer


def _record(
    unit: Unit, ctx: Context, enquiry: Enquiry, what: str, data: dict[str, object], project_id: UUID | None = None
) -> None:
    if ctx.actor.role == Role.ENQUIRER:
        enquiry.enquirer_active_at = ctx.now
        unit.add(enquiry)
    event = events.note(unit, ctx, enquiry, what, project_id=project_id, data=data)
    remind.schedule(unit, ctx, enquiry, event)
