"""The two machines, one row a transition: the whole lifecycle on one page (DOMAIN.md section 2)."""

from collections.abc import Iterable

from service.principals import STAFF, Role
from service.states import OPEN_STATES, BriefState, EnquiryState, ProjectState
from service.workflows import commands as c
from service.workflows import guards as g
from service.workflows.exits import CHASERS_SPENT, EXIT_FITS
from service.workflows.facts import EnquiryFacts
from service.workflows.verdicts import Guard, Machine, State, Transition

_S = EnquiryState
_P = ProjectState
_ENQUIRER = STAFF | {Role.ENQUIRER}
_UNIVERSITY = STAFF | {Role.UNIVERSITY}
_LEAD = _UNIVERSITY | {Role.LEAD_RESEARCHER}
_THIN_CAPACITY_DAYS = 5


def reopened_state(facts: EnquiryFacts) -> EnquiryState:
    """Return where a reopened enquiry goes: where it was, but never past drafting once a call was pulled.

    Where it was may be gone: closing pulls an open call, and may end a project or a version under discussion. Then
    it goes back to where that part of the work begins again.
    """
    before = facts.closed_from or _S.TRIAGE
    furthest = _S.COMMISSIONED
    if facts.project is None or facts.project.state == _P.TERMINATED:
        furthest = _S.SELECTING
    under_discussion = facts.brief is not None and facts.brief.state in {BriefState.SENT, BriefState.AGREED}
    if facts.call_pulled or before == _S.OPEN_CALL or (before == _S.SIGN_OFF and not under_discussion):
        furthest = _S.DRAFTING
    return min(before, furthest, key=list(EnquiryState).index)


def _thin_capacity(facts: EnquiryFacts, command: c.Command) -> tuple[str, ...]:
    if not isinstance(command, c.MakeOffer):
        return ()
    for interest in facts.interests:
        if interest.id == command.interest and interest.capacity_days < _THIN_CAPACITY_DAYS:
            return (f"The team offers only {interest.capacity_days} days: check that it is enough.",)
    return ()


def _brief_asks_the_old_question(facts: EnquiryFacts, command: c.Command) -> tuple[str, ...]:
    if facts.brief is None:
        return ()
    if facts.call is not None and facts.call.is_open:
        return (
            "Universities go on reading the brief as it was published: have a changed one agreed and publish it, or pull the call.",
        )
    return ("The brief is as it was: change it, so that it asks the new question.",)


_WARNINGS = {"offer": _thin_capacity, "reframe": _brief_asks_the_old_question}


def _row(
    event: str,
    label: str,
    command: type[c.Command],
    sources: Iterable[State],
    target: State | None,
    roles: Iterable[Role],
    *guards: Guard,
    owner_only: bool = False,
    posted: bool = True,
) -> Transition:
    # A hold stops the team from moving on by mistake; it never stops the other side, an exit, or talk.
    moves = target is not None and target != _S.CLOSED and event != "submit"
    held = (g.NOT_ON_HOLD,) if moves and isinstance(target, EnquiryState) else ()
    return Transition(
        event, label, command, frozenset(sources), target, frozenset(roles), guards=held + guards,
        owner_only=owner_only, posted=posted, warns=_WARNINGS.get(event),
    )  # fmt: skip


