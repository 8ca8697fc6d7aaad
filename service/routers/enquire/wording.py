"""Plain words for where an enquiry stands: the steps, who must act, and what happens next."""

from dataclasses import dataclass

from service.records.enquirer_page import EnquirerPage
from service.states import ENQUIRY_STATES, EnquiryState, Outcome, ProjectState, WaitingOn

_S = EnquiryState

STEPS: tuple[tuple[str, frozenset[EnquiryState]], ...] = (
    ("We talk it through", frozenset({_S.TRIAGE, _S.SCOPING})),
    ("We write a brief and you agree it", frozenset({_S.DRAFTING, _S.SIGN_OFF})),
    ("Universities reply", frozenset({_S.OPEN_CALL})),
    ("We choose researchers together", frozenset({_S.SELECTING})),
    ("Cost, money and agreement", frozenset({_S.COSTING, _S.FUNDING, _S.CONTRACTING})),
    ("The research", frozenset({_S.COMMISSIONED})),
)

NEXT: dict[EnquiryState, str] = {
    _S.TRIAGE: "We read your question and get in touch. We talk first, with no fee, and often an answer already exists.",
    _S.SCOPING: "We work out with you what would help, and look for what is known already. If that does not answer it, "
    "we write a research brief together.",
    _S.DRAFTING: "We write the research brief and send it to you. Nothing goes to universities until you have agreed it.",
    _S.SIGN_OFF: "Once you agree the brief, we send it to the universities and tell you by when they reply.",
    _S.OPEN_CALL: "When the call closes, we show you the teams that want to do it and choose with you.",
    _S.SELECTING: "Once a team accepts, it works out what the work would cost. You see the costs before anything starts.",
    _S.COSTING: "You see the costs and agree them, or ask for something else, before anybody commits to anything.",
    _S.FUNDING: "When the money is confirmed, the agreement is signed. You will see what you are asked to sign.",
    _S.CONTRACTING: "When everybody has signed, the research starts.",
    _S.COMMISSIONED: "The researchers do the work and hand over what they found. You say whether it is what was agreed.",
}

_CLOSED: dict[str, str] = {
    Outcome.COMPLETED: "The research is done and its findings are yours to use.",
    Outcome.ANSWERED: "We have answered your question.",
    Outcome.SIGNPOSTED: "Somebody else is better placed to help, and we have told you who.",
    Outcome.DECLINED: "We could not take this question on.",
    Outcome.WITHDRAWN: "The question was withdrawn.",
    Outcome.DUPLICATE: "This question goes on together with another one.",
    Outcome.NO_CAPACITY: "No university had room to take it on in time.",
    Outcome.NO_FUNDING: "No money could be found for the work.",
    Outcome.MISSED_WINDOW: "The evidence would have come too late for the decision.",
    Outcome.PARALLEL_STUDY: "A study that will answer it is already under way.",
    Outcome.LAPSED: "We did not hear from you, so we closed it.",
    Outcome.TERMINATED: "The project ended early.",
    Outcome.SPAM: "This enquiry is closed.",
}


_WRITE_BACK = "Answer what we asked you in the conversation below."


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an enquiry stands: its stage, who must act, and what follows."""

    stage: str
    who: str
    is_yours: bool
    """The enquirer has the next step."""
    is_reply: bool
    """Their next step is to write back."""
    next: str
    date_label: str
    """What its date is called; empty when the date is not the enquirer's business."""
    steps: list[tuple[str, str]]
    """The journey's steps, each done, now or ahead; empty for an enquiry that ended before a project."""


