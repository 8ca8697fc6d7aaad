"""An enquiry as managers send it and read it (API.md section 2)."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from service import vocabulary
from service.routers.schemas.common import (
    BudgetBand,
    Channel,
    Day,
    DecisionWindow,
    EmailAddress,
    EnquiryType,
    Instant,
    Method,
    Name,
    OneOf,
    OrganisationShown,
    Phone,
    Sector,
    Sent,
    Shown,
    Topic,
)
from service.states import EnquiryState, Outcome, WaitingOn

DecisionStep = Annotated[str, OneOf(vocabulary.DECISION_STEPS)]
EvidenceWanted = Annotated[str, OneOf(vocabulary.EVIDENCE_WANTED)]
Population = Annotated[str, OneOf(vocabulary.POPULATIONS)]
ProcurementRoute = Annotated[str, OneOf(vocabulary.PROCUREMENT_ROUTES)]


def _says_something(value: str) -> str:
    if not value.strip():
        raise ValueError("Write something here, or leave it out.")
    return value


Words = Annotated[str, Field(min_length=1, max_length=20_000), AfterValidator(_says_something)]
"""Text in people's own words, kept exactly as it came."""
ShortWords = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_says_something)]


def _without_repeats(value: list[str] | None) -> list[str] | None:
    return None if value is None else list(dict.fromkeys(value))


_MANY = Field(max_length=50)
Topics = Annotated[list[Topic], _MANY, AfterValidator(_without_repeats)]
Methods = Annotated[list[Method], _MANY, AfterValidator(_without_repeats)]
Evidence = Annotated[list[EvidenceWanted], _MANY, AfterValidator(_without_repeats)]
Populations = Annotated[list[Population], _MANY, AfterValidator(_without_repeats)]


class _Facts(Sent):
    """What may be told about an enquiry, all of it optional; null takes a fact back."""

    purpose: Words | None = None
    who_decides: Words | None = None
    decision_date: Day | None = Field(default=None, description="When the decision is taken.")
    needed_by: Day | None = Field(default=None, description="When something usable is needed.")
    decision_window: DecisionWindow | None = None
    decision_step: DecisionStep | None = None
    population: Populations | Words | None = Field(default=None, description="A list of codes, or words.")
    population_notes: Words | None = Field(default=None, description="Words beside the codes of `population`.")
    place: ShortWords | None = None
    known_evidence: Words | None = None
    not_wanted: Words | None = None
    enquiry_type: EnquiryType | None = None
    topics: Topics | None = None
    sector: Sector | None = None
    budget_band: BudgetBand | None = None
    procurement_route: ProcurementRoute | None = None
    evidence_wanted: Evidence | None = None
    methods: Methods | None = None
    product: ShortWords | None = Field(
        default=None, description="What it may lead to: the code of a product on offer.", examples=["rapid_review"]
    )
    organisation: Name | None = Field(default=None, description="A name; kept as written when it is unknown.")
    organisation_shown: OrganisationShown | None = Field(
        default=None, description="What universities are told about who asks."
    )
    organisation_description: ShortWords | None = Field(
        default=None,
        description="The words for `described`; made of what is known (“a council in the North East”) when left out.",
    )

    def columns(self) -> dict[str, Any]:
        """Return what was sent as the enquiry keeps it, by column; `organisation` stays a name."""
        sent = self.model_dump(exclude_unset=True)
        for name in _LISTS & set(sent):
            sent[name] = sent[name] or []
        if "population" in sent:
            population = sent["population"] or []
            if isinstance(population, list):
                sent["population"] = population
            elif population in vocabulary.POPULATIONS:
                sent["population"] = [population]
            else:
                sent |= {"population": [], "population_notes": population}
        return sent


_LISTS = frozenset({"topics", "methods", "evidence_wanted"})


class EnquirerSent(Sent):
    """Whom to answer, and how: an email address, a phone number, or both."""

    name: Name
    email: EmailAddress | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.email is None and self.phone is None:
            raise ValueError("Give an email address or a phone number, so that somebody can get back to them.")
        return self


class EnquiryOnBehalf(_Facts):
    """A question that a manager writes down for somebody."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "question": "Does energy retrofit of housing cut GP and A&E visits?",
                    "enquirer": {"name": "Sam Okafor", "email": "sam.okafor@council.example"},
                    "organisation": "Gateshead Council",
                    "purpose": "A paper to cabinet on the next round of the scheme.",
                    "decision_date": "2027-03-15",
                    "population": ["older_people"],
                    "topics": ["homes"],
                    "organisation_shown": "named",
                    "channel": "phone",
                }
            ]
        }
    )

    question: Words
    enquirer: EnquirerSent
    channel: Channel = Field(default="phone", description="How the question reached us.")
    continues: Annotated[str, Field(max_length=20)] | None = Field(
        default=None, description="The reference of a closed enquiry that this one takes up.", examples=["4J7KQ2-M"]
    )


class EnquirerCorrection(Sent):
    """How the enquirer is really called and reached; what is left out stays."""

    name: Name | None = None
    email: EmailAddress | None = None
    phone: Phone | None = None


class EnquiryChange(_Facts):
    """What is to change; what is left out stays. A new `question` stands beside the original, which never changes."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"needed_by": "2027-02-12", "topics": ["homes", "ageing"], "place": "Gateshead"}]
        }
    )

    question: Words = Field(default_factory=str)
    enquirer: EnquirerCorrection = Field(default_factory=EnquirerCorrection)