_ENQUIRY_ROWS = (
    _row("submit", "Send", c.Submit, {_S.DRAFT}, _S.TRIAGE, _ENQUIRER,
         g.QUESTION_PRESENT, g.NAME_PRESENT, g.REACHABLE, posted=False),
    _row("accept", "Take it on", c.Accept, {_S.TRIAGE}, _S.SCOPING, STAFF, g.OWNER_SET),
    _row("begin_brief", "Begin the brief", c.BeginBrief, {_S.SCOPING}, _S.DRAFTING, STAFF, owner_only=True),
    Transition("send_for_agreement", "Send the brief for agreement", c.SendForAgreement,
               frozenset({_S.DRAFTING, _S.OPEN_CALL}),
               {_S.DRAFTING: _S.SIGN_OFF, _S.OPEN_CALL: _S.OPEN_CALL}, STAFF, owner_only=True,
               guards=(g.NOT_ON_HOLD, g.DRAFT_TO_SEND, g.KEY_SECTIONS_FILLED, g.ORGANISATION_SHOWN_SET,
                       g.NO_CONTACT_DETAILS)),
    _row("request_changes", "Ask for changes", c.RequestChanges, {_S.SIGN_OFF}, _S.DRAFTING, _ENQUIRER,
         g.BRIEF_AWAITS_ANSWER, g.QUOTES_ENQUIRER),
    _row("agree", "Agree the brief", c.Agree, {_S.SIGN_OFF, _S.OPEN_CALL}, None, _ENQUIRER,
         g.VERSION_SHOWN_IS_CURRENT, g.QUOTES_ENQUIRER),
    _row("publish", "Publish to universities", c.Publish, {_S.SIGN_OFF}, _S.OPEN_CALL, STAFF,
         g.AGREED_IS_PUBLISHED, g.RECIPIENTS_ARE_PARTNERS, g.REPLY_BY_AHEAD, g.REPLY_BY_LONG_ENOUGH,
         g.ROUTE_EXPLAINED),
    _row("extend", "Extend the call", c.Extend, {_S.OPEN_CALL}, None, STAFF, g.REPLY_BY_AHEAD, g.REPLY_BY_EXTENDS),
    _row("revise", "Publish the revised brief", c.Revise, {_S.OPEN_CALL}, None, STAFF, g.NEW_VERSION_AGREED),
    _row("pull", "Pull the call", c.Pull, {_S.OPEN_CALL}, _S.DRAFTING, STAFF),
    _row("close_call", "Close the call", c.CloseCall, {_S.OPEN_CALL}, _S.SELECTING, STAFF),
    _row("relaunch", "Open the call again", c.Relaunch, {_S.SELECTING}, _S.OPEN_CALL, STAFF,
         g.NO_OFFER_OPEN, g.RECIPIENTS_ARE_PARTNERS, g.REPLY_BY_AHEAD),
    _row("offer", "Offer the work", c.MakeOffer, {_S.SELECTING}, None, STAFF,
         g.NOT_ON_HOLD, g.INTEREST_STANDS, g.NO_OFFER_OPEN, g.RESPOND_BY_AHEAD, g.CONFLICTS_CLEARED,
         g.PREFERENCE_RECORDED, g.CHOICE_EXPLAINED, g.JOINT_MEETING_LOGGED),
    _row("accept_offer", "Accept the offer", c.AcceptOffer, {_S.SELECTING}, _S.COSTING, _LEAD,
         g.OFFER_IS_THE_OPEN_ONE, g.QUOTES_LEAD),
    _row("decline_offer", "Decline the offer", c.DeclineOffer, {_S.SELECTING}, None, _LEAD,
         g.OFFER_IS_THE_OPEN_ONE, g.QUOTES_LEAD),
    _row("lead_withdraws", "The lead withdraws", c.LeadWithdraws, {_S.COSTING, _S.FUNDING, _S.CONTRACTING},
         _S.SELECTING, _LEAD),
    _row("submit_costing", "Submit the costs", c.SubmitCosting, {_S.COSTING}, None, _UNIVERSITY,
         g.COST_LINES_PRESENT, g.DATES_PRESENT, g.COSTS_NOT_YET_SUBMITTED),
    _row("agree_costs", "Agree the costs", c.AgreeCosts, {_S.COSTING}, _S.FUNDING, _ENQUIRER,
         g.COSTS_SHOWN_ARE_CURRENT, g.QUOTES_ENQUIRER),
    _row("descope", "Change what is costed", c.Descope, {_S.FUNDING}, _S.COSTING, STAFF),
    _row("confirm_funding", "Confirm the funding", c.ConfirmFunding, {_S.FUNDING}, _S.CONTRACTING, STAFF,
         g.MONEY_COVERS_COST, g.OWN_FUNDS_CONFIRMED_BY_ANOTHER),
    _row("commission", "Commission the project", c.Commission, {_S.CONTRACTING}, _S.COMMISSIONED, STAFF,
         g.SIGNED_BY_BOTH, g.ROUTES_RECORDED, g.DELIVERABLE_PLANNED),
    _row("complete", "Complete", c.Complete, {_S.COMMISSIONED}, _S.CLOSED, STAFF, g.PROJECT_COMPLETED),
    _row("close", "Close", c.Close, OPEN_STATES, _S.CLOSED, _ENQUIRER, EXIT_FITS, CHASERS_SPENT),
    _row("ask", "Ask the enquirer", c.Ask, OPEN_STATES, None, STAFF),
    # The service records a reply when a manager logs what the enquirer said on the phone.
    _row("reply", "Reply", c.Reply, OPEN_STATES, None, {Role.ENQUIRER, Role.SYSTEM}),
    _row("hold", "Put on hold", c.Hold, OPEN_STATES, None, STAFF, g.HOLD_ENDS_AHEAD),
    _row("resume", "Resume", c.Resume, OPEN_STATES, None, STAFF, g.IS_ON_HOLD),
    Transition("reopen", "Reopen", c.Reopen, frozenset({_S.CLOSED}), reopened_state, STAFF,
               targets=tuple(state for state in EnquiryState if state in OPEN_STATES - {_S.OPEN_CALL}),
               guards=(g.WITHIN_REOPENING_TIME,)),
    _row("reassign", "Change the owner", c.Reassign, OPEN_STATES, None, STAFF, g.NEW_OWNER_IS_STAFF),
    _row("retype", "Change the type", c.Retype, OPEN_STATES, None, STAFF, g.ANOTHER_TYPE),
    _row("split", "Split off a question", c.Split, OPEN_STATES, None, STAFF, g.ANOTHER_WORDING),
    _row("reframe", "Reframe the question", c.Reframe, OPEN_STATES, None, STAFF, g.ANOTHER_WORDING),
    _row("redact", "Redact", c.Redact, OPEN_STATES | {_S.CLOSED}, None, STAFF, g.ONE_THING_TO_REDACT),
)  # fmt: skip

_PROJECT_ROWS = (
    _row("start", "Start", c.StartProject, {_P.PLANNED}, _P.ACTIVE, {Role.SYSTEM}, g.PROJECT_STARTED_BY_COMMISSION,
         posted=False),
    _row("pause", "Pause", c.PauseProject, {_P.ACTIVE}, _P.PAUSED, STAFF),
    _row("resume", "Resume", c.ResumeProject, {_P.PAUSED}, _P.ACTIVE, STAFF),
    _row("deliver", "Deliver", c.Deliver, {_P.ACTIVE}, _P.DELIVERED, _LEAD),
    _row("accept_delivery", "Accept the delivery", c.AcceptDelivery, {_P.DELIVERED}, _P.COMPLETED, _ENQUIRER,
         g.QUOTES_ENQUIRER),
    _row("terminate", "End early", c.TerminateProject, {_P.PLANNED, _P.ACTIVE, _P.PAUSED, _P.DELIVERED},
         _P.TERMINATED, {Role.SYSTEM}, posted=False),
)  # fmt: skip

ENQUIRY = Machine("enquiry", {row.event: row for row in _ENQUIRY_ROWS})
PROJECT = Machine("project", {row.event: row for row in _PROJECT_ROWS})
