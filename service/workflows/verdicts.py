"""The answers the rules give: a Decision to record, or a Refusal that says why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from service.principals import Principal, Role
from service.states import EnquiryState, ProjectState, WaitingOn
from service.workflows.commands import Command, Waiver
from service.workflows.facts import Around, EnquiryFacts

State = EnquiryState | ProjectState


@dataclass(frozen=True, slots=True)
class GuardFailure:
    """One guard that is not satisfied, as a sentence a manager can act on."""

    guard: str
    detail: str
    waivable: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing happens. `reason` is `role`, `state` or `guards`."""

    reason: str
    detail: str
    guards: tuple[GuardFailure, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What to record: the event, where it leads, who holds the ball then, and which guards were waived."""

    event: str
    source: State
    target: State
    waiting_on: WaitingOn
    waivers: tuple[Waiver, ...] = ()
    warnings: tuple[str, ...] = ()


Check = Callable[[EnquiryFacts, Command | None, Principal, Around], str | None]
"""Return the sentence that refuses, or None. Without a command only what is recorded already is judged."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition that only a recorded fact, or a waiver with a reason where allowed, satisfies."""

    code: str
    check: Check
    waivable: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a machine. `target` None means the state stays; a mapping has a target for each source; a callable
    reads it from the facts, and `targets` then says where it may lead."""

    event: str
    label: str
    """What the button says."""
    command: type[Command]
    sources: frozenset[State]
    target: State | Mapping[State, State] | Callable[[EnquiryFacts], State] | None
    roles: frozenset[Role]
    targets: tuple[State, ...] = ()
    guards: tuple[Guard, ...] = ()
    owner_only: bool = False
    posted: bool = True
    """Whether it can be asked for by name; the others are fired by the service's own doors."""
    warns: Callable[[EnquiryFacts, Command], tuple[str, ...]] | None = None

    def target_from(self, source: State, facts: EnquiryFacts) -> State:
        return self.target(facts) if callable(self.target) else self.leads_to(source)[0]

    def leads_to(self, source: State) -> tuple[State, ...]:
        """Return every state to which this may lead from `source`, whatever the facts."""
        if callable(self.target):
            return self.targets
        if isinstance(self.target, Mapping):
            return (self.target[source],)
        return (source if self.target is None else self.target,)


@dataclass(frozen=True, slots=True)
class Machine:
    """A table of transitions, by event."""

    name: str
    transitions: Mapping[str, Transition] = field(default_factory=dict)
