"""Every state, event and role is tried against a table written by hand from DOMAIN.md section 2."""

from dataclasses import replace
from uuid import UUID

import pytest

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
from service.workflows import commands as c
from service.workflows.decide import (
    decide,
    decide_project,
    possibilities,
    project_possibilities,
    waiting_on_in,
)
from service.workflows.facts import EnquiryFacts
from service.workflows.machines import ENQUIRY, PROJECT, reopened_state
from service.workflows.verdicts import Decision, Refusal
from tests.support.rules import (
    AGREED,
    AROUND,
    COMMANDS,
    OPEN_OFFER,
    PLENTY,
    PROJECT_COMMANDS,
    SENT,
    actor,
    facts_for,
    project_facts_for,
)
from tests.support.rules import PROJECT as PLANNED

OPEN = "triage scoping drafting sign_off open_call selecting costing funding contracting commissioned"
STAFF = "manager service_lead"

# event | from | to ("=" stays) | who. One line for each row of the specification's table.
ENQUIRY_TABLE = f"""
submit             | draft                         | triage       | enquirer {STAFF}
accept             | triage                        | scoping      | {STAFF}
begin_brief        | scoping                       | drafting     | {STAFF}
send_for_agreement | drafting                      | sign_off     | {STAFF}
send_for_agreement | open_call                     | =            | {STAFF}
request_changes    | sign_off                      | drafting     | enquirer {STAFF}
agree              | sign_off open_call            | =            | enquirer {STAFF}
publish            | sign_off                      | open_call    | {STAFF}
extend             | open_call                     | =            | {STAFF}
revise             | open_call                     | =            | {STAFF}
pull               | open_call                     | drafting     | {STAFF}
close_call         | open_call                     | selecting    | {STAFF}
relaunch           | selecting                     | open_call    | {STAFF}
offer              | selecting                     | =            | {STAFF}
accept_offer       | selecting                     | costing      | lead_researcher university {STAFF}
decline_offer      | selecting                     | =            | lead_researcher university {STAFF}
lead_withdraws     | costing funding contracting   | selecting    | lead_researcher university {STAFF}
submit_costing     | costing                       | =            | university {STAFF}
agree_costs        | costing                       | funding      | enquirer {STAFF}
descope            | funding                       | costing      | {STAFF}
confirm_funding    | funding                       | contracting  | {STAFF}
commission         | contracting                   | commissioned | {STAFF}
complete           | commissioned                  | closed       | {STAFF}
close              | {OPEN}                        | closed       | enquirer {STAFF}
ask                | {OPEN}                        | =            | {STAFF}
reply              | {OPEN}                        | =            | enquirer system
hold               | {OPEN}                        | =            | {STAFF}
resume             | {OPEN}                        | =            | {STAFF}
reopen             | closed                        | funding      | {STAFF}
reassign           | {OPEN}                        | =            | {STAFF}
retype             | {OPEN}                        | =            | {STAFF}
split              | {OPEN}                        | =            | {STAFF}
reframe            | {OPEN}                        | =            | {STAFF}
redact             | {OPEN} closed                 | =            | {STAFF}
"""

PROJECT_TABLE = f"""
start           | planned                         | active     | system
pause           | active                          | paused     | {STAFF}
resume          | paused                          | active     | {STAFF}
deliver         | active                          | delivered  | lead_researcher university {STAFF}
accept_delivery | delivered                       | completed  | enquirer {STAFF}
terminate       | planned active paused delivered | terminated | system
"""

FIRED_BY_THE_SERVICE = {"start", "terminate"}
OWNER_ONLY = {"begin_brief", "send_for_agreement"}


def expectations(table: str) -> dict[tuple[str, str], tuple[str, set[str]]]:
    """(event, state) to (target, roles)."""
    expected: dict[tuple[str, str], tuple[str, set[str]]] = {}
    for line in table.strip().splitlines():
        event, sources, target, roles = (column.strip() for column in line.split("|"))
        for source in sources.split():
            assert (event, source) not in expected
            expected[event, source] = (source if target == "=" else target, set(roles.split()))
    return expected


EXPECTED = expectations(ENQUIRY_TABLE)
EXPECTED_OF_PROJECTS = expectations(PROJECT_TABLE)


