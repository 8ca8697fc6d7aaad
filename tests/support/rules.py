"""Facts under which each event may happen, the command that asks for it, and who asks: the rules' tests start here."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from service.principals import Principal, Role
from service.states import BriefState, EnquiryState, OfferState, Outcome, ProjectState, WaitingOn
from service.workflows import commands as c
from service.workflows.facts import (
    Around,
    BriefFacts,
    CallFacts,
    EnquiryFacts,
    InterestFacts,
    OfferFacts,
    ProjectFacts,
    QuotedEntry,
)

TODAY = date(2026, 3, 2)
SENT_AT = datetime(2026, 2, 20, 10, tzinfo=UTC)
QUOTED_AT = datetime(2026, 2, 27, 10, tzinfo=UTC)
REPLY_BY = date(2026, 3, 20)

OWNER = UUID(int=1)
SOMEBODY_ELSE = UUID(int=2)
NORTHERN = UUID(int=10)
TYNESIDE = UUID(int=11)
TEAM_A = UUID(int=20)
TEAM_B = UUID(int=21)
OFFER = UUID(int=30)
ENTRY = UUID(int=40)

SENT = BriefFacts(
    number=2,
    state=BriefState.SENT,
    hash="abc",
    sections={"purpose": "Decide on a scheme.", "questions": "Does it work?"},
    sent_at=SENT_AT,
)
AGREED = replace(SENT, state=BriefState.AGREED)
DRAFT = replace(SENT, state=BriefState.DRAFT, sent_at=None)
PROJECT = ProjectFacts(
    id=UUID(int=50),
    state=ProjectState.PLANNED,
    organisation_id=NORTHERN,
    start_on=date(2026, 4, 1),
    end_on=date(2026, 9, 30),
    costs_version=3,
    cost_lines=2,
    cost_total=Decimal(12_000),
    cost_cash=Decimal(10_000),
    costs_submitted_version=3,
    costs_submitted_at=SENT_AT,
    confirmed_total=Decimal(12_000),
    confirmed_cash=Decimal(10_000),
    own_funds_confirmed_by=(SOMEBODY_ELSE,),
    signed_parties=frozenset({"commissioner", "university"}),
    ethics_route="University committee",
    data_protection_route="No personal data",
    deliverables=1,
    delivered_at=SENT_AT,
)
OPEN_OFFER = OfferFacts(
    id=OFFER,
    interest_id=TEAM_A,
    organisation_id=NORTHERN,
    state=OfferState.OPEN,
    offered_at=SENT_AT,
    respond_by=date(2026, 3, 6),
)
PLENTY = EnquiryFacts(
    state=EnquiryState.TRIAGE,
    waiting_on=WaitingOn.TEAM,
    reference="4J7KQ2-M",
    question="Do warmer homes mean fewer visits to A&E?",
    enquirer_name="Sam Okafor",
    enquirer_email="sam@example.org",
    enquirer_id=UUID(int=3),
    owner_id=OWNER,
    owner_name="Alex Ward",
    organisation_shown="named",
    brief=SENT,
    published_version=1,
    call=CallFacts(reply_by=date(2026, 3, 13), brief_version=1, opened_at=SENT_AT, is_open=True, recipients=2),
    interests=(
        InterestFacts(id=TEAM_A, organisation_id=NORTHERN, capacity_days=40, show_enquirer=True),
        InterestFacts(id=TEAM_B, organisation_id=TYNESIDE, capacity_days=30, show_enquirer=True),
    ),
    preference_recorded=True,
    preferred=(TEAM_A, TEAM_B),
    joint_meeting_logged=True,
    chasers_spent=True,
    project=PROJECT,
)
"""An enquiry about which everything is known: no guard but those on one version or offer has anything to object."""

AROUND = Around(
    today=TODAY,
    working_days_to={REPLY_BY: 14},
    quoted=QuotedEntry(
        id=ENTRY,
        direction="in",
        automatic=False,
        redacted=False,
        occurred_at=QUOTED_AT,
        visibility="enquirer",
        author_role=Role.MANAGER,
    ),
    partners=frozenset({NORTHERN, TYNESIDE}),
    staff=frozenset({OWNER, SOMEBODY_ELSE}),
)

COMMANDS: Mapping[str, c.Command] = {
    command.event: command
    for command in (
        c.Submit(),
        c.Accept(),
        c.BeginBrief(),
        c.SendForAgreement(),
        c.RequestChanges(comment="Say more about schools.", entry=ENTRY),
        c.Agree(version=2, hash="abc", entry=ENTRY),
        c.Publish(reply_by=REPLY_BY, recipients=(NORTHERN, TYNESIDE)),
        c.Extend(reply_by=REPLY_BY, reason="Half term."),
        c.Revise(reason="The place changed."),
        c.Pull(reason="The budget is in doubt."),
        c.CloseCall(),
        c.Relaunch(reply_by=REPLY_BY, recipients=(TYNESIDE,), reason="Nobody offered."),
        c.MakeOffer(interest=TEAM_A, respond_by=date(2026, 3, 16), alternates=(TEAM_B,)),
        c.AcceptOffer(offer=OFFER, entry=ENTRY),
        c.DeclineOffer(offer=OFFER, reason="A grant came through.", entry=ENTRY),
        c.LeadWithdraws(reason="She has moved."),
        c.SubmitCosting(),
        c.AgreeCosts(version=3, entry=ENTRY),
        c.Descope(reason="One site fewer."),
        c.ConfirmFunding(route="funded"),
        c.Commission(),
        c.Complete(plain_summary="It works.", output="A report.", publication="In full."),
        c.Close(outcome=Outcome.WITHDRAWN, reason="No longer needed."),
        c.Ask(body="Which wards?"),
        c.Reply(body="Both of them."),
        c.Hold(until=date(2026, 4, 1), reason="Elections."),
        c.Resume(),
        c.Reopen(reason="The money is back."),
        c.Reassign(owner=SOMEBODY_ELSE, reason="Leave."),
        c.Retype(enquiry_type="evidence_review", reason="It asks what is known already."),
        c.Split(question="And what do tenants say about it?", reason="Two questions, two methods."),
        c.Reframe(
            question="What makes a home too costly to heat?",
            prompted_by="Tenants",
            heard="Eight tenants and a landlord.",
            reason="They spoke of bills.",
        ),
        c.Redact(entry=ENTRY, reason="It named a child."),
    )
}
"""One acceptable command for each event of the enquiry."""

PROJECT_COMMANDS: Mapping[str, c.Command] = {
    command.event: command
    for command in (
        c.StartProject(),
        c.PauseProject(reason="Fieldwork is closed."),
        c.ResumeProject(),
        c.Deliver(),
        c.AcceptDelivery(entry=ENTRY),
        c.TerminateProject(),
    )
}
"""One acceptable command for each event of the project."""

_NEEDED: Mapping[str, EnquiryFacts] = {
    "send_for_agreement": replace(PLENTY, brief=DRAFT),
    "publish": replace(PLENTY, brief=AGREED),
    "revise": replace(PLENTY, brief=AGREED),
    "accept_offer": replace(PLENTY, offer=OPEN_OFFER),
    "decline_offer": replace(PLENTY, offer=OPEN_OFFER),
    "submit_costing": replace(PLENTY, project=replace(PROJECT, costs_submitted_version=2)),
    "complete": replace(PLENTY, project=replace(PROJECT, state=ProjectState.COMPLETED)),
    "resume": replace(PLENTY, on_hold=True, hold_until=date(2026, 4, 1)),
    "reopen": replace(
        PLENTY,
        outcome=Outcome.NO_FUNDING,
        closed_on=date(2026, 2, 2),
        closed_from=EnquiryState.FUNDING,
        reopen_until=date(2026, 4, 30),
    ),
}


def facts_for(event: str, state: EnquiryState) -> EnquiryFacts:
    """An enquiry in `state` with every fact recorded that the guards of `event` ask for."""
    return replace(_NEEDED.get(event, PLENTY), state=state)


def project_facts_for(state: ProjectState) -> EnquiryFacts:
    """A commissioned enquiry whose project is in `state`, with every fact recorded that the project's guards ask for."""
    return replace(PLENTY, state=EnquiryState.COMMISSIONED, project=replace(PROJECT, state=state))


def actor(role: Role) -> Principal:
    """Somebody in `role`; staff own the enquiry of these facts."""
    return Principal(role=role, person_id=OWNER if role in {Role.MANAGER, Role.SERVICE_LEAD} else UUID(int=9))


OWNING_MANAGER = actor(Role.MANAGER)
