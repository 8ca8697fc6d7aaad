"""Projects: money, agreement, deliverables, reports, what came of them, and the events that move them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Response

from service.actions import agreement, deliverables, funding, outcomes
from service.actions.commissioning import is_current
from service.actions.progress import progress_project
from service.errors import not_found
from service.records import projects
from service.records.database import Unit
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.identifiers import PathId, meant
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit
from service.routers.project_views import agreement_shown, papers_listed, project_shown
from service.routers.requests import JsonRoute
from service.routers.schemas.agreements import AgreementSent, AgreementShown
from service.routers.schemas.common import PROBLEMS, Page
from service.routers.schemas.money import FundingLineChanged, FundingLineSent, FundingLineShown
from service.routers.schemas.papers import (
    DeliverableChanged,
    DeliverableSent,
    DeliverableShown,
    OutcomeSent,
    OutcomeShown,
    ReportShown,
)
from service.routers.schemas.projects import EVENT_EXAMPLES, ProjectEventSent, ProjectShown
from service.vocabulary import AGREEMENT_SECTIONS

router = APIRouter(prefix="/api/v1/projects/{project_id}", route_class=JsonRoute, tags=["projects"])


def _known(call: ManagerCall, project_id: PathId) -> UUID:
    """Return the id of the project a path names. Raises Problem 404."""
    wanted = meant(project_id, "project")
    if call.read(lambda unit: projects.enquiry_of(unit, wanted)) is None:
        raise not_found("project")
    return wanted


def _known_line(call: ManagerCall, project_id: Annotated[UUID, Depends(_known)], line_id: PathId) -> UUID:
    """Return the id of a funding line of this project. Raises Problem 404."""
    wanted = meant(line_id, "funding line")
    if call.read(lambda unit: projects.funding_line(unit, project_id, wanted)) is None:
        raise not_found("funding line")
    return wanted


def _known_deliverable(call: ManagerCall, project_id: Annotated[UUID, Depends(_known)], deliverable_id: PathId) -> UUID:
    """Return the id of a deliverable of this project. Raises Problem 404."""
    wanted = meant(deliverable_id, "deliverable")
    if call.read(lambda unit: projects.deliverable(unit, project_id, wanted)) is None:
        raise not_found("deliverable")
    return wanted


ProjectId = Annotated[UUID, Depends(_known)]
LineId = Annotated[UUID, Depends(_known_line)]
DeliverableId = Annotated[UUID, Depends(_known_deliverable)]


@router.get("", response_model=ProjectShown, responses=PROBLEMS(404))
def show_project(call: ManagerCall, project_id: ProjectId) -> Response:
    """One project: where it stands, its money, its papers, and what could happen to it now."""
    return call.look_up(lambda unit: Answer(project_shown(unit, call.ctx, project_id)))


@router.post("/events", response_model=ProjectShown, responses=PROBLEMS(404, body=True))
def put_event(
    call: ManagerCall,
    project_id: ProjectId,
    body: Annotated[ProjectEventSent, Body(openapi_examples=EVENT_EXAMPLES)],
) -> Response:
    """Put an event to the project. It starts with the enquiry's commission, and ends early with its exits."""

    def work(unit: Unit) -> Answer:
        enquiry_id = projects.enquiry_of(unit, project_id)
        if enquiry_id is None:
            raise not_found("project")
        progress_project(unit, call.ctx, enquiry_id, body.root, is_current(project_id))
        return Answer(project_shown(unit, call.ctx, project_id))

    return call.write(work)


