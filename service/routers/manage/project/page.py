"""A project on one page: where it stands, what is missing, its money, its papers, and what could happen to it now."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import commissioning, costs
from service.errors import not_found
from service.records import directory, enquiries, projects
from service.records.calendars import calendar_for
from service.records.database import Unit
from service.records.snapshots import snapshot
from service.records.surroundings import surroundings
from service.routers.identifiers import PathId, meant
from service.routers.manage.desk import Case
from service.routers.manage.moves.table import Move, move_of
from service.routers.manage.project.at_project import AtProject, OpenProject
from service.routers.manage.telling import plainly
from service.routers.project_views import project_shown
from service.routers.schemas.projects import ProjectShown
from service.states import ENQUIRY_STATES, EnquiryState, FundingStatus, ProjectState
from service.workflows.decide import possibilities
from service.workflows.machines import ENQUIRY, PROJECT
from service.workflows.project_dates import distance, length_sentence, need_sentence, reports_due
from service.working_time import local_date

router = APIRouter(include_in_schema=False)

_HINTS = {
    "submit_costing": "On the university's behalf: the enquirer is asked to agree this version.",
    "agree_costs": "For the enquirer, quoting where they said yes.",
    "descope": "Opens the costs again for a smaller or a different piece of work.",
    "confirm_funding": "By confirmed lines that cover the cost, or as a studentship or work in kind.",
    "commission": "Starts the project. Where a signature is missing, somebody named bears the risk.",
    "deliver": "Everything is handed over: the enquirer is asked to accept it.",
    "accept_delivery": "For the enquirer, quoting where they said that it is what was agreed.",
    "complete": "Closes the enquiry with its findings in plain words.",
    "pause": "The work stops for a time; reminders about what is due stop with it.",
    "resume": "The work goes on.",
    "lead_withdraws": "Ends this project and goes back to choosing researchers.",
}
"""What each event of a project's time means at this desk, in the order they are offered."""

