"""Random histories of one enquiry: whoever asks whatever, whenever, nothing impossible is ever recorded."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from service.principals import Principal, Role
from service.states import OPEN_STATES, BriefState, EnquiryState, Outcome, ProjectState, WaitingOn
from service.workflows import commands as c
from service.workflows.decide import decide, decide_project, possibilities, project_possibilities
from service.workflows.exits import EXITS, outcomes_from
from service.workflows.invariants import broken
from service.workflows.machines import ENQUIRY
from service.workflows.verdicts import Decision
from tests.support.histories import MANAGERS, UNIVERSITIES, History
from tests.support.straight import STRAIGHT_FOR_PROJECTS, STRAIGHT_ON

ORDER = list(EnquiryState)
GUARDS = {guard.code: guard for row in ENQUIRY.transitions.values() for guard in row.guards}
ROLES = st.sampled_from([Role.MANAGER, Role.SERVICE_LEAD, Role.ENQUIRER, Role.UNIVERSITY, Role.LEAD_RESEARCHER])
DETOURS = [
    "request_changes", "extend", "pull", "relaunch", "decline_offer", "lead_withdraws", "descope", "close", "reopen",
    "hold", "resume",
]  # fmt: skip
WAIVERS = st.lists(st.sampled_from(sorted(GUARDS)), unique=True, max_size=3) | st.just(sorted(GUARDS))
"""Guards somebody would like to set aside: a few of them, or all there are."""


class Histories(RuleBasedStateMachine):
    """Facts come and go by themselves; the enquiry moves only where `decide` says so."""

    def __init__(self) -> None:
        super().__init__()
        self.enquiry = History()

    # ---------------------------------------------------------------------------------------------------- asking for it
    def ask_for(self, command: c.Command, actor: Principal) -> bool:
        before = self.enquiry.facts()
        around = self.enquiry.around()
        possible = possibilities(before, actor, around)
        verdict = decide(before, command, actor, around)
        assert self.enquiry.facts() == before
        if not isinstance(verdict, Decision):
            assert verdict.detail.endswith(".")
            return False
        row = ENQUIRY.transitions[command.event]
        assert actor.role in row.roles
        assert verdict.source == before.state
        assert not row.posted or command.event in possible.available
        assert all(GUARDS[waiver.guard].waivable and waiver.reason for waiver in verdict.waivers)
        if before.on_hold and actor.is_staff and command.event not in {"close", "complete"}:
            assert verdict.target == before.state
        self.enquiry.record(verdict, command)
        if command.event == "reopen":
            assert not before.call_pulled or ORDER.index(self.enquiry.state) <= ORDER.index(EnquiryState.DRAFTING)
        if command.event in {"publish", "revise"}:
            brief = self.enquiry.brief
            assert brief is not None
            assert brief.fed == {brief.agreed_text}
        return True

    def command(self, event: str, data: st.DataObject) -> c.Command:
        """A command for `event` that is well formed, about things that mostly exist."""
        enquiry = self.enquiry
        soon = enquiry.today + timedelta(days=data.draw(st.integers(-2, 40), label="days ahead"))
        offer = enquiry.open_offer
        interests = [interest.id for interest in enquiry.interests] or [UUID(int=99)]
        brief, project = enquiry.brief, enquiry.project
        outcomes = outcomes_from(enquiry.state, Role.SERVICE_LEAD)
        made: dict[str, dict[str, object]] = {
            "request_changes": {"comment": "Schools too."},
            "agree": {"version": brief.number if brief else 1, "hash": f"#{brief.text if brief else ''}"},
            "publish": {"reply_by": soon, "recipients": UNIVERSITIES[:2]},
            "extend": {"reply_by": soon, "reason": "-"},
            "relaunch": {"reply_by": soon, "recipients": UNIVERSITIES, "reason": "-"},
            "offer": {"interest": data.draw(st.sampled_from(interests), label="interest")},
            "accept_offer": {"offer": offer.id if offer else UUID(int=98)},
            "decline_offer": {"offer": offer.id if offer else UUID(int=98), "reason": "-"},
            "agree_costs": {"version": project.costs_version if project and project.costs_version else 1},
            "confirm_funding": {
                "route": data.draw(st.sampled_from(["funded", "studentship", "in_kind"]), label="route")
            },
            "complete": {"plain_summary": "-", "output": "-", "publication": "-"},
            "close": {
                "outcome": data.draw(st.sampled_from(outcomes or list(Outcome)), label="outcome"),
                "reason": "-",
                "answer": "-",
                "signposted_to": "-",
                "criteria": ["-"],
            },
            "ask": {"body": "-"},
            "reply": {"body": "-"},
            "hold": {"until": soon, "reason": "-"},
            "reassign": {"owner": data.draw(st.sampled_from(MANAGERS), label="owner"), "reason": "-"},
            "retype": {"enquiry_type": "evidence_review", "reason": "-"},
            "split": {"question": "And what else?", "reason": "-"},
            "reframe": {"question": "Or rather, why?", "reason": "-"},
            "redact": {"question": "current", "reason": "-"},
        }
        shape = ENQUIRY.transitions[event].command
        reason = {"reason": "-"} if "reason" in shape.model_fields else {}
        waivers = [{"guard": code, "reason": "They agreed."} for code in data.draw(WAIVERS, label="waivers")]
        return shape.model_validate({**(made.get(event) or reason), "waivers": waivers})

    def actor(self, role: Role) -> Principal:
        return Principal(role=role, person_id=self.enquiry.owner or MANAGERS[0])

    @rule(event=st.sampled_from(sorted(ENQUIRY.transitions)), role=ROLES, data=st.data())
    def somebody_tries_something(self, event: str, role: Role, data: st.DataObject) -> None:
        self.ask_for(self.command(event, data), self.actor(role))

    @rule(role=ROLES, data=st.data())
    def somebody_does_what_they_can(self, role: Role, data: st.DataObject) -> None:
        offered = possibilities(self.enquiry.facts(), self.actor(role), self.enquiry.around()).available
        if offered:
            event = data.draw(st.sampled_from(offered), label="event")
            self.ask_for(self.command(event, data), self.actor(role))

    @initialize(steps=st.integers(0, 16))
    def the_work_has_come_so_far(self, steps: int) -> None:
        for _ in range(steps):
            self.the_work_goes_on()

    @rule()
    def the_work_goes_on(self) -> None:
        """The next step of the straight way, once everything it asks for is recorded."""
        enquiry = self.enquiry
        if enquiry.state == EnquiryState.CLOSED or enquiry.hold_until is not None:
            return
        enquiry.said = (enquiry.now, Role.MANAGER)
        if enquiry.state == EnquiryState.COMMISSIONED and self.project_goes_on():
            return
        manager = Principal(role=Role.MANAGER, person_id=enquiry.owner or MANAGERS[0])
        assert self.ask_for(
            STRAIGHT_ON[enquiry.state](enquiry), manager if enquiry.steps else Principal(role=Role.ENQUIRER)
        )

    def project_goes_on(self) -> bool:
        assert self.enquiry.project
        command = STRAIGHT_FOR_PROJECTS.get(self.enquiry.project.state)
        return command is not None and self.ask_of_the_project(command, Role.MANAGER)

    def ask_of_the_project(self, command: c.Command, role: Role) -> bool:
        facts = self.enquiry.facts()
        verdict = decide_project(facts, command, self.actor(role), self.enquiry.around())
        if not isinstance(verdict, Decision):
            return False
        assert verdict.waiting_on == facts.waiting_on
        self.enquiry.record_of_project(verdict)
        return True

    @rule(steps=st.integers(0, 8), data=st.data())
    def the_work_takes_a_detour_and_goes_on(self, steps: int, data: st.DataObject) -> None:
        lead = self.actor(Role.SERVICE_LEAD)
        possible = possibilities(self.enquiry.facts(), lead, self.enquiry.around()).available
        detours = [event for event in DETOURS if event in possible]
        if detours:
            self.enquiry.said = (self.enquiry.now, Role.MANAGER)
            self.ask_for(self.command(data.draw(st.sampled_from(detours), label="event"), data), lead)
            for _ in range(steps):
                self.the_work_goes_on()

    @precondition(lambda self: self.enquiry.state == EnquiryState.OPEN_CALL and self.enquiry.hold_until is None)
    @rule(text=st.sampled_from(["Which?", "Which, for whom?", "Which, where?"]))
    def the_brief_is_revised(self, text: str) -> None:
        enquiry, manager = self.enquiry, self.actor(Role.MANAGER)
        enquiry.save_brief(text)
        enquiry.said = (enquiry.now, Role.ENQUIRER)
        assert enquiry.brief
        assert self.ask_for(c.SendForAgreement(), manager)
        assert self.ask_for(c.Agree(version=enquiry.brief.number, hash=f"#{text}"), manager)
        assert self.ask_for(c.Revise(reason="-"), manager)

    @rule(role=ROLES, data=st.data())
    def somebody_moves_the_project(self, role: Role, data: st.DataObject) -> None:
        offered = project_possibilities(self.enquiry.facts(), self.actor(role), self.enquiry.around()).available
        if not offered:
            return
        commands: dict[str, c.Command] = {
            "pause": c.PauseProject(reason="-"),
            "resume": c.ResumeProject(),
            "deliver": c.Deliver(),
            "accept_delivery": c.AcceptDelivery(),
        }
        self.ask_of_the_project(commands[data.draw(st.sampled_from(offered), label="event")], role)

    # -------------------------------------------------------------------------------------------- facts that come and go
    @rule(days=st.integers(1, 30))
    def time_passes(self, days: int) -> None:
        self.enquiry.today += timedelta(days=days)

    @rule(role=st.sampled_from([Role.ENQUIRER, Role.MANAGER, Role.LEAD_RESEARCHER]))
    def somebody_says_something(self, role: Role) -> None:
        self.enquiry.said = (self.enquiry.now, role)

    @precondition(lambda self: self.enquiry.state in {EnquiryState.DRAFTING, EnquiryState.OPEN_CALL})
    @rule(text=st.sampled_from(["", "Which?", "Which, for whom?"]))
    def the_brief_is_saved(self, text: str) -> None:
        self.enquiry.save_brief(text)
        self.enquiry.organisation_shown = "named"

    @precondition(lambda self: self.enquiry.state in {EnquiryState.OPEN_CALL, EnquiryState.SELECTING})
    @rule(
        organisation=st.sampled_from(UNIVERSITIES),
        conflicts=st.sampled_from([None, None, "Her partner works there"]),
        shown=st.booleans(),
    )
    def a_university_offers_a_team(self, organisation: UUID, conflicts: str | None, shown: bool) -> None:  # noqa: FBT001
        self.enquiry.receive_interest(organisation, conflicts=conflicts, shown=shown)

    @rule(met=st.booleans())
    def the_enquirer_has_a_say(self, met: bool) -> None:  # noqa: FBT001
        self.enquiry.preferred = tuple(interest.id for interest in self.enquiry.interests if interest.show_enquirer)
        self.enquiry.met = met

    @precondition(lambda self: self.enquiry.state == EnquiryState.COSTING)
    @rule(total=st.integers(1, 20).map(lambda thousands: Decimal(1000 * thousands)))
    def the_costs_are_worked_out(self, total: Decimal) -> None:
        self.enquiry.change_costs(total)

    @precondition(lambda self: self.enquiry.state in {EnquiryState.FUNDING, EnquiryState.CONTRACTING})
    @rule(
        total=st.integers(0, 20).map(lambda thousands: Decimal(1000 * thousands)),
        own=st.sampled_from([None, *MANAGERS]),
    )
    def money_is_confirmed(self, total: Decimal, own: UUID | None) -> None:
        self.enquiry.change_project(
            confirmed_total=total, confirmed_cash=total, own_funds_confirmed_by=(own,) if own else ()
        )

    @precondition(lambda self: self.enquiry.state == EnquiryState.CONTRACTING)
    @rule(parties=st.sets(st.sampled_from(["commissioner", "university", "other"])))
    def terms_are_signed(self, parties: set[str]) -> None:
        self.enquiry.change_project(
            signed_parties=frozenset(parties), ethics_route="Committee", data_protection_route="None", deliverables=1
        )

    @rule(chased=st.booleans())
    def the_enquirer_is_chased(self, chased: bool) -> None:  # noqa: FBT001
        self.enquiry.chased = chased

    # ---------------------------------------------------------------------------------------------------- what must hold
    @invariant()
    def nothing_is_impossible(self) -> None:
        assert broken(self.enquiry.case()) == []

    @invariant()
    def an_end_has_an_outcome_and_nothing_else_has(self) -> None:
        enquiry = self.enquiry
        assert (enquiry.state == EnquiryState.CLOSED) == (enquiry.outcome is not None)
        assert (enquiry.waiting_on == WaitingOn.NOBODY) == (enquiry.state == EnquiryState.CLOSED)
        assert enquiry.hold_until is None or enquiry.state in OPEN_STATES

    @invariant()
    def work_starts_only_with_a_contract(self) -> None:
        for step in self.enquiry.steps:
            if step.to_state == "commissioned" and step.from_state not in {"commissioned", "closed"}:
                assert (step.event, step.from_state) == ("commission", "contracting")
        if self.enquiry.project and self.enquiry.project.state in {ProjectState.ACTIVE, ProjectState.PAUSED}:
            assert self.enquiry.state == EnquiryState.COMMISSIONED

    @invariant()
    def universities_read_what_was_agreed(self) -> None:
        for version in self.enquiry.versions:
            assert version.fed <= {version.agreed_text}
            assert version.state != BriefState.PUBLISHED or version.agreed_text == version.text

    @invariant()
    def nobody_is_ever_stuck(self) -> None:
        facts, around = self.enquiry.facts(), self.enquiry.around()
        if facts.state not in OPEN_STATES:
            return
        withdrawal = c.Close(outcome=Outcome.WITHDRAWN, reason="No longer needed.")
        assert isinstance(decide(facts, withdrawal, Principal(role=Role.ENQUIRER), around), Decision)
        assert outcomes_from(facts.state, Role.SERVICE_LEAD)
        for outcome in Outcome:
            command = c.Close(outcome=outcome, reason="-", answer="-", signposted_to="-", criteria=("-",))
            verdict = decide(facts, command, self.actor(Role.MANAGER), around)
            assert not isinstance(verdict, Decision) or facts.state in EXITS[outcome].sources


def test_no_history_leads_anywhere_impossible() -> None:
    run_state_machine_as_test(Histories, settings=settings(max_examples=200, stateful_step_count=60, deadline=None))
