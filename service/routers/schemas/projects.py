"""A project as managers and its university read it, and the events that move it."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, RootModel

from service.routers.schemas.agreements import AgreementShown
from service.routers.schemas.common import Instant, OneOf, Prose, Sent, Shown
from service.routers.schemas.enquiries import RefusedEvent
from service.routers.schemas.money import CostsShown, FundingLineShown, FundingShown
from service.routers.schemas.papers import DeliverableShown, OutcomeShown, ReportShown
from service.states import EnquiryState, ProjectState
from service.vocabulary import FUNDING_ROUTES
from service.workflows.commands import ProjectCommand

FundingRoute = Annotated[str, OneOf(FUNDING_ROUTES)]


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
