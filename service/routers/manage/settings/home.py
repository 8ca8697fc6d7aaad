"""The way to every setting, and whether one of them needs somebody."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.records import calendars, outbox
from service.routers.manage.desk import ManagerDesk

router = APIRouter(include_in_schema=False)

ROOM = "/manage/settings"


@router.get(ROOM)
def show(desk: ManagerDesk) -> Response:
    """Every setting with a sentence about it."""
    failed, known = desk.read(lambda unit: (outbox.failed(unit), calendars.known_until(unit)))
    told = {"failed": failed, "known_until": min(known.values(), default=None)}
    return desk.page("manage/settings/home.html", told, room=ROOM)
