"""A published brief as a university reads it, and its answers as it sends them."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from service.records.calls import InterestRow
from service.records.conversation import EntryRow
from service.routers.schemas.brief import Section
from service.routers.schemas.common import (
    BudgetBand,
    Day,
    EmailAddress,
    Instant,
    Name,
    Page,
    Prose,
    Sent,
    Shown,
    UniversityDeclineReason,
)
from service.states import RecipientStatus

PUBLISHED: dict[str, Any] = {
    "brief_id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a04",
    "version": 1,
    "hash": "9f2b0c3a6c0f4b0e8a6b4f5d2c1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e",
    "title": "Do homes that were retrofitted send fewer older residents to A&E?",
    "sections": {"questions": "Do homes that were retrofitted send fewer older residents to A&E?"},
    "reply_by": "2026-12-08",
    "organisation": "a council in the North East",
    "questions": [{"question": "Is linked data available?", "answer": "Yes, from 2019."}],
}
_INTEREST: dict[str, Any] = {
    "lead": {"name": "Dr Lee Lead", "email": "lee.lead@university.example"},
    "team": ["Dr Sam Statistician"],
    "statement": "We linked housing and hospital data for two councils.",
    "capacity_days": 40,
    "earliest_start": "2027-01-11",
    "cost_band": "20k_to_50k",
    "conflicts": None,
    "show_enquirer": True,
}


class Clarification(Shown):
    """An answered question about the brief; never who asked."""

    question: str | None
    answer: str


class PublishedBrief(Shown):
    """The brief as it was published: `sections` are what the enquirer agreed, and `hash` covers exactly them."""

    model_config = ConfigDict(json_schema_extra={"examples": [PUBLISHED]})

    brief_id: UUID
    version: int
    hash: str
    title: str
    sections: dict[Section, str]
    reply_by: date
    organisation: str | None = Field(description="Who asks, a description, or null until an offer: as they chose.")
    questions: list[Clarification] = Field(description="Answered clarifications.")


class LeadSent(Sent):
    """Who would lead."""

    researcher_id: UUID | None = Field(default=None, description="Of your own directory.")
    name: Name
    email: EmailAddress


class InterestSent(Sent):
    """A team that would take the brief on. A university may send several."""

    model_config = ConfigDict(json_schema_extra={"examples": [_INTEREST]})

    lead: LeadSent
    team: list[Name] = Field(default=[], max_length=50, description="The others, by name.")
    with_universities: list[Name] = Field(default=[], max_length=20, description="Partners in this, by name.")
    statement: Prose = Field(description="What makes this team right for it, in words.")
    capacity_days: int = Field(ge=0, le=10_000)
    earliest_start: Day
    cost_band: BudgetBand
    conflicts: Prose | None = Field(default=None, description="Any conflict of interest; cleared before an offer.")
    show_enquirer: bool = Field(default=False, description="Whether the enquirer may see this team and have a say.")


class InterestChanged(Sent):
    """What is to change of an interest; what is not sent stays, and null is refused where there has to be something."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"capacity_days": 30}, {"conflicts": None}]})

    lead: LeadSent = Field(default_factory=lambda: LeadSent.model_construct(name="", email=""))
    team: list[Name] = Field(default_factory=list, max_length=50)
    with_universities: list[Name] = Field(default_factory=list, max_length=20)
    statement: Prose = Field(default_factory=str)
    capacity_days: int = Field(default_factory=int, ge=0, le=10_000)
    earliest_start: Day = Field(default_factory=lambda: date.min)
    cost_band: BudgetBand = Field(default_factory=str)
    conflicts: Prose | None = None
    show_enquirer: bool = Field(default_factory=bool)


class DeclineSent(Sent):
    """Why a university does not take part this time."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "no_capacity", "comment": "Ask us in May."}]})

    reason: UniversityDeclineReason
    comment: Prose | None = None


class QuestionSent(Sent):
    """A question about the brief. Its answer reaches every recipient, without your name."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"body": "Is linked data available?"}]})

    body: Prose


class TeamLead(Shown):
    """Who would lead."""

    researcher_id: UUID | None
    name: str
    email: str


class OwnInterest(Shown):
    """One of your interests."""

    id: UUID
    brief_id: UUID
    brief_version: int
    lead: TeamLead
    team: list[str]
    with_universities: list[str]
    statement: str
    capacity_days: int
    earliest_start: date
    cost_band: BudgetBand
    conflicts: str | None
    show_enquirer: bool
    late: bool = Field(description="Sent after the reply-by or the call's end; considered all the same.")
    submitted_at: Instant
    amended_at: Instant | None
    version: int

    @classmethod
    def of(cls, row: InterestRow, brief_id: UUID) -> "OwnInterest":
        """Show an interest to the university that sent it."""
        lead = TeamLead(researcher_id=row.lead_researcher_id, name=row.lead_name, email=row.lead_email)
        return cls.model_validate({**row.model_dump(), "brief_id": brief_id, "lead": lead})


class OwnQuestion(Shown):
    """One of your questions, with its answer once there is one."""

    id: UUID
    body: str
    asked_at: Instant
    answer: str | None
    answered_at: Instant | None

    @classmethod
    def of(cls, asked: EntryRow, answer: EntryRow | None = None) -> "OwnQuestion":
        """Show a question to the university that asked it."""
        return cls(
            id=asked.id,
            body=asked.body,
            asked_at=asked.occurred_at,
            answer=answer.body if answer else None,
            answered_at=answer.occurred_at if answer else None,
        )


class ReceivedBrief(PublishedBrief):
    """A brief you were sent, as it stands, and how you answered."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **PUBLISHED,
                    "id": PUBLISHED["brief_id"],
                    "state": "open",
                    "status": "acknowledged",
                    "told_at": "2026-11-24T10:00:00Z",
                    "fetched_at": "2026-11-24T10:05:00Z",
                    "acknowledged_at": "2026-11-24T14:00:00Z",
                    "declined_at": None,
                    "decline_reason": None,
                    "decline_comment": None,
                    "interests": [],
                    "asked": [],
                }
            ]
        }
    )

    id: UUID
    state: Literal["open", "closed", "withdrawn"] = Field(
        description="Of its call. A late interest is accepted while it is closed, until an offer is accepted."
    )
    status: RecipientStatus = Field(description="The furthest thing that happened between us.")
    told_at: Instant
    fetched_at: Instant | None
    acknowledged_at: Instant | None
    declined_at: Instant | None
    decline_reason: UniversityDeclineReason | None
    decline_comment: str | None
    interests: list[OwnInterest]
    asked: list[OwnQuestion] = Field(description="Your own questions, answered or not.")


class OpenBriefs(Page[ReceivedBrief]):
    """Open briefs, oldest call first."""

    feed_cursor: str = Field(
        description="Where the feed stood when the first page was read: follow the feed from here and miss nothing."
    )
