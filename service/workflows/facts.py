"""What the rules are told: frozen facts about one enquiry, gathered in the transaction that will record the event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from service.principals import Role
from service.states import BriefState, EnquiryState, OfferState, Outcome, ProjectState, WaitingOn


@dataclass(frozen=True, slots=True)
class BriefFacts:
    """The newest version of the brief. `sections` holds text by section code."""

    number: int
    state: BriefState
    hash: str
    sections: Mapping[str, str]
    sent_at: datetime | None = None
    personal_details: tuple[str, ...] = ()
    """Contact details of people found inside the sections."""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """The call that is open, or the last one."""

    reply_by: date
    brief_version: int
    opened_at: datetime
    is_open: bool
    recipients: int = 0


@dataclass(frozen=True, slots=True)
class InterestFacts:
    id: UUID
    organisation_id: UUID
    conflicts: str | None = None
    conflicts_cleared: bool = False
    show_enquirer: bool = False
    capacity_days: int = 0
    lead_person_id: UUID | None = None
    declined_offer: bool = False
    """An offer to it was declined or withdrawn from."""


@dataclass(frozen=True, slots=True)
class OfferFacts:
    id: UUID
    interest_id: UUID
    organisation_id: UUID
    state: OfferState
    offered_at: datetime
    respond_by: date
    lead_person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    id: UUID
    state: ProjectState
    organisation_id: UUID
    lead_person_id: UUID | None = None
    start_on: date | None = None
    end_on: date | None = None
    costs_version: int = 0
    cost_lines: int = 0
    cost_total: Decimal = Decimal(0)
    cost_cash: Decimal = Decimal(0)
    """The part of `cost_total` that has to be paid in money."""
    costs_submitted_version: int | None = None
    costs_submitted_at: datetime | None = None
    confirmed_total: Decimal = Decimal(0)
    confirmed_cash: Decimal = Decimal(0)
    """The part of `confirmed_total` that is money."""
    own_funds_confirmed_by: tuple[UUID | None, ...] = ()
    """Who confirmed each confirmed line of the service's own money; None where that is not known."""
    signed_parties: frozenset[str] = frozenset()
    """Parties with a signature on the current terms."""
    ethics_route: str = ""
    data_protection_route: str = ""
    deliverables: int = 0
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuotedEntry:
    """The entry a manager quotes as somebody's word."""

    id: UUID
    direction: str
    automatic: bool
    redacted: bool
    occurred_at: datetime
    visibility: str
    author_role: Role
    """Who wrote the entry down: the other side itself, or a manager who heard it."""


@dataclass(frozen=True, slots=True)
class EnquiryFacts:
    """One enquiry as the guards see it."""

    state: EnquiryState
    waiting_on: WaitingOn
    reference: str = ""
    question: str = ""
    enquirer_name: str = ""
    enquirer_email: str | None = None
    enquirer_phone: str | None = None
    enquirer_id: UUID | None = None
    owner_id: UUID | None = None
    owner_name: str = ""
    on_hold: bool = False
    hold_until: date | None = None
    outcome: Outcome | None = None
    closed_on: date | None = None
    closed_from: EnquiryState | None = None
    call_pulled: bool = False
    reopen_until: date | None = None
    """The last day on which a closed enquiry may be reopened."""
    organisation_shown: str | None = None
    rapid_product: bool = False
    enquiry_type: str | None = None
    brief: BriefFacts | None = None
    published_version: int | None = None
    call: CallFacts | None = None
    interests: tuple[InterestFacts, ...] = ()
    offer: OfferFacts | None = None
    """The open offer."""
    preference_recorded: bool = False
    preferred: tuple[UUID, ...] = ()
    """Interests in the enquirer's order, most wanted first; empty when they named none."""
    joint_meeting_logged: bool = False
    answer_file: bool = False
    """A file the enquirer can see was added by the team."""
    chasers_spent: bool = False
    """The enquirer was asked and chased to the end without a sign of life."""
    project: ProjectFacts | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What else a command's guards need: the day, the calendar's answers, and the things it points at."""

    today: date
    working_days_to: Mapping[date, int] = field(default_factory=dict)
    """Working days from today to each date the command names."""
    quoted: QuotedEntry | None = None
    partners: frozenset[UUID] = frozenset()
    """Partner universities among the recipients named."""
    staff: frozenset[UUID] = frozenset()
    """Managers and service leads among the people named."""
    target: "Target | None" = None


@dataclass(frozen=True, slots=True)
class Target:
    """The enquiry that `close` as duplicate points at."""

    reference: str
    state: EnquiryState
    leads_back: bool
    """It is this enquiry, or its own chain of duplicates comes back here."""
