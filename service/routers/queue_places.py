"""Where a stretch of the queue ended, as the cursor that leads on from there: the same for programs and for pages."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from service.errors import Problem
from service.records import queue
from service.routers.paging import decode_cursor


class Stood(NamedTuple):
    """A place in the queue as its cursor carries it."""

    sort: queue.Sort
    segment: int
    key: datetime | date | None
    id: UUID
    today: date


def stood(row: queue.Row, sort: queue.Sort) -> Stood:
    """Return the place of a row in one order."""
    return Stood(sort, row.place.segment, row.place.key, row.place.id, row.place.today)


def place_after(cursor: str | None, sort: queue.Sort) -> queue.Place | None:
    """Return the place a cursor stands for, None without one. Raises Problem 400 for one of another order, or none."""
    if not cursor:
        return None
    found = decode_cursor(cursor, Stood)
    place = queue.Place(found.segment, found.key, found.id, found.today)
    if found.sort != sort or not queue.is_place(place, sort):
        raise Problem("cursor-malformed", 400, "The cursor belongs to another order. Start again without one.")
    return place
