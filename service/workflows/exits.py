"""The exits: how an enquiry may end, from where, by whom, and what each one needs (DOMAIN.md section 2)."""

from collections.abc import Callable
from dataclasses import dataclass

from service.principals import STAFF, Principal, Role
from service.states import ENQUIRY_STATES, OPEN_STATES, EnquiryState, Outcome
from service.workflows.commands import Close, Command
from service.workflows.facts import Around, EnquiryFacts
from service.workflows.verdicts import Guard

_BEFORE_WORK = OPEN_STATES - {EnquiryState.COMMISSIONED}
_AFTER_CALL = frozenset({EnquiryState.OPEN_CALL, EnquiryState.SELECTING})
_MONEY = frozenset({EnquiryState.COSTING, EnquiryState.FUNDING, EnquiryState.CONTRACTING})

Needs = Callable[[EnquiryFacts, Close, Around], str | None]


@dataclass(frozen=True, slots=True)
class Exit:
    """One outcome: its label, the states it may be reached from, who may choose it, and what it needs."""

    label: str
    sources: frozenset[EnquiryState]
    roles: frozenset[Role] = STAFF
    needs: Needs | None = None


def _answer(facts: EnquiryFacts, command: Close, around: Around) -> str | None:
    if command.answer or facts.answer_file:
        return None
    return "Give the answer's text (answer), or add the file that answers it where the enquirer can see it."


def _signpost(facts: EnquiryFacts, command: Close, around: Around) -> str | None:
    return None if command.signposted_to else "Say to whom you are pointing them (signposted_to)."


def _criteria(facts: EnquiryFacts, command: Close, around: Around) -> str | None:
    return None if command.criteria else "Say which criteria are not met, a sentence each (criteria)."


def _target(facts: EnquiryFacts, command: Close, around: Around) -> str | None:
    if not command.target:
        return "Name the enquiry this one repeats (target)."
    if around.target is None or around.target.state == EnquiryState.DRAFT:
        return "There is no enquiry with that reference."
    if around.target.leads_back:
        return "That enquiry leads back to this one. Choose the one that stays open."
    return None


EXITS: dict[Outcome, Exit] = {
    Outcome.COMPLETED: Exit("Completed", frozenset()),
    Outcome.ANSWERED: Exit("Answered", _BEFORE_WORK, needs=_answer),
    Outcome.SIGNPOSTED: Exit("Signposted", _BEFORE_WORK, needs=_signpost),
    Outcome.DECLINED: Exit("Declined", _BEFORE_WORK, needs=_criteria),
    Outcome.WITHDRAWN: Exit("Withdrawn", OPEN_STATES, roles=STAFF | {Role.ENQUIRER}),
    Outcome.DUPLICATE: Exit("Merged into another enquiry", _BEFORE_WORK, needs=_target),
    Outcome.NO_CAPACITY: Exit("No university had capacity", _AFTER_CALL),
    Outcome.NO_FUNDING: Exit("No funding was found", _MONEY),
    Outcome.MISSED_WINDOW: Exit("Too late for the decision", _BEFORE_WORK),
    Outcome.PARALLEL_STUDY: Exit("A study like it is under way", _BEFORE_WORK),
    Outcome.LAPSED: Exit("Lapsed", _BEFORE_WORK),
    Outcome.TERMINATED: Exit(
        "Project ended early", frozenset({EnquiryState.COMMISSIONED}), roles=frozenset({Role.SERVICE_LEAD})
    ),
    Outcome.SPAM: Exit("Not a real enquiry", frozenset({EnquiryState.TRIAGE})),
}


OUTCOMES: dict[str, str] = {str(outcome): way_out.label for outcome, way_out in EXITS.items()}
"""The one name that each outcome has for the team, wherever it is chosen, shown or looked for."""


def _exit_fits(facts: EnquiryFacts, command: Command | None, actor: Principal, around: Around) -> str | None:
    if not isinstance(command, Close):
        return None
    way_out = EXITS[command.outcome]
    if command.outcome is Outcome.COMPLETED:
        return "Completed is reached through the complete event, once the project's delivery is accepted."
    if actor.role not in way_out.roles:
        who = "a service lead" if way_out.roles == frozenset({Role.SERVICE_LEAD}) else "a manager"
        return f"Only {who} may close an enquiry as “{way_out.label}”."
    if facts.state not in way_out.sources:
        return _wrong_place(way_out)
    return way_out.needs(facts, command, around) if way_out.needs else None


def _wrong_place(way_out: Exit) -> str:
    if way_out.sources == _BEFORE_WORK:
        return (
            f"“{way_out.label}” is possible only before the project is commissioned. After that an enquiry is completed, "
            f"withdrawn, or ended by a service lead (“{EXITS[Outcome.TERMINATED].label}”)."
        )
    places = [f"“{words.label}”" for state, words in ENQUIRY_STATES.items() if state in way_out.sources]
    return f"“{way_out.label}” is possible only in {' or '.join(places)}."


def _chasers_spent(facts: EnquiryFacts, command: Command | None, actor: Principal, around: Around) -> str | None:
    if isinstance(command, Close) and command.outcome is Outcome.LAPSED and not facts.chasers_spent:
        return "The enquirer has not been asked and reminded to the end yet. Wait, or close it with another outcome."
    return None


EXIT_FITS = Guard("exit_fits", _exit_fits)
CHASERS_SPENT = Guard("chasers_spent", _chasers_spent, waivable=True)


def outcomes_from(state: EnquiryState, role: Role) -> list[Outcome]:
    """Return the outcomes that `role` may close an enquiry with from `state`."""
    return [outcome for outcome, way_out in EXITS.items() if state in way_out.sources and role in way_out.roles]