@router.get("/funding-lines", response_model=Page[FundingLineShown], responses=PROBLEMS(400, 404))
def list_funding_lines(
    call: ManagerCall, project_id: ProjectId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """Where the money comes from, the oldest line first."""
    return call.look_up(
        lambda unit: papers_listed(
            call.request, projects.funding_lines(unit, project_id), limit, cursor, FundingLineShown.of
        )
    )


@router.post("/funding-lines", status_code=201, response_model=FundingLineShown, responses=PROBLEMS(404, body=True))
def add_funding_line(call: ManagerCall, project_id: ProjectId, body: FundingLineSent) -> Response:
    """Record a source. The service's own money is confirmed by a service lead who does not own the enquiry."""

    def work(unit: Unit) -> Answer:
        line = funding.add_funding_line(unit, call.ctx, project_id, funding.Source(**body.model_dump()))
        return Answer(FundingLineShown.of(line), 201)

    return call.write(work)


@router.patch("/funding-lines/{line_id}", response_model=FundingLineShown, responses=PROBLEMS(404, body=True))
def change_funding_line(
    call: ManagerCall, project_id: ProjectId, line_id: LineId, body: FundingLineChanged
) -> Response:
    """Change a source, such as from sought to confirmed with its evidence; what is not sent stays."""

    def work(unit: Unit) -> Answer:
        changes = body.model_dump(exclude_unset=True)
        return Answer(FundingLineShown.of(funding.change_funding_line(unit, call.ctx, project_id, line_id, changes)))

    return call.write(work)


@router.get("/agreement", response_model=AgreementShown, responses=PROBLEMS(404))
def show_agreement(call: ManagerCall, project_id: ProjectId) -> Response:
    """The terms with their signatures; version 0, with nothing in it, before the first save."""
    return call.look_up(lambda unit: Answer(agreement_shown(unit, project_id)))


@router.put("/agreement", response_model=AgreementShown, responses=PROBLEMS(404, body=True))
def save_agreement(call: ManagerCall, project_id: ProjectId, body: AgreementSent) -> Response:
    """Replace the terms with these; members left out become empty. Changed terms void the signatures given before."""

    def work(unit: Unit) -> Answer:
        terms = {code: getattr(body, code) for code in AGREEMENT_SECTIONS if code != "parties"}
        agreement.save_agreement(unit, call.ctx, project_id, body.parties, terms)
        return Answer(agreement_shown(unit, project_id))

    return call.write(work)


@router.get("/deliverables", response_model=Page[DeliverableShown], responses=PROBLEMS(400, 404))
def list_deliverables(
    call: ManagerCall, project_id: ProjectId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """What the project hands over, by date."""
    return call.look_up(
        lambda unit: papers_listed(
            call.request, projects.deliverables(unit, project_id), limit, cursor, DeliverableShown.of
        )
    )


@router.post("/deliverables", status_code=201, response_model=DeliverableShown, responses=PROBLEMS(404, body=True))
def add_deliverable(call: ManagerCall, project_id: ProjectId, body: DeliverableSent) -> Response:
    """Add something the project will hand over."""

    def work(unit: Unit) -> Answer:
        added = deliverables.add_deliverable(unit, call.ctx, project_id, body.title, body.due_on, body.status)
        return Answer(DeliverableShown.of(added), 201)

    return call.write(work)


@router.patch("/deliverables/{deliverable_id}", response_model=DeliverableShown, responses=PROBLEMS(404, body=True))
def change_deliverable(
    call: ManagerCall, project_id: ProjectId, deliverable_id: DeliverableId, body: DeliverableChanged
) -> Response:
    """Change a deliverable, or move it on: delivered, then accepted; or waived. What is not sent stays."""

    def work(unit: Unit) -> Answer:
        changes = body.model_dump(exclude_unset=True)
        changed = deliverables.change_deliverable(unit, call.ctx, project_id, deliverable_id, changes)
        return Answer(DeliverableShown.of(changed))

    return call.write(work)


@router.get("/reports", response_model=Page[ReportShown], responses=PROBLEMS(400, 404))
def list_reports(
    call: ManagerCall, project_id: ProjectId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """Reports on the project, the oldest first."""
    return call.look_up(
        lambda unit: papers_listed(call.request, projects.reports(unit, project_id), limit, cursor, ReportShown.of)
    )


@router.get("/outcomes", response_model=Page[OutcomeShown], responses=PROBLEMS(400, 404))
def list_outcomes(
    call: ManagerCall, project_id: ProjectId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """What the findings changed afterwards, the oldest answer first."""
    return call.look_up(
        lambda unit: papers_listed(call.request, projects.outcomes(unit, project_id), limit, cursor, OutcomeShown.of)
    )


@router.post("/outcomes", status_code=201, response_model=OutcomeShown, responses=PROBLEMS(404, body=True))
def add_outcome(call: ManagerCall, project_id: ProjectId, body: OutcomeSent) -> Response:
    """Record what somebody said about the use of the findings, once something was delivered; years later, too."""

    def work(unit: Unit) -> Answer:
        use = outcomes.Use(**body.model_dump())
        return Answer(OutcomeShown.of(outcomes.record_outcome(unit, call.ctx, project_id, use)), 201)

    return call.write(work)
