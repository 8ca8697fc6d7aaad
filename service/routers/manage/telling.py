"""What the case page says in words: events as they happened, reminders, holders of the ball, and where each thing is."""

import re
from collections.abc import Iterable, Mapping

from service.records import timeline
from service.routers.manage.case.fact_table import FACTS
from service.routers.manage.moves.table import MOVES
from service.states import ENQUIRY_STATES, PROJECT_STATES, EnquiryState, ProjectState
from service.workflows import exits

OUTCOMES: Mapping[str, str] = exits.OUTCOMES
"""How an enquiry ended."""

HOLDERS: Mapping[str, str] = {
    "team": "The team",
    "enquirer": "The enquirer",
    "universities": "The universities",
    "lead": "The lead researcher",
    "funder": "The funder",
    "signatories": "Those who sign",
    "nobody": "Nobody",
}
"""Who holds the ball."""

STORIES: Mapping[str, str] = {
    "": "The whole story",
    "conversation": "Conversation",
    "notes": "Back-stage notes",
    "steps": "Steps",
    "files": "Files",
    "mail": "Mail we sent",
    "reminders": "Reminders",
}
"""What the timeline may be narrowed to."""

RULES: Mapping[str, str] = {
    "draft_nudge": "Finish the question",
    "first_response": "First response",
    "arrange_meeting": "Arrange a conversation",
    "information_asked": "Our question is unanswered",
    "brief_due": "The brief is due",
    "sign_off": "The brief waits to be agreed",
    "brief_not_fetched": "A university has not opened the brief",
    "reply_by": "Reply-by comes near",
    "call_due": "Close or extend the call",
    "stand_down": "Tell those not chosen",
    "offer_unanswered": "The offer is unanswered",
    "costing": "Costs are due",
    "contract": "Signatures are due",
    "funding_review": "Review the funding",
    "deliverable": "A deliverable is due",
    "report": "A report is due",
    "hold_ends": "The hold ends",
    "satisfaction": "How was it for the enquirer?",
    "outcome": "What changed afterwards?",
    "staff_date": "A date of our own",
    "calendar_runs_out": "The calendar runs out",
}
"""Reminder rules in words."""

ADDRESSEES: Mapping[str, str] = {
    "enquirer": "the enquirer",
    "owner": "the owner",
    "lead_service": "the service leads",
    "contacts": "the university's contacts",
    "lead": "the lead researcher",
}

PARTS: Mapping[str, str] = {
    "enquirer": "Enquirer",
    "colleague": "Colleague",
    "merged": "Came with a merged enquiry",
}
"""How somebody of the enquirer's side came in."""

CONTACTS: Mapping[str, str] = {
    "call": "A phone or video call",
    "meeting": "A meeting",
    "message": "Something they wrote to us",
}
"""What can be logged."""

WHOSE: Mapping[str, str] = {
    "out": "Ours, or both sides' together",
    "in": "Theirs: they may be quoted later, for example as a yes to the brief",
}
"""Whose words are written down: left us, or came to us."""

READERS: Mapping[str, str] = {"enquirer": "The enquirer and the team", "back_stage": "Only the team"}
"""Who may read what is logged."""

_BESIDE: Mapping[str, str] = {
    "submit": "Question sent",
    "amend": "Facts changed",
    "reword": "Question reworded",
    "reply": "The enquirer answered",
    "first_response": "First response",
    "file_added": "File added",
    "reopen_requested": "The enquirer asked to take it up again",
    "forget": "It had its time: people and words destroyed",
    "erase": "Somebody's personal data erased",
    "continued": "Taken up by a new enquiry",
    "acknowledged": "A university received the brief",
    "interest": "A university offered a team",
    "interest_amended": "A university changed its team",
    "recipient_declined": "A university declined",
    "start": "Project started",
    "terminate": "Project ended early",
}
_PAST: Mapping[tuple[str, str], str] = {(move.machine.name, move.event): move.past for move in MOVES.values()}


def plainly(sentence: str) -> str:
    """Return a refusal without the names that programs know its members by, which stand in brackets."""
    return re.sub(r" \([a-z_]+\)", "", sentence)


def happened(machine: str, event: str) -> str:
    """Return a recorded event in words, as something that happened."""
    return _PAST.get((machine, event)) or _BESIDE.get(event) or event.replace("_", " ").capitalize()


def fact_labels(names: Iterable[str]) -> list[str]:
    """Return facts, named by their columns, as their form names them."""
    return [FACTS[name].label if name in FACTS else name.replace("_", " ").capitalize() for name in names]


def addressee(code: str) -> str:
    """Return to whom a follow-up goes, where its code is a rule's audience; a name is left as it is."""
    audience, _, university = code.partition(": ")
    words = ADDRESSEES.get(audience, audience.replace("_", " "))
    return f"{words} of {university}" if university else words


def state_label(machine: str, state: str) -> str:
    """Return a state of either machine as staff read it."""
    if machine == "project":
        return PROJECT_STATES.get(ProjectState(state), state) if state in set(ProjectState) else state
    return ENQUIRY_STATES[EnquiryState(state)].label if state in set(EnquiryState) else state


def headline(state: str, *, is_agreed: bool) -> str:
    """Return where an open enquiry stands, as staff read it: an agreed brief is no longer with the enquirer."""
    return "Agreed, ready to publish" if is_agreed else state_label("enquiry", state)


def inside(name: str) -> str:
    """Return a name as it stands inside a sentence: a description that begins with an article begins small."""
    first, _, rest = name.partition(" ")
    return f"{first.lower()} {rest}" if first in {"A", "An", "One", "Some", "The"} and rest else name


def kind_of(moment: timeline.Moment) -> str:
    """Return which kind of thing a moment is, as the template tells them apart."""
    match moment:
        case timeline.EventAt():
            return "event"
        case timeline.EntryAt():
            return "entry"
        case timeline.FileAt():
            return "file"
        case timeline.MessageAt():
            return "message"
        case timeline.FollowUpAt():
            return "reminder"
