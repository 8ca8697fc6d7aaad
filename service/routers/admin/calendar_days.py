"""Calendar days: the bank holidays of three nations, days proclaimed since, and days taken back."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from service.actions import calendars
from service.errors import not_found
from service.records import calendars as days
from service.records.database import Unit
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, listed, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.calendar_days import CalendarDayChanged, CalendarDaySent, CalendarDayShown
from service.routers.schemas.common import PROBLEMS, Day, Nation, Page

router = APIRouter(prefix="/api/v1/calendar-days", route_class=JsonRoute, tags=["reference data"])


def known(call: ManagerCall, day_id: UUID) -> UUID:
    """Return the id of a day that there is, taken back or not. Raises Problem 404."""
    if call.read(lambda unit: days.by_id(unit, day_id)) is None:
        raise not_found("calendar day")
    return day_id


DayId = Annotated[UUID, Depends(known)]


@router.get("", response_model=Page[CalendarDayShown], responses=PROBLEMS(400))
def list_days(
    call: ManagerCall,
    nation: Nation | None = None,
    since: Annotated[Day | None, Query(alias="from", description="From this day on.")] = None,
    until: Annotated[Day | None, Query(alias="to", description="Before this day.")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Days off that stand, by date."""
    after = place_at(cursor, tuple[date, UUID])
    return call.look_up(
        lambda unit: listed(
            call.request,
            days.page(unit, nation=nation, since=since, until=until, after=after, limit=limit + 1),
            limit,
            show=CalendarDayShown.model_validate,
            place=lambda day: (day.day, day.id),
        )
    )


@router.post("", status_code=201, response_model=CalendarDayShown, responses=PROBLEMS(body=True))
def add_day(call: ManagerCall, body: CalendarDaySent) -> Response:
    """Add a day off; open due dates are counted again at once."""

    def work(unit: Unit) -> Answer:
        made = calendars.add_day(unit, call.ctx, body.nation, body.day, body.name)
        return Answer(CalendarDayShown.model_validate(made), 201, {"Location": f"{router.prefix}/{made.id}"})

    return call.write(work)


@router.get("/{day_id}", response_model=CalendarDayShown, responses=PROBLEMS(404))
def show_day(call: ManagerCall, day_id: DayId) -> Response:
    """One day, taken back or not."""
    return call.look_up(lambda unit: Answer(CalendarDayShown.model_validate(days.by_id(unit, day_id))))


@router.patch("/{day_id}", response_model=CalendarDayShown, responses=PROBLEMS(404, body=True))
def change_day(call: ManagerCall, day_id: DayId, body: CalendarDayChanged) -> Response:  # noqa: ARG001 - `removed` says it all
    """Take a day off back: it is worked after all. Open due dates are counted again at once."""
    return call.write(
        lambda unit: Answer(CalendarDayShown.model_validate(calendars.remove_day(unit, call.ctx, day_id)))
    )
