"""Every way out, from every state, for every role, with and without what it needs."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from service.principals import Role
from service.states import OPEN_STATES, EnquiryState, Outcome, WaitingOn
from service.workflows.commands import Close
from service.workflows.decide import decide
from service.workflows.exits import EXITS, outcomes_from
from service.workflows.facts import Around, EnquiryFacts, Target
from service.workflows.verdicts import Decision, Refusal
from tests.support.rules import AROUND, PLENTY, actor

STAFF = "manager service_lead"
BEFORE_WORK = "triage scoping drafting sign_off open_call selecting costing funding contracting"

# outcome | from | who, as DOMAIN.md section 2 has it; "ours" where it is silent: work under way is ended by a service
# lead or withdrawn from, never explained away as answered, declined or lapsed.
TABLE = f"""
answered       | {BEFORE_WORK}                | {STAFF}
signposted     | {BEFORE_WORK}                | {STAFF}
declined       | {BEFORE_WORK}                | {STAFF}
withdrawn      | {BEFORE_WORK} commissioned   | enquirer {STAFF}
duplicate      | {BEFORE_WORK}                | {STAFF}
no_capacity    | open_call selecting          | {STAFF}
no_funding     | costing funding contracting  | {STAFF}
missed_window  | {BEFORE_WORK}                | {STAFF}
parallel_study | {BEFORE_WORK}                | {STAFF}
lapsed         | {BEFORE_WORK}                | {STAFF}
terminated     | commissioned                 | service_lead
spam           | triage                       | {STAFF}
completed      |                              |
"""

EXPECTED = {
    columns[0].strip(): (set(columns[1].split()), set(columns[2].split()))
    for columns in (line.split("|") for line in TABLE.strip().splitlines())
}

DETAILS: dict[Outcome, dict[str, object]] = {
    Outcome.ANSWERED: {"answer": "Yes: three reviews agree."},
    Outcome.SIGNPOSTED: {"signposted_to": "The library", "consent": True},
    Outcome.DECLINED: {"criteria": ["Nobody would use the answer."]},
    Outcome.DUPLICATE: {"target": "4J7KQ2-M"},
}
ELSEWHERE = Target(reference="4J7KQ2-M", state=EnquiryState.SCOPING, leads_back=False)


def closing(outcome: Outcome, **details: object) -> Close:
    return Close.model_validate({"outcome": outcome, "reason": "So it is.", **details})


def attempt(
    command: Close,
    state: EnquiryState,
    role: Role = Role.MANAGER,
    facts: EnquiryFacts = PLENTY,
    target: Target | None = ELSEWHERE,
) -> Decision | Refusal:
    around: Around = replace(AROUND, target=target)
    return decide(replace(facts, state=state), command, actor(role), around)


@pytest.mark.parametrize("state", EnquiryState)
@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_from_every_state_for_every_role(outcome: Outcome, state: EnquiryState) -> None:
    sources, roles = EXPECTED[outcome]
    for role in Role:
        verdict = attempt(closing(outcome, **DETAILS.get(outcome, {})), state, role)

        if state in sources and role in roles:
            assert isinstance(verdict, Decision)
            assert (verdict.source, verdict.target) == (state, EnquiryState.CLOSED)
            assert verdict.waiting_on == WaitingOn.NOBODY
        else:
            assert isinstance(verdict, Refusal), (role, verdict)
            assert verdict.detail[0].isupper() or verdict.detail[0] == "“"
            assert verdict.detail.endswith(".")


@pytest.mark.parametrize("state", EnquiryState)
@pytest.mark.parametrize("role", Role)
def test_the_outcomes_on_offer_are_the_ones_that_are_granted(role: Role, state: EnquiryState) -> None:
    expected = {outcome for outcome, (sources, roles) in EXPECTED.items() if state in sources and role in roles}

    assert set(outcomes_from(state, role)) == expected


def test_every_outcome_has_an_exit_with_a_label_of_its_own() -> None:
    assert set(EXITS) == set(Outcome) == set(EXPECTED)
    labels = [way_out.label for way_out in EXITS.values()]
    assert len(set(labels)) == len(labels)


def test_an_enquirer_can_always_withdraw() -> None:
    for state in OPEN_STATES:
        held = replace(PLENTY, on_hold=True)
        verdict = attempt(closing(Outcome.WITHDRAWN), state, Role.ENQUIRER, held)
        assert isinstance(verdict, Decision)


@pytest.mark.parametrize(
    ("command", "facts", "target", "says"),
    [
        (closing(Outcome.ANSWERED), PLENTY, None, "Give the answer's text"),
        (closing(Outcome.SIGNPOSTED), PLENTY, None, "Say to whom"),
        (closing(Outcome.DECLINED), PLENTY, None, "which criteria are not met"),
        (closing(Outcome.DECLINED, criteria={}), PLENTY, None, "which criteria are not met"),
        (closing(Outcome.DUPLICATE), PLENTY, ELSEWHERE, "Name the enquiry this one repeats"),
        (closing(Outcome.DUPLICATE, target="ZZZZ"), PLENTY, None, "There is no enquiry with that reference"),
        (
            closing(Outcome.DUPLICATE, target="4J7KQ2-M"),
            PLENTY,
            replace(ELSEWHERE, state=EnquiryState.DRAFT),
            "There is no enquiry with that reference",
        ),
        (closing(Outcome.DUPLICATE, target="4J7KQ2-M"), PLENTY, replace(ELSEWHERE, leads_back=True), "leads back"),
        (closing(Outcome.COMPLETED), PLENTY, None, "through the complete event"),
    ],
)
def test_an_exit_asks_for_what_it_needs(command: Close, facts: EnquiryFacts, target: Target | None, says: str) -> None:
    verdict = attempt(command, EnquiryState.TRIAGE, facts=facts, target=target)

    assert isinstance(verdict, Refusal)
    assert [(failure.guard, failure.waivable) for failure in verdict.guards] == [("exit_fits", False)]
    assert says in verdict.detail


@pytest.mark.parametrize(
    ("command", "facts", "target"),
    [
        (closing(Outcome.ANSWERED), replace(PLENTY, answer_file=True), None),
        (closing(Outcome.SIGNPOSTED, signposted_to="The library"), PLENTY, None),
        (closing(Outcome.DECLINED, criteria={"need": "The answer is known."}), PLENTY, None),
        (
            closing(Outcome.DUPLICATE, target="4J7KQ2-M"),
            PLENTY,
            replace(ELSEWHERE, state=EnquiryState.CLOSED),
        ),
    ],
)
def test_an_exit_is_content_with_what_is_recorded(command: Close, facts: EnquiryFacts, target: Target | None) -> None:
    assert isinstance(attempt(command, EnquiryState.TRIAGE, facts=facts, target=target), Decision)


@pytest.mark.parametrize(
    ("outcome", "state", "role", "says"),
    [
        (Outcome.SPAM, EnquiryState.SCOPING, Role.MANAGER, "“Not a real enquiry” is possible only in “Triage”."),
        (
            Outcome.NO_CAPACITY,
            EnquiryState.TRIAGE,
            Role.MANAGER,
            "“No university had capacity” is possible only in “Call open” or “Choosing researchers”.",
        ),
        (Outcome.DECLINED, EnquiryState.COMMISSIONED, Role.MANAGER, "only before the project is commissioned"),
        (
            Outcome.TERMINATED,
            EnquiryState.COMMISSIONED,
            Role.MANAGER,
            "Only a service lead may close an enquiry as “Project ended early”.",
        ),
        (Outcome.ANSWERED, EnquiryState.TRIAGE, Role.ENQUIRER, "Only a manager may close an enquiry as “Answered”."),
    ],
)
def test_a_refused_exit_says_who_or_where(outcome: Outcome, state: EnquiryState, role: Role, says: str) -> None:
    verdict = attempt(closing(outcome, **DETAILS.get(outcome, {})), state, role)

    assert isinstance(verdict, Refusal)
    assert says in verdict.detail


def test_a_reason_is_always_asked_for() -> None:
    with pytest.raises(ValidationError):
        Close.model_validate({"outcome": "withdrawn", "reason": "   "})