class PersonShown(Shown):
    """A person by name."""

    id: UUID
    name: str
    email: str | None


class EnquirerShown(PersonShown):
    """The person who asked; `confirmed` once the address is known to be theirs."""

    phone: str | None
    confirmed: bool


class EnquiryListed(Shown):
    """An enquiry as the queue shows it. What may happen next is told by the enquiry itself."""

    reference: str
    version: int
    question: str
    original_question: str
    state: EnquiryState
    label: str
    plain_label: str
    outcome: Outcome | None
    on_hold: bool
    hold_until: date | None
    owner: PersonShown | None
    organisation: str | None
    organisation_id: UUID | None
    enquirer: EnquirerShown | None
    waiting_on: WaitingOn
    waiting_since: Instant
    state_since: Instant
    submitted_at: Instant | None
    closed_at: Instant | None
    due_on: date | None
    due_arithmetic: str | None
    decision_date: date | None
    needed_by: date | None
    slack_working_days: int | None = Field(
        description="Working days from today to the last on which its stage can end safely; negative: too late."
    )
    flags: list[str] = Field(description=f"Of: {', '.join(vocabulary.FLAGS)}.")
    project_id: UUID | None
    brief_id: UUID
    enquiry_type: EnquiryType | None
    topics: list[Topic]
    sector: Sector | None


class RefusedEvent(Shown):
    """An event that cannot happen now, and why."""

    event: str
    detail: str


_EXAMPLE: dict[str, Any] = {
    "reference": "4J7KQ2-M",
    "version": 3,
    "question": "Does energy retrofit of housing cut GP and A&E visits among older residents?",
    "original_question": "Does energy retrofit of housing cut GP and A&E visits?",
    "state": "scoping",
    "label": "Scoping",
    "plain_label": "We are talking through what you need",
    "outcome": None,
    "on_hold": False,
    "hold_until": None,
    "owner": {"id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a01", "name": "Alex Ward", "email": "alex.ward@service.example"},
    "organisation": "Gateshead Council",
    "organisation_id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a02",
    "enquirer": {
        "id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a03",
        "name": "Sam Okafor",
        "email": "sam.okafor@council.example",
        "phone": None,
        "confirmed": True,
    },
    "waiting_on": "team",
    "waiting_since": "2026-11-23T09:30:00Z",
    "state_since": "2026-11-23T09:30:00Z",
    "submitted_at": "2026-11-22T09:30:00Z",
    "closed_at": None,
    "due_on": "2026-12-03",
    "due_arithmetic": "Thursday 3 December 2026 is 8 working days after Monday 23 November 2026.",
    "decision_date": "2027-03-15",
    "needed_by": None,
    "slack_working_days": -12,
    "flags": [],
    "project_id": None,
    "brief_id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a04",
    "enquiry_type": "rapid_evaluation",
    "topics": ["homes"],
    "sector": "council_public_health",
    "purpose": "A paper to cabinet on the next round of the scheme.",
    "who_decides": None,
    "decision_window": "key_decision",
    "decision_step": "options",
    "population": ["older_people"],
    "population_notes": None,
    "place": "Gateshead",
    "known_evidence": None,
    "not_wanted": None,
    "evidence_wanted": ["local_data"],
    "methods": ["outcome_evaluation"],
    "product": None,
    "budget_band": "not_known",
    "procurement_route": None,
    "organisation_shown": "described",
    "organisation_description": "A council in the North East",
    "channel": "web",
    "hold_reason": None,
    "answer": None,
    "signposted_to": None,
    "signpost_consent": None,
    "closing_words": None,
    "continues": None,
    "continued_by": [],
    "question_versions": 2,
    "first_response_at": "2026-11-23T10:05:00Z",
    "available_events": ["begin_brief", "close", "ask", "hold", "reassign", "redact"],
    "refused_events": [{"event": "resume", "detail": "The enquiry is not on hold."}],
}


class EnquiryShown(EnquiryListed):
    """An enquiry with everything managers know about it. Its ETag is its `version` in quotes."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    purpose: str | None
    who_decides: str | None
    decision_window: DecisionWindow | None
    decision_step: DecisionStep | None
    population: list[Population] | str = Field(description="Codes, or the words when there are words only.")
    population_notes: str | None
    place: str | None
    known_evidence: str | None
    not_wanted: str | None
    evidence_wanted: list[EvidenceWanted]
    methods: list[Method]
    product: str | None = Field(description="What it may lead to: a product's code, where one was chosen.")
    budget_band: BudgetBand | None
    procurement_route: ProcurementRoute | None
    organisation_shown: OrganisationShown | None
    organisation_description: str | None
    channel: Channel
    hold_reason: str | None
    answer: str | None
    signposted_to: str | None
    signpost_consent: bool | None
    closing_words: str | None
    continues: str | None = Field(description="The reference of the earlier enquiry that this one takes up.")
    continued_by: list[str] = Field(description="The references of those that take this one up or were split from it.")
    question_versions: int
    first_response_at: Instant | None
    available_events: list[str]
    refused_events: list[RefusedEvent]


class EnquiryProgressed(EnquiryShown):
    """An enquiry after an event."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE | {"warnings": []}]})

    warnings: list[str] = Field(description="What the event was done in spite of: nothing that stands in its way.")
