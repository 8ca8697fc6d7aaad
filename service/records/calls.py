"""Calls, their recipients, interests, offers and what the enquirer prefers."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, or_, select, update

from service.records.database import Unit
from service.records.tables import Call, CallRecipient, Enquiry, Interest, Offer, Organisation, Preference
from service.states import OfferState, RecipientStatus

CallRow = tuple[Call, Enquiry, CallRecipient]
"""A call, the enquiry it is about, and one university's part in it."""
SentCall = Call
InterestRow = Interest
OfferRow = tuple[Offer, Enquiry]

# Made once, because every poll runs it.
_UNFETCHED = select(CallRecipient.id, CallRecipient.enquiry_id, CallRecipient.told_at).where(
    CallRecipient.organisation_id == bindparam("organisation"),
    col(CallRecipient.fetched_at).is_(None),
    col(CallRecipient.enquiry_id).in_(bindparam("enquiries", expanding=True)),
)


def current(unit: Unit, enquiry_id: UUID) -> Call | None:
    """Return the newest call, open or not; None before the first."""
    return unit.exec(select(Call).where(Call.enquiry_id == enquiry_id).order_by(Call.number.desc())).first()  # type: ignore[attr-defined]


def is_open(call: Call | None) -> bool:
    """Tell whether universities may still answer a call in time."""
    return call is not None and call.closed_at is None and call.pulled_at is None


def recipients(unit: Unit, call_id: UUID) -> list[tuple[CallRecipient, Organisation]]:
    """Return a call's recipients with their organisations, by name."""
    return list(
        unit.exec(
            select(CallRecipient, Organisation)
            .join(Organisation, Organisation.id == CallRecipient.organisation_id)  # type: ignore[arg-type]
            .where(CallRecipient.call_id == call_id)
            .order_by(Organisation.name)
        )
    )


def still_asked(unit: Unit, enquiry_id: UUID) -> list[UUID] | None:
    """Return the universities that an open call went to and that have not turned it down; None while no call is open."""
    call = current(unit, enquiry_id)
    if call is None or not is_open(call):
        return None
    found = select(CallRecipient.organisation_id).where(
        CallRecipient.call_id == call.id,
        or_(col(CallRecipient.declined_at).is_(None), col(CallRecipient.interested_at).is_not(None)),
    )
    return list(unit.exec(found))


def recipient(unit: Unit, enquiry_id: UUID, organisation_id: UUID) -> CallRecipient | None:
    """Return a university's part in the newest call it was sent for this enquiry, or None."""
    return unit.exec(
        select(CallRecipient)
        .join(Call, Call.id == CallRecipient.call_id)  # type: ignore[arg-type]
        .where(CallRecipient.enquiry_id == enquiry_id, CallRecipient.organisation_id == organisation_id)
        .order_by(Call.number.desc())  # type: ignore[attr-defined]
    ).first()


def ever_recipients(unit: Unit, enquiry_id: UUID) -> list[UUID]:
    """Return every university that any call of an enquiry went to."""
    found = unit.exec(select(CallRecipient.organisation_id).where(CallRecipient.enquiry_id == enquiry_id))
    return sorted(set(found))


def open_to(unit: Unit, organisation_id: UUID, *, after: UUID | None = None, limit: int) -> list[CallRow]:
    """Return the open calls a university was sent, oldest first, at most `limit`: those after the call `after`."""
    query = (
        select(Call, Enquiry, CallRecipient)
        .join(Enquiry, col(Enquiry.id) == col(Call.enquiry_id))
        .join(CallRecipient, col(CallRecipient.call_id) == col(Call.id))
        .where(
            CallRecipient.organisation_id == organisation_id,
            col(Call.closed_at).is_(None),
            col(Call.pulled_at).is_(None),
        )
        .order_by(col(Call.id))
        .limit(limit)
    )
    return list(unit.exec(query if after is None else query.where(Call.id > after)))


def newest_sent(unit: Unit, brief_id: UUID, organisation_id: UUID) -> CallRow | None:
    """Return the newest call on a brief that a university was sent, or None when it was sent none."""
    return unit.exec(
        select(Call, Enquiry, CallRecipient)
        .join(Enquiry, col(Enquiry.id) == col(Call.enquiry_id))
        .join(CallRecipient, col(CallRecipient.call_id) == col(Call.id))
        .where(Enquiry.brief_id == brief_id, CallRecipient.organisation_id == organisation_id)
        .order_by(col(Call.number).desc())
    ).first()


def unfetched(unit: Unit, organisation_id: UUID, told: Mapping[UUID, datetime]) -> list[UUID]:
    """Return a university's parts in calls that it has not fetched, for the enquiries in `told`.

    A part counts that the university was told of by the instant given for its enquiry.
    """
    if not told:
        return []
    rows = unit.connection().execute(_UNFETCHED, {"organisation": organisation_id, "enquiries": list(told)})
    return [recipient_id for recipient_id, enquiry_id, told_at in rows if told_at <= told[enquiry_id]]


def mark_fetched(unit: Unit, recipients: Sequence[UUID], now: datetime) -> None:
    """Note that these recipients have fetched the brief, where it is not noted yet.

    One conditional update of one column: it neither needs the enquiry's lock nor undoes what a holder of it records.
    """
    unit.exec(
        update(CallRecipient)
        .where(col(CallRecipient.id).in_(recipients), col(CallRecipient.fetched_at).is_(None))
        .values(fetched_at=now)
    )


