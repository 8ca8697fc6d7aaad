"""The feed for feed readers: newest first, and open to those that can show a key as a password only."""

from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.datastructures import URL

from service.actions.fetching import note_fetched
from service.errors import Problem
from service.records import calls, feed_backwards
from service.records.database import Unit
from service.records.feed_backwards import Stretch
from service.routers.calls import Call
from service.routers.conditional import NOT_MODIFIED, tagged
from service.routers.doors import authenticated, enter_as_university
from service.routers.paging import Cursor, Limit, Position, encode_cursor, next_link, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS
from service.routers.universities.atom import MEDIA_TYPE, Heading, atom
from service.routers.universities.own import own_university

router = APIRouter(prefix="/api/v1/briefs", route_class=JsonRoute, tags=["universities"])

AT_ONCE = 50
BASIC = {"basic": {"type": "http", "scheme": "basic", "description": "An API key as the password; any user name."}}


class AtomResponse(Response):
    """An Atom document."""

    media_type = MEDIA_TYPE


def enter_as_reader(request: Request) -> Call:
    """Let a university's key in, also where it comes as the password of HTTP Basic, as feed readers send it.

    Raises Problem 401, which asks for a password so that readers do, and 403 for another role's key.
    """
    try:
        return enter_as_university(request, authenticated(_with_bearer(request)))
    except Problem as problem:
        if problem.status == 401:
            problem.headers["WWW-Authenticate"] = 'Basic realm="The key as the password", charset="UTF-8"'
        raise


ReaderCall = Annotated[Call, Depends(enter_as_reader)]


@router.get(
    "/feed.atom",
    response_class=AtomResponse,
    responses={**NOT_MODIFIED, **PROBLEMS(400)},
    openapi_extra={"security": [{"bearer": []}, {"basic": []}]},
)
def read_atom(call: ReaderCall, cursor: Cursor = None, limit: Limit = AT_ONCE) -> Response:
    """The same feed for feed readers, newest first: Atom, with `rel="next"` leading to what is older.

    The key may come as the password of HTTP Basic, with any user name. Systems read `/briefs/feed`: it alone promises that
    nothing is missed. Reading a `published` entry marks its brief as fetched here too.
    """
    before = place_at(cursor, Position)
    university = own_university(call)

    def work(unit: Unit) -> tuple[str, str | None, list[UUID]]:
        found = feed_backwards.stretch(unit, university, before=before, limit=limit)
        following = encode_cursor(found.entries[-1].seq) if found.has_more else None
        unfetched = calls.unfetched(unit, university, _published(found))
        return atom(_heading(unit, call, found, following), found.entries), following, unfetched

    written, following, unfetched = call.read(work)
    answer = tagged(call.request, written, f"{MEDIA_TYPE}; charset=utf-8")
    answer.headers.update(next_link(call.request, following))
    if unfetched and answer.status_code == 200:
        call.services.database.transact(lambda unit: note_fetched(unit, call.ctx, unfetched))
    return answer


def _heading(unit: Unit, call: Call, found: Stretch, following: str | None) -> Heading:
    whose = feed_backwards.reader(unit, own_university(call))
    url = call.request.url
    return Heading(
        university_id=own_university(call),
        university=whose.name,
        service=call.services.settings.service_name,
        base_url=call.services.settings.public_url,
        self_path=_path(url),
        first_path=_path(url.remove_query_params("cursor")),
        next_path=_path(url.include_query_params(cursor=following)) if following else None,
        updated_at=max((entry.updated_at for entry in found.entries), default=whose.since),
    )


def _path(url: URL) -> str:
    return f"{url.path}?{url.query}" if url.query else str(url.path)


def _published(found: Stretch) -> Mapping[UUID, datetime]:
    """Return by enquiry the instant of the newest `published` entry."""
    newest_last = reversed(found.entries)
    return {entry.enquiry_id: entry.occurred_at for entry in newest_last if entry.type == "published"}


def _with_bearer(request: Request) -> Request:
    """Return the request with a Basic password put where the key is looked for."""
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return request
    try:
        _, _, key = b64decode(sent.strip(), validate=True).decode("utf-8").partition(":")
    except ValueError:
        key = ""
    headers = [(name, value) for name, value in request.scope["headers"] if name != b"authorization"]
    headers.append((b"authorization", f"Bearer {key}".encode("latin-1", "replace")))
    return Request({**request.scope, "headers": headers})
