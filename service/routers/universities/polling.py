"""What a poll sees: a page of the feed, its tag and its cursor from one snapshot (DESIGN.md section 7)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response

from service.actions.fetching import note_fetched
from service.context import Context
from service.records import calls, feed
from service.records.database import Database, Unit
from service.routers.conditional import is_held
from service.routers.paging import next_link
from service.routers.universities.cursors import feed_cursor, gone, place_in_feed, place_told


@dataclass(frozen=True, slots=True)
class Poll:
    """What a university asks: what follows `cursor`, at most `limit` entries, unless it is the page tagged `known`."""

    university: UUID
    cursor: str | None
    limit: int
    known: str | None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one snapshot showed: a page's tag and, unless the reader has it already, its body."""

    tag: str
    body: str | None = None
    following: str | None = None
    unfetched: Sequence[UUID] = ()


def answer(request: Request, database: Database, ctx: Context, poll: Poll) -> Response:
    """Return the page, or 304. Raises Problem 400 and 410 as `place_in_feed` does, and 410 for what is no longer kept."""
    seen = database.read(lambda unit: _look(unit, poll))
    if seen.body is None:
        return Response(status_code=304, headers=headers_of(seen.tag))
    if seen.unfetched:
        database.transact(lambda unit: note_fetched(unit, ctx, seen.unfetched))
    headers = headers_of(seen.tag) | next_link(request, seen.following)
    return Response(seen.body, headers=headers, media_type="application/json")


def headers_of(tag: str) -> dict[str, str]:
    """Return the headers of an answer with this tag."""
    return {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}


def tag_of(university: UUID, epoch: str, head: int, after: int, limit: int) -> str:
    """Return a page's strong tag. Redaction, the one thing that changes an entry, adds one, so the head covers it."""
    whole = f"{university}/{epoch}/{head}/{after}/{limit}"
    return f'"{hashlib.sha256(whole.encode()).hexdigest()[:32]}"'


def _look(unit: Unit, poll: Poll) -> _Seen:
    university = poll.university
    page = feed.page(unit, university, place_told(poll.cursor), poll.limit)
    epoch, head = page.epoch, page.head
    after = place_in_feed(poll.cursor, university, epoch, head)
    tag = tag_of(university, epoch, head, after, poll.limit)
    if is_held(poll.known, tag):
        return _Seen(tag)
    if poll.cursor and (head + 1 if page.first_seq is None else page.first_seq) != after + 1:
        raise gone("Entries that old are no longer kept.")
    following = feed_cursor(university, epoch, page.last_seq)
    return _Seen(
        tag,
        _body(page, following),
        following if page.has_more else None,
        calls.unfetched(unit, university, page.unfetched),
    )


def _body(page: feed.Page, following: str) -> str:
    """Join the stored items; nothing of them is read or written again."""
    more = json.dumps(page.has_more)
    return f'{{"items":[{",".join(page.items)}],"next_cursor":{json.dumps(following)},"has_more":{more}}}'
