"""The project as its enquirer sees it: what it costs and where it stands."""

from decimal import Decimal

from service.records import projects
from service.records.database import Unit
from service.records.enquirer_page.shapes import CostLine, Costs, Terms, Work
from service.records.tables import Enquiry, Person, Project
from service.states import DeliverableStatus, ProjectState
from service.vocabulary import AGREEMENT_SECTIONS
from service.workflows.guards.project import SIGNING, why_not_signable


def costs_of(unit: Unit, project: Project) -> Costs | None:
    """Return the costs put to the enquirer, or None while the university works on them."""
    if not project.costs_version or project.costs_submitted_version != project.costs_version:
        return None
    lines = [CostLine(line.label, line.amount, line.kind) for line in projects.cost_lines(unit, project)]
    agreed = project.costs_agreed_version == project.costs_version
    return Costs(
        version=project.costs_version,
        lines=lines,
        cash=sum((line.amount for line in lines if line.kind == "cash"), Decimal(0)),
        in_kind=sum((line.amount for line in lines if line.kind != "cash"), Decimal(0)),
        start_on=project.start_on,
        end_on=project.end_on,
        agreed_at=project.costs_agreed_at if agreed else None,
    )


def terms_of(unit: Unit, enquiry: Enquiry, project: Project) -> Terms | None:
    """Return the terms once the money is confirmed, or None while they may still change without the enquirer."""
    agreement = projects.agreement(unit, project.id)
    if agreement is None or enquiry.state not in SIGNING:
        return None
    said = [(AGREEMENT_SECTIONS[code], text) for code in AGREEMENT_SECTIONS if (text := agreement.terms.get(code))]
    signatures = projects.signatures(unit, project.id)
    return Terms(
        version=agreement.version,
        parties=agreement.parties,
        terms=said,
        signed=[
            (each.organisation, each.person, each.signed_on)
            for each in signatures
            if each.terms_version == agreement.version
        ],
        is_ready=why_not_signable(agreement.parties, agreement.terms) is None,
    )


def work_of(unit: Unit, project: Project) -> Work:
    """Return a project that has been commissioned."""
    lead = unit.get(Person, project.lead_person_id) if project.lead_person_id else None
    return Work(
        id=project.id,
        state=ProjectState(project.state),
        university=projects.university_name(unit, project),
        lead=lead.name if lead else None,
        start_on=project.start_on,
        end_on=project.end_on,
        delivered_at=project.delivered_at,
        deliverables=[
            (each.title, each.due_on, DeliverableStatus(each.status))
            for each in projects.deliverables(unit, project.id)
        ],
        plain_summary=project.plain_summary,
        output=project.output,
        outcomes=len(projects.outcomes(unit, project.id)),
    )
