"""What an enquirer's page is made of, as plain values."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from service.records.files import Listed
from service.states import BriefState, DeliverableStatus, EnquiryState, ProjectState, WaitingOn


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the conversation. `is_ours` is seen from the team; a redacted one has no body."""

    id: UUID
    kind: str
    is_ours: bool
    author: str
    """Whose words they are."""
    written_down_by: str | None
    """Who of the team wrote them down; None for who wrote themselves."""
    body: str | None
    occurred_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    attendees: list[str]
    is_automatic: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the brief; `changed` since the version sent before."""

    label: str
    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Brief:
    """The version of the brief that the enquirer has before them."""

    number: int
    hash: str
    state: BriefState
    sections: list[Section]
    earlier: int | None
    """The number of the version sent before it."""
    left_out: list[str]
    """The sections that were in it and are no longer."""
    sent_at: datetime
    agreed_at: datetime | None
    goes_to: list[str]
    """The universities that receive it, or did."""
    shown_as: str | None
    """What they see of who asks: None for nothing until an offer."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team that agreed to be shown to the enquirer."""

    id: UUID
    university: str
    lead: str
    team: list[str]
    with_universities: list[str]
    statement: str
    capacity_days: int
    earliest_start: date
    cost_band: str

    @property
    def name(self) -> str:
        """The team as it is told from others."""
        return f"{self.lead}, {self.university}"


@dataclass(frozen=True, slots=True)
class Choice:
    """The teams to consider, and what was said about them last."""

    teams: list[Team]
    not_shown: int
    ranked: list[UUID]
    comment: str | None
    recorded_at: datetime | None
    written_down: bool
    """The team recorded it, from what the enquirer told them."""
    is_open: bool
    """A preference may still be recorded: no offer has gone out."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of the agreement as they stand, and who has signed them."""

    version: int
    parties: list[str]
    terms: list[tuple[str, str]]
    """Each with its heading."""
    signed: list[tuple[str, str, date]]
    """For each signature on this version: for whom, by whom, on which day."""
    is_ready: bool
    """Nothing is missing in them, and the money is confirmed."""


@dataclass(frozen=True, slots=True)
class CostLine:
    label: str
    amount: Decimal
    kind: str


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs put to the enquirer."""

    version: int
    lines: list[CostLine]
    cash: Decimal
    in_kind: Decimal
    start_on: date | None
    end_on: date | None
    agreed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Work:
    """The project."""

    id: UUID
    state: ProjectState
    university: str
    lead: str | None
    start_on: date | None
    end_on: date | None
    delivered_at: datetime | None
    deliverables: list[tuple[str, date, DeliverableStatus]]
    plain_summary: str | None
    output: str | None
    outcomes: int


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the enquirer's side."""

    id: UUID
    name: str
    email: str | None
    role: str


@dataclass(frozen=True, slots=True)
class EnquirerPage:
    """One enquiry for one person of its own side."""

    id: UUID
    reference: str
    role: str
    question: str
    original_question: str
    earlier: str | None
    """The reference of the enquiry that this one was split from or takes up, where this person takes part in it."""
    later: list[str]
    """The references of those that were split from this one or take it up, likewise."""
    submitted_at: datetime
    state: EnquiryState
    outcome: str | None
    closed_from: EnquiryState | None
    closing_words: str | None
    answer: str | None
    signposted_to: str | None
    reopen_requested_at: datetime | None
    reopen_until: date | None
    """The last day on which it may be taken up again; None while it is open."""
    may_reopen: bool
    """It is closed, and that day has not passed."""
    is_satisfied: bool
    """This person has said how the service was."""
    waiting_on: WaitingOn
    hold_until: date | None
    due_on: date | None
    due_arithmetic: str | None
    reply_by: date | None
    is_call_over: bool
    """The call is open still, and the universities have had their time: the team closes or extends it."""
    owner: str | None
    owner_email: str | None
    available: frozenset[str]
    """What this person may ask for now, by event."""
    told: list[tuple[str, str]]
    """What else was said in the form, as label and text."""
    messages: list[Message]
    brief: Brief | None
    is_brief_reworked: bool
    """Changes were asked for and a new version is being written."""
    choice: Choice | None
    costs: Costs | None
    terms: Terms | None
    work: Work | None
    files: list[Listed]
    people: list[Somebody]
