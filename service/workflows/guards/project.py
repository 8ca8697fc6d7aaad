"""The project: what stands before it starts, and when it is done."""

from collections.abc import Mapping, Sequence

from service.principals import Principal
from service.states import EnquiryState, ProjectState
from service.workflows import commands as c
from service.workflows.facts import Around, EnquiryFacts
from service.workflows.verdicts import Guard
from service.working_time.wording import listed

SIGNING = frozenset({EnquiryState.CONTRACTING, EnquiryState.COMMISSIONED})
"""Where terms can be signed: the money is confirmed. Work that started at risk still wants its signatures."""


def _signed_by_both(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if isinstance(command, c.Commission) and command.start_at_risk is not None:
        return None
    signed = facts.project.signed_parties if facts.project else frozenset()
    missing = [f"the {party}" for party in ("commissioner", "university") if party not in signed]
    # Whether the start is at risk is only known from the command itself.
    if not missing or command is None:
        return None
    return (
        f"The current terms are not signed by {' or '.join(missing)}. Record the signature, or start at risk and name "
        "who bears it (start_at_risk)."
    )


def _routes_recorded(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    project = facts.project
    missing = (
        _routes_missing(project.ethics_route, project.data_protection_route) if project else _routes_missing("", "")
    )
    return f"Record {listed(missing)} in the agreement first." if missing else None


def _routes_missing(ethics_route: str, data_protection_route: str) -> list[str]:
    routes = {"the ethics route": ethics_route, "the data protection route": data_protection_route}
    return [name for name, text in routes.items() if not text.strip()]


def why_not_signable(parties: Sequence[str], terms: Mapping[str, str]) -> str | None:
    """Return what an agreement still lacks before anybody is asked to sign it, as a sentence; None when it lacks nothing."""
    missing = [] if any(party.strip() for party in parties) else ["the parties"]
    missing += _routes_missing(terms.get("ethics_route", ""), terms.get("data_protection_route", ""))
    return f"Nobody is asked to sign yet: {listed(missing)} must be filled in first." if missing else None


def _deliverable_planned(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    if facts.project and facts.project.deliverables:
        return None
    return "Add at least one deliverable with its date first."


def _project_completed(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if facts.project and facts.project.state == ProjectState.COMPLETED:
        return None
    return "The project's delivery has not been accepted yet."


def _project_started_by_commission(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    if facts.state == EnquiryState.COMMISSIONED:
        return None
    return "The project starts when the enquiry is commissioned."


SIGNED_BY_BOTH = Guard("signed_by_both", _signed_by_both)
ROUTES_RECORDED = Guard("routes_recorded", _routes_recorded)
DELIVERABLE_PLANNED = Guard("deliverable_planned", _deliverable_planned)
PROJECT_COMPLETED = Guard("project_completed", _project_completed)
PROJECT_STARTED_BY_COMMISSION = Guard("project_started_by_commission", _project_started_by_commission)
