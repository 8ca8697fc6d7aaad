"""The project as its enquirer sees it: what it costs and where it stands."""

from decimal import Decimal

from service.records import projects
from service.records.database import Unit
from service.records.enquirer_page.shapes import CostLine, Costs, Work
from service.records.tables import Person, Project
from service.states import DeliverableStatus, ProjectState


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
