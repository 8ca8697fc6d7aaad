"""Days off: what each nation's calendar holds, a day proclaimed since, a day that is worked after all."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service import vocabulary
from service.actions import calendars as actions
from service.errors import Problem, not_found
from service.records import calendars
from service.routers.forms import LINE_LENGTH, AskedForm, Filled, Mistakes, Posted, PostedForm
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.manage.settings.home import ROOM
from service.routers.services import services_of
from service.working_time import local_date

router = APIRouter(include_in_schema=False)

PATH = "/manage/settings/calendar"
_DONE = {"added": "The day off was added. Open due dates were counted again.", "removed": "It is a working day again. Open due dates were counted again."}  # fmt: skip


@router.get(PATH)
def show(desk: ManagerDesk, view: AskedForm) -> Response:
    """The days off of one nation from today on."""
    return _page(desk, _nation(desk, view), done=_DONE.get(view.line("done")))


@router.post(PATH)
def add(desk: ManagerDesk, posted: PostedForm) -> Response:
    """Add a day off."""
    mistakes = Mistakes()
    nation = mistakes.choice("nation", posted.line("nation"), vocabulary.NATIONS, "Choose a nation")
    mistakes.required("nation", nation or "", "Choose a nation")
    day = mistakes.date("day", posted, "The day", local_date(desk.ctx.now))
    if day is None:
        mistakes.add("day", "Enter the day")
    name = mistakes.required("name", posted.line("name"), "Say what the day is, such as a proclaimed holiday")
    mistakes.fits("name", name, LINE_LENGTH, "What the day is")
    shown = nation if nation in vocabulary.NATIONS else services_of(desk.request).settings.service_nation
    if mistakes or nation is None or day is None:
        return _page(desk, shown, Filled.from_posted(posted, mistakes.found), 422)
    try:
        desk.write(posted, lambda unit: actions.add_day(unit, desk.ctx, nation, day, name))
    except Problem as problem:
        if problem.status != 409:
            raise
        return _page(desk, shown, Filled.from_posted(posted, {"day": problem.detail}), 409)
    return desk.go(PATH, "added", nation=nation)


@router.post(PATH + "/{day_id}")
def remove(desk: ManagerDesk, day_id: UUID, posted: PostedForm) -> Response:
    """Take a day off back."""
    row = desk.read(lambda unit: calendars.by_id(unit, day_id))
    if row is None:
        raise not_found("calendar day")
    desk.write(posted, lambda unit: actions.remove_day(unit, desk.ctx, day_id))
    return desk.go(PATH, "removed", nation=row.nation)


def _nation(desk: Desk, view: Posted) -> str:
    wanted = view.line("nation")
    return wanted if wanted in vocabulary.NATIONS else str(services_of(desk.request).settings.service_nation)


def _page(desk: Desk, nation: str, form: Filled | None = None, status: int = 200, done: str | None = None) -> Response:
    today = local_date(desk.ctx.now)
    rows, known = desk.read(lambda unit: (calendars.days(unit, nation, today), calendars.known_until(unit)))
    told = {
        "nation": nation,
        "rows": rows,
        "known_until": {str(each): until for each, until in known.items()}.get(nation),
        "form": form or Filled({"nation": nation}),
        "done": done,
    }
    return desk.page("manage/settings/calendar.html", told, room=ROOM, status=status)
