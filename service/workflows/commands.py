"""What may be asked of an enquiry: one command an event, with the members it takes (API.md section 2).

The JSON Schema of these classes is what `GET /workflow` and OpenAPI publish; the console's forms use the same.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from service.states import Outcome
from service.vocabulary import ENQUIRY_TYPES


def storable(value: str) -> str:
    """Return a text that can be kept. Raises ValueError for one with a NUL, which PostgreSQL does not keep."""
    # A pattern would say the same in the published schema, where checking it over long texts takes gigabytes.
    if "\x00" in value:
        raise ValueError("A text cannot hold a NUL.")
    return value


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(storable)]
Prose = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), AfterValidator(storable)
]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


def _written_out(value: object) -> object:
    if isinstance(value, int | float) or (isinstance(value, str) and "-" not in value[1:]):
        raise ValueError("Write it as text, such as 2026-11-22.")
    return value


Day = Annotated[date, BeforeValidator(_written_out), Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
"""A calendar date, `2026-11-22`, in a year that a calendar could know."""


def _known_type(value: str) -> str:
    if value not in ENQUIRY_TYPES:
        raise ValueError(f"Choose one of: {', '.join(ENQUIRY_TYPES)}.")
    return value


EnquiryType = Annotated[
    str, AfterValidator(_known_type), WithJsonSchema({"type": "string", "enum": list(ENQUIRY_TYPES)})
]
"""A type of the vocabulary, by code."""


class Members(BaseModel):
    """Members are named exactly; an unknown one is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Waiver(Members):
    """A guard that is set aside, and why: both are shown on the timeline."""

    guard: Line
    reason: Prose


class Command(Members):
    """What every command may carry."""

    event: str
    waivers: tuple[Waiver, ...] = ()


class Accept(Command):
    event: Literal["accept"] = "accept"
    owner: UUID | None = Field(default=None, description="The manager who takes it on; the caller when left out.")


class BeginBrief(Command):
    event: Literal["begin_brief"] = "begin_brief"


class SendForAgreement(Command):
    event: Literal["send_for_agreement"] = "send_for_agreement"


class RequestChanges(Command):
    event: Literal["request_changes"] = "request_changes"
    comment: Prose
    entry: UUID | None = Field(default=None, description="The inward entry a manager quotes.")


class Agree(Command):
    event: Literal["agree"] = "agree"
    version: Number
    hash: Line
    entry: UUID | None = Field(default=None, description="The inward entry a manager quotes.")


class Publish(Command):
    event: Literal["publish"] = "publish"
    reply_by: Day | None = Field(
        default=None, description="Ten working days ahead when left out; five for rapid products."
    )
    recipients: tuple[UUID, ...] = Field(default=(), description="Partner universities, by organisation id.")
    route: Literal["open", "direct", "continuation"] = "open"
    reason: Prose | None = Field(default=None, description="Required for the direct and continuation routes.")


class Extend(Command):
    event: Literal["extend"] = "extend"
    reply_by: Day
    reason: Prose


class Revise(Command):
    event: Literal["revise"] = "revise"
    reason: Prose


class Pull(Command):
    event: Literal["pull"] = "pull"
    reason: Prose


class CloseCall(Command):
    event: Literal["close_call"] = "close_call"


class Relaunch(Command):
    event: Literal["relaunch"] = "relaunch"
    reply_by: Day
    recipients: tuple[UUID, ...]
    reason: Prose


class MakeOffer(Command):
    event: Literal["offer"] = "offer"
    interest: UUID
    respond_by: Day | None = Field(default=None, description="Ten working days ahead when left out.")
    alternates: tuple[UUID, ...] = Field(default=(), description="Interests to turn to next, in order.")
    explanation: Prose | None = Field(
        default=None, description="Why not the team the enquirer preferred: told to them."
    )


class AcceptOffer(Command):
    event: Literal["accept_offer"] = "accept_offer"
    offer: UUID
    entry: UUID | None = Field(default=None, description="The inward entry a manager quotes.")


class DeclineOffer(Command):
    event: Literal["decline_offer"] = "decline_offer"
    offer: UUID
    reason: Prose
    entry: UUID | None = Field(default=None, description="The inward entry a manager quotes; none once it has lapsed.")


class LeadWithdraws(Command):
    event: Literal["lead_withdraws"] = "lead_withdraws"
    reason: Prose


class SubmitCosting(Command):
    event: Literal["submit_costing"] = "submit_costing"


class AgreeCosts(Command):
    event: Literal["agree_costs"] = "agree_costs"
    version: Number
    entry: UUID | None = Field(default=None, description="The inward entry a manager quotes.")


class Descope(Command):
    event: Literal["descope"] = "descope"
    reason: Prose


class ConfirmFunding(Command):
    event: Literal["confirm_funding"] = "confirm_funding"
    route: Literal["funded", "studentship", "in_kind"]
    approval: Prose | None = Field(default=None, description="Where the approval is recorded.")


