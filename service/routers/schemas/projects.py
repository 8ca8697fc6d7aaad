"""A project and its papers, as managers and its university send and read them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field, RootModel, StringConstraints

from service.records.projects import DeliverableRow, FundingRow, OutcomeRow, ReportRow, SignatureRow
from service.routers.schemas.common import (
    Day,
    Instant,
    Line,
    Money,
    MoneyKind,
    Name,
    OneOf,
    Prose,
    Sent,
    Shown,
    SignatureParty,
)
from service.routers.schemas.enquiries import RefusedEvent
from service.states import DeliverableStatus, EnquiryState, FundingStatus, ProjectState
from service.vocabulary import FUNDING_ROUTES, USE_KINDS, USES
from service.workflows.commands import ProjectCommand

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
"""Plain text that may be empty."""
FundingRoute = Annotated[str, OneOf(FUNDING_ROUTES)]
Used = Annotated[str, OneOf(USES)]
UseKind = Annotated[str, OneOf(USE_KINDS)]


# ---------------------------------------------------------------------------------------------------------------- costs


class CostLineSent(Sent):
    """One line of the costs."""

    label: Line
    amount: Money
    kind: MoneyKind


class CostsSent(Sent):
    """The whole of a project's costs, and when it would run."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "lines": [
                        {"label": "Research time", "amount": {"amount": "12000.00", "currency": "GBP"}, "kind": "cash"},
                        {"label": "Supervision", "amount": "1500.00", "kind": "in_kind"},
                    ],
                    "start": "2027-01-11",
                    "end": "2027-06-30",
                }
            ]
        }
    )

    lines: list[CostLineSent] = Field(max_length=200)
    start: Day | None = None
    end: Day | None = None


class CostLineShown(Shown):
    """One line of the costs."""

    label: str
    amount: Money
    kind: MoneyKind


class CostsShown(Shown):
    """A project's costs in their newest version: the one to agree is the one that was submitted."""

    version: int = Field(description="0 before anything was entered; raised by each change.")
    lines: list[CostLineShown]
    total: Money
    cash: Money
    in_kind: Money
    start: date | None
    end: date | None
    submitted_version: int | None
    submitted_at: Instant | None
    agreed_version: int | None
    agreed_at: Instant | None


# -------------------------------------------------------------------------------------------------------------- funding


class FundingLineSent(Sent):
    """One source of money, or of help in kind."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "Public health grant",
                    "amount": {"amount": "12000.00", "currency": "GBP"},
                    "kind": "cash",
                    "status": "confirmed",
                    "evidence": "Cabinet minute 14 of 3 December",
                }
            ]
        }
    )

    source: Line
    amount: Money
    kind: MoneyKind
    status: FundingStatus = FundingStatus.SOUGHT
    evidence: Prose | None = Field(default=None, description="Where the confirmation can be seen; required with it.")
    own_funds: bool = Field(
        default=False,
        description="The service's own money: confirmed only by a service lead who does not own the enquiry.",
    )


class FundingLineChanged(Sent):
    """What is to change of a funding line; what is not sent stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"status": "confirmed", "evidence": "Award letter of 3 December"}]}
    )

    source: Line = Field(default_factory=str)
    amount: Money = Field(default_factory=Decimal)
    kind: MoneyKind = Field(default_factory=str)
    status: FundingStatus = Field(default_factory=lambda: FundingStatus.SOUGHT)
    evidence: Prose | None = None
    own_funds: bool = Field(default_factory=bool)


class FundingLineShown(Shown):
    """One source, sought, confirmed or refused."""

    id: UUID
    source: str
    amount: Money
    kind: MoneyKind
    status: FundingStatus
    evidence: str | None
    own_funds: bool
    confirmed_by: UUID | None
    confirmed_at: Instant | None
    created_at: Instant
    version: int

    @classmethod
    def of(cls, row: FundingRow) -> "FundingLineShown":
        """Show a funding line."""
        return cls.model_validate({**row.model_dump(), "confirmed_by": row.confirmed_by_id})


class FundingShown(Shown):
    """How far the confirmed lines cover the cost; money may stand in for help in kind, never the other way round."""

    confirmed: Money
    sought: Money
    short_by: Money
    covers_cost: bool


# ------------------------------------------------------------------------------------------------------------ agreement

_TERMS: dict[str, Any] = {
    "parties": ["Gateshead Council", "Durham University"],
    "roles": "The university leads; the council gives access to data.",
    "ethics_route": "The university's committee",
    "data_protection_route": "Anonymous data only",
}


class AgreementSent(Sent):
    """The terms under which a project runs, whole: members left out become empty."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TERMS]})

    parties: list[Name] = Field(default=[], max_length=20, description="Names.")
    roles: Text = ""
    time_expected: Text = ""
    ground_rules: Text = ""
    decision_rights: Text = ""
    ip_background: Text = ""
    ip_foreground: Text = ""
    publication_terms: Text = ""
    ethics_route: Text = ""
    data_protection_route: Text = ""


class SignatureSent(Sent):
    """A signature on the current terms."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "party": "university",
                    "person": "Prof Pat Vice",
                    "organisation": "Durham University",
                    "signed_on": "2026-12-18",
                    "evidence": "Signed copy in the contracts register, no. 4711",
                }
            ]
        }
    )

    party: SignatureParty
    person: Name
    organisation: Name
    signed_on: Day
    evidence: Prose | None = None


class SignatureShown(Shown):
    """One signature. It counts while the terms it was given on are the agreement's."""

    id: UUID
    party: SignatureParty
    person: str
    organisation: str
    signed_on: date
    evidence: str | None
    terms_version: int
    recorded_at: Instant

    @classmethod
    def of(cls, row: SignatureRow) -> "SignatureShown":
        """Show a signature."""
        return cls.model_validate(row)


