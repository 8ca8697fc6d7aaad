"""The conversation and the timeline."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from fastapi import APIRouter, Response

from service.actions.converse import Words, converse
from service.records import timeline
from service.records.database import Unit
from service.routers.admin.addressed import EnquiryId
from service.routers.admin.moments import entry_shown, moment_shown
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, listed, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS
from service.routers.schemas.conversation import EntrySent, EntryShown, Timeline

router = APIRouter(prefix="/api/v1/enquiries/{reference}", route_class=JsonRoute, tags=["conversation"])


class Stood(NamedTuple):
    """A place on the timeline as its cursor carries it."""

    at: datetime
    id: UUID


@router.get("/timeline", response_model=Timeline, responses=PROBLEMS(400, 404))
def show_timeline(
    call: ManagerCall, enquiry_id: EnquiryId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """Everything in order: events, the conversation, files, messages and reminders, those to come last."""
    stood = place_at(cursor, Stood)
    after = timeline.Place(stood.at, stood.id) if stood else None
    return call.look_up(
        lambda unit: listed(
            call.request,
            timeline.page(unit, enquiry_id, after=after, limit=limit + 1),
            limit,
            show=moment_shown,
            place=lambda moment: Stood(moment.place.at, moment.place.id),
        )
    )


@router.post("/conversation", status_code=201, response_model=EntryShown, responses=PROBLEMS(404, body=True))
def add_to_conversation(call: ManagerCall, enquiry_id: EnquiryId, body: EntrySent) -> Response:
    """Write down what was said, or say it: an outward message is mailed, a meeting ahead sends an invitation."""
    words = Words(**body.model_dump())

    def work(unit: Unit) -> Answer:
        return Answer(entry_shown(converse(unit, call.ctx, enquiry_id, words)), 201)

    return call.write(work)