class StartAtRisk(Members):
    borne_by: Line
    reason: Prose


class Commission(Command):
    event: Literal["commission"] = "commission"
    start_at_risk: StartAtRisk | None = Field(
        default=None, description="Stands in for missing signatures only, and names who bears the risk."
    )


class Complete(Command):
    event: Literal["complete"] = "complete"
    plain_summary: Prose
    output: Prose
    publication: Prose = Field(description="What was decided about publishing it.")


class Close(Command):
    event: Literal["close"] = "close"
    outcome: Outcome
    reason: Prose
    wording: Prose | None = Field(
        default=None, description="What the enquirer is told; the outcome's own wording when left out."
    )
    target: Line | None = Field(default=None, description="duplicate: the reference this one is merged into.")
    signposted_to: Line | None = Field(default=None, description="signposted: to whom.")
    consent: bool | None = Field(
        default=None, description="signposted: the enquirer agreed to their details being shared."
    )
    answer: Prose | None = Field(default=None, description="answered: the answer itself.")
    criteria: dict[Line, Prose] | tuple[Prose, ...] | None = Field(
        default=None, description="declined: a sentence for each criterion not met."
    )


class Ask(Command):
    event: Literal["ask"] = "ask"
    body: Prose


class Reply(Command):
    event: Literal["reply"] = "reply"
    body: Prose


class Hold(Command):
    event: Literal["hold"] = "hold"
    until: Day
    reason: Prose


class Resume(Command):
    event: Literal["resume"] = "resume"
    reason: Prose | None = None


class Reopen(Command):
    event: Literal["reopen"] = "reopen"
    reason: Prose


class Reassign(Command):
    event: Literal["reassign"] = "reassign"
    owner: UUID
    reason: Prose


class ReassignTogether(Reassign):
    """Handed over with others at once, of which the new owner hears in one mail; never posted as an event."""


class Retype(Command):
    event: Literal["retype"] = "retype"
    enquiry_type: EnquiryType
    reason: Prose


class Split(Command):
    """One part of what was asked goes on as an enquiry of its own."""

    event: Literal["split"] = "split"
    question: Prose = Field(description="The question that goes on by itself. The enquirer is told.")
    enquiry_type: EnquiryType | None = Field(
        default=None, description="The new enquiry's type; the same as this one's when left out."
    )
    reason: Prose = Field(description="Why, in words the enquirer may read: they are told.")


class Reframe(Command):
    """The question turns out to be another one; both are kept."""

    event: Literal["reframe"] = "reframe"
    question: Prose = Field(description="The new wording. The enquirer is told.")
    prompted_by: Line | None = Field(default=None, description="Who or what prompted the change.")
    heard: Prose | None = Field(default=None, description="Who was heard about it, and what they said.")
    reason: Prose = Field(description="Why, in words the enquirer may read: they are told.")


class Redact(Command):
    event: Literal["redact"] = "redact"
    entry: UUID | None = Field(default=None, description="One entry of the conversation.")
    section: Line | None = Field(default=None, description="One section of the brief, by code.")
    question: Number | Literal["original", "current"] | None = Field(
        default=None, description="One wording of the question, by number."
    )
    file: UUID | None = Field(default=None, description="One file: its content and its name are destroyed.")
    reason: Prose


class Submit(Command):
    """Fired by the form and by `POST /enquiries`; never posted as an event."""

    event: Literal["submit"] = "submit"


EnquiryCommand = Annotated[
    Accept | BeginBrief | SendForAgreement | RequestChanges | Agree | Publish | Extend | Revise | Pull | CloseCall | Relaunch | MakeOffer | AcceptOffer | DeclineOffer | LeadWithdraws | SubmitCosting | AgreeCosts | Descope | ConfirmFunding | Commission | Complete | Close | Ask | Reply | Hold | Resume | Reopen | Reassign | Retype | Split | Reframe | Redact,
    Field(discriminator="event"),
]  # fmt: skip


class PauseProject(Command):
    event: Literal["pause"] = "pause"
    reason: Prose


class ResumeProject(Command):
    event: Literal["resume"] = "resume"
    reason: Prose | None = None


class StartProject(Command):
    """Fired by commission; never accepted on its own."""

    event: Literal["start"] = "start"


class Deliver(Command):
    event: Literal["deliver"] = "deliver"
    note: Prose | None = Field(default=None, description="What was delivered and where it is.")


class AcceptDelivery(Command):
    event: Literal["accept_delivery"] = "accept_delivery"
    entry: UUID | None = Field(default=None, description="The inward entry a manager quotes.")


class TerminateProject(Command):
    """Fired by lead_withdraws and by closing the enquiry; never accepted on its own."""

    event: Literal["terminate"] = "terminate"
    reason: Prose | None = None


ProjectCommand = Annotated[
    StartProject | PauseProject | ResumeProject | Deliver | AcceptDelivery | TerminateProject,
    Field(discriminator="event"),
]
