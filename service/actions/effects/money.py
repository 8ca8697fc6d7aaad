"""Effects of costing and funding."""

from service.actions import telling
from service.actions.change import Change
from service.actions.signing import ask_to_sign
from service.principals import Role
from service.records.tables import Project
from service.workflows import commands as c


def submit_costing(change: Change, command: c.SubmitCosting) -> None:
    """Put the current costs before the enquirer."""
    project = project_of(change)
    project.costs_submitted_version = project.costs_version
    project.costs_submitted_at = change.ctx.now
    change.unit.add(project)
    total = change.facts.project.cost_total if change.facts.project else 0
    change.data |= {"version": project.costs_version}
    change.then(
        lambda: telling.tell_enquirer(
            change.unit, change.ctx, change.enquiry, "costs_to_agree",
            version=project.costs_version, total=str(total),
        )
    )  # fmt: skip
    if change.ctx.actor.role == Role.UNIVERSITY:
        change.then(lambda: telling.tell_owner(change.unit, change.ctx, change.enquiry, "costing_submitted"))


def agree_costs(change: Change, command: c.AgreeCosts) -> None:
    """Record the enquirer's yes to this version of the costs."""
    project = project_of(change)
    project.costs_agreed_version = command.version
    project.costs_agreed_at = change.ctx.now
    change.unit.add(project)
    change.data |= {"version": command.version}
    if command.entry:
        change.data["entry"] = str(command.entry)
    if change.ctx.actor.role == Role.ENQUIRER:
        change.enquiry.enquirer_active_at = change.ctx.now
    change.then(lambda: telling.tell_owner(change.unit, change.ctx, change.enquiry, "costs_agreed"))
    change.then(
        lambda: telling.tell_contacts(
            change.unit, change.ctx, change.enquiry, [project.organisation_id], "costs_agreed_university"
        )
    )


def descope(change: Change, command: c.Descope) -> None:
    """Open the costs again: what was agreed no longer holds, and the university costs a smaller piece of work."""
    project = project_of(change)
    project.costs_submitted_version = None
    project.costs_submitted_at = None
    project.costs_agreed_version = None
    project.costs_agreed_at = None
    change.unit.add(project)
    change.then(
        lambda: telling.tell_contacts(
            change.unit, change.ctx, change.enquiry, [project.organisation_id], "costing_wanted"
        )
    )


def confirm_funding(change: Change, command: c.ConfirmFunding) -> None:
    """Record the route by which the work is paid for; terms that were written before can be signed now."""
    project = project_of(change)
    project.funding_route = command.route
    change.unit.add(project)
    change.data |= {"route": command.route}
    change.then(lambda: ask_to_sign(change.unit, change.ctx, change.enquiry, project))


def project_of(change: Change) -> Project:
    """Return the enquiry's project. Raises LookupError without one: the machine has none of these events then."""
    project = change.unit.get(Project, change.enquiry.project_id) if change.enquiry.project_id else None
    if project is None:
        raise LookupError(f"enquiry {change.enquiry.reference} has no project")
    return project