def check(
    verdict: Decision | Refusal, place: tuple[str, str], role: Role, expected: tuple[str, set[str]] | None
) -> None:
    event, source = place
    if expected is None or role not in expected[1]:
        assert isinstance(verdict, Refusal), (place, role)
        assert verdict.reason in {"role", "state"}
        assert verdict.guards == ()
        assert verdict.detail[0] in "“ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        assert verdict.detail.endswith(".")
        return
    assert isinstance(verdict, Decision), (place, role, verdict)
    assert (verdict.event, verdict.source, verdict.target) == (event, source, expected[0])
    assert verdict.waivers == ()


@pytest.mark.parametrize("event", ENQUIRY.transitions)
@pytest.mark.parametrize("state", EnquiryState)
def test_every_state_event_and_role_of_an_enquiry(state: EnquiryState, event: str) -> None:
    for role in Role:
        verdict = decide(facts_for(event, state), COMMANDS[event], actor(role), AROUND)

        check(verdict, (event, state), role, EXPECTED.get((event, state)))


@pytest.mark.parametrize("event", PROJECT.transitions)
@pytest.mark.parametrize("state", ProjectState)
def test_every_state_event_and_role_of_a_project(state: ProjectState, event: str) -> None:
    for role in Role:
        verdict = decide_project(project_facts_for(state), PROJECT_COMMANDS[event], actor(role), AROUND)

        check(verdict, (event, state), role, EXPECTED_OF_PROJECTS.get((event, state)))


def test_the_tables_name_the_same_events_as_the_machines() -> None:
    assert {event for event, _ in EXPECTED} == set(ENQUIRY.transitions) == set(COMMANDS)
    assert {event for event, _ in EXPECTED_OF_PROJECTS} == set(PROJECT.transitions) == set(PROJECT_COMMANDS)


def test_every_row_takes_the_command_of_its_event() -> None:
    for machine, commands in ((ENQUIRY, COMMANDS), (PROJECT, PROJECT_COMMANDS)):
        for event, row in machine.transitions.items():
            assert row.event == event == row.command.model_fields["event"].default
            assert type(commands[event]) is row.command


def test_a_row_says_beforehand_where_it_may_lead() -> None:
    for (event, source), (target, _) in EXPECTED.items():
        leads_to = ENQUIRY.transitions[event].leads_to(EnquiryState(source))
        assert leads_to == (target,) or (event == "reopen" and target in leads_to)
    assert set(ENQUIRY.transitions["reopen"].leads_to(EnquiryState.CLOSED)) == OPEN_STATES - {EnquiryState.OPEN_CALL}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", EnquiryState)
def test_what_can_be_asked_is_what_would_be_granted(state: EnquiryState, role: Role) -> None:
    granted = {event for (event, source), (_, roles) in EXPECTED.items() if source == state and role in roles}

    offered = {
        event
        for event in COMMANDS
        for possible in [possibilities(facts_for(event, state), actor(role), AROUND)]
        if event in possible.available
    }

    assert offered == granted - {"submit"}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", ProjectState)
def test_what_can_be_asked_of_a_project_is_what_would_be_granted(state: ProjectState, role: Role) -> None:
    granted = {e for (e, source), (_, roles) in EXPECTED_OF_PROJECTS.items() if source == state and role in roles}

    possible = project_possibilities(project_facts_for(state), actor(role), AROUND)

    assert set(possible.available) == granted - FIRED_BY_THE_SERVICE
    assert possible.refused == ()


def test_what_a_guard_forbids_is_told_with_its_sentence() -> None:
    facts = replace(PLENTY, state=EnquiryState.SIGN_OFF, brief=SENT)

    possible = possibilities(facts, actor(Role.MANAGER), AROUND)

    assert "agree" in possible.available
    assert dict(possible.refused)["publish"] == (
        "The enquirer has not agreed this version of the brief. Send it for agreement, or record their yes."
    )


def test_what_a_waiver_would_allow_counts_as_possible() -> None:
    facts = replace(PLENTY, state=EnquiryState.SELECTING, joint_meeting_logged=False)

    assert "offer" in possibilities(facts, actor(Role.MANAGER), AROUND).available


