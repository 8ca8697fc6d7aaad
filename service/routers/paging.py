"""Lists by the stretch: opaque cursors, bounded limits, and the link to what follows (RFC 8288).

A cursor says after which item the next stretch begins, never a page number, so a list that changes neither
repeats nor skips what stands in it.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import islice
from typing import Annotated, Any, TypeVar

from fastapi import Query, Request
from pydantic import AfterValidator, Field, TypeAdapter

from service.errors import Problem
from service.routers.calls import Answer
from service.routers.schemas.common import Page, Shown
from service.workflows.commands import storable

Row = TypeVar("Row")
Place = TypeVar("Place")

DEFAULT_LIMIT, MOST = 50, 200

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
"""Stands as `limit: Limit = DEFAULT_LIMIT`."""
Cursor = Annotated[str | None, Query(max_length=2000, description="`next_cursor` of the stretch before.")]
"""Stands as `cursor: Cursor = None`."""
Search = Annotated[
    Annotated[str, AfterValidator(storable)] | None,
    Query(min_length=1, max_length=200, description="Words to look for."),
]
"""Stands as `q: Search = None`."""
Position = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""A whole number in a place, which both engines can compare with."""


def encode_cursor(place: object) -> str:
    """Return the cursor of a place: a JSON value, UUID, date or instant, or a tuple of them."""
    return urlsafe_b64encode(_reader(Any).dump_json(place)).rstrip(b"=").decode("ascii")


def decode_cursor(cursor: str, kind: type[Place]) -> Place:
    """Return the place a cursor stands for, checked against `kind`. Raises Problem 400 `cursor-malformed`."""
    refused = Problem("cursor-malformed", 400, "The cursor is not one of ours. Start again without one.")
    try:
        written = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        place: Place = _reader(kind).validate_json(written)  # type: ignore[arg-type]  # a type is hashable
    except ValueError as problem:
        raise refused from problem
    # One spelling only, and no NUL, which PostgreSQL cannot compare with.
    if encode_cursor(place) != cursor or rb"\u0000" in written:
        raise refused
    return place


def place_at(cursor: str | None, kind: type[Place]) -> Place | None:
    """Return the place a cursor stands for, or None without one: the list's beginning. Raises as `decode_cursor` does."""
    return decode_cursor(cursor, kind) if cursor else None


@cache
def _reader(kind: Any) -> TypeAdapter[Any]:
    """Return what reads and writes places of a kind; making it takes longer than using it."""
    return TypeAdapter(kind)


def listed(
    request: Request,
    rows: Sequence[Row],
    limit: int,
    *,
    show: Callable[[Row], Shown],
    place: Callable[[Row], object],
) -> Answer:
    """Answer a list from `rows`, read with one more than `limit`: the extra row only tells that there is more.

    `place` says where a row stands in the order of the list; the cursor is the place of the last one shown.
    """
    shown = rows[:limit]
    cursor = encode_cursor(place(shown[-1])) if len(rows) > limit else None
    return Answer(Page(items=[show(row) for row in shown], next_cursor=cursor), headers=next_link(request, cursor))


def listed_whole(
    request: Request, rows: Iterable[Row], limit: int, cursor: str | None, *, show: Callable[[Row], Shown]
) -> Answer:
    """Answer a list that is short enough to be read whole each time: a place in it is how many stand before."""
    after = place_at(cursor, Position) or 0
    return listed(
        request,
        list(islice(enumerate(rows, 1), after, after + limit + 1)),
        limit,
        show=lambda row: show(row[1]),
        place=lambda row: row[0],
    )


def next_link(request: Request, cursor: str | None) -> dict[str, str]:
    """Return the header that leads to the next stretch; nothing at the end."""
    if cursor is None:
        return {}
    following = request.url.include_query_params(cursor=cursor)
    return {"Link": f'<{following.path}?{following.query}>; rel="next"'}
