"""The outbox: what was written to whom, and whether it left."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from service.errors import not_found
from service.records import enquiries, outbox
from service.records.database import Unit
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, listed, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS, Page
from service.routers.schemas.outbox import MessageShown, MessageWithTries, Status

router = APIRouter(prefix="/api/v1/outbox", route_class=JsonRoute, tags=["operations"])


def known(call: ManagerCall, message_id: UUID) -> UUID:
    """Return the id of a message that there is. Raises Problem 404."""
    if call.read(lambda unit: outbox.get(unit, message_id)) is None:
        raise not_found("message")
    return message_id


MessageId = Annotated[UUID, Depends(known)]


@router.get("", response_model=Page[MessageShown], responses=PROBLEMS(400))
def list_messages(
    call: ManagerCall,
    status: Status | None = None,
    enquiry: Annotated[str | None, Query(max_length=20, description="The reference of an enquiry.")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Messages, the newest first."""
    before = place_at(cursor, UUID)

    def work(unit: Unit) -> Answer:
        about = enquiries.by_reference(unit, enquiry) if enquiry else None
        nothing = enquiry is not None and about is None
        messages = (
            []
            if nothing
            else outbox.page(
                unit, status=status, enquiry_id=about.id if about else None, before=before, limit=limit + 1
            )
        )
        return listed(
            call.request,
            outbox.with_references(unit, messages),
            limit,
            show=MessageShown.of,
            place=lambda row: row[0].id,
        )

    return call.look_up(work)


@router.get("/{message_id}", response_model=MessageWithTries, responses=PROBLEMS(404))
def show_message(call: ManagerCall, message_id: MessageId) -> Response:
    """One message, with every try at sending it."""
    return call.look_up(lambda unit: _shown(unit, message_id))


@router.post("/{message_id}/replay", response_model=MessageWithTries, responses=PROBLEMS(404, 409))
def replay_message(call: ManagerCall, message_id: MessageId) -> Response:
    """Send a message again that was given up."""

    def work(unit: Unit) -> Answer:
        outbox.replay(unit, call.ctx, message_id)
        return _shown(unit, message_id)

    return call.write(work)


def _shown(unit: Unit, message_id: UUID) -> Answer:
    message = outbox.get(unit, message_id)
    if message is None:
        raise not_found("message")
    [row] = outbox.with_references(unit, [message])
    return Answer(MessageWithTries.tried(row, outbox.attempts(unit, message_id)))