def test_without_a_project_nothing_can_be_asked_of_it() -> None:
    facts = replace(PLENTY, project=None)

    verdict = decide_project(facts, c.Deliver(), actor(Role.MANAGER), AROUND)

    assert verdict == Refusal("state", "There is no project yet.")
    assert project_possibilities(facts, actor(Role.MANAGER), AROUND).available == ()


@pytest.mark.parametrize("event", sorted(OWNER_ONLY))
def test_only_the_owner_writes_the_brief(event: str) -> None:
    state = {"begin_brief": EnquiryState.SCOPING, "send_for_agreement": EnquiryState.DRAFTING}[event]
    facts = facts_for(event, state)
    another = Principal(role=Role.MANAGER, person_id=UUID(int=77))

    refused = decide(facts, COMMANDS[event], another, AROUND)

    assert refused == Refusal("role", "Alex Ward owns this enquiry. Reassign it to yourself first.")
    assert event in dict(possibilities(facts, another, AROUND).refused)
    assert isinstance(decide(facts, COMMANDS[event], replace(another, role=Role.SERVICE_LEAD), AROUND), Decision)


@pytest.mark.parametrize("event", sorted(set(COMMANDS) - OWNER_ONLY))
def test_any_manager_may_stand_in_for_the_owner_elsewhere(event: str) -> None:
    another = Principal(role=Role.MANAGER, person_id=UUID(int=77))
    for (name, source), (_, roles) in EXPECTED.items():
        if name == event and Role.MANAGER in roles:
            verdict = decide(facts_for(event, EnquiryState(source)), COMMANDS[event], another, AROUND)
            assert isinstance(verdict, Decision)


# ---------------------------------------------------------------------------------------------------------------- holds
STOPPED_BY_A_HOLD = {
    "accept", "begin_brief", "send_for_agreement", "request_changes", "publish", "pull", "close_call", "relaunch",
    "offer", "accept_offer", "lead_withdraws", "agree_costs", "descope", "confirm_funding", "commission",
}  # fmt: skip
"""What moves an enquiry on; talk, exits and what the other side does stay possible."""


@pytest.mark.parametrize("event", sorted(set(COMMANDS) - {"submit", "reopen"}))
def test_a_hold_stops_the_team_from_moving_on_and_nobody_else(event: str) -> None:
    for (name, source), (_, roles) in EXPECTED.items():
        if name != event:
            continue
        held = replace(facts_for(event, EnquiryState(source)), on_hold=True)
        for role in roles:
            verdict = decide(held, COMMANDS[event], actor(Role(role)), AROUND)
            stopped = event in STOPPED_BY_A_HOLD and role in STAFF.split()
            if stopped:
                assert isinstance(verdict, Refusal)
                assert [failure.guard for failure in verdict.guards] == ["not_on_hold"]
            else:
                assert isinstance(verdict, Decision), (event, role)


# ------------------------------------------------------------------------------------------------------- who has the ball
WAITING_BY_DEFAULT = {
    "draft": "enquirer", "triage": "team", "scoping": "team", "drafting": "team", "sign_off": "enquirer",
    "open_call": "universities", "selecting": "team", "costing": "universities", "funding": "funder",
    "contracting": "signatories", "commissioned": "lead", "closed": "nobody",
}  # fmt: skip


def test_every_state_says_who_has_the_ball() -> None:
    bare = replace(PLENTY, brief=None, project=None, offer=None)
    for state in EnquiryState:
        assert ENQUIRY_STATES[state].waiting_on == WAITING_BY_DEFAULT[state]
        assert waiting_on_in(state, bare) == WAITING_BY_DEFAULT[state]


@pytest.mark.parametrize(("event", "source"), sorted(place for place in EXPECTED if EXPECTED[place][0] != place[1]))
def test_moving_on_hands_the_ball_to_whoever_the_next_state_waits_for(event: str, source: str) -> None:
    target = EXPECTED[event, source][0]
    facts = replace(facts_for(event, EnquiryState(source)), waiting_on=WaitingOn.NOBODY)

    verdict = decide(facts, COMMANDS[event], actor(Role.MANAGER), AROUND)

    assert isinstance(verdict, Decision)
    assert verdict.waiting_on == WAITING_BY_DEFAULT[target]


