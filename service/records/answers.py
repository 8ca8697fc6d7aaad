"""What came of an enquiry's calls, over all of them: recipients, interests and offers, each in the order they came."""

from uuid import UUID

from sqlmodel import col, select

from service.records.database import Unit
from service.records.tables import Call, CallRecipient, Interest, Offer, Organisation

RecipientRow = tuple[CallRecipient, Call, Organisation]
InterestRow = tuple[Interest, Call, Organisation]
OfferRow = tuple[Offer, Interest, Organisation]


def recipients(unit: Unit, enquiry_id: UUID, *, after: UUID | None = None, limit: int) -> list[RecipientRow]:
    """Return whom the calls went to, with the call and the university, at most `limit`: those after the row `after`."""
    query = (
        select(CallRecipient, Call, Organisation)
        .join(Call, col(Call.id) == col(CallRecipient.call_id))
        .join(Organisation, col(Organisation.id) == col(CallRecipient.organisation_id))
        .where(CallRecipient.enquiry_id == enquiry_id)
        .order_by(col(CallRecipient.id))
        .limit(limit)
    )
    return list(unit.exec(query if after is None else query.where(CallRecipient.id > after)))


def interests(unit: Unit, enquiry_id: UUID, *, after: UUID | None = None, limit: int) -> list[InterestRow]:
    """Return the teams offered, with the call they answer and the university, at most `limit`: those after `after`."""
    query = (
        select(Interest, Call, Organisation)
        .join(Call, col(Call.id) == col(Interest.call_id))
        .join(Organisation, col(Organisation.id) == col(Interest.organisation_id))
        .where(Interest.enquiry_id == enquiry_id)
        .order_by(col(Interest.id))
        .limit(limit)
    )
    return list(unit.exec(query if after is None else query.where(Interest.id > after)))


def offers(unit: Unit, enquiry_id: UUID, *, after: UUID | None = None, limit: int) -> list[OfferRow]:
    """Return the offers made, with their team and university, at most `limit`: those after the offer `after`."""
    query = (
        select(Offer, Interest, Organisation)
        .join(Interest, col(Interest.id) == col(Offer.interest_id))
        .join(Organisation, col(Organisation.id) == col(Offer.organisation_id))
        .where(Offer.enquiry_id == enquiry_id)
        .order_by(col(Offer.id))
        .limit(limit)
    )
    return list(unit.exec(query if after is None else query.where(Offer.id > after)))
