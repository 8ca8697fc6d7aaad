"""Calls, their recipients, interests, offers and what the enquirer prefers."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import select

from service.records.database import Unit
from service.records.tables import Call, CallRecipient, Enquiry, Interest, Offer, Organisation, Preference
from service.states import OfferState, RecipientStatus


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


def newest_preference(unit: Unit, enquiry_id: UUID) -> Preference | None:
    """Return what the enquirer last said about the teams, or None."""
    return unit.exec(
        select(Preference)
        .where(Preference.enquiry_id == enquiry_id)
        .order_by(Preference.recorded_at.desc(), Preference.id.desc())  # type: ignore[attr-defined]
    ).first()


def enquiry_of_offer(unit: Unit, offer_id: UUID) -> tuple[Offer, Enquiry] | None:
    """Return an offer with its enquiry, or None."""
    return unit.exec(
        select(Offer, Enquiry).join(Enquiry, Enquiry.id == Offer.enquiry_id).where(Offer.id == offer_id)  # type: ignore[arg-type]
    ).first()
