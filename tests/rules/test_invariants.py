"""Each impossible state, planted once, is found; a sound case in any state is left alone."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from service.states import ENQUIRY_STATES, BriefState, EnquiryState, OfferState, Outcome, ProjectState, WaitingOn
from service.workflows.invariants import CallRecord, CaseFacts, Step, VersionFacts, broken

S = EnquiryState
DRAFTED = VersionFacts(1, BriefState.DRAFT, "aa", "aa")
SENT = VersionFacts(1, BriefState.SENT, "aa", "aa")
AGREED = VersionFacts(1, BriefState.AGREED, "aa", "aa", agreed_hash="aa")
PUBLISHED = VersionFacts(1, BriefState.PUBLISHED, "aa", "aa", agreed_hash="aa", fed_hashes=frozenset({"aa"}))
RUNNING = CallRecord(brief_version=1, is_open=True, recipients=2)
OVER = CallRecord(brief_version=1, is_open=False, recipients=2)

WALK = [
    ("submit", S.TRIAGE),
    ("accept", S.SCOPING),
    ("begin_brief", S.DRAFTING),
    ("send_for_agreement", S.SIGN_OFF),
    ("publish", S.OPEN_CALL),
    ("close_call", S.SELECTING),
    ("accept_offer", S.COSTING),
    ("agree_costs", S.FUNDING),
    ("confirm_funding", S.CONTRACTING),
    ("commission", S.COMMISSIONED),
]


def walked_to(state: EnquiryState) -> tuple[Step, ...]:
    steps: list[Step] = []
    before = S.DRAFT
    for event, target in WALK:
        if before == state:
            break
        steps.append(Step(event, before, target, ENQUIRY_STATES[target].waiting_on))
        before = target
    return tuple(steps)


def sound(state: EnquiryState) -> CaseFacts:
    """An open case in `state` about which nothing is wrong."""
    order = list(EnquiryState).index
    past = order(state)
    version = {S.DRAFTING: DRAFTED, S.SIGN_OFF: SENT}.get(state, PUBLISHED)
    has_project = past >= order(S.COSTING)
    project = ProjectState.ACTIVE if state == S.COMMISSIONED else ProjectState.PLANNED
    return CaseFacts(
        reference="4J7KQ2-M",
        state=state,
        waiting_on=ENQUIRY_STATES[state].waiting_on,
        submitted=state != S.DRAFT,
        owner_id=UUID(int=1) if past > order(S.TRIAGE) else None,
        versions=(version,) if past >= order(S.DRAFTING) else (),
        calls=() if past < order(S.OPEN_CALL) else (RUNNING,) if state == S.OPEN_CALL else (OVER,),
        offers=(OfferState.DECLINED, OfferState.ACCEPTED) if has_project else (),
        projects=(ProjectState.TERMINATED, project) if has_project else (),
        project=project if has_project else None,
        costs_version=2 if has_project else None,
        costs_agreed_version=2 if past >= order(S.FUNDING) else None,
        steps=walked_to(state),
        project_steps=(Step("start", "planned", "active"),) if state == S.COMMISSIONED else (),
    )


def ended(state: EnquiryState, outcome: Outcome, event: str = "close") -> CaseFacts:
    """A sound case, closed from `state`."""
    case = sound(state)
    return replace(
        case,
        state=S.CLOSED,
        closed_from=state,
        outcome=outcome,
        waiting_on=WaitingOn.NOBODY,
        is_duplicate=outcome == Outcome.DUPLICATE,
        calls=tuple(replace(call, is_open=False, pulled=call.is_open) for call in case.calls),
        call_pulled=any(call.is_open for call in case.calls),
        steps=(*case.steps, Step(event, state, "closed", "nobody")),
    )


COMPLETED = replace(
    ended(S.COMMISSIONED, Outcome.COMPLETED, "complete"),
    projects=(ProjectState.COMPLETED,),
    project=ProjectState.COMPLETED,
    project_steps=(
        Step("start", "planned", "active"),
        Step("deliver", "active", "delivered"),
        Step("accept_delivery", "delivered", "completed"),
    ),
)
TERMINATED = replace(
    ended(S.COMMISSIONED, Outcome.TERMINATED),
    projects=(ProjectState.TERMINATED,),
    project=ProjectState.TERMINATED,
    project_steps=(Step("start", "planned", "active"), Step("terminate", "active", "terminated")),
)

SOUND = [
    *(sound(state) for state in EnquiryState if state != S.CLOSED),
    COMPLETED,
    TERMINATED,
    ended(S.TRIAGE, Outcome.SPAM),
    ended(S.SCOPING, Outcome.DUPLICATE),
    ended(S.OPEN_CALL, Outcome.WITHDRAWN),
    ended(S.SELECTING, Outcome.NO_CAPACITY),
    ended(S.FUNDING, Outcome.NO_FUNDING),
    replace(ended(S.FUNDING, Outcome.NO_FUNDING), projects=(ProjectState.TERMINATED,), project=ProjectState.TERMINATED),
    replace(sound(S.SCOPING), on_hold=True, hold_until=date(2026, 4, 1)),
    replace(
        sound(S.SIGN_OFF),
        versions=(AGREED,),
        waiting_on=WaitingOn.TEAM,
        steps=(*walked_to(S.SIGN_OFF), Step("agree", "sign_off", "sign_off", "team")),
    ),
    replace(
        sound(S.SELECTING),
        offers=(OfferState.OPEN,),
        waiting_on=WaitingOn.LEAD,
        steps=(*walked_to(S.SELECTING), Step("offer", "selecting", "selecting", "lead")),
    ),
    replace(
        sound(S.OPEN_CALL),
        versions=(PUBLISHED, VersionFacts(2, BriefState.SENT, "bb", "bb")),
    ),
    replace(sound(S.SELECTING), versions=(replace(PUBLISHED, computed_hash=None),)),
    replace(sound(S.DRAFTING), projects=(ProjectState.COMPLETED,), project=ProjectState.COMPLETED),
    replace(sound(S.COSTING), projects=(ProjectState.COMPLETED, ProjectState.PLANNED)),
    replace(
        sound(S.TRIAGE),
        waiting_on=WaitingOn.ENQUIRER,
        steps=(*walked_to(S.TRIAGE), Step("ask", "triage", "triage", "enquirer")),
    ),
    replace(sound(S.TRIAGE), steps=(*walked_to(S.TRIAGE), Step("noted", "triage", "triage", "team"))),
]


@pytest.mark.parametrize("number", range(len(SOUND)))
def test_a_sound_case_is_left_alone(number: int) -> None:
    assert broken(SOUND[number]) == []


def spoilt(state: EnquiryState, **changes: object) -> CaseFacts:
    return replace(sound(state), **changes)  # type: ignore[arg-type]


def stepping(state: EnquiryState, *steps: Step) -> CaseFacts:
    return replace(sound(state), steps=steps)


PLANTED: list[tuple[CaseFacts, str]] = [
    (replace(ended(S.TRIAGE, Outcome.SPAM), outcome=None), "is closed without an outcome"),
    (replace(ended(S.TRIAGE, Outcome.SPAM), closed_from=None), "not from an open state"),
    (replace(ended(S.TRIAGE, Outcome.SPAM), closed_from=S.DRAFT), "not from an open state"),
    (spoilt(S.SCOPING, outcome=Outcome.ANSWERED), "is scoping, yet has the outcome answered"),
    (replace(ended(S.SCOPING, Outcome.DUPLICATE), is_duplicate=False), "names the enquiry it repeats"),
    (spoilt(S.SCOPING, is_duplicate=True), "names the enquiry it repeats"),
    (replace(ended(S.SCOPING, Outcome.DUPLICATE), leads_back=True), "comes back to itself"),
    (spoilt(S.DRAFT, submitted=True), "is draft, and was submitted"),
    (spoilt(S.TRIAGE, submitted=False), "is triage, and was never submitted"),
    (replace(ended(S.TRIAGE, Outcome.SPAM), on_hold=True, hold_until=date(2026, 4, 1)), "on hold while closed"),
    (spoilt(S.DRAFT, on_hold=True, hold_until=date(2026, 4, 1)), "on hold while draft"),
    (spoilt(S.SCOPING, on_hold=True), "on hold without a date"),
    (spoilt(S.SCOPING, hold_until=date(2026, 4, 1)), "the date of a hold without one"),
    (spoilt(S.SCOPING, owner_id=None), "is scoping without an owner"),
    (spoilt(S.TRIAGE, waiting_on=WaitingOn.FUNDER), "waits on funder while triage"),
    (spoilt(S.COMMISSIONED, waiting_on=WaitingOn.NOBODY), "waits on nobody while commissioned"),
    (replace(COMPLETED, waiting_on=WaitingOn.ENQUIRER), "waits on enquirer while closed"),
    (spoilt(S.SIGN_OFF, waiting_on=WaitingOn.TEAM), "waits on team while sign_off"),
    (spoilt(S.SELECTING, waiting_on=WaitingOn.LEAD), "waits on lead while selecting"),
    (spoilt(S.SELECTING, offers=(OfferState.OPEN,)), "waits on team while selecting"),
    (spoilt(S.SCOPING, waiting_on=WaitingOn.ENQUIRER), "its last event says team"),
    (spoilt(S.DRAFTING, versions=(DRAFTED, replace(DRAFTED, number=3))), "gaps in the numbers"),
    (spoilt(S.DRAFTING, versions=(SENT, replace(DRAFTED, number=2))), "version 1 of its brief still sent"),
    (spoilt(S.OPEN_CALL, versions=(PUBLISHED, replace(PUBLISHED, number=2))), "has 2 published versions"),
    (spoilt(S.SIGN_OFF, versions=()), "no version of its brief is with the enquirer"),
    (spoilt(S.SIGN_OFF, versions=(DRAFTED,)), "no version of its brief is with the enquirer"),
    (spoilt(S.SIGN_OFF, versions=(replace(SENT, computed_hash="bb"),)), "changed under its hash"),
    (spoilt(S.SIGN_OFF, versions=(replace(AGREED, agreed_hash=None),)), "agreed without anybody's agreement"),
    (spoilt(S.OPEN_CALL, versions=(replace(PUBLISHED, agreed_hash=None),)), "published without anybody's agreement"),
    (spoilt(S.OPEN_CALL, versions=(replace(PUBLISHED, fed_hashes=frozenset({"aa", "bb"})),)), "another text than"),
    (
        spoilt(S.SELECTING, versions=(replace(PUBLISHED, state=BriefState.SUPERSEDED, agreed_hash=None),)),
        "superseded without anybody's agreement",
    ),
    (spoilt(S.SIGN_OFF, versions=(replace(AGREED, agreed_hash="bb"),)), "under another hash than was agreed"),
    (spoilt(S.OPEN_CALL, calls=()), "is open_call with 0 open calls"),
    (spoilt(S.OPEN_CALL, calls=(RUNNING, RUNNING)), "is open_call with 2 open calls"),
    (spoilt(S.SELECTING, calls=(RUNNING,)), "is selecting with 1 open calls"),
    (spoilt(S.FUNDING, calls=()), "is funding without ever having had a call"),
    (spoilt(S.OPEN_CALL, calls=(replace(RUNNING, recipients=0),)), "a call that went to nobody"),
    (replace(ended(S.OPEN_CALL, Outcome.WITHDRAWN), call_pulled=False), "a pulled call"),
    (spoilt(S.OPEN_CALL, calls=(replace(RUNNING, brief_version=2),)), "that nobody agreed to"),
    (
        spoilt(S.SELECTING, offers=(OfferState.OPEN, OfferState.OPEN), waiting_on=WaitingOn.LEAD),
        "is selecting with 2 open offers",
    ),
    (replace(ended(S.SELECTING, Outcome.NO_CAPACITY), offers=(OfferState.OPEN,)), "is closed with 1 open offers"),
    (spoilt(S.COSTING, offers=(OfferState.STOOD_DOWN,)), "is costing without an accepted offer"),
    (spoilt(S.COSTING, projects=(ProjectState.PLANNED, ProjectState.PLANNED)), "has 2 projects at once"),
    (spoilt(S.COSTING, project=ProjectState.TERMINATED), "points at one that is over"),
    (spoilt(S.COSTING, projects=(), project=None), "is costing with no project"),
    (spoilt(S.CONTRACTING, project=ProjectState.ACTIVE), "is contracting with a project active"),
    (spoilt(S.COMMISSIONED, project=ProjectState.PLANNED), "is commissioned with a project planned"),
    (spoilt(S.SELECTING, project=ProjectState.PLANNED), "is selecting with a project planned"),
    (replace(COMPLETED, project=ProjectState.DELIVERED), "is closed with a project delivered"),
    (replace(TERMINATED, project=ProjectState.ACTIVE), "is closed with a project active"),
    (replace(ended(S.FUNDING, Outcome.NO_FUNDING), project=ProjectState.ACTIVE), "is closed with a project active"),
    (spoilt(S.FUNDING, costs_version=3), "its costs are not the ones agreed"),
    (spoilt(S.SCOPING, steps=()), "no event says how it came there"),
    (spoilt(S.SCOPING, steps=walked_to(S.DRAFTING)), "the last event of the enquiry led to drafting"),
    (
        spoilt(S.SCOPING, steps=(Step("submit", "draft", "triage", "team"), Step("begin_brief", "drafting", "scoping", "team"))),
        "was triage and next drafting",
    ),
    (
        stepping(
            S.COMMISSIONED,
            *walked_to(S.FUNDING),
            Step("commission", "funding", "commissioned", "lead"),
        ),
        "went from funding to commissioned by commission",
    ),
    (
        stepping(S.COMMISSIONED, *walked_to(S.FUNDING), Step("noted", "funding", "commissioned", "lead")),
        "went from funding to commissioned by noted",
    ),
    (
        stepping(S.SCOPING, Step("submit", "draft", "triage", "team"), Step("ask", "triage", "scoping", "team")),
        "went from triage to scoping by ask",
    ),
    (
        spoilt(S.COMMISSIONED, project_steps=(Step("deliver", "planned", "active"),)),
        "went from planned to active by deliver",
    ),
    (
        spoilt(S.COMMISSIONED, project=ProjectState.PAUSED),
        "is paused, and the last event of the project led to active",
    ),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(PLANTED)))
def test_an_impossible_state_is_found(number: int) -> None:
    case, says = PLANTED[number]

    found = broken(case)

    assert any(says in sentence for sentence in found), found
    assert all(sentence.startswith("4J7KQ2-M ") and sentence.endswith(".") for sentence in found)
