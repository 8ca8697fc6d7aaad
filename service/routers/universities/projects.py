"""A university's own projects: cost them, submit the costs, sign, report, withdraw. Managers may cost, sign and report for it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from service.actions import agreement, costs, reports
from service.actions.commissioning import is_current
from service.actions.progress import progress
from service.errors import not_found
from service.principals import Role
from service.records import projects
from service.records.database import Unit
from service.routers.calls import Answer, Call
from service.routers.doors import ProjectCall, UniversityCall
from service.routers.identifiers import PathId, meant
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, listed, place_at
from service.routers.project_views import costs_shown, own_project_shown, project_row
from service.routers.requests import JsonRoute
from service.routers.schemas.agreements import SignatureSent, SignatureShown
from service.routers.schemas.common import PROBLEMS, Page
from service.routers.schemas.money import CostsSent, CostsShown
from service.routers.schemas.papers import ReportSent, ReportShown
from service.routers.schemas.projects import OwnProject, Withdrawal
from service.routers.universities.own import Own, own_university
from service.workflows.commands import LeadWithdraws, SubmitCosting

router = APIRouter(prefix="/api/v1/projects", route_class=JsonRoute, tags=["projects"])


def _project(call: ProjectCall, project_id: PathId) -> Own:
    """Return the project a path names. Raises Problem 404 for an unknown one, or another university's."""
    return _found(call, project_id)


def _own_project(call: UniversityCall, project_id: PathId) -> Own:
    """Return the university's own project. Raises Problem 404 for any other."""
    return _found(call, project_id)


def _found(call: Call, project_id: str) -> Own:
    wanted = meant(project_id, "project")
    found = call.read(lambda unit: projects.with_enquiry(unit, wanted))
    if found is None:
        raise not_found("project")
    if call.ctx.actor.role is Role.UNIVERSITY and found[0].organisation_id != own_university(call):
        raise not_found("project")
    return Own(wanted, found[1].id)


Project = Annotated[Own, Depends(_project)]
OwnProjectId = Annotated[Own, Depends(_own_project)]


@router.get("", response_model=Page[OwnProject], responses=PROBLEMS(400))
def list_projects(call: UniversityCall, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Response:
    """Your projects, the newest first, with their costs, agreement, deliverables and reports."""
    university = own_university(call)
    before = place_at(cursor, UUID)
    return call.look_up(
        lambda unit: listed(
            call.request,
            projects.of_organisation(unit, university, before=before, limit=limit + 1),
            limit,
            show=lambda row: own_project_shown(unit, row),
            place=lambda row: row[0].id,
        )
    )


@router.put("/{project_id}/costs", response_model=CostsShown, responses=PROBLEMS(404, body=True))
def save_costs(call: ProjectCall, project: Project, body: CostsSent) -> Response:
    """Replace the costs and dates with these, as a new version; only while costing.

    Sending what stands there already changes nothing. Costs changed after they were submitted are submitted again.
    """

    def work(unit: Unit) -> Answer:
        lines = [costs.Line(line.label, line.amount, line.kind) for line in body.lines]
        costs.save_costs(unit, call.ctx, project.id, lines, body.start, body.end)
        return Answer(costs_shown(unit, project_row(unit, project.id)))

    return call.write(work)


@router.post("/{project_id}/submit-costing", response_model=OwnProject, responses=PROBLEMS(404, 408, 409, 413))
def submit_costing(call: UniversityCall, project: OwnProjectId) -> Response:
    """Put the costs, as they stand, before the enquirer."""

    def work(unit: Unit) -> Answer:
        progress(unit, call.ctx, project.enquiry_id, SubmitCosting(), is_current(project.id))
        return Answer(own_project_shown(unit, project_row(unit, project.id)))

    return call.write(work)


@router.post(
    "/{project_id}/agreement/signatures",
    status_code=201,
    response_model=SignatureShown,
    responses=PROBLEMS(404, body=True),
)
def sign(call: ProjectCall, project: Project, body: SignatureSent) -> Response:
    """Record a signature on the current terms. A university signs for itself only (`party` `university`)."""

    def work(unit: Unit) -> Answer:
        signed = agreement.Signed(body.party, body.person, body.organisation, body.signed_on, body.evidence)
        return Answer(SignatureShown.of(agreement.sign(unit, call.ctx, project.id, signed)), 201)

    return call.write(work)


@router.post("/{project_id}/reports", status_code=201, response_model=ReportShown, responses=PROBLEMS(404, body=True))
def report(call: ProjectCall, project: Project, body: ReportSent) -> Response:
    """Report how a project that has started is going."""

    def work(unit: Unit) -> Answer:
        return Answer(ReportShown.of(reports.add_report(unit, call.ctx, project.id, body.body, body.period_end)), 201)

    return call.write(work)


@router.post("/{project_id}/withdraw", response_model=OwnProject, responses=PROBLEMS(404, body=True))
def withdraw(call: UniversityCall, project: OwnProjectId, body: Withdrawal) -> Response:
    """Withdraw from a planned project, before it is commissioned."""

    def work(unit: Unit) -> Answer:
        progress(unit, call.ctx, project.enquiry_id, LeadWithdraws(reason=body.reason), is_current(project.id))
        return Answer(own_project_shown(unit, project_row(unit, project.id)))

    return call.write(work)
