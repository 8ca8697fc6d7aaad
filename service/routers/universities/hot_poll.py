"""The hot poll: universities ask often and mostly nothing is new, so this door stands before all the others.

It opens for what is asked again and again: a known key, a cursor of ours, a usual limit. An unchanged page is told from
memory; any other is read here, without the framework's way in. Everything else goes to the ordinary route, which
answers the same and knows how to refuse.
"""

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from service.clock import machine_now
from service.context import Context
from service.errors import Problem
from service.records.database import Database
from service.routers.conditional import is_held
from service.routers.doors import bearer_of
from service.routers.form_values import whole_number
from service.routers.paging import DEFAULT_LIMIT, MOST
from service.routers.services import context_of, services_of
from service.routers.universities import polling
from service.routers.universities.cursors import place_in_feed
from service.routers.universities.polling import Poll

PATH = "/api/v1/briefs/feed"
_LONGEST = 1000
"""Bytes of a query that is read here."""
_AT_ONCE = {"sqlite": 1, "postgresql": 8}
"""Pages that a process reads at once. On SQLite a page is all our own work, and two threads at it only get in each other's way."""
_ROOM: RunVar[CapacityLimiter] = RunVar("pages of the feed that are read at once")


class _Asked(NamedTuple):
    cursor: str | None
    limit: int


class HotPoll:
    """Answers the polls that it can, and hands on everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer: Response | None = None
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] == "GET":
            asked = _asked(scope["query_string"])
            answer = await _answer(Request(scope), asked) if asked else None
        await (answer or self._app)(scope, receive, send)


def install(app: FastAPI) -> None:
    """Put the hot poll before the routes of `app`."""
    app.add_middleware(HotPoll)


async def _answer(request: Request, asked: _Asked) -> Response | None:
    """Return the answer, or None where the ordinary route must give it: also where it is a refusal."""
    services = services_of(request)
    secret = bearer_of(request)
    try:
        now = machine_now()
        moment = services.pollers.at(now)
        if moment is None:
            moment = await run_in_threadpool(services.pollers.read, services.database, now)
        poller = moment.by_digest.get(services.tokens.digest(secret)) if secret else None
        if poller is None:
            return None
        ctx = context_of(request, poller.principal)
        if not poller.opens(ctx.now):
            return None
        request.state.actor, request.state.route = poller.principal, PATH
        known = request.headers.get("if-none-match")
        if known:
            tag = _tag(poller.university, moment.epoch, moment.head(poller.university), asked)
            if tag and is_held(known, tag):
                return Response(status_code=304, headers=polling.headers_of(tag))
        poll = Poll(poller.university, *asked, known)
        return await to_thread.run_sync(_read, request, ctx, poll, limiter=_room(services.database))
    except Problem:
        return None


def _read(request: Request, ctx: Context, poll: Poll) -> Response:
    """Answer what memory cannot. It counts among the calls of the key; what nothing is read for does not."""
    services, key_id = services_of(request), ctx.actor.key_id
    if key_id is not None:
        services.budgets.take(services.database, key_id, machine_now())
    return polling.answer(request, services.database, ctx, poll)


def _room(database: Database) -> CapacityLimiter:
    """Return what bounds the pages that are read at once in this event loop."""
    found = _ROOM.get(None)
    if found is None:
        found = CapacityLimiter(_AT_ONCE["postgresql" if database.is_postgresql else "sqlite"])
        _ROOM.set(found)
    return found


@lru_cache(maxsize=1024)
def _asked(query: bytes) -> _Asked | None:
    """Return what a query asks, None unless it is plainly what the route takes."""
    if len(query) > _LONGEST:
        return None
    found = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    limit = whole_number(found.pop("limit", str(DEFAULT_LIMIT)), 3)
    cursor = found.pop("cursor", "")
    if found or limit is None or not 1 <= limit <= MOST:
        return None
    return _Asked(cursor or None, limit)


@lru_cache(maxsize=4096)
def _tag(university: UUID, epoch: str, head: int, asked: _Asked) -> str | None:
    """Return the tag of the page that is asked for, None where the cursor is to be refused."""
    try:
        after = place_in_feed(asked.cursor, university, epoch, head)
    except Problem:
        return None
    return polling.tag_of(university, epoch, head, after, asked.limit)