def standing(shown: EnquirerPage) -> Standing:
    """Return where an enquiry stands, in plain words."""
    words = ENQUIRY_STATES[shown.state]
    stage = words.plain_label
    if shown.state == _S.CLOSED:
        again = " Write below to take it up again." if shown.outcome == Outcome.LAPSED and shown.may_reopen else ""
        stage = f"This enquiry is closed. {_CLOSED.get(shown.outcome or '', '')}{again}".strip()
    elif shown.hold_until is not None:
        stage = f"{stage}, but it is on hold"
    elif shown.state == _S.SIGN_OFF and shown.waiting_on == WaitingOn.TEAM:
        stage = "You have agreed the brief and we are sending it to universities"
    elif "agree_costs" in shown.available:
        stage = "The costs are ready for you to look at"
    elif shown.work is not None and shown.work.state == ProjectState.DELIVERED:
        stage = "The research is done and handed over"
    yours = shown.waiting_on == WaitingOn.ENQUIRER or "accept_delivery" in shown.available
    return Standing(
        stage=stage,
        who=_who(shown, is_yours=yours),
        is_yours=yours,
        is_reply=yours and _your_turn(shown) == _WRITE_BACK,
        next=_next(shown),
        date_label=_date_label(shown, is_yours=yours),
        steps=_steps(shown),
    )


def _who(shown: EnquirerPage, *, is_yours: bool) -> str:
    if shown.state == _S.CLOSED:
        return "Nobody needs to do anything."
    us = shown.owner or "One of our research managers"
    if shown.hold_until is not None:
        return f"{us} takes it up again when the hold ends."
    if is_yours:
        return _your_turn(shown)
    if shown.is_call_over and shown.waiting_on == WaitingOn.UNIVERSITIES:
        return f"{us} has the next step."
    university = shown.work.university if shown.work else "The university"
    return {
        WaitingOn.TEAM: f"{us} has the next step.",
        WaitingOn.UNIVERSITIES: "The universities have the next step."
        if shown.state == _S.OPEN_CALL
        else "The university has the next step.",
        WaitingOn.LEAD: f"{university} has the next step."
        if shown.work
        else "The researchers who were offered the work have the next step.",
        WaitingOn.FUNDER: "Whoever pays for the work has the next step.",
        WaitingOn.SIGNATORIES: "Those who sign the agreement have the next step.",
    }.get(shown.waiting_on, f"{us} has the next step.")


def _your_turn(shown: EnquirerPage) -> str:
    if "accept_delivery" in shown.available:
        return "Say whether what was handed over is what was agreed."
    if shown.state == _S.SIGN_OFF and "agree" in shown.available:
        return "Read the brief below, and agree it or ask for changes."
    if "agree_costs" in shown.available:
        return "Look at the costs below, and agree them or tell us what is wrong."
    return _WRITE_BACK


def _next(shown: EnquirerPage) -> str:
    if shown.state == _S.SIGN_OFF and shown.waiting_on == WaitingOn.TEAM:
        return "We send it to the universities and tell you by when they reply."
    if "accept_delivery" in shown.available:
        return "Once you accept it, we close the enquiry. Later we ask what the findings changed."
    is_asked = shown.choice is not None and shown.choice.is_open and shown.choice.recorded_at is None
    if shown.state == _S.SELECTING and is_asked and shown.role != "merged":
        return "Say below which team you would rather work with. Then we offer the work to one of them."
    return NEXT.get(shown.state, "")


def _date_label(shown: EnquirerPage, *, is_yours: bool) -> str:
    if "accept_delivery" in shown.available:
        return ""  # the date that is promised then is the researchers'
    if is_yours:
        return "Please do this by"
    return "We get in touch by" if shown.state == _S.TRIAGE else "Next date"


def _steps(shown: EnquirerPage) -> list[tuple[str, str]]:
    state = shown.state
    if state == _S.CLOSED:
        if shown.outcome != Outcome.COMPLETED:
            return []
        return [(label, "done") for label, _ in STEPS]
    at = next(number for number, (_, states) in enumerate(STEPS) if state in states)
    return [
        (label, "done" if number < at else "now" if number == at else "ahead")
        for number, (label, _) in enumerate(STEPS)
    ]
