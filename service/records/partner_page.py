"""What universities' contacts and lead researchers find on their pages: briefs sent, work led, profiles under an address."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from service.records.calls import CallRow
from service.records.database import Unit
from service.records.tables import Call, CallRecipient, Enquiry, Interest, Offer, Organisation, Project, Researcher
from service.records.walks import along_no_index
from service.states import EnquiryState, OfferState, ProjectState

Profile = Researcher
"""What one university says of one researcher."""
ProjectInHand = tuple[Project, Enquiry, Interest]
"""A project, its enquiry, and the interest that was chosen."""


@dataclass(frozen=True, slots=True)
class University:
    """The university that a contact answers for."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Led:
    """An interest as the lead researcher it names comes to it."""

    interest: Interest
    enquiry: Enquiry
    offer: Offer | None
    """The newest offer of the work to this team."""
    project: Project | None
    """The newest project that an accepted offer brought."""


def university_of(unit: Unit, organisation_id: UUID) -> University | None:
    """Return the university with this id, a partner now or before; None for any other organisation."""
    found = unit.get(Organisation, organisation_id)
    if found is None or not (found.partner or found.kind == "university"):
        return None
    return University(found.id, found.name)


def briefs_sent(
    unit: Unit, organisation_id: UUID, *, is_open: bool, before: UUID | None = None, limit: int
) -> list[CallRow]:
    """Return the briefs a university was sent, each in its newest call, newest first, at most `limit`.

    Those whose call is open, or those whose call is over; those before the call `before`, where given.
    """
    later, also = aliased(Call), aliased(CallRecipient)
    is_newest = ~exists().where(
        col(later.enquiry_id) == col(Call.enquiry_id),
        col(later.number) > col(Call.number),
        col(also.call_id) == col(later.id),
        col(also.organisation_id) == organisation_id,
    )
    query = (
        select(Call, Enquiry, CallRecipient)
        .join(Enquiry, col(Enquiry.id) == col(Call.enquiry_id))
        .join(CallRecipient, col(CallRecipient.call_id) == col(Call.id))
        .where(is_newest)
        .limit(limit)
    )
    is_over = or_(col(Call.closed_at).is_not(None), col(Call.pulled_at).is_not(None))
    if is_open:
        # Few are: found by the state of their enquiries, and not on a walk through all that the university was ever sent.
        sent_to = along_no_index(col(CallRecipient.organisation_id)) == organisation_id
        query = query.where(Enquiry.state == EnquiryState.OPEN_CALL, ~is_over, sent_to).order_by(col(Call.id).desc())
        return list(unit.exec(query if before is None else query.where(Call.id < before)))
    query = query.where(CallRecipient.organisation_id == organisation_id, is_over)
    if before is not None:
        query = query.where(CallRecipient.call_id < before)
    return list(unit.exec(query.order_by(col(CallRecipient.call_id).desc())))


def projects_in_hand(unit: Unit, organisation_id: UUID) -> list[ProjectInHand]:
    """Return a university's projects that are not over, newest first, each with its enquiry and the interest chosen.

    One that waits, planned, under an enquiry that was closed is not in hand.
    """
    query = (
        select(Project, Enquiry, Interest)
        .join(Enquiry, col(Enquiry.id) == col(Project.enquiry_id))
        .join(Interest, col(Interest.id) == col(Project.interest_id))
        .where(
            Project.organisation_id == organisation_id,
            col(Project.state).not_in([ProjectState.COMPLETED, ProjectState.TERMINATED]),
            col(Enquiry.state) != EnquiryState.CLOSED,
        )
        .order_by(col(Project.id).desc())
    )
    return list(unit.exec(query))


def led(unit: Unit, interest_id: UUID, person_id: UUID) -> Led | None:
    """Return an interest that names this person as its lead, or None."""
    interest = unit.get(Interest, interest_id)
    if interest is None or interest.lead_person_id != person_id:
        return None
    return _led(unit, interest)


def led_by(unit: Unit, person_id: UUID) -> list[Led]:
    """Return every interest that names a person as its lead, the newest first."""
    found = unit.exec(
        select(Interest)
        .where(Interest.lead_person_id == person_id)
        .order_by(col(Interest.submitted_at).desc(), col(Interest.id).desc())
    )
    return [_led(unit, interest) for interest in found]


def interest_in_hand(unit: Unit, enquiry_id: UUID, person_id: UUID) -> UUID | None:
    """Return the interest with which a person leads an enquiry's work: the one offered to them, else their newest."""
    offered = (
        select(Interest.id)
        .join(Offer, col(Offer.interest_id) == col(Interest.id))
        .where(
            Interest.enquiry_id == enquiry_id,
            Interest.lead_person_id == person_id,
            col(Offer.state).in_([OfferState.OPEN, OfferState.ACCEPTED]),
        )
        .order_by(col(Offer.offered_at).desc(), col(Offer.id).desc())
    )
    newest = (
        select(Interest.id)
        .where(Interest.enquiry_id == enquiry_id, Interest.lead_person_id == person_id)
        .order_by(col(Interest.submitted_at).desc(), col(Interest.id).desc())
    )
    return _first(unit, offered) or _first(unit, newest)


def profiles_of(unit: Unit, email: str) -> list[Researcher]:
    """Return the rows in which universities describe whoever has this address, in the order they were added."""
    address = email.strip().lower()
    is_theirs = (Researcher.email == address, col(Researcher.merged_into_id).is_(None))
    return list(unit.exec(select(Researcher).where(*is_theirs).order_by(col(Researcher.id))))


def name_listed(unit: Unit, email: str) -> str | None:
    """Return the name under which a university lists the researcher with this address; None when none does."""
    return next((row.name for row in profiles_of(unit, email)), None)


def _first(unit: Unit, query: SelectOfScalar[UUID]) -> UUID | None:
    return unit.exec(query.limit(1)).first()


def _led(unit: Unit, interest: Interest) -> Led:
    enquiry = unit.get_one(Enquiry, interest.enquiry_id)
    offer = unit.exec(
        select(Offer)
        .where(Offer.interest_id == interest.id)
        .order_by(col(Offer.offered_at).desc(), col(Offer.id).desc())
        .limit(1)
    ).first()
    project = unit.exec(select(Project).where(Project.offer_id == offer.id)).first() if offer else None
    return Led(interest, enquiry, offer, project)