class AgreementShown(Shown):
    """The terms, who has signed them, and which signatures a change of terms has voided."""

    version: int = Field(description="0 before the first save; raised by each change.")
    parties: list[str]
    roles: str
    time_expected: str
    ground_rules: str
    decision_rights: str
    ip_background: str
    ip_foreground: str
    publication_terms: str
    ethics_route: str
    data_protection_route: str
    saved_at: Instant | None
    signatures: list[SignatureShown] = Field(description="On the current terms.")
    void_signatures: list[SignatureShown] = Field(description="On earlier terms.")


# --------------------------------------------------------------------------------- deliverables, reports and outcomes


class DeliverableSent(Sent):
    """Something a project will hand over."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Final report", "due_on": "2027-06-30"}]})

    title: Line
    due_on: Day
    status: DeliverableStatus = DeliverableStatus.PLANNED


class DeliverableChanged(Sent):
    """What is to change of a deliverable; what is not sent stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "delivered"}, {"due_on": "2027-07-14"}]})

    title: Line = Field(default_factory=str)
    due_on: Day = Field(default_factory=lambda: date.max)
    status: DeliverableStatus = Field(default_factory=lambda: DeliverableStatus.PLANNED)


class DeliverableShown(Shown):
    """One thing to be delivered by a date."""

    id: UUID
    title: str
    due_on: date
    status: DeliverableStatus
    delivered_at: Instant | None
    settled_at: Instant | None = Field(description="When it was accepted or waived.")
    created_at: Instant
    version: int

    @classmethod
    def of(cls, row: DeliverableRow) -> "DeliverableShown":
        """Show a deliverable."""
        return cls.model_validate(row)


class ReportSent(Sent):
    """How the project is going, in the lead's words; wanted every three months."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"body": "All sites have agreed to take part.", "period_end": "2027-03-31"}]}
    )

    body: Prose
    period_end: Day | None = Field(default=None, description="The last day it speaks of.")


class ReportShown(Shown):
    """One report."""

    id: UUID
    body: str
    period_end: date | None
    submitted_at: Instant
    submitted_by_role: str

    @classmethod
    def of(cls, row: ReportRow) -> "ReportShown":
        """Show a report."""
        return cls.model_validate(row)


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


class OutcomeSent(Sent):
    """What the findings changed afterwards, in one person's answers."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "used": "yes",
                    "in_time": True,
                    "used_for": "The cabinet paper on the retrofit scheme",
                    "how": ["changed_decision"],
                    "what_changed": "The scheme now begins with the coldest homes.",
                    "may_quote": True,
                }
            ]
        }
    )

    used: Used
    in_time: bool | None = Field(default=None, description="Whether it came in time to be used; null: cannot say.")
    used_for: Prose | None = None
    how: Annotated[list[UseKind], BeforeValidator(_several)] = Field(default=[], max_length=len(USE_KINDS))
    what_changed: Prose | None = None
    may_quote: bool = False


class OutcomeShown(Shown):
    """One person's answers about the use of a project's findings."""

    id: UUID
    used: Used
    in_time: bool | None
    used_for: str | None
    how: list[UseKind]
    what_changed: str | None
    may_quote: bool
    recorded_at: Instant
    recorded_by_role: str

    @classmethod
    def of(cls, row: OutcomeRow) -> "OutcomeShown":
        """Show an outcome."""
        return cls.model_validate(row)


# --------------------------------------------------------------------------------------------------- the project itself


class ProjectLead(Shown):
    """Who leads the project."""

    name: str
    email: str


class Withdrawal(Sent):
    """Why the lead withdraws."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "Dr Lead has moved to another university."}]})

    reason: Prose


class _Project(Shown):
    """What both sides of a project see of it."""

    id: UUID
    state: ProjectState
    label: str
    enquiry_state: EnquiryState = Field(description="How far its enquiry is: costing, funding, contracting and so on.")
    brief_id: UUID
    offer_id: UUID
    interest_id: UUID
    title: str
    organisation: str | None = Field(description="Who commissions it.")
    lead: ProjectLead
    start: date | None
    end: date | None
    created_at: Instant
    started_at: Instant | None
    delivered_at: Instant | None
    completed_at: Instant | None
    terminated_at: Instant | None
    costs: CostsShown
    agreement: AgreementShown
    deliverables: list[DeliverableShown]
    reports: list[ReportShown]
    version: int


class OwnProject(_Project):
    """A project of yours: what was agreed about it and what is due."""


class UniversityShown(Shown):
    """Which university."""

    id: UUID
    name: str


class ProjectShown(_Project):
    """A project with all its papers."""

    enquiry: str = Field(description="The reference of its enquiry.")
    university: UniversityShown
    funding_route: FundingRoute | None
    start_at_risk: dict[str, str] | None
    funding: FundingShown
    funding_lines: list[FundingLineShown]
    outcomes: list[OutcomeShown]
    plain_summary: str | None
    output: str | None
    publication: str | None
    available_events: list[str]
    refused_events: list[RefusedEvent]


# --------------------------------------------------------------------------------------------------------------- events

EVENT_EXAMPLES: dict[str, Any] = {
    "pause": {"summary": "Pause", "value": {"event": "pause", "reason": "The sites are closed until May."}},
    "deliver": {"summary": "Everything is handed over", "value": {"event": "deliver", "note": "The report, by mail."}},
    "accept delivery": {
        "summary": "Record that the enquirer accepts it, quoting the entry in which they said so",
        "value": {"event": "accept_delivery", "entry": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a05"},
    },
}
"""What OpenAPI shows beside the schema."""


class ProjectEventSent(RootModel[ProjectCommand]):
    """One event with its members; `event` says which."""

    model_config = ConfigDict(frozen=True)
