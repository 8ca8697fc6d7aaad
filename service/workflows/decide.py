"""Decide: given the facts, a command and who gives it, what is recorded, or why nothing is."""

from dataclasses import dataclass

from service.principals import Principal, Role
from service.states import (
    ENQUIRY_STATES,
    OPEN_STATES,
    PROJECT_STATES,
    BriefState,
    EnquiryState,
    ProjectState,
    WaitingOn,
)
from service.workflows.commands import Command
from service.workflows.facts import Around, EnquiryFacts
from service.workflows.machines import ENQUIRY, PROJECT
from service.workflows.verdicts import Decision, GuardFailure, Machine, Refusal, State, Transition


@dataclass(frozen=True, slots=True)
class Possibilities:
    """What an actor could do now: events by code, and the refused ones with their sentence."""

    available: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


def decide(facts: EnquiryFacts, command: Command, actor: Principal, around: Around) -> Decision | Refusal:
    """Return the Decision for an enquiry's event, or the Refusal with every guard that failed."""
    return _decide(ENQUIRY, facts.state, facts, command, actor, around)


def decide_project(facts: EnquiryFacts, command: Command, actor: Principal, around: Around) -> Decision | Refusal:
    """Return the Decision for an event of the enquiry's project, or the Refusal. Needs `facts.project`."""
    if facts.project is None:
        return Refusal("state", "There is no project yet.")
    return _decide(PROJECT, facts.project.state, facts, command, actor, around)


def possibilities(facts: EnquiryFacts, actor: Principal, around: Around) -> Possibilities:
    """Return what `actor` could ask of the enquiry now, judged on recorded facts alone.

    An event whose only obstacles may be waived counts as available.
    """
    return _possibilities(ENQUIRY, facts.state, facts, actor, around)


def project_possibilities(facts: EnquiryFacts, actor: Principal, around: Around) -> Possibilities:
    """Return what `actor` could ask of the enquiry's project now."""
    if facts.project is None:
        return Possibilities((), ())
    return _possibilities(PROJECT, facts.project.state, facts, actor, around)


def obstacles(
    machine: Machine, event: str, facts: EnquiryFacts, actor: Principal, around: Around
) -> Refusal | tuple[GuardFailure, ...]:
    """Return what stands in the way of an event, judged on recorded facts alone, before its members are known.

    A Refusal when it is out of place or not for `actor`; otherwise every guard that fails, those that may be waived
    among them. Raises KeyError for an event that the machine does not have.
    """
    source = facts.state if machine is ENQUIRY else facts.project.state if facts.project else None
    if source is None:
        return Refusal("state", "There is no project yet.")
    row = machine.transitions[event]
    return _misplaced(row, source, facts, actor) or tuple(_failures(row, facts, None, actor, around))


def waiting_on_in(state: State, facts: EnquiryFacts) -> WaitingOn:
    """Return who holds the ball in `state` when nothing has been asked of anybody else.

    The state's default, moved by what is recorded: a sent brief waits for the enquirer and an agreed one for the
    team; while choosing, an open offer waits for its lead; submitted costs wait for the enquirer.
    """
    if not isinstance(state, EnquiryState):
        return facts.waiting_on
    project, brief = facts.project, facts.brief
    if state == EnquiryState.SIGN_OFF and brief and brief.state == BriefState.AGREED:
        return WaitingOn.TEAM
    if state == EnquiryState.SELECTING and facts.offer:
        return WaitingOn.LEAD
    if state == EnquiryState.COSTING and project and project.costs_submitted_version == project.costs_version > 0:
        return WaitingOn.ENQUIRER
    return ENQUIRY_STATES[state].waiting_on


def _decide(
    machine: Machine, source: State, facts: EnquiryFacts, command: Command, actor: Principal, around: Around
) -> Decision | Refusal:
    row = machine.transitions[command.event]
    refusal = _misplaced(row, source, facts, actor)
    if refusal is not None:
        return refusal
    waived = {waiver.guard for waiver in command.waivers}
    failures = _failures(row, facts, command, actor, around)
    standing = [failure for failure in failures if not (failure.waivable and failure.guard in waived)]
    if standing:
        return Refusal("guards", " ".join(failure.detail for failure in standing), tuple(standing))
    target = row.target_from(source, facts)
    used = tuple(waiver for waiver in command.waivers if waiver.guard in {failure.guard for failure in failures})
    return Decision(
        event=row.event,
        source=source,
        target=target,
        waiting_on=_waiting_on_after(row, target, facts),
        waivers=used,
        warnings=row.warns(facts, command) if row.warns else (),
    )


