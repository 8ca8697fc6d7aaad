"""The feed: everything sent to one university, in the order it was committed (DESIGN.md section 7)."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from service.routers.conditional import NOT_MODIFIED
from service.routers.doors import UniversityCall
from service.routers.paging import DEFAULT_LIMIT, Limit
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS
from service.routers.schemas.feed import FeedPage
from service.routers.universities import polling
from service.routers.universities.own import own_university
from service.routers.universities.polling import Poll

router = APIRouter(prefix="/api/v1/briefs", route_class=JsonRoute, tags=["universities"])

FeedCursor = Annotated[
    str | None, Query(max_length=500, description="`next_cursor` of the page before, or `feed_cursor`.")
]


@router.get("/feed", response_model=FeedPage, responses={**NOT_MODIFIED, **PROBLEMS(400, 410)})
def read_feed(
    call: UniversityCall,
    cursor: FeedCursor = None,
    limit: Limit = DEFAULT_LIMIT,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """What happened to the briefs sent to you, oldest first; without a cursor, from the start.

    Go on from `next_cursor`, which is there on empty pages too. Entries never change place: a poller that keeps its
    cursor misses none and needs no clock. Reading a `published` entry marks its brief as fetched, not as acknowledged.
    """
    poll = Poll(own_university(call), cursor, limit, if_none_match)
    return polling.answer(call.request, call.services.database, call.ctx, poll)