@pytest.mark.parametrize(
    ("event", "source", "expected"),
    [
        ("ask", "triage", "enquirer"),
        ("ask", "commissioned", "enquirer"),
        ("agree", "sign_off", "team"),
        ("offer", "selecting", "lead"),
        ("decline_offer", "selecting", "team"),
        ("submit_costing", "costing", "enquirer"),
        ("agree", "open_call", "as before"),
        ("send_for_agreement", "open_call", "as before"),
        ("extend", "open_call", "as before"),
        ("revise", "open_call", "as before"),
        ("hold", "scoping", "as before"),
        ("resume", "scoping", "as before"),
        ("reassign", "funding", "as before"),
        ("retype", "triage", "as before"),
        ("split", "open_call", "as before"),
        ("reframe", "scoping", "as before"),
        ("redact", "closed", "as before"),
    ],
)
def test_inside_a_state_only_some_events_hand_the_ball_over(event: str, source: str, expected: str) -> None:
    facts = replace(facts_for(event, EnquiryState(source)), waiting_on=WaitingOn.UNIVERSITIES)

    verdict = decide(facts, COMMANDS[event], actor(Role.MANAGER), AROUND)

    assert isinstance(verdict, Decision)
    assert verdict.waiting_on == ("universities" if expected == "as before" else expected)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(PLENTY, state=EnquiryState.SCOPING), "team"),
        (replace(PLENTY, state=EnquiryState.SIGN_OFF), "enquirer"),
        (replace(PLENTY, state=EnquiryState.SIGN_OFF, brief=AGREED), "team"),
        (replace(PLENTY, state=EnquiryState.OPEN_CALL), "universities"),
        (replace(PLENTY, state=EnquiryState.SELECTING), "team"),
        (replace(PLENTY, state=EnquiryState.SELECTING, offer=OPEN_OFFER), "lead"),
        (replace(PLENTY, state=EnquiryState.COSTING), "enquirer"),
        (replace(PLENTY, state=EnquiryState.COSTING, project=replace(PLANNED, costs_submitted_version=2)), "universities"),
        (replace(PLENTY, state=EnquiryState.COSTING, project=replace(PLANNED, costs_version=0, costs_submitted_version=None)), "universities"),
        (replace(PLENTY, state=EnquiryState.COMMISSIONED), "lead"),
    ],
)  # fmt: skip
def test_a_reply_returns_the_ball_to_whoever_had_it(facts: EnquiryFacts, expected: str) -> None:
    asked = replace(facts, waiting_on=WaitingOn.ENQUIRER)

    verdict = decide(asked, c.Reply(body="Both wards."), actor(Role.ENQUIRER), AROUND)

    assert isinstance(verdict, Decision)
    assert verdict.waiting_on == expected


def test_an_event_of_the_project_leaves_the_ball_where_it_is() -> None:
    facts = replace(project_facts_for(ProjectState.ACTIVE), waiting_on=WaitingOn.ENQUIRER)

    verdict = decide_project(facts, c.Deliver(), actor(Role.LEAD_RESEARCHER), AROUND)

    assert isinstance(verdict, Decision)
    assert verdict.waiting_on == WaitingOn.ENQUIRER
    assert waiting_on_in(ProjectState.DELIVERED, facts) == WaitingOn.ENQUIRER


# ------------------------------------------------------------------------------------------------------------ reopening
TERMINATED = replace(PLANNED, state=ProjectState.TERMINATED)


@pytest.mark.parametrize("before", [state for state in EnquiryState if state in OPEN_STATES])
def test_reopening_goes_back_to_where_it_was(before: EnquiryState) -> None:
    facts = replace(PLENTY, state=EnquiryState.CLOSED, closed_from=before)

    # Closing pulls an open call, so there is none to go back to.
    assert reopened_state(facts) == ("drafting" if before == EnquiryState.OPEN_CALL else before)


@pytest.mark.parametrize("before", [state for state in EnquiryState if state in OPEN_STATES])
def test_reopening_never_passes_drafting_once_a_call_was_pulled(before: EnquiryState) -> None:
    facts = replace(PLENTY, state=EnquiryState.CLOSED, closed_from=before, call_pulled=True)

    early = {EnquiryState.TRIAGE, EnquiryState.SCOPING, EnquiryState.DRAFTING}
    assert reopened_state(facts) == (before if before in early else EnquiryState.DRAFTING)