def _waiting_on_after(row: Transition, target: State, facts: EnquiryFacts) -> WaitingOn:
    """Events that hand the ball over inside a state say so here; every other one gives the state's own holder."""
    handed = {
        "ask": WaitingOn.ENQUIRER,
        "agree": WaitingOn.TEAM if facts.state == EnquiryState.SIGN_OFF else facts.waiting_on,
        "offer": WaitingOn.LEAD,
        "decline_offer": WaitingOn.TEAM,
        "submit_costing": WaitingOn.ENQUIRER,
    }
    if row.event in handed:
        return handed[row.event]
    if row.event in {"reply", "reopen"}:
        return waiting_on_in(target, facts)
    if not isinstance(target, EnquiryState) or target == facts.state:
        return facts.waiting_on
    return ENQUIRY_STATES[target].waiting_on


def _misplaced(row: Transition, source: State, facts: EnquiryFacts, actor: Principal) -> Refusal | None:
    if not row.posted and actor.role != Role.SYSTEM and row.event != "submit":
        return Refusal("state", _NOT_POSTED[row.event])
    if actor.role not in row.roles:
        return Refusal("role", f"“{row.label}” is not for you: only {_named(row.roles)} may do it.")
    if source not in row.sources:
        return Refusal("state", _out_of_place(row, source))
    if row.owner_only and actor.role == Role.MANAGER and facts.owner_id != actor.person_id:
        owner = facts.owner_name or "Nobody"
        return Refusal("role", f"{owner} owns this enquiry. Reassign it to yourself first.")
    return None


_NOT_POSTED = {
    "start": "The project starts when the enquiry is commissioned.",
    "terminate": "A project ends early when its lead withdraws or its enquiry is closed.",
}

_ROLES = {
    Role.ENQUIRER: "the enquirer",
    Role.UNIVERSITY: "the university",
    Role.LEAD_RESEARCHER: "the lead researcher",
    Role.MANAGER: "a manager",
    Role.SYSTEM: "the service itself",
}
"""In the order a sentence names them. A service lead may do all that a manager may, and goes without saying."""


def _named(roles: frozenset[Role]) -> str:
    return " or ".join(name for role, name in _ROLES.items() if role in roles)


def _out_of_place(row: Transition, source: State) -> str:
    if source == EnquiryState.CLOSED:
        return f"“{row.label}” is for open enquiries, and this one is closed. Reopen it first."
    if row.sources >= OPEN_STATES:
        return f"“{row.label}” is for open enquiries, and this one has not been sent yet."
    places = [f"“{_label(state)}”" for state in (*EnquiryState, *ProjectState) if state in row.sources]
    return f"“{row.label}” is not possible in “{_label(source)}”, only in {' or '.join(places)}."


def _label(state: State) -> str:
    return ENQUIRY_STATES[state].label if isinstance(state, EnquiryState) else PROJECT_STATES[state]


def _failures(
    row: Transition, facts: EnquiryFacts, command: Command | None, actor: Principal, around: Around
) -> list[GuardFailure]:
    found = []
    for guard in row.guards:
        sentence = guard.check(facts, command, actor, around)
        if sentence is not None:
            found.append(GuardFailure(guard.code, sentence, guard.waivable))
    return found


def _possibilities(
    machine: Machine, source: State, facts: EnquiryFacts, actor: Principal, around: Around
) -> Possibilities:
    available: list[str] = []
    refused: list[tuple[str, str]] = []
    for row in machine.transitions.values():
        if not row.posted or actor.role not in row.roles or source not in row.sources:
            continue
        misplaced = _misplaced(row, source, facts, actor)
        failures = [] if misplaced else [f for f in _failures(row, facts, None, actor, around) if not f.waivable]
        if misplaced:
            refused.append((row.event, misplaced.detail))
        elif failures:
            refused.append((row.event, " ".join(failure.detail for failure in failures)))
        else:
            available.append(row.event)
    return Possibilities(tuple(available), tuple(refused))
