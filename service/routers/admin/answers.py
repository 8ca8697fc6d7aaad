"""The call to universities: whom it went to, who would do it, and what was offered."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from service.records import answers, calls
from service.records.answers import InterestRow, OfferRow, RecipientRow
from service.records.database import Unit
from service.routers.admin.addressed import EnquiryId
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, listed, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.call import InterestShown, OfferShown, RecipientShown
from service.routers.schemas.common import PROBLEMS, Page
from service.working_time import local_date

router = APIRouter(prefix="/api/v1/enquiries/{reference}", route_class=JsonRoute, tags=["call"])


@router.get("/recipients", response_model=Page[RecipientShown], responses=PROBLEMS(400, 404))
def list_recipients(
    call: ManagerCall, enquiry_id: EnquiryId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """Every university that was sent the brief, call by call: told, fetched, acknowledged, replied."""
    after = place_at(cursor, UUID)
    today = local_date(call.ctx.now)
    return call.look_up(
        lambda unit: listed(
            call.request,
            answers.recipients(unit, enquiry_id, after=after, limit=limit + 1),
            limit,
            show=lambda row: _recipient(row, today),
            place=lambda row: row[0].id,
        )
    )


@router.get("/interests", response_model=Page[InterestShown], responses=PROBLEMS(400, 404))
def list_interests(
    call: ManagerCall, enquiry_id: EnquiryId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """Every team that universities offered, in the order they came."""
    after = place_at(cursor, UUID)

    def work(unit: Unit) -> Answer:
        preference = calls.newest_preference(unit, enquiry_id)
        ranked = {interest: place for place, interest in enumerate(preference.ranked if preference else (), 1)}
        return listed(
            call.request,
            answers.interests(unit, enquiry_id, after=after, limit=limit + 1),
            limit,
            show=lambda row: _interest(row, ranked),
            place=lambda row: row[0].id,
        )

    return call.look_up(work)


@router.get("/offers", response_model=Page[OfferShown], responses=PROBLEMS(400, 404))
def list_offers(
    call: ManagerCall, enquiry_id: EnquiryId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """Every offer of the work, with its answer."""
    after = place_at(cursor, UUID)
    return call.look_up(
        lambda unit: listed(
            call.request,
            answers.offers(unit, enquiry_id, after=after, limit=limit + 1),
            limit,
            show=_offer,
            place=lambda row: row[0].id,
        )
    )


def _recipient(row: RecipientRow, today: date) -> RecipientShown:
    found, sent, organisation = row
    return RecipientShown.model_validate(
        {
            **found.model_dump(),
            "call": sent.number,
            "reply_by": sent.reply_by,
            "organisation": organisation.name,
            "status": calls.status_of(found, sent.reply_by, today),
            "replied_at": found.interested_at or found.declined_at,
        }
    )


def _interest(row: InterestRow, ranked: Mapping[str, int]) -> InterestShown:
    found, answered, organisation = row
    return InterestShown.model_validate(
        {
            **found.model_dump(),
            "call": answered.number,
            "organisation": organisation.name,
            "lead": {
                "researcher_id": found.lead_researcher_id,
                "name": found.lead_name,
                "email": found.lead_email,
            },
            "preference": ranked.get(str(found.id)),
        }
    )


def _offer(row: OfferRow) -> OfferShown:
    found, interest, organisation = row
    return OfferShown.model_validate(
        {**found.model_dump(), "organisation": organisation.name, "lead_name": interest.lead_name}
    )
