"""What a contact and a lead researcher can do about their project: each button, how its form is read, what is told then.

What only one of the two may do is said here too; everything else about it the machines and the actions decide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from service import vocabulary
from service.actions import agreement, costs, outcomes, reports
from service.actions.commissioning import is_current, lock_project
from service.actions.deliverables import change_deliverable
from service.actions.progress import progress, progress_project
from service.context import Context
from service.errors import Problem
from service.records import projects
from service.records.database import Unit
from service.records.projects import ProjectRow
from service.routers.cost_form import read_costs
from service.routers.form_schemas import YES_NO, prose
from service.routers.form_values import read_day, read_name
from service.routers.forms import PROSE_LENGTH, Mistakes, Posted
from service.routers.partner.desk import id_in
from service.routers.project_views import agreement_shown, costs_shown
from service.states import DeliverableStatus, ProjectState
from service.workflows.commands import Deliver, LeadWithdraws, SubmitCosting

_TWICE_WITHIN = timedelta(minutes=1)

Do = Callable[[Unit, Context, ProjectRow], object]
"""Carries out what was asked of a project whose enquiry is locked."""


@dataclass(frozen=True, slots=True)
class Doing:
    """One button. `read` notes mistakes and returns what to do; `told` is shown once it is done."""

    read: Callable[[Posted, Mistakes], Do]
    told: str
    for_lead: bool = True
    for_contact: bool = True


def do(unit: Unit, ctx: Context, project_id: UUID, todo: Do) -> None:
    """Lock a project's enquiry and carry out what was asked."""
    todo(unit, ctx, lock_project(unit, project_id))


def _save_costs(posted: Posted, mistakes: Mistakes) -> Do:
    read, seen = read_costs(posted, mistakes), posted.line("costs_seen")

    def save(unit: Unit, ctx: Context, row: ProjectRow) -> None:
        shown = costs_shown(unit, row)
        if read.stand_in(shown):
            return
        if seen != str(shown.version):
            raise _stale("the costs")
        costs.save_costs(unit, ctx, row[0].id, read.lines, read.start, read.end)

    return save


def _submit_costing(posted: Posted, mistakes: Mistakes) -> Do:
    save = _save_costs(posted, mistakes)

    def submit(unit: Unit, ctx: Context, row: ProjectRow) -> None:
        save(unit, ctx, row)
        project, enquiry = row
        if project.costs_version == 0 or project.costs_submitted_version != project.costs_version:
            progress(unit, ctx, enquiry.id, SubmitCosting(), is_current(project.id))

    return submit


def _report(posted: Posted, mistakes: Mistakes) -> Do:
    body = prose(posted, mistakes, "report", "Write how the project is going", "Your report")
    period_end = read_day(posted, mistakes, "period_end", "The last day it speaks of")

    def report(unit: Unit, ctx: Context, row: ProjectRow) -> None:
        since = ctx.now - _TWICE_WITHIN
        sent = projects.reports(unit, row[0].id)
        if not any((each.body, each.period_end) == (body, period_end) and each.submitted_at >= since for each in sent):
            reports.add_report(unit, ctx, row[0].id, body, period_end)

    return report


def _mark_delivered(posted: Posted, _mistakes: Mistakes) -> Do:
    deliverable_id = id_in(posted, "deliverable", "deliverable")
    return lambda unit, ctx, row: change_deliverable(
        unit, ctx, row[0].id, deliverable_id, {"status": DeliverableStatus.DELIVERED}
    )


def _deliver(posted: Posted, mistakes: Mistakes) -> Do:
    note = mistakes.fits("note", posted.prose("note"), PROSE_LENGTH, "Your note")

    def deliver(unit: Unit, ctx: Context, row: ProjectRow) -> None:
        if row[0].state != ProjectState.DELIVERED and not mistakes:
            progress_project(unit, ctx, row[1].id, Deliver(note=note), is_current(row[0].id))

    return deliver


def _withdraw(posted: Posted, mistakes: Mistakes) -> Do:
    reason = prose(posted, mistakes, "withdraw_reason", "Say why", "Your reason")
    return lambda unit, ctx, row: progress(unit, ctx, row[1].id, LeadWithdraws(reason=reason), is_current(row[0].id))