@pytest.mark.parametrize("before", ["costing", "funding", "contracting", "commissioned"])
def test_reopening_without_a_living_project_chooses_researchers_anew(before: str) -> None:
    facts = replace(PLENTY, state=EnquiryState.CLOSED, closed_from=EnquiryState(before))

    assert reopened_state(replace(facts, project=TERMINATED)) == EnquiryState.SELECTING
    assert reopened_state(replace(facts, project=None)) == EnquiryState.SELECTING


@pytest.mark.parametrize("state", [BriefState.CLOSED, BriefState.WITHDRAWN, BriefState.SUPERSEDED, None])
def test_reopening_goes_on_drafting_when_no_version_is_under_discussion(state: BriefState | None) -> None:
    brief = replace(SENT, state=state) if state else None

    assert reopened_state(replace(PLENTY, closed_from=EnquiryState.SIGN_OFF, brief=brief)) == EnquiryState.DRAFTING


def test_reopening_hands_the_ball_to_whoever_had_it() -> None:
    facts = facts_for("reopen", EnquiryState.CLOSED)

    for before, brief, expected in (
        (EnquiryState.SIGN_OFF, SENT, "enquirer"),
        (EnquiryState.SIGN_OFF, AGREED, "team"),
        (EnquiryState.COSTING, SENT, "enquirer"),
    ):
        closed = replace(facts, closed_from=before, brief=brief)
        verdict = decide(closed, COMMANDS["reopen"], actor(Role.MANAGER), AROUND)
        assert isinstance(verdict, Decision)
        assert verdict.waiting_on == expected


# ---------------------------------------------------------------------------------------------------------------- words
def test_every_state_has_a_label_for_staff_and_a_plain_one_for_the_enquirer() -> None:
    assert set(ENQUIRY_STATES) == set(EnquiryState)
    assert set(PROJECT_STATES) == set(ProjectState)
    labels = [words.label for words in ENQUIRY_STATES.values()]
    assert len(set(labels)) == len(labels)
    assert all(words.plain_label.strip() for words in ENQUIRY_STATES.values())


def test_a_refusal_names_who_may_and_where() -> None:
    role = decide(
        facts_for("submit_costing", EnquiryState.COSTING), c.SubmitCosting(), actor(Role.LEAD_RESEARCHER), AROUND
    )
    place = decide(facts_for("publish", EnquiryState.TRIAGE), COMMANDS["publish"], actor(Role.MANAGER), AROUND)
    closed = decide(facts_for("ask", EnquiryState.CLOSED), COMMANDS["ask"], actor(Role.MANAGER), AROUND)
    unsent = decide(facts_for("ask", EnquiryState.DRAFT), COMMANDS["ask"], actor(Role.MANAGER), AROUND)
    project = decide_project(project_facts_for(ProjectState.PAUSED), c.Deliver(), actor(Role.MANAGER), AROUND)
    fired = decide_project(project_facts_for(ProjectState.PLANNED), c.StartProject(), actor(Role.MANAGER), AROUND)

    assert role == Refusal("role", "“Submit the costs” is not for you: only the university or a manager may do it.")
    assert place == Refusal(
        "state", "“Publish to universities” is not possible in “Triage”, only in “With the enquirer to agree”."
    )
    assert closed == Refusal(
        "state", "“Ask the enquirer” is for open enquiries, and this one is closed. Reopen it first."
    )
    assert unsent == Refusal("state", "“Ask the enquirer” is for open enquiries, and this one has not been sent yet.")
    assert project == Refusal("state", "“Deliver” is not possible in “Paused”, only in “Under way”.")
    assert fired == Refusal("state", "The project starts when the enquiry is commissioned.")


def test_a_thin_team_is_warned_about_and_not_refused() -> None:
    facts = facts_for("offer", EnquiryState.SELECTING)
    thin = replace(facts, interests=tuple(replace(interest, capacity_days=4) for interest in facts.interests))

    plenty = decide(facts, COMMANDS["offer"], actor(Role.MANAGER), AROUND)
    verdict = decide(thin, COMMANDS["offer"], actor(Role.MANAGER), AROUND)

    assert isinstance(plenty, Decision)
    assert plenty.warnings == ()
    assert isinstance(verdict, Decision)
    assert verdict.warnings == ("The team offers only 4 days: check that it is enough.",)
