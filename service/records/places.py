"""Who may open an enquiry from the enquirer's side, and where a merged one leads."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.records import enquiries
from service.records.database import Unit
from service.states import EnquiryState, WaitingOn


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place in an enquiry, under its reference as we write it."""

    enquiry_id: UUID
    reference: str
    role: str
    """enquirer, colleague or merged."""
    sees_from: datetime | None
    """Nothing older is shown to them: they came with another enquiry that repeats this one."""
    leads_to: str | None
    """The reference under which a merged enquiry goes on; None for one that was not merged."""


def place(unit: Unit, reference: str, person_id: UUID) -> Place | None:
    """Return a person's place in the enquiry they meant by `reference`; None alike when there is none or it is not theirs."""
    enquiry = enquiries.by_reference(unit, reference)
    found = enquiries.participation_of(unit, enquiry.id, person_id) if enquiry else None
    if enquiry is None or found is None or enquiry.reference is None or enquiry.state == EnquiryState.DRAFT:
        return None
    target = enquiries.final_target(unit, enquiry)
    return Place(
        enquiry_id=enquiry.id,
        reference=enquiry.reference,
        role=found.role,
        sees_from=found.sees_from,
        leads_to=None if target.id == enquiry.id else target.reference,
    )


@dataclass(frozen=True, slots=True)
class Followed:
    """A closed enquiry that somebody may ask on from."""

    enquiry_id: UUID
    reference: str
    question: str


def followed(unit: Unit, reference: str, person_id: UUID) -> Followed | None:
    """Return the closed enquiry that a person meant, where they took part in the whole of it; None for any other."""
    found = place(unit, reference, person_id)
    enquiry = enquiries.one(unit, found.enquiry_id) if found and found.sees_from is None else None
    if found is None or enquiry is None or enquiry.state != EnquiryState.CLOSED:
        return None
    return Followed(enquiry.id, found.reference, enquiry.question)


@dataclass(frozen=True, slots=True)
class Mine:
    """One of a person's enquiries in their list."""

    reference: str
    question: str
    state: EnquiryState
    outcome: str | None
    is_theirs: bool
    """They have the next step."""
    on_hold: bool
    submitted_at: datetime


def mine(unit: Unit, person_id: UUID) -> list[Mine]:
    """Return a person's enquiries, newest first; those merged into another are left out, for it stands there itself."""
    found = []
    for enquiry in enquiries.enquiries_of(unit, person_id):
        theirs = enquiries.participation_of(unit, enquiry.id, person_id)
        if enquiry.reference is None or enquiry.submitted_at is None or enquiry.duplicate_of_id is not None:
            continue
        question = enquiry.question
        if theirs is not None and theirs.sees_from is not None:
            question = enquiries.question_merged_here(unit, enquiry.id, person_id) or "An enquiry yours was joined with"
        found.append(
            Mine(
                reference=enquiry.reference,
                question=question,
                state=EnquiryState(enquiry.state),
                outcome=enquiry.outcome,
                is_theirs=enquiry.waiting_on == WaitingOn.ENQUIRER,
                on_hold=enquiry.on_hold,
                submitted_at=enquiry.submitted_at,
            )
        )
    return found
