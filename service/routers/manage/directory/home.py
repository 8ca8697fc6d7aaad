"""The directory: one search over organisations, people and researchers, and the way to each list."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.records import directory, researchers
from service.records.database import Unit
from service.routers.forms import AskedForm
from service.routers.manage.desk import ManagerDesk
from service.routers.manage.directory.shelf import ROOM, words

router = APIRouter(include_in_schema=False)

_SHOWN = 8


@router.get(ROOM)
def show(desk: ManagerDesk, view: AskedForm) -> Response:
    """What the words find of each kind, the first few; without words, where to look."""
    q = words(view)

    def work(unit: Unit) -> dict[str, object]:
        return {
            "organisations": directory.organisations(unit, q=q, limit=_SHOWN + 1),
            "people": directory.persons(unit, q=q, limit=_SHOWN + 1),
            "researchers": researchers.page(unit, q=q, limit=_SHOWN + 1),
        }

    found = desk.read(work) if q else {"organisations": [], "people": [], "researchers": []}
    return desk.page("manage/directory/home.html", {"q": q, "most": _SHOWN, **found}, room=ROOM)
