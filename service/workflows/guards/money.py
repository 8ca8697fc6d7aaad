"""The money: what the work costs, who agreed to it, and what pays for it."""

from service.principals import Principal
from service.workflows import commands as c
from service.workflows.cover import short_by
from service.workflows.facts import Around, EnquiryFacts
from service.workflows.verdicts import Guard


def _cost_lines_present(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if facts.project and facts.project.cost_lines:
        return None
    return "Enter at least one cost line first."


def _dates_present(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if facts.project and facts.project.start_on and facts.project.end_on:
        return None
    return "Enter the project's start and end first."


def _costs_not_yet_submitted(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    project = facts.project
    if project and project.costs_version and project.costs_submitted_version == project.costs_version:
        return "These costs are with the enquirer already. Change them to submit again."
    return None


def _costs_shown_are_current(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    project = facts.project
    if (
        project is None
        or project.costs_submitted_version is None
        or project.costs_submitted_version != project.costs_version
    ):
        return "No costs are waiting to be agreed: the university has not submitted this version."
    if isinstance(command, c.AgreeCosts) and command.version != project.costs_version:
        return (
            f"The costs have changed since that version was shown. Read version {project.costs_version} and agree to "
            "that one."
        )
    return None


def _money_covers_cost(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    project = facts.project
    if project is None:
        return "There is no planned project to fund."
    # Only the command tells by which route the work is paid for.
    if not isinstance(command, c.ConfirmFunding) or command.route != "funded":
        return None
    short = short_by(
        cost=project.cost_total,
        cost_in_money=project.cost_cash,
        confirmed=project.confirmed_total,
        confirmed_in_money=project.confirmed_cash,
    )
    if not short:
        return None
    return (
        f"Confirmed funding is £{short:,.2f} short of the cost. Confirm more lines, or choose studentship or in_kind."
    )


def _own_funds_confirmed_by_another(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    confirmed_by = facts.project.own_funds_confirmed_by if facts.project else ()
    if None in confirmed_by or facts.owner_id in confirmed_by:
        return "The service's own money is confirmed by a service lead who does not own the enquiry. Ask another one."
    return None


COST_LINES_PRESENT = Guard("cost_lines_present", _cost_lines_present)
DATES_PRESENT = Guard("dates_present", _dates_present)
COSTS_NOT_YET_SUBMITTED = Guard("costs_not_yet_submitted", _costs_not_yet_submitted)
COSTS_SHOWN_ARE_CURRENT = Guard("costs_shown_are_current", _costs_shown_are_current)
MONEY_COVERS_COST = Guard("money_covers_cost", _money_covers_cost)
OWN_FUNDS_CONFIRMED_BY_ANOTHER = Guard("own_funds_confirmed_by_another", _own_funds_confirmed_by_another)