def _sign(posted: Posted, mistakes: Mistakes) -> Do:
    person = read_name(posted, mistakes, "person", "Enter the name of whoever signed", "The name")
    signed_on = read_day(posted, mistakes, "signed_on", "The day it was signed")
    if signed_on is None:
        mistakes.add("signed_on", "Enter the day it was signed")
    evidence = mistakes.fits("evidence", posted.prose("evidence"), PROSE_LENGTH, "Where it can be seen")
    seen = posted.line("terms_seen")

    def sign(unit: Unit, ctx: Context, row: ProjectRow) -> None:
        shown = agreement_shown(unit, row[0].id)
        if any(
            (each.party, each.person, each.signed_on) == ("university", person, signed_on) for each in shown.signatures
        ):
            return
        if seen != str(shown.version):
            raise _stale("the agreement")
        if signed_on is not None:
            name = projects.university_name(unit, row[0])
            agreement.sign(unit, ctx, row[0].id, agreement.Signed("university", person, name, signed_on, evidence))

    return sign


def _outcome(posted: Posted, mistakes: Mistakes) -> Do:
    mistakes.required("used", posted.line("used"), "Say whether the findings were used")
    again = "Choose one of the answers shown"
    used = mistakes.choice("used", posted.line("used"), vocabulary.USES, again)
    in_time = mistakes.choice("in_time", posted.line("in_time"), {**YES_NO, "cannot_say": ""}, again)
    use = outcomes.Use(
        used=used or "",
        in_time={"yes": True, "no": False}.get(in_time or ""),
        used_for=mistakes.fits("used_for", posted.prose("used_for"), PROSE_LENGTH, "Your answer"),
        how=mistakes.choices("how", posted.chosen("how"), vocabulary.USE_KINDS, "Choose from the answers shown"),
        what_changed=mistakes.fits("what_changed", posted.prose("what_changed"), PROSE_LENGTH, "Your answer"),
        may_quote=posted.line("may_quote") == "yes",
    )

    def record(unit: Unit, ctx: Context, row: ProjectRow) -> None:
        since = ctx.now - _TWICE_WITHIN
        told = projects.outcomes(unit, row[0].id)
        if not any(each.recorded_by_id == ctx.actor.person_id and each.recorded_at >= since for each in told):
            outcomes.record_outcome(unit, ctx, row[0].id, use)

    return record


def _stop_asking(posted: Posted, mistakes: Mistakes) -> Do:  # noqa: ARG001 - the button says it all
    return lambda unit, ctx, row: outcomes.stop_asking(unit, ctx, row[0].id)


def _stale(what: str) -> Problem:
    return Problem(
        "precondition-failed",
        412,
        f"Somebody changed {what} while you were writing. Look at what stands now, above the form; your words are still "
        "in it. Send it again if it is still what you mean.",
    )


DOINGS: dict[str, Doing] = {
    "save_costs": Doing(_save_costs, "The costs are saved. The enquirer sees them once you submit them.", for_lead=False),
    "propose_costs": Doing(
        _save_costs, "Your costs are saved, and your university's contacts have been asked to check and submit them.",
        for_contact=False,
    ),
    "submit_costing": Doing(_submit_costing, "The costs are with the enquirer, who is asked to agree them.", for_lead=False),
    "report": Doing(_report, "Thank you. We have your report."),
    "mark_delivered": Doing(_mark_delivered, "Marked as delivered. The research manager sees it."),
    "deliver": Doing(_deliver, "Thank you. The enquirer is asked to accept what you have handed over."),
    "lead_withdraws": Doing(_withdraw, "You have withdrawn. The research manager and the enquirer have been told."),
    "sign": Doing(_sign, "The signature is recorded.", for_lead=False),
    "outcome": Doing(_outcome, "Thank you. What you told us shows whether evidence makes a difference."),
    "stop_asking": Doing(_stop_asking, "We will not ask you about these findings again."),
}  # fmt: skip
