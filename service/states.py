"""The states of every machine, as stable codes with the label staff read and the one enquirers read."""

from dataclasses import dataclass
from enum import StrEnum


class WaitingOn(StrEnum):
    """Who holds the ball."""

    TEAM = "team"
    ENQUIRER = "enquirer"
    UNIVERSITIES = "universities"
    LEAD = "lead"
    FUNDER = "funder"
    SIGNATORIES = "signatories"
    NOBODY = "nobody"


class EnquiryState(StrEnum):
    DRAFT = "draft"
    TRIAGE = "triage"
    SCOPING = "scoping"
    DRAFTING = "drafting"
    SIGN_OFF = "sign_off"
    OPEN_CALL = "open_call"
    SELECTING = "selecting"
    COSTING = "costing"
    FUNDING = "funding"
    CONTRACTING = "contracting"
    COMMISSIONED = "commissioned"
    CLOSED = "closed"


class Outcome(StrEnum):
    """Why an enquiry is closed."""

    COMPLETED = "completed"
    ANSWERED = "answered"
    SIGNPOSTED = "signposted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    NO_CAPACITY = "no_capacity"
    NO_FUNDING = "no_funding"
    MISSED_WINDOW = "missed_window"
    PARALLEL_STUDY = "parallel_study"
    LAPSED = "lapsed"
    TERMINATED = "terminated"
    SPAM = "spam"


class BriefState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    AGREED = "agreed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class RecipientStatus(StrEnum):
    """Derived from the recipient's times, never stored."""

    TOLD = "told"
    FETCHED = "fetched"
    ACKNOWLEDGED = "acknowledged"
    INTERESTED = "interested"
    DECLINED = "declined"
    NO_REPLY = "no_reply"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    STOOD_DOWN = "stood_down"


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    STOOD_DOWN = "stood_down"


class ProjectState(StrEnum):
    PLANNED = "planned"
    ACTIVE = "active"
    PAUSED = "paused"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    TERMINATED = "terminated"


class DeliverableStatus(StrEnum):
    PLANNED = "planned"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    WAIVED = "waived"


class FundingStatus(StrEnum):
    SOUGHT = "sought"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class StateWords:
    """How a state is shown: to staff, to the enquirer, and who holds the ball by default."""

    label: str
    plain_label: str
    waiting_on: WaitingOn


ENQUIRY_STATES: dict[EnquiryState, StateWords] = {
    EnquiryState.DRAFT: StateWords("Draft", "Not sent yet", WaitingOn.ENQUIRER),
    EnquiryState.TRIAGE: StateWords("Triage", "We have your question and will be in touch", WaitingOn.TEAM),
    EnquiryState.SCOPING: StateWords("Scoping", "We are talking through what you need", WaitingOn.TEAM),
    EnquiryState.DRAFTING: StateWords(
        "Drafting the brief", "We are writing the research brief with you", WaitingOn.TEAM
    ),
    EnquiryState.SIGN_OFF: StateWords(
        "With the enquirer to agree", "The brief is ready for you to agree", WaitingOn.ENQUIRER
    ),
    EnquiryState.OPEN_CALL: StateWords("Call open", "Universities are reading your brief", WaitingOn.UNIVERSITIES),
    EnquiryState.SELECTING: StateWords("Choosing researchers", "We are choosing researchers with you", WaitingOn.TEAM),
    EnquiryState.COSTING: StateWords("Costing", "The researchers are working out the cost", WaitingOn.UNIVERSITIES),
    EnquiryState.FUNDING: StateWords("Finding the money", "We are confirming the money", WaitingOn.FUNDER),
    EnquiryState.CONTRACTING: StateWords("Contracting", "The agreement is being signed", WaitingOn.SIGNATORIES),
    EnquiryState.COMMISSIONED: StateWords("Commissioned", "The research is under way", WaitingOn.LEAD),
    EnquiryState.CLOSED: StateWords("Closed", "This enquiry is closed", WaitingOn.NOBODY),
}

OPEN_STATES = frozenset(EnquiryState) - {EnquiryState.DRAFT, EnquiryState.CLOSED}
"""Triage to commissioned: what DOMAIN.md calls any open state."""

BRIEF_STATES: dict[BriefState, str] = {
    BriefState.DRAFT: "Being written",
    BriefState.SENT: "With the enquirer",
    BriefState.AGREED: "Agreed",
    BriefState.PUBLISHED: "Published",
    BriefState.SUPERSEDED: "Replaced",
    BriefState.WITHDRAWN: "Withdrawn",
    BriefState.CLOSED: "Closed",
}

PROJECT_STATES: dict[ProjectState, str] = {
    ProjectState.PLANNED: "Planned",
    ProjectState.ACTIVE: "Under way",
    ProjectState.PAUSED: "Paused",
    ProjectState.DELIVERED: "Delivered, waiting to be accepted",
    ProjectState.COMPLETED: "Completed",
    ProjectState.TERMINATED: "Terminated",
}
