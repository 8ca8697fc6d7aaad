"""What managers and universities are shown of a project, built from what the records say."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Protocol, TypeVar
from uuid import UUID

from fastapi import Request

from service.actions.feeding import shown_organisation, title_in_version
from service.context import Context
from service.errors import Problem, not_found
from service.records import calls, projects
from service.records.database import Unit
from service.records.projects import ProjectRow
from service.records.snapshots import snapshot
from service.records.surroundings import surroundings
from service.routers.calls import Answer
from service.routers.paging import decode_cursor, listed
from service.routers.schemas.agreements import AgreementShown, SignatureShown
from service.routers.schemas.common import Shown
from service.routers.schemas.money import CostLineShown, CostsShown, FundingLineShown, FundingShown
from service.routers.schemas.papers import DeliverableShown, OutcomeShown, ReportShown
from service.routers.schemas.projects import OwnProject, ProjectShown, UniversityShown
from service.states import PROJECT_STATES, FundingStatus, ProjectState
from service.vocabulary import AGREEMENT_SECTIONS
from service.workflows.cover import short_by
from service.workflows.decide import project_possibilities


class _Identified(Protocol):
    id: UUID


Row = TypeVar("Row", bound=_Identified)


def project_row(unit: Unit, project_id: UUID) -> ProjectRow:
    """Return a project with its enquiry. Raises Problem 404."""
    row = projects.with_enquiry(unit, project_id)
    if row is None:
        raise not_found("project")
    return row


def project_shown(unit: Unit, ctx: Context, project_id: UUID) -> ProjectShown:
    """Show a project to managers, with all its papers and what could happen to it now."""
    row = project_row(unit, project_id)
    project, enquiry = row
    lines = projects.funding_lines(unit, project.id)
    events: dict[str, object] = {"available_events": [], "refused_events": []}
    if enquiry.project_id == project.id:
        possible = project_possibilities(snapshot(unit, ctx, enquiry), ctx.actor, surroundings(unit, ctx, enquiry))
        refused = [{"event": event, "detail": detail} for event, detail in possible.refused]
        events = {"available_events": possible.available, "refused_events": refused}
    return ProjectShown.model_validate(
        {
            **_common(unit, row),
            **project.model_dump(include=_OF_MANAGERS),
            **events,
            "enquiry": enquiry.reference or "",
            "university": UniversityShown(id=project.organisation_id, name=projects.university_name(unit, project)),
            "funding": funding_shown(unit, row),
            "funding_lines": [FundingLineShown.of(line) for line in lines],
            "outcomes": [OutcomeShown.of(outcome) for outcome in projects.outcomes(unit, project.id)],
        }
    )


def own_project_shown(unit: Unit, row: ProjectRow) -> OwnProject:
    """Show a project to the university that carries it out."""
    return OwnProject.model_validate(_common(unit, row))


def costs_shown(unit: Unit, row: ProjectRow) -> CostsShown:
    """Show a project's costs in their newest version."""
    project = row[0]
    lines = [CostLineShown.model_validate(line) for line in projects.cost_lines(unit, project)]
    return CostsShown(
        version=project.costs_version,
        lines=lines,
        total=_sum(line.amount for line in lines),
        cash=_sum(line.amount for line in lines if line.kind == "cash"),
        in_kind=_sum(line.amount for line in lines if line.kind == "in_kind"),
        start=project.start_on,
        end=project.end_on,
        submitted_version=project.costs_submitted_version,
        submitted_at=project.costs_submitted_at,
        agreed_version=project.costs_agreed_version,
        agreed_at=project.costs_agreed_at,
    )


def funding_shown(unit: Unit, row: ProjectRow) -> FundingShown:
    """Show how far a project's confirmed funding covers its cost."""
    costs = costs_shown(unit, row)
    lines = projects.funding_lines(unit, row[0].id)
    confirmed = [line for line in lines if line.status == FundingStatus.CONFIRMED]
    total = _sum(line.amount for line in confirmed)
    cash = _sum(line.amount for line in confirmed if line.kind == "cash")
    missing = short_by(cost=costs.total, cost_in_money=costs.cash, confirmed=total, confirmed_in_money=cash)
    return FundingShown(
        confirmed=total,
        sought=_sum(line.amount for line in lines if line.status == FundingStatus.SOUGHT),
        short_by=missing,
        covers_cost=not missing,
    )


def agreement_shown(unit: Unit, project_id: UUID) -> AgreementShown:
    """Show a project's terms with their signatures; version 0 with nothing in it before the first save."""
    agreement = projects.agreement(unit, project_id)
    version = agreement.version if agreement else 0
    terms = {code: (agreement.terms.get(code, "") if agreement else "") for code in AGREEMENT_SECTIONS}
    signatures = projects.signatures(unit, project_id)
    return AgreementShown.model_validate(
        {
            **terms,
            "version": version,
            "parties": agreement.parties if agreement else [],
            "saved_at": agreement.saved_at if agreement else None,
            "signatures": [SignatureShown.of(each) for each in signatures if each.terms_version == version],
            "void_signatures": [SignatureShown.of(each) for each in signatures if each.terms_version != version],
        }
    )


def papers_listed(
    request: Request, rows: Sequence[Row], limit: int, cursor: str | None, show: Callable[[Row], Shown]
) -> Answer:
    """Answer a stretch of a project's papers, which are few and never taken out of their list."""
    begin = 0
    if cursor is not None:
        after = decode_cursor(cursor, UUID)
        begin = next((number for number, row in enumerate(rows, start=1) if row.id == after), 0)
        if not begin:
            raise Problem("cursor-malformed", 400, "The cursor is not one of ours. Start again without one.")
    return listed(request, rows[begin : begin + limit + 1], limit, show=show, place=lambda row: row.id)


_OF_MANAGERS = {"funding_route", "start_at_risk", "plain_summary", "output", "publication"}


def _common(unit: Unit, row: ProjectRow) -> dict[str, object]:
    project, enquiry = row
    interest = calls.interest(unit, project.interest_id)
    if interest is None:
        raise LookupError(f"project {project.id} is of no interest")
    return {
        **project.model_dump(exclude=_OF_MANAGERS),
        "label": PROJECT_STATES[ProjectState(project.state)],
        "enquiry_state": enquiry.state,
        "brief_id": enquiry.brief_id,
        "title": title_in_version(unit, enquiry, interest.brief_version),
        "organisation": shown_organisation(unit, enquiry, project.organisation_id),
        "lead": {"name": interest.lead_name, "email": interest.lead_email},
        "start": project.start_on,
        "end": project.end_on,
        "costs": costs_shown(unit, row),
        "agreement": agreement_shown(unit, project.id),
        "deliverables": [DeliverableShown.of(each) for each in projects.deliverables(unit, project.id)],
        "reports": [ReportShown.of(each) for each in projects.reports(unit, project.id)],
    }


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal("0.00"))
