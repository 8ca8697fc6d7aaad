"""Every guard refuses what it is for, lets everything else pass, and gives way to a reason only where DOMAIN.md says so."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from service.principals import Principal, Role
from service.states import BriefState, EnquiryState, Outcome, ProjectState
from service.workflows import commands as c
from service.workflows import exits, guards
from service.workflows.decide import decide, decide_project
from service.workflows.facts import Around, EnquiryFacts, ProjectFacts, QuotedEntry
from service.workflows.machines import ENQUIRY, PROJECT
from service.workflows.verdicts import Decision, Guard, Refusal
from tests.support.rules import (
    AGREED,
    AROUND,
    COMMANDS,
    DRAFT,
    ENTRY,
    NORTHERN,
    OPEN_OFFER,
    OWNER,
    OWNING_MANAGER,
    PLENTY,
    PROJECT_COMMANDS,
    QUOTED_AT,
    REPLY_BY,
    SENT,
    SENT_AT,
    SOMEBODY_ELSE,
    TEAM_A,
    TEAM_B,
    TODAY,
    TYNESIDE,
    facts_for,
    project_facts_for,
)
from tests.support.rules import PROJECT as PLANNED

E = EnquiryState

# event: the guards it has, in order, as DOMAIN.md section 2 lists them; * may be waived with a reason.
GUARDS_OF_AN_ENQUIRY = """
submit: question_present name_present reachable
accept: not_on_hold owner_set
begin_brief: not_on_hold
send_for_agreement: not_on_hold draft_to_send key_sections_filled organisation_shown_set no_contact_details
request_changes: not_on_hold brief_awaits_answer quotes_enquirer
agree: version_shown_is_current quotes_enquirer
publish: not_on_hold agreed_is_published recipients_are_partners reply_by_ahead reply_by_long_enough* route_explained
extend: reply_by_ahead reply_by_extends
revise: new_version_agreed
pull: not_on_hold
close_call: not_on_hold
relaunch: not_on_hold no_offer_open recipients_are_partners reply_by_ahead
offer: not_on_hold interest_stands no_offer_open respond_by_ahead conflicts_cleared* preference_recorded* choice_explained* joint_meeting_logged*
accept_offer: not_on_hold offer_is_the_open_one quotes_lead
decline_offer: offer_is_the_open_one quotes_lead
lead_withdraws: not_on_hold
submit_costing: cost_lines_present dates_present costs_not_yet_submitted
agree_costs: not_on_hold costs_shown_are_current quotes_enquirer
descope: not_on_hold
confirm_funding: not_on_hold money_covers_cost own_funds_confirmed_by_another
commission: not_on_hold signed_by_both routes_recorded deliverable_planned
complete: project_completed
close: exit_fits chasers_spent*
ask:
reply:
hold: hold_ends_ahead
resume: is_on_hold
reopen: within_reopening_time
reassign: new_owner_is_staff
retype: another_type
split: another_wording
reframe: another_wording
redact: one_thing_to_redact
"""

GUARDS_OF_A_PROJECT = """
start: project_started_by_commission
pause:
resume:
deliver:
accept_delivery: quotes_enquirer
terminate:
"""


def as_written(listing: str) -> dict[str, list[str]]:
    return {event: names.split() for event, _, names in (line.partition(":") for line in listing.strip().splitlines())}


def as_built(guards: tuple[Guard, ...]) -> list[str]:
    return [guard.code + ("*" if guard.waivable else "") for guard in guards]


def test_each_event_has_the_guards_of_the_specification() -> None:
    assert as_written(GUARDS_OF_AN_ENQUIRY) == {e: as_built(row.guards) for e, row in ENQUIRY.transitions.items()}
    assert as_written(GUARDS_OF_A_PROJECT) == {e: as_built(row.guards) for e, row in PROJECT.transitions.items()}


def every_guard() -> list[Guard]:
    named = [getattr(guards, name) for name in guards.__all__] + [getattr(exits, name) for name in vars(exits)]
    return list({id(value): value for value in named if isinstance(value, Guard)}.values())


def test_each_guard_has_a_code_of_its_own_and_is_used() -> None:
    codes = [guard.code for guard in every_guard()]
    used = {
        guard.code for machine in (ENQUIRY, PROJECT) for row in machine.transitions.values() for guard in row.guards
    }

    assert len(set(codes)) == len(codes)
    assert set(codes) == used


@dataclass(frozen=True)
class Breach:
    """One way to fall short of one guard, and part of what is said about it."""

    guard: str
    event: str
    state: EnquiryState
    says: str
    facts: Callable[[EnquiryFacts], EnquiryFacts] = lambda facts: facts
    command: c.Command | None = None
    around: Callable[[Around], Around] = lambda around: around
    actor: Principal = OWNING_MANAGER


def facts(**changes: object) -> Callable[[EnquiryFacts], EnquiryFacts]:
    return lambda before: replace(before, **changes)  # type: ignore[arg-type]


def project(**changes: object) -> Callable[[EnquiryFacts], EnquiryFacts]:
    return facts(project=replace(PLANNED, **changes))  # type: ignore[arg-type]


def quoting(quoted: QuotedEntry | None) -> Callable[[Around], Around]:
    return lambda around: replace(around, quoted=quoted)


assert AROUND.quoted is not None
QUOTED: QuotedEntry = AROUND.quoted
CONFLICTED = tuple(
    replace(interest, conflicts="Her partner works there") if interest.id == TEAM_A else interest
    for interest in PLENTY.interests
)
GONE = tuple(replace(interest, declined_offer=interest.id == TEAM_B) for interest in PLENTY.interests)
PUBLISH = c.Publish(reply_by=REPLY_BY, recipients=(NORTHERN,))
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)

BREACHES = [
    Breach("question_present", "submit", E.DRAFT, "There is no question yet", facts(question="  ")),
    Breach("name_present", "submit", E.DRAFT, "We need a name", facts(enquirer_name="")),
    Breach("reachable", "submit", E.DRAFT, "email address or a phone number", facts(enquirer_email=None)),
    Breach("owner_set", "accept", E.TRIAGE, "must be a manager", command=c.Accept(owner=UUID(int=88))),
    Breach(
        "owner_set", "accept", E.TRIAGE, "Name an owner", facts(owner_id=None), actor=Principal(role=Role.SERVICE_LEAD)
    ),
    Breach("not_on_hold", "accept", E.TRIAGE, "It is on hold. Resume it first.", facts(on_hold=True)),
    Breach(
        "not_on_hold",
        "offer",
        E.SELECTING,
        "on hold until 1 April 2026",
        facts(on_hold=True, hold_until=date(2026, 4, 1)),
    ),
    Breach("draft_to_send", "send_for_agreement", E.DRAFTING, "no draft of the brief", facts(brief=SENT)),
    Breach("draft_to_send", "send_for_agreement", E.OPEN_CALL, "no draft of the brief", facts(brief=AGREED)),
    Breach(
        "key_sections_filled",
        "send_for_agreement",
        E.DRAFTING,
        "Fill in “Purpose and decision” and “Questions in researchable form” first.",
        facts(brief=replace(DRAFT, sections={"purpose": " ", "known": "Much."})),
    ),
    Breach(
        "organisation_shown_set",
        "send_for_agreement",
        E.DRAFTING,
        "what universities may be told",
        facts(organisation_shown=None),
    ),
    Breach(
        "no_contact_details",
        "send_for_agreement",
        E.DRAFTING,
        "sam@example.org and 0191 498 0000",
        facts(brief=replace(DRAFT, personal_details=("sam@example.org", "0191 498 0000"))),
    ),
    Breach("brief_awaits_answer", "request_changes", E.SIGN_OFF, "No version", facts(brief=DRAFT)),
    Breach("version_shown_is_current", "agree", E.SIGN_OFF, "No version", facts(brief=None)),
    Breach("version_shown_is_current", "agree", E.OPEN_CALL, "No version", facts(brief=AGREED)),
    Breach(
        "version_shown_is_current",
        "agree",
        E.SIGN_OFF,
        "Read version 2",
        command=c.Agree(version=1, hash="abc", entry=ENTRY),
    ),
    Breach(
        "version_shown_is_current",
        "agree",
        E.SIGN_OFF,
        "Read version 2",
        command=c.Agree(version=2, hash="abd", entry=ENTRY),
    ),
    *(
        Breach("quotes_enquirer", event, state, says, around=quoting(quoted))
        for event, state in (("agree", E.SIGN_OFF), ("request_changes", E.SIGN_OFF), ("agree_costs", E.COSTING))
        for quoted, says in (
            (None, "Quote the entry of the conversation"),
            (replace(QUOTED, direction="out"), "is not from the enquirer"),
            (replace(QUOTED, automatic=True), "is not from the enquirer"),
            (replace(QUOTED, redacted=True), "is not from the enquirer"),
            (replace(QUOTED, author_role=Role.UNIVERSITY), "written by somebody else"),
            (replace(QUOTED, occurred_at=SENT_AT - timedelta(seconds=1)), "older than what was asked"),
        )
    ),
    *(
        Breach("quotes_lead", event, E.SELECTING, says, around=quoting(quoted))
        for event in ("accept_offer", "decline_offer")
        for quoted, says in (
            (None, "in which the researchers said so"),
            (replace(QUOTED, direction="out"), "is not from the researchers"),
            (replace(QUOTED, author_role=Role.ENQUIRER), "written by somebody else"),
            (replace(QUOTED, occurred_at=SENT_AT - timedelta(days=1)), "older than what was asked"),
        )
    ),
    Breach("agreed_is_published", "publish", E.SIGN_OFF, "has not agreed", facts(brief=SENT)),
    Breach("agreed_is_published", "publish", E.SIGN_OFF, "has not agreed", facts(brief=None)),
    Breach("new_version_agreed", "revise", E.OPEN_CALL, "no newly agreed version", facts(brief=SENT)),
    Breach("new_version_agreed", "revise", E.OPEN_CALL, "no newly agreed version", facts(published_version=2)),
    Breach("recipients_are_partners", "publish", E.SIGN_OFF, "at least one", command=c.Publish(reply_by=REPLY_BY)),
    Breach(
        "recipients_are_partners",
        "publish",
        E.SIGN_OFF,
        "Not a partner university: 1 of those named",
        command=c.Publish(reply_by=REPLY_BY, recipients=(NORTHERN, UUID(int=99))),
    ),
    Breach(
        "recipients_are_partners",
        "relaunch",
        E.SELECTING,
        "at least one",
        command=c.Relaunch(reply_by=REPLY_BY, recipients=(), reason="Again."),
    ),
    *(
        Breach("reply_by_ahead", command.event, state, "after today", command=command)
        for command, state in (
            (c.Publish(reply_by=TODAY, recipients=(NORTHERN,)), E.SIGN_OFF),
            (c.Relaunch(reply_by=TODAY, recipients=(NORTHERN,), reason="Again."), E.SELECTING),
        )
    ),
    Breach(
        "reply_by_ahead",
        "extend",
        E.OPEN_CALL,
        "after today",
        facts(call=None),
        command=c.Extend(reply_by=TODAY, reason="More."),
    ),
    Breach(
        "reply_by_extends",
        "extend",
        E.OPEN_CALL,
        "already runs to 13 March 2026",
        command=c.Extend(reply_by=date(2026, 3, 13), reason="More."),
    ),
    Breach(
        "reply_by_long_enough",
        "publish",
        E.SIGN_OFF,
        "A reply by 20 March 2026 leaves universities 9 working days; 10 are usual",
        around=lambda around: replace(around, working_days_to={REPLY_BY: 9}),
    ),
    Breach(
        "reply_by_long_enough",
        "publish",
        E.SIGN_OFF,
        "4 working days; 5 are usual",
        facts(rapid_product=True),
        around=lambda around: replace(around, working_days_to={REPLY_BY: 4}),
    ),
    Breach(
        "route_explained",
        "publish",
        E.SIGN_OFF,
        "not go to an open call",
        command=PUBLISH.model_copy(update={"route": "direct"}),
    ),
    Breach("interest_stands", "offer", E.SELECTING, "No university has offered", facts(interests=())),
    Breach(
        "interest_stands",
        "offer",
        E.SELECTING,
        "Choose from",
        command=c.MakeOffer(interest=UUID(int=99), explanation="They know the place."),
    ),
    Breach(
        "interest_stands",
        "offer",
        E.SELECTING,
        "Choose from",
        command=c.MakeOffer(interest=TEAM_A, alternates=(UUID(int=99),)),
    ),
    Breach(
        "interest_stands",
        "offer",
        E.SELECTING,
        "its own alternate",
        command=c.MakeOffer(interest=TEAM_A, alternates=(TEAM_A,)),
    ),
    Breach(
        "interest_stands",
        "offer",
        E.SELECTING,
        "already declined",
        facts(interests=GONE, preferred=()),
        command=c.MakeOffer(interest=TEAM_B),
    ),
    Breach(
        "interest_stands",
        "offer",
        E.SELECTING,
        "already declined",
        facts(interests=GONE),
        command=c.MakeOffer(interest=TEAM_A, alternates=(TEAM_B,)),
    ),
    Breach("no_offer_open", "offer", E.SELECTING, "already open", facts(offer=OPEN_OFFER)),
    Breach("no_offer_open", "relaunch", E.SELECTING, "already open", facts(offer=OPEN_OFFER)),
    Breach(
        "respond_by_ahead",
        "offer",
        E.SELECTING,
        "after today",
        command=c.MakeOffer(interest=TEAM_A, respond_by=TODAY),
    ),
    Breach("conflicts_cleared", "offer", E.SELECTING, "Her partner works there", facts(interests=CONFLICTED)),
    Breach("preference_recorded", "offer", E.SELECTING, "the 2 teams shown", facts(preference_recorded=False)),
    Breach(
        "preference_recorded",
        "offer",
        E.SELECTING,
        "think of the team shown",
        facts(preference_recorded=False, preferred=(), interests=PLENTY.interests[:1]),
        command=c.MakeOffer(interest=TEAM_A),
    ),
    Breach("choice_explained", "offer", E.SELECTING, "rather have another", command=c.MakeOffer(interest=TEAM_B)),
    Breach("joint_meeting_logged", "offer", E.SELECTING, "No meeting", facts(joint_meeting_logged=False)),
    *(
        Breach("offer_is_the_open_one", event, E.SELECTING, "No offer is open", facts(offer=None))
        for event in ("accept_offer", "decline_offer")
    ),
    Breach(
        "offer_is_the_open_one",
        "accept_offer",
        E.SELECTING,
        "no longer open",
        command=c.AcceptOffer(offer=UUID(int=99), entry=ENTRY),
    ),
    Breach(
        "offer_is_the_open_one",
        "decline_offer",
        E.SELECTING,
        "no longer open",
        command=c.DeclineOffer(offer=UUID(int=99), reason="No.", entry=ENTRY),
    ),
    Breach(
        "cost_lines_present", "submit_costing", E.COSTING, "at least one cost", project(cost_lines=0, costs_version=4)
    ),
    Breach("dates_present", "submit_costing", E.COSTING, "start and end", project(end_on=None, costs_version=4)),
    Breach("costs_not_yet_submitted", "submit_costing", E.COSTING, "with the enquirer already", project()),
    Breach(
        "costs_shown_are_current", "agree_costs", E.COSTING, "has not submitted", project(costs_submitted_version=None)
    ),
    Breach("costs_shown_are_current", "agree_costs", E.COSTING, "has not submitted", project(costs_version=4)),
    Breach(
        "costs_shown_are_current",
        "agree_costs",
        E.COSTING,
        "Read version 3",
        command=c.AgreeCosts(version=2, entry=ENTRY),
    ),
    Breach(
        "money_covers_cost", "confirm_funding", E.FUNDING, "£0.01 short", project(confirmed_total=Decimal("11999.99"))
    ),
    Breach("money_covers_cost", "confirm_funding", E.FUNDING, "£1,500.00 short", project(confirmed_cash=Decimal(8500))),
    Breach("money_covers_cost", "confirm_funding", E.FUNDING, "no planned project", facts(project=None)),
    *(
        Breach(
            "own_funds_confirmed_by_another",
            "confirm_funding",
            E.FUNDING,
            "a service lead who does not own",
            project(own_funds_confirmed_by=confirmed_by),
            command=c.ConfirmFunding(route=route),
        )
        for confirmed_by in ((OWNER,), (SOMEBODY_ELSE, OWNER), (None,))
        for route in ("funded", "studentship", "in_kind")
    ),
    Breach(
        "signed_by_both",
        "commission",
        E.CONTRACTING,
        "not signed by the commissioner or the university",
        project(signed_parties=frozenset({"other"})),
    ),
    Breach(
        "signed_by_both",
        "commission",
        E.CONTRACTING,
        "not signed by the university",
        project(signed_parties=frozenset({"commissioner"})),
    ),
    Breach(
        "routes_recorded",
        "commission",
        E.CONTRACTING,
        "Record the ethics route and the data protection route",
        project(ethics_route="", data_protection_route=" "),
    ),
    Breach(
        "routes_recorded",
        "commission",
        E.CONTRACTING,
        "Record the ethics route in",
        project(ethics_route=""),
        command=c.Commission(start_at_risk=c.StartAtRisk(borne_by="The university", reason="Term starts.")),
    ),
    Breach("deliverable_planned", "commission", E.CONTRACTING, "at least one deliverable", project(deliverables=0)),
    *(
        Breach("project_completed", "complete", E.COMMISSIONED, "has not been accepted", project(state=state))
        for state in ProjectState
        if state != ProjectState.COMPLETED
    ),
    Breach(
        "exit_fits",
        "close",
        E.TRIAGE,
        "through the complete event",
        command=c.Close(outcome=Outcome.COMPLETED, reason="-"),
    ),
    Breach(
        "chasers_spent",
        "close",
        E.SCOPING,
        "reminded to the end",
        facts(chasers_spent=False),
        command=c.Close(outcome=Outcome.LAPSED, reason="Silence."),
    ),
    Breach("hold_ends_ahead", "hold", E.SCOPING, "after today", command=c.Hold(until=TODAY, reason="Elections.")),
    Breach("is_on_hold", "resume", E.SCOPING, "It is not on hold", facts(on_hold=False)),
    Breach("within_reopening_time", "reopen", E.CLOSED, "closed as spam", facts(outcome=Outcome.SPAM)),
    Breach("within_reopening_time", "reopen", E.CLOSED, "closed as duplicate", facts(outcome=Outcome.DUPLICATE)),
    Breach("within_reopening_time", "reopen", E.CLOSED, "until 1 March 2026", facts(reopen_until=YESTERDAY)),
    Breach(
        "new_owner_is_staff",
        "reassign",
        E.SCOPING,
        "must be a manager",
        command=c.Reassign(owner=UUID(int=88), reason="Leave."),
    ),
    Breach("another_type", "retype", E.SCOPING, "of that type already", facts(enquiry_type="evidence_review")),
    Breach("another_wording", "split", E.SCOPING, "as it stands", facts(question="And what do tenants  say about it?")),
    Breach(
        "another_wording",
        "reframe",
        E.OPEN_CALL,
        "as it stands",
        facts(question="What makes a home too costly to heat?"),
    ),
    Breach("one_thing_to_redact", "redact", E.CLOSED, "exactly one", command=c.Redact(reason="It named a child.")),
    Breach(
        "one_thing_to_redact",
        "redact",
        E.SCOPING,
        "exactly one",
        command=c.Redact(entry=ENTRY, question="current", reason="It named a child."),
    ),
]


def verdict_on(breach: Breach, *waivers: c.Waiver) -> Decision | Refusal:
    command = (breach.command or COMMANDS[breach.event]).model_copy(update={"waivers": waivers})
    known = breach.facts(facts_for(breach.event, breach.state))
    return decide(known, command, breach.actor, breach.around(AROUND))


@pytest.mark.parametrize("breach", BREACHES, ids=[f"{number}-{breach.guard}" for number, breach in enumerate(BREACHES)])
def test_a_guard_refuses_with_a_sentence_and_gives_way_to_a_reason_only_where_it_may(breach: Breach) -> None:
    may_be_waived = f"{breach.guard}*" in as_written(GUARDS_OF_AN_ENQUIRY)[breach.event]
    waiver = c.Waiver(guard=breach.guard, reason="They agreed on the phone.")

    assert isinstance(
        decide(facts_for(breach.event, breach.state), COMMANDS[breach.event], OWNING_MANAGER, AROUND), Decision
    )

    refusal = verdict_on(breach)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "guards"
    assert [failure.guard for failure in refusal.guards] == [breach.guard]
    assert [failure.waivable for failure in refusal.guards] == [may_be_waived]
    assert breach.says in refusal.detail
    assert refusal.detail[0].isupper() or refusal.detail[0] == "“"
    assert refusal.detail.endswith(".")
    assert verdict_on(breach, c.Waiver(guard="another", reason="No.")) == refusal

    waived = verdict_on(breach, waiver)
    if may_be_waived:
        assert isinstance(waived, Decision)
        assert waived.waivers == (waiver,)
    else:
        assert waived == refusal


def test_every_guard_is_seen_to_refuse() -> None:
    tried = {breach.guard for breach in BREACHES} | {"project_started_by_commission"}

    assert tried == {guard.code for guard in every_guard()}


def test_a_waiver_that_was_not_needed_leaves_no_trace() -> None:
    waiver = c.Waiver(guard="joint_meeting_logged", reason="They know each other.")
    command = COMMANDS["offer"].model_copy(update={"waivers": (waiver,)})

    verdict = decide(facts_for("offer", E.SELECTING), command, OWNING_MANAGER, AROUND)

    assert isinstance(verdict, Decision)
    assert verdict.waivers == ()


def test_every_guard_that_fails_is_told_at_once() -> None:
    bare = replace(facts_for("send_for_agreement", E.DRAFTING), organisation_shown=None, on_hold=True, brief=None)

    verdict = decide(bare, c.SendForAgreement(), OWNING_MANAGER, AROUND)

    assert isinstance(verdict, Refusal)
    assert [failure.guard for failure in verdict.guards] == [
        "not_on_hold",
        "draft_to_send",
        "key_sections_filled",
        "organisation_shown_set",
    ]
    assert verdict.detail == " ".join(failure.detail for failure in verdict.guards)


def test_one_waiver_does_not_carry_another_guard() -> None:
    short = replace(facts_for("offer", E.SELECTING), joint_meeting_logged=False, preference_recorded=False)
    command = COMMANDS["offer"].model_copy(
        update={"waivers": (c.Waiver(guard="joint_meeting_logged", reason="They know each other."),)}
    )

    verdict = decide(short, command, OWNING_MANAGER, AROUND)

    assert isinstance(verdict, Refusal)
    assert [failure.guard for failure in verdict.guards] == ["preference_recorded"]


@dataclass(frozen=True)
class Pass:
    """Something a guard might be too strict about, and is not."""

    what: str
    event: str
    state: EnquiryState
    facts: Callable[[EnquiryFacts], EnquiryFacts] = lambda facts: facts
    command: c.Command | None = None
    around: Callable[[Around], Around] = lambda around: around
    actor: Principal = OWNING_MANAGER


ENQUIRER = Principal(role=Role.ENQUIRER, person_id=UUID(int=3))
LEAD = Principal(role=Role.LEAD_RESEARCHER, person_id=UUID(int=4))
NOBODY_QUOTED = quoting(None)

PASSES = [
    Pass("a phone number is enough", "submit", E.DRAFT, facts(enquirer_email=None, enquirer_phone="0191 498 0000")),
    Pass("a manager takes it on unasked", "accept", E.TRIAGE, facts(owner_id=None)),
    Pass("another manager is named", "accept", E.TRIAGE, facts(owner_id=None), c.Accept(owner=SOMEBODY_ELSE)),
    Pass(
        "the enquirer is never held up by our hold", "request_changes", E.SIGN_OFF, facts(on_hold=True), actor=ENQUIRER
    ),
    Pass("the lead is never held up by our hold", "accept_offer", E.SELECTING, facts(on_hold=True), actor=LEAD),
    Pass("the enquirer needs no quotation", "agree", E.SIGN_OFF, around=NOBODY_QUOTED, actor=ENQUIRER),
    Pass("the enquirer needs none for costs", "agree_costs", E.COSTING, around=NOBODY_QUOTED, actor=ENQUIRER),
    Pass("the lead needs no quotation", "decline_offer", E.SELECTING, around=NOBODY_QUOTED, actor=LEAD),
    Pass(
        "their own message is quoted",
        "agree",
        E.SIGN_OFF,
        around=quoting(replace(QUOTED, author_role=Role.ENQUIRER, occurred_at=SENT_AT)),
    ),
    Pass(
        "the university's own message is quoted",
        "accept_offer",
        E.SELECTING,
        around=quoting(replace(QUOTED, author_role=Role.UNIVERSITY)),
    ),
    Pass("a mind is changed after agreeing", "request_changes", E.SIGN_OFF, facts(brief=AGREED)),
    Pass(
        "a lapsed offer needs no quotation",
        "decline_offer",
        E.SELECTING,
        facts(offer=replace(OPEN_OFFER, respond_by=YESTERDAY)),
        c.DeclineOffer(offer=OPEN_OFFER.id, reason="No answer."),
        NOBODY_QUOTED,
    ),
    Pass("no date is named", "publish", E.SIGN_OFF, command=c.Publish(recipients=(TYNESIDE,))),
    Pass(
        "exactly ten working days",
        "publish",
        E.SIGN_OFF,
        around=lambda around: replace(around, working_days_to={REPLY_BY: 10}),
    ),
    Pass(
        "five working days for a rapid product",
        "publish",
        E.SIGN_OFF,
        facts(rapid_product=True),
        around=lambda around: replace(around, working_days_to={REPLY_BY: 5}),
    ),
    Pass(
        "a date beyond the calendar",
        "publish",
        E.SIGN_OFF,
        around=lambda around: replace(around, working_days_to={}),
    ),
    Pass(
        "tomorrow is ahead",
        "relaunch",
        E.SELECTING,
        command=c.Relaunch(reply_by=TOMORROW, recipients=(NORTHERN,), reason="-"),
    ),
    Pass(
        "a direct approach with its reason",
        "publish",
        E.SIGN_OFF,
        command=c.Publish(reply_by=REPLY_BY, recipients=(NORTHERN,), route="direct", reason="Only they have the data."),
    ),
    Pass(
        "a cleared conflict",
        "offer",
        E.SELECTING,
        facts(interests=tuple(replace(interest, conflicts_cleared=True) for interest in CONFLICTED)),
    ),
    Pass(
        "another team's conflict",
        "offer",
        E.SELECTING,
        facts(interests=CONFLICTED, preferred=()),
        c.MakeOffer(interest=TEAM_B),
    ),
    Pass(
        "nobody consented to be shown",
        "offer",
        E.SELECTING,
        facts(
            interests=tuple(replace(interest, show_enquirer=False) for interest in PLENTY.interests),
            preference_recorded=False,
            preferred=(),
        ),
    ),
    Pass("no order of preference", "offer", E.SELECTING, facts(preferred=()), c.MakeOffer(interest=TEAM_B)),
    Pass(
        "an explained choice",
        "offer",
        E.SELECTING,
        command=c.MakeOffer(interest=TEAM_B, explanation="They can start in April."),
    ),
    Pass(
        "the next best once the preferred team declined",
        "offer",
        E.SELECTING,
        facts(interests=GONE, preferred=(TEAM_B, TEAM_A)),
        c.MakeOffer(interest=TEAM_A),
    ),
    Pass("no answer date is named", "offer", E.SELECTING, command=c.MakeOffer(interest=TEAM_A)),
    Pass("costs never submitted", "submit_costing", E.COSTING, project(costs_submitted_version=None)),
    Pass("exactly the cost", "confirm_funding", E.FUNDING),
    Pass("money instead of kind", "confirm_funding", E.FUNDING, project(confirmed_cash=Decimal(12_000))),
    *(
        Pass(
            f"{route} without money",
            "confirm_funding",
            E.FUNDING,
            project(confirmed_total=Decimal(0)),
            c.ConfirmFunding(route=route),
        )
        for route in ("studentship", "in_kind")
    ),
    Pass("none of the service's own money", "confirm_funding", E.FUNDING, project(own_funds_confirmed_by=())),
    Pass(
        "a start at risk",
        "commission",
        E.CONTRACTING,
        project(signed_parties=frozenset()),
        c.Commission(start_at_risk=c.StartAtRisk(borne_by="The university", reason="Term starts.")),
    ),
    Pass("a hold ends tomorrow", "hold", E.SCOPING, command=c.Hold(until=TOMORROW, reason="Elections.")),
    Pass("a hold is renewed", "hold", E.SCOPING, facts(on_hold=True, hold_until=TODAY)),
    Pass("the last day for reopening", "reopen", E.CLOSED, facts(reopen_until=TODAY)),
    Pass("a section is redacted", "redact", E.SCOPING, command=c.Redact(section="known", reason="It named a child.")),
    Pass("a file is redacted", "redact", E.OPEN_CALL, command=c.Redact(file=ENTRY, reason="It named a child.")),
    Pass("a wording is redacted", "redact", E.CLOSED, command=c.Redact(question=2, reason="It named a child.")),
    Pass(
        "somebody gone is let go with a reason",
        "close",
        E.SCOPING,
        facts(chasers_spent=True),
        c.Close(outcome=Outcome.LAPSED, reason="Their mail bounces."),
    ),
]


@pytest.mark.parametrize("case", PASSES, ids=lambda case: case.what)
def test_a_guard_lets_pass_what_is_recorded(case: Pass) -> None:
    known = case.facts(facts_for(case.event, case.state))

    verdict = decide(known, case.command or COMMANDS[case.event], case.actor, case.around(AROUND))

    assert isinstance(verdict, Decision), verdict


# -------------------------------------------------------------------------------------------------------------- projects
def test_a_project_starts_only_with_its_enquiry_commissioned() -> None:
    system = Principal(role=Role.SYSTEM)
    planned = project_facts_for(ProjectState.PLANNED)

    for state in EnquiryState:
        verdict = decide_project(replace(planned, state=state), PROJECT_COMMANDS["start"], system, AROUND)
        if state == EnquiryState.COMMISSIONED:
            assert isinstance(verdict, Decision)
        else:
            assert isinstance(verdict, Refusal)
            assert [failure.guard for failure in verdict.guards] == ["project_started_by_commission"]


@pytest.mark.parametrize(
    ("quoted", "accepted"),
    [
        (None, False),
        (replace(QUOTED, occurred_at=SENT_AT - timedelta(minutes=1)), False),
        (replace(QUOTED, occurred_at=QUOTED_AT), True),
    ],
)
def test_a_manager_accepts_delivery_only_in_the_enquirers_words(quoted: QuotedEntry | None, accepted: bool) -> None:  # noqa: FBT001
    delivered = project_facts_for(ProjectState.DELIVERED)

    verdict = decide_project(delivered, c.AcceptDelivery(), OWNING_MANAGER, replace(AROUND, quoted=quoted))

    assert isinstance(verdict, Decision) is accepted
    assert isinstance(decide_project(delivered, c.AcceptDelivery(), ENQUIRER, replace(AROUND, quoted=quoted)), Decision)


def test_facts_that_are_missing_altogether_refuse_rather_than_fail() -> None:
    bare = EnquiryFacts(state=E.DRAFT, waiting_on=PLENTY.waiting_on)
    for event, command in COMMANDS.items():
        for state in ENQUIRY.transitions[event].sources:
            assert isinstance(state, EnquiryState)
            verdict = decide(replace(bare, state=state), command, OWNING_MANAGER, Around(today=TODAY))
            assert isinstance(verdict, Decision | Refusal)
    empty = ProjectFacts(id=UUID(int=50), state=ProjectState.DELIVERED, organisation_id=NORTHERN)
    verdict = decide_project(replace(bare, project=empty), c.AcceptDelivery(), ENQUIRER, Around(today=TODAY))
    assert isinstance(verdict, Decision)


def test_a_version_that_was_withdrawn_cannot_be_agreed_or_published() -> None:
    for state in (BriefState.WITHDRAWN, BriefState.SUPERSEDED, BriefState.CLOSED, BriefState.PUBLISHED):
        stale = replace(PLENTY, state=E.SIGN_OFF, brief=replace(SENT, state=state))
        for event in ("agree", "publish", "request_changes"):
            assert isinstance(decide(stale, COMMANDS[event], OWNING_MANAGER, AROUND), Refusal)
