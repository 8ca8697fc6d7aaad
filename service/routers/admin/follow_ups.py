"""Follow-ups: reminders to come, those that went out, and dates of one's own."""

from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from service.actions import remind
from service.errors import invalid, not_found
from service.records import enquiries, follow_ups
from service.records.database import Unit
from service.records.follow_ups import FollowUpRow
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.identifiers import PathId, meant
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, listed, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS, OneOf, Page
from service.routers.schemas.follow_ups import FollowUpShown, StaffDate
from service.workflows.reminders import CODES

router = APIRouter(prefix="/api/v1/follow-ups", route_class=JsonRoute, tags=["follow-ups"])


class Stood(NamedTuple):
    """A place in the list as its cursor carries it."""

    due_at: datetime
    id: UUID


def known(call: ManagerCall, follow_up_id: PathId) -> UUID:
    """Return the id of a follow-up that there is. Raises Problem 404."""
    found = meant(follow_up_id, "follow-up")
    if call.read(lambda unit: follow_ups.get(unit, found)) is None:
        raise not_found("follow-up")
    return found


FollowUpId = Annotated[UUID, Depends(known)]
Rule = Annotated[str, OneOf(dict.fromkeys(CODES, ""))]


@router.get("", response_model=Page[FollowUpShown], responses=PROBLEMS(400))
def list_follow_ups(
    call: ManagerCall,
    status: follow_ups.Status | None = None,
    rule: Rule | None = None,
    enquiry: Annotated[str | None, Query(max_length=20, description="The reference of an enquiry.")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Reminders and staff dates in the order they are due, those that were sent or settled among them."""
    stood = place_at(cursor, Stood)

    def work(unit: Unit) -> Answer:
        about = enquiries.by_reference(unit, enquiry) if enquiry else None
        rows = (
            []
            if enquiry and about is None
            else follow_ups.page(
                unit,
                status=status,
                rule=rule,
                enquiry_id=about.id if about else None,
                after=stood,
                limit=limit + 1,
            )
        )
        return listed(call.request, rows, limit, show=_shown, place=lambda row: Stood(row[0].due_at, row[0].id))

    return call.look_up(work)


@router.post("", status_code=201, response_model=FollowUpShown, responses=PROBLEMS(body=True))
def set_date(call: ManagerCall, body: StaffDate) -> Response:
    """Be reminded of an enquiry on a day of one's own choice; neither a reply nor a hold moves it."""

    def work(unit: Unit) -> Answer:
        enquiry = enquiries.by_reference(unit, body.enquiry)
        if enquiry is None:
            raise invalid("enquiry", "There is no enquiry with that reference.")
        made = remind.set_staff_date(unit, call.ctx, enquiry, body.on, body.note)
        return Answer(_shown((made, enquiry.reference)), 201)

    return call.write(work)


@router.post("/{follow_up_id}/cancel", response_model=FollowUpShown, responses=PROBLEMS(404, 409))
def cancel_follow_up(call: ManagerCall, follow_up_id: FollowUpId) -> Response:
    """Let a follow-up go that is still to come."""

    def work(unit: Unit) -> Answer:
        cancelled = remind.cancel(unit, call.ctx, follow_up_id)
        enquiry = enquiries.one(unit, cancelled.enquiry_id) if cancelled.enquiry_id else None
        return Answer(_shown((cancelled, enquiry.reference if enquiry else None)))

    return call.write(work)


def _shown(row: FollowUpRow) -> FollowUpShown:
    found, reference = row
    return FollowUpShown.model_validate({**found.model_dump(), "enquiry": reference})