def status_of(found: CallRecipient, reply_by: date, today: date) -> RecipientStatus:
    """Return a recipient's status, derived from its times: the furthest thing that happened."""
    times = (
        (found.accepted_at, RecipientStatus.ACCEPTED),
        (found.stood_down_at, RecipientStatus.STOOD_DOWN),
        (found.offered_at, RecipientStatus.OFFERED),
        (found.interested_at, RecipientStatus.INTERESTED),
        (found.declined_at, RecipientStatus.DECLINED),
    )
    for at, status in times:
        if at is not None:
            return status
    if today > reply_by:
        return RecipientStatus.NO_REPLY
    if found.acknowledged_at is not None:
        return RecipientStatus.ACKNOWLEDGED
    return RecipientStatus.FETCHED if found.fetched_at is not None else RecipientStatus.TOLD


def interests(unit: Unit, enquiry_id: UUID) -> list[Interest]:
    """Return the interests in an enquiry, oldest first."""
    return list(
        unit.exec(
            select(Interest).where(Interest.enquiry_id == enquiry_id).order_by(Interest.submitted_at, Interest.id)  # type: ignore[arg-type]
        )
    )


def interest(unit: Unit, interest_id: UUID) -> InterestRow | None:
    """Return one interest, or None."""
    return unit.get(Interest, interest_id)


def brief_of(unit: Unit, found: InterestRow) -> UUID:
    """Return the id of the brief that an interest is in."""
    return unit.exec(select(Enquiry.brief_id).where(Enquiry.id == found.enquiry_id)).one()


def interests_of(unit: Unit, enquiry_id: UUID, organisation_id: UUID) -> list[Interest]:
    """Return the interests of one university in an enquiry, oldest first."""
    return [interest for interest in interests(unit, enquiry_id) if interest.organisation_id == organisation_id]


def live_interests(unit: Unit, enquiry_id: UUID) -> list[Interest]:
    """Return the interests that may still be chosen: those whose call was not pulled."""
    return list(
        unit.exec(
            select(Interest)
            .join(Call, Call.id == Interest.call_id)  # type: ignore[arg-type]
            .where(Interest.enquiry_id == enquiry_id, Call.pulled_at == None)  # noqa: E711 - SQL's IS NULL
            .order_by(Interest.submitted_at, Interest.id)  # type: ignore[arg-type]
        )
    )


def first_opened(unit: Unit, enquiry_id: UUID) -> datetime | None:
    """Return when the first call that was not pulled opened, or None."""
    return unit.exec(
        select(Call.opened_at)
        .where(Call.enquiry_id == enquiry_id, Call.pulled_at == None)  # noqa: E711 - SQL's IS NULL
        .order_by(Call.number)  # type: ignore[arg-type]
    ).first()


def offers(unit: Unit, enquiry_id: UUID) -> list[Offer]:
    """Return the offers made in an enquiry, oldest first."""
    return list(
        unit.exec(select(Offer).where(Offer.enquiry_id == enquiry_id).order_by(Offer.offered_at, Offer.id))  # type: ignore[arg-type]
    )


def open_offer(unit: Unit, enquiry_id: UUID) -> Offer | None:
    """Return the offer waiting for an answer, or None."""
    return unit.exec(select(Offer).where(Offer.enquiry_id == enquiry_id, Offer.state == OfferState.OPEN)).first()


def next_alternate(unit: Unit, offer: Offer) -> UUID | None:
    """Return the first of an offer's alternates that has not turned an offer down, or None."""
    return next(iter(free_alternates(unit, offer)), None)


def free_alternates(unit: Unit, offer: Offer) -> list[UUID]:
    """Return an offer's alternates that have not turned an offer down, in their order."""
    declined = {made.interest_id for made in offers(unit, offer.enquiry_id) if made.state == OfferState.DECLINED}
    return [alternate for alternate in map(UUID, offer.alternates) if alternate not in declined]


def newest_preference(unit: Unit, enquiry_id: UUID) -> Preference | None:
    """Return what the enquirer last said about the teams, or None."""
    return unit.exec(
        select(Preference)
        .where(Preference.enquiry_id == enquiry_id)
        .order_by(Preference.recorded_at.desc(), Preference.id.desc())  # type: ignore[attr-defined]
    ).first()


def offers_to(unit: Unit, organisation_id: UUID, *, before: UUID | None = None, limit: int) -> list[OfferRow]:
    """Return the offers made to a university, newest first, at most `limit`: those before the offer `before`."""
    query = (
        select(Offer, Enquiry)
        .join(Enquiry, col(Enquiry.id) == col(Offer.enquiry_id))
        .where(Offer.organisation_id == organisation_id)
        .order_by(col(Offer.id).desc())
        .limit(limit)
    )
    return list(unit.exec(query if before is None else query.where(Offer.id < before)))


def enquiry_of_offer(unit: Unit, offer_id: UUID) -> OfferRow | None:
    """Return an offer with its enquiry, or None."""
    return unit.exec(
        select(Offer, Enquiry).join(Enquiry, Enquiry.id == Offer.enquiry_id).where(Offer.id == offer_id)  # type: ignore[arg-type]
    ).first()