_DONE = {
    "costs": "The costs were saved.",
    "funding": "The source was saved.",
    "agreement": "The terms were saved.",
    "signed": "The signature was recorded.",
    "deliverable": "The deliverable was saved.",
    "report": "The report was recorded, and the owner is told.",
    "outcome": "What became of the findings was recorded.",
    "stopped": "Nobody is asked about these findings again.",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """Something that could happen now, and where it is done."""

    label: str
    hint: str
    path: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that stands before a project starts: whether it is there, and the part of the page about it."""

    text: str
    is_there: bool
    anchor: str


@dataclass(frozen=True, slots=True)
class Cover:
    """What the work costs and what is confirmed for it, of one kind of money."""

    kind: str
    cost: Decimal
    confirmed: Decimal
    sought: Decimal


@router.get("/manage/enquiries/{reference}/project")
def show(at: OpenProject, done: str = "") -> Response:
    """The project, whole."""
    told = at.desk.read(lambda unit: _told(unit, at))
    return at.page("page.html", {**told, "is_earlier": False, "done": _DONE.get(done)})


@router.get("/manage/enquiries/{reference}/project/earlier/{project_id}")
def show_earlier(case: Case, project_id: PathId) -> Response:
    """A project that ended before the current one was planned: its papers, which nothing changes any more."""
    wanted = meant(project_id, "earlier project")
    current, known = case.desk.read(lambda unit: _projects_of(unit, case.enquiry_id))
    if wanted == current:
        return case.back(under="/project")
    if wanted not in known:
        raise not_found("earlier project")
    at = AtProject(case, wanted)
    return at.page("page.html", {**at.desk.read(lambda unit: _told(unit, at)), "is_earlier": True})


def _projects_of(unit: Unit, enquiry_id: UUID) -> tuple[UUID | None, set[UUID]]:
    enquiry = enquiries.one(unit, enquiry_id)
    return enquiry.project_id, {each.id for each, _ in projects.earlier(unit, enquiry)}


def _told(unit: Unit, at: AtProject) -> dict[str, object]:
    shown = project_shown(unit, at.ctx, at.id)
    row = at.row(unit)
    project, enquiry = row
    available, refused = _moves(unit, at, shown)
    started = project.started_at is not None and project.state in {ProjectState.ACTIVE, ProjectState.PAUSED}
    begun = project.start_on or (local_date(project.started_at) if project.started_at else at.today)
    reached = [report.period_end or local_date(report.submitted_at) for report in shown.reports]
    return {
        "project": shown,
        "stage": ENQUIRY_STATES[EnquiryState(enquiry.state)].label,
        "is_before_start": project.state == ProjectState.PLANNED and enquiry.state != EnquiryState.CLOSED,
        "is_set_aside": project.state == ProjectState.PLANNED and enquiry.state == EnquiryState.CLOSED,
        "on_hold": enquiry.on_hold,
        "due": (enquiry.due_on, enquiry.due_arithmetic),
        "moves": available,
        "refused": refused,
        "marks": _marks(shown),
        "cover": _cover(shown),
        "closed_papers": commissioning.obstacle(project, enquiry),
        "closed_costs": costs.obstacle(project, enquiry),
        "dates": _dates(unit, at),
        "today": at.today,
        "distance": distance,
        "confirmed_by": _names(unit, (line.confirmed_by for line in shown.funding_lines)),
        "reports_due": reports_due(begun, project.end_on, at.today, reached) if started else [],
        "not_asked": projects.sides_not_asked(project),
        "earlier": [each for each in projects.earlier(unit, enquiry) if each[0].id != at.id],
    }


def _moves(unit: Unit, at: AtProject, shown: ProjectShown) -> tuple[list[Offered], list[tuple[str, str]]]:
    """Return what could happen now to the project and its enquiry, and what is refused with its sentence."""
    enquiry = at.row(unit)[1]
    if enquiry.project_id != at.id:
        return [], []
    possible = possibilities(snapshot(unit, at.ctx, enquiry), at.ctx.actor, surroundings(unit, at.ctx, enquiry))
    # Both machines have a "resume"; the enquiry's own is offered on the enquiry's page.
    of_enquiry = {event for event in possible.available if event not in PROJECT.transitions}
    available = [
        Offered(form.label, hint, f"{at.case.path}/do/{form.slug}")
        for event, hint in _HINTS.items()
        if (event in of_enquiry or event in shown.available_events) and (form := _form(event)) is not None
    ]
    refused = [(event, why) for event, why in possible.refused if event not in PROJECT.transitions]
    refused += [(each.event, each.detail) for each in shown.refused_events]
    told = [
        (form.label, plainly(why)) for event, why in refused if event in _HINTS and (form := _form(event)) is not None
    ]
    return available, told


def _form(event: str) -> Move | None:
    return move_of(PROJECT if event in PROJECT.transitions else ENQUIRY, event)


def _marks(shown: ProjectShown) -> list[Mark]:
    """Return what has to be there before a project is commissioned, in the order of the work."""
    signed = {signature.party for signature in shown.agreement.signatures}
    costing = shown.costs
    is_submitted = costing.version > 0 and costing.submitted_version == costing.version
    return [
        Mark("Costs and dates put before the enquirer", is_submitted or costing.agreed_version is not None, "costs"),
        Mark("Costs agreed by the enquirer", costing.agreed_version is not None, "costs"),
        Mark("Funding confirmed", shown.funding_route is not None, "funding"),
        Mark("Ethics route recorded", bool(shown.agreement.ethics_route), "agreement"),
        Mark("Data protection route recorded", bool(shown.agreement.data_protection_route), "agreement"),
        Mark("Signed by the commissioner", "commissioner" in signed, "signatures"),
        Mark("Signed by the university", "university" in signed, "signatures"),
        Mark("A deliverable with its date", bool(shown.deliverables), "deliverables"),
    ]


def _cover(shown: ProjectShown) -> list[Cover]:
    def together(kind: str, status: FundingStatus) -> Decimal:
        lines = [line.amount for line in shown.funding_lines if line.kind == kind and line.status == status]
        return sum(lines, Decimal("0.00"))

    found = [
        Cover(kind, cost, together(kind, FundingStatus.CONFIRMED), together(kind, FundingStatus.SOUGHT))
        for kind, cost in (("cash", shown.costs.cash), ("in_kind", shown.costs.in_kind))
    ]
    return [each for each in found if each.cost or each.confirmed or each.sought]


def _dates(unit: Unit, at: AtProject) -> list[str]:
    """Return a project's dates, a sentence each, with their arithmetic."""
    project, enquiry = at.row(unit)
    if project.start_on is None or project.end_on is None:
        return []
    calendar = calendar_for(unit, enquiries.nation_of(unit, enquiry, at.ctx.nation))
    sentences = [length_sentence(project.start_on, project.end_on, calendar)]
    if enquiry.needed_by is not None:
        sentences.append(need_sentence(project.end_on, enquiry.needed_by))
    return sentences


def _names(unit: Unit, people: Iterable[UUID | None]) -> dict[UUID, str]:
    found = {each: directory.person(unit, each) for each in people if each is not None}
    return {each: row[0].name for each, row in found.items() if row is not None}
