"""Impossible states, hunted: what must hold of every enquiry at every moment, whatever doors it came through."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

from service.states import (
    ENQUIRY_STATES,
    OPEN_STATES,
    BriefState,
    EnquiryState,
    OfferState,
    Outcome,
    ProjectState,
    WaitingOn,
)
from service.workflows.machines import ENQUIRY, PROJECT
from service.workflows.verdicts import Machine

_S = EnquiryState
_AFTER_CALL = frozenset({_S.SELECTING, _S.COSTING, _S.FUNDING, _S.CONTRACTING, _S.COMMISSIONED})
_WITH_PROJECT = _AFTER_CALL - {_S.SELECTING}
_COSTS_AGREED = _WITH_PROJECT - {_S.COSTING}
_BEGUN = frozenset({ProjectState.ACTIVE, ProjectState.PAUSED, ProjectState.DELIVERED})
_OVER = frozenset({ProjectState.COMPLETED, ProjectState.TERMINATED})
_UNDER_DISCUSSION = frozenset({BriefState.DRAFT, BriefState.SENT, BriefState.AGREED})


@dataclass(frozen=True, slots=True)
class Step:
    """One recorded event of a machine."""

    event: str
    from_state: str
    to_state: str
    waiting_on: str = ""


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """One version of the brief. `computed_hash` is taken afresh from its sections; None once redacted."""

    number: int
    state: BriefState
    hash: str
    computed_hash: str | None
    agreed_hash: str | None = None
    """The hash that the enquirer agreed to, from the event of agreeing."""
    fed_hashes: frozenset[str] = frozenset()
    """The hashes under which universities received it, from their feeds."""


@dataclass(frozen=True, slots=True)
class CallRecord:
    brief_version: int
    is_open: bool
    recipients: int
    pulled: bool = False


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """One enquiry as it is stored, with everything that hangs on it."""

    reference: str
    """What to call it: its reference, or the id of a draft."""
    state: EnquiryState
    waiting_on: WaitingOn
    submitted: bool
    outcome: Outcome | None = None
    closed_from: EnquiryState | None = None
    on_hold: bool = False
    hold_until: date | None = None
    owner_id: UUID | None = None
    call_pulled: bool = False
    is_duplicate: bool = False
    """It names the enquiry that it repeats."""
    leads_back: bool = False
    """Its chain of duplicates comes back to itself."""
    versions: tuple[VersionFacts, ...] = ()
    """Every version of the brief, by number."""
    calls: tuple[CallRecord, ...] = ()
    offers: tuple[OfferState, ...] = ()
    projects: tuple[ProjectState, ...] = ()
    """Every project it ever had."""
    project: ProjectState | None = None
    """The state of the one it points at."""
    costs_version: int | None = None
    costs_agreed_version: int | None = None
    steps: tuple[Step, ...] = ()
    """Its events, oldest first."""
    project_steps: tuple[Step, ...] = ()
    """The events of the project it points at, oldest first."""


def broken(case: CaseFacts) -> list[str]:
    """Return a sentence for each thing about `case` that cannot be, each beginning with its reference."""
    return [f"{case.reference} {complaint}." for rule in _RULES for complaint in rule(case)]


def _ending(case: CaseFacts) -> Iterator[str]:
    closed = case.state == _S.CLOSED
    if closed and case.outcome is None:
        yield "is closed without an outcome"
    if closed and case.closed_from not in OPEN_STATES:
        yield "is closed, but not from an open state"
    if not closed and case.outcome is not None:
        yield f"is {case.state}, yet has the outcome {case.outcome}"
    if case.is_duplicate != (case.outcome == Outcome.DUPLICATE):
        yield "names the enquiry it repeats without being closed as a duplicate, or the other way round"
    if case.leads_back:
        yield "is a duplicate whose chain comes back to itself"


def _standing(case: CaseFacts) -> Iterator[str]:
    if case.submitted == (case.state == _S.DRAFT):
        yield f"is {case.state}, and was {'submitted' if case.submitted else 'never submitted'}"
    if case.on_hold and case.state not in OPEN_STATES:
        yield f"is on hold while {case.state}"
    if case.on_hold != (case.hold_until is not None):
        yield "is on hold without a date, or has the date of a hold without one"
    if case.owner_id is None and case.state in OPEN_STATES - {_S.TRIAGE}:
        yield f"is {case.state} without an owner"


def _waiting(case: CaseFacts) -> Iterator[str]:
    allowed = {ENQUIRY_STATES[case.state].waiting_on}
    if case.state in OPEN_STATES:
        allowed.add(WaitingOn.ENQUIRER)
    if case.state == _S.SIGN_OFF and case.versions and case.versions[-1].state == BriefState.AGREED:
        allowed.add(WaitingOn.TEAM)
    if case.state == _S.SELECTING and OfferState.OPEN in case.offers:
        allowed = {WaitingOn.LEAD, WaitingOn.ENQUIRER}
    if case.waiting_on not in allowed:
        yield f"waits on {case.waiting_on} while {case.state}"


def _versions(case: CaseFacts) -> Iterator[str]:
    if [version.number for version in case.versions] != list(range(1, len(case.versions) + 1)):
        yield "has gaps in the numbers of its brief's versions"
    for version in case.versions[:-1]:
        if version.state in _UNDER_DISCUSSION:
            yield f"has version {version.number} of its brief still {version.state} beside a newer one"
    published = [version.number for version in case.versions if version.state == BriefState.PUBLISHED]
    if len(published) > 1:
        yield f"has {len(published)} published versions of its brief"
    if case.state == _S.SIGN_OFF and not (
        case.versions and case.versions[-1].state in {BriefState.SENT, BriefState.AGREED}
    ):
        yield "is sign_off, and no version of its brief is with the enquirer"


def _hashes(case: CaseFacts) -> Iterator[str]:
    for version in case.versions:
        if version.computed_hash not in {version.hash, None}:
            yield f"has version {version.number} of its brief changed under its hash"
        needs_agreement = version.state in {BriefState.AGREED, BriefState.PUBLISHED} or version.fed_hashes
        if needs_agreement and version.agreed_hash is None:
            yield f"has version {version.number} of its brief {version.state} without anybody's agreement"
        elif version.fed_hashes - {version.agreed_hash}:
            yield f"sent universities another text than the enquirer agreed to in version {version.number} of its brief"
        elif needs_agreement and version.hash != version.agreed_hash:
            yield f"has version {version.number} of its brief under another hash than was agreed"


def _calls(case: CaseFacts) -> Iterator[str]:
    running = [call for call in case.calls if call.is_open]
    if len(running) != (1 if case.state == _S.OPEN_CALL else 0):
        yield f"is {case.state} with {len(running)} open calls"
    if not case.calls and case.state in _AFTER_CALL:
        yield f"is {case.state} without ever having had a call"
    if any(call.recipients == 0 for call in case.calls):
        yield "has a call that went to nobody"
    if not case.call_pulled and any(call.pulled for call in case.calls):
        yield "has a pulled call that reopening would not know of"
    agreed = {version.number for version in case.versions if version.agreed_hash is not None}
    if any(call.brief_version not in agreed for call in case.calls):
        yield "has a call with a version of its brief that nobody agreed to"


def _offers(case: CaseFacts) -> Iterator[str]:
    running = case.offers.count(OfferState.OPEN)
    if running > (1 if case.state == _S.SELECTING else 0):
        yield f"is {case.state} with {running} open offers"
    if case.state in _WITH_PROJECT and OfferState.ACCEPTED not in case.offers:
        yield f"is {case.state} without an accepted offer"


def _projects(case: CaseFacts) -> Iterator[str]:
    living = [state for state in case.projects if state not in _OVER]
    if len(living) > 1:
        yield f"has {len(living)} projects at once"
    if living and case.project in _OVER:
        yield "has a project, and points at one that is over"
    if case.project not in _projects_in(case):
        yield f"is {case.state} with {f'a project {case.project}' if case.project else 'no project'}"
    if case.state in _COSTS_AGREED and case.costs_agreed_version != case.costs_version:
        yield f"is {case.state}, and its costs are not the ones agreed"


def _projects_in(case: CaseFacts) -> set[ProjectState | None]:
    over = {None, *_OVER}
    if case.state == _S.COMMISSIONED:
        return {*_BEGUN, ProjectState.COMPLETED}
    if case.state in _WITH_PROJECT:
        return {ProjectState.PLANNED}
    if case.outcome == Outcome.COMPLETED:
        return {ProjectState.COMPLETED}
    if case.state == _S.CLOSED and case.closed_from == _S.COMMISSIONED:
        return {*_OVER}
    # Kept as planned, so that reopening finds it again.
    return over | {ProjectState.PLANNED} if case.state == _S.CLOSED and case.closed_from in _WITH_PROJECT else over


def _history(case: CaseFacts) -> Iterator[str]:
    yield from _walk(ENQUIRY, case.steps, case.state)
    yield from _walk(PROJECT, case.project_steps, case.project)
    if case.steps and case.steps[-1].waiting_on != case.waiting_on:
        yield f"waits on {case.waiting_on}, and its last event says {case.steps[-1].waiting_on}"
    if not case.steps and case.state != _S.DRAFT:
        yield f"is {case.state}, and no event says how it came there"


def _walk(machine: Machine, steps: tuple[Step, ...], state: str | None) -> Iterator[str]:
    for step in steps:
        row = machine.transitions.get(step.event)
        allowed = step.from_state == step.to_state
        if row is not None:
            allowed = any(
                source == step.from_state and target == step.to_state
                for source in row.sources
                for target in row.leads_to(source)
            )
        if not allowed:
            yield f"went from {step.from_state} to {step.to_state} by {step.event}, which leads nowhere of the kind"
    for before, after in pairwise(steps):
        if before.to_state != after.from_state:
            yield f"was {before.to_state} and next {after.from_state}, with no event of the {machine.name} in between"
    if steps and steps[-1].to_state != state:
        yield f"is {state}, and the last event of the {machine.name} led to {steps[-1].to_state}"


_RULES: tuple[Callable[[CaseFacts], Iterator[str]], ...] = (
    _ending, _standing, _waiting, _versions, _hashes, _calls, _offers, _projects, _history,
)  # fmt: skip
