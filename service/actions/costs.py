"""Costs: what a project would cost and when it would run, in numbered versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from service.actions import commissioning, telling
from service.actions.commissioning import lock_living, note
from service.context import Context
from service.errors import conflict, invalid
from service.principals import Role
from service.records import projects
from service.records.database import Unit
from service.records.snapshots import snapshot
from service.records.tables import CostLine, Enquiry, Project
from service.states import EnquiryState
from service.workflows.decide import waiting_on_in


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the costs, in pounds; `kind` is cash or in_kind."""

    label: str
    amount: Decimal
    kind: str


def save_costs(
    unit: Unit, ctx: Context, project_id: UUID, lines: Sequence[Line], start: date | None, end: date | None
) -> Project:
    """Replace a project's costs and dates with these, as a new version, and return the project.

    Saving what stands there already changes nothing. Costs that were submitted and then changed are no longer before
    the enquirer: they need to be submitted again. What a lead researcher saves is a proposal: the university's contacts
    are told, and submit it. Raises Problem 409 outside costing, 422 for an end before the start.
    """
    if start is not None and end is not None and end < start:
        raise invalid("end", "A project ends after it starts: give an end that is not before the start.")
    project, enquiry = lock_living(unit, project_id)
    standing = obstacle(project, enquiry)
    if standing is not None:
        raise conflict(standing)
    if _stands(unit, project, lines, start, end):
        return project
    project.costs_version += 1
    project.start_on, project.end_on = start, end
    for position, line in enumerate(lines, start=1):
        unit.add(
            CostLine(
                project_id=project.id,
                version=project.costs_version,
                position=position,
                label=line.label,
                amount=line.amount,
                kind=line.kind,
            )
        )
    unit.add(project)
    unit.flush()
    _take_back(unit, ctx, enquiry)
    note(unit, ctx, enquiry, project, "costs_saved", version=project.costs_version)
    if ctx.actor.role == Role.LEAD_RESEARCHER:
        lead_name = ctx.actor.name or "The lead researcher"
        telling.tell_contacts(
            unit, ctx, enquiry, [project.organisation_id], "costs_proposed",
            lead_name=lead_name, total=str(sum((line.amount for line in lines), Decimal(0))),
        )  # fmt: skip
    return project


def _stands(unit: Unit, project: Project, lines: Sequence[Line], start: date | None, end: date | None) -> bool:
    if project.costs_version == 0 or (project.start_on, project.end_on) != (start, end):
        return False
    recorded = [Line(line.label, line.amount, line.kind) for line in projects.cost_lines(unit, project)]
    return recorded == list(lines)


def _take_back(unit: Unit, ctx: Context, enquiry: Enquiry) -> None:
    """Give the ball back to the university when what the enquirer was looking at has just changed."""
    holder = waiting_on_in(EnquiryState(enquiry.state), snapshot(unit, ctx, enquiry))
    if enquiry.waiting_on != holder:
        enquiry.waiting_on, enquiry.waiting_since = holder, ctx.now
        unit.add(enquiry)


def obstacle(project: Project, enquiry: Enquiry) -> str | None:
    """Return why a project's costs may not change now, as a sentence; None while they may."""
    standing = commissioning.obstacle(project, enquiry)
    if standing is not None or enquiry.state == EnquiryState.COSTING:
        return standing
    if enquiry.state == EnquiryState.FUNDING:
        return "The costs have been agreed. Ask the research manager to open them again (descope)."
    return "The costs were agreed and their funding is confirmed, so they can no longer change here."
