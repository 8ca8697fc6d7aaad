"""Offers a university received, and the lead's answer."""

from uuid import UUID

from fastapi import APIRouter, Response

from service.actions.progress import progress
from service.errors import not_found
from service.records import calls
from service.records.calls import OfferRow
from service.records.database import Unit
from service.routers.calls import Answer
from service.routers.doors import UniversityCall
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, listed, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS, Page
from service.routers.schemas.offers import OfferDeclined, OwnOffer
from service.routers.universities.own import OwnOffer as Meant
from service.routers.universities.own import own_university
from service.routers.university_views import own_offer
from service.workflows.commands import AcceptOffer, DeclineOffer

router = APIRouter(prefix="/api/v1/offers", route_class=JsonRoute, tags=["universities"])


@router.get("", response_model=Page[OwnOffer], responses=PROBLEMS(400))
def list_offers(call: UniversityCall, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Response:
    """The offers made to your teams, the newest first."""
    university = own_university(call)
    before = place_at(cursor, UUID)
    return call.look_up(
        lambda unit: listed(
            call.request,
            calls.offers_to(unit, university, before=before, limit=limit + 1),
            limit,
            show=lambda row: own_offer(unit, row),
            place=lambda row: row[0].id,
        )
    )


@router.post("/{offer_id}/accept", response_model=OwnOffer, responses=PROBLEMS(404, 408, 409, 413))
def accept_offer(call: UniversityCall, offer: Meant) -> Response:
    """Accept an open offer: a project is planned, and its costs are wanted next."""

    def work(unit: Unit) -> Answer:
        progress(unit, call.ctx, offer.enquiry_id, AcceptOffer(offer=offer.id))
        return Answer(own_offer(unit, _row(unit, offer.id)))

    return call.write(work)


@router.post("/{offer_id}/decline", response_model=OwnOffer, responses=PROBLEMS(404, body=True))
def decline_offer(call: UniversityCall, offer: Meant, body: OfferDeclined) -> Response:
    """Decline an open offer, and say why."""

    def work(unit: Unit) -> Answer:
        progress(unit, call.ctx, offer.enquiry_id, DeclineOffer(offer=offer.id, reason=body.reason))
        return Answer(own_offer(unit, _row(unit, offer.id)))

    return call.write(work)


def _row(unit: Unit, offer_id: UUID) -> OfferRow:
    row = calls.enquiry_of_offer(unit, offer_id)
    if row is None:
        raise not_found("offer")
    return row
