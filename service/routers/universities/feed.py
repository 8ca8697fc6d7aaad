"""The feed: everything sent to one university, in the order it was committed (DESIGN.md section 7)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from service.actions.fetching import note_fetched
from service.records import calls, feed
from service.records.database import Unit
from service.routers.calls import Call
from service.routers.conditional import NOT_MODIFIED, is_held
from service.routers.doors import UniversityCall
from service.routers.paging import DEFAULT_LIMIT, Limit, next_link
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS
from service.routers.schemas.feed import FeedPage
from service.routers.universities.cursors import feed_cursor, gone, place_in_feed
from service.routers.universities.own import own_university

router = APIRouter(prefix="/api/v1/briefs", route_class=JsonRoute, tags=["universities"])

FeedCursor = Annotated[
    str | None, Query(max_length=500, description="`next_cursor` of the page before, or `feed_cursor`.")
]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one snapshot showed: a page's tag and, unless the reader has it already, its body."""

    tag: str
    body: str | None = None
    following: str | None = None
    unfetched: Sequence[UUID] = ()


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
    seen = call.read(lambda unit: _look(unit, call, cursor, limit, if_none_match))
    headers = {"ETag": seen.tag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    headers |= next_link(call.request, seen.following)
    if seen.body is None:
        return Response(status_code=304, headers=headers)
    if seen.unfetched:
        call.services.database.transact(lambda unit: note_fetched(unit, call.ctx, seen.unfetched))
    return Response(seen.body, headers=headers, media_type="application/json")


def _look(unit: Unit, call: Call, cursor: str | None, limit: int, known: str | None) -> _Seen:
    """Read a page and its tag from one snapshot."""
    university = own_university(call)
    epoch, head = feed.epoch(unit), feed.head(unit, university)
    after = place_in_feed(cursor, university, epoch, head)
    tag = _tag(university, epoch, head, after, limit)
    if is_held(known, tag):
        return _Seen(tag)
    page = feed.page(unit, university, after, limit)
    if cursor and (head + 1 if page.first_seq is None else page.first_seq) != after + 1:
        raise gone("Entries that old are no longer kept.")
    following = feed_cursor(university, epoch, page.last_seq)
    return _Seen(
        tag,
        _body(page, following),
        following if page.has_more else None,
        calls.unfetched(unit, university, page.published),
    )


def _body(page: feed.Page, following: str) -> str:
    """Join the stored items; nothing of them is read or written again."""
    more = json.dumps(page.has_more)
    return f'{{"items":[{",".join(page.items)}],"next_cursor":{json.dumps(following)},"has_more":{more}}}'


def _tag(university: UUID, epoch: str, head: int, after: int, limit: int) -> str:
    """Return a page's strong tag. Redaction, the one thing that changes an entry, adds one, so the head covers it."""
    whole = f"{university}/{epoch}/{head}/{after}/{limit}"
    return f'"{hashlib.sha256(whole.encode()).hexdigest()[:32]}"'
