"""Words of the same meaning: what councils and papers call one thing, so that a search for one finds the other."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import synonyms as actions
from service.records import synonyms
from service.routers.form_schemas import checked, lines
from service.routers.forms import LINE_LENGTH, AskedForm, Filled, Mistakes, PostedForm
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.manage.settings.home import ROOM

router = APIRouter(include_in_schema=False)

PATH = "/manage/settings/synonyms"
_DONE = {"set": "The next ranking uses these words.", "removed": "The group no longer widens a search."}
_TOLD = {"wordings": "Write 2 to 12 wordings that differ, each of one to six telling words, one on a line"}


@router.get(PATH)
def show(desk: ManagerDesk, view: AskedForm) -> Response:
    """Every group; one named in the address stands in the form, to change it."""
    wanted = view.line("code")[:LINE_LENGTH]
    found = desk.read(lambda unit: synonyms.group(unit, wanted)) if wanted else None
    form = Filled()
    if found is not None:
        form = Filled({"code": found.code, "wordings": "\n".join(found.wordings)})
    return _page(desk, form, done=_DONE.get(view.line("done")))


@router.post(PATH)
def change(desk: ManagerDesk, posted: PostedForm) -> Response:
    """Add a group, change the one that stood in the form, or leave one out."""
    code = posted.line("code")[:LINE_LENGTH]
    if posted.line("do") == "remove":
        desk.write(posted, lambda unit: actions.remove_group(unit, desk.ctx, code))
        return desk.go(PATH, "removed")
    mistakes = Mistakes()
    entry = checked(actions.GroupEntry, {"wordings": lines(posted, "wordings")}, mistakes, _TOLD)
    known = desk.read(lambda unit: synonyms.group(unit, code)) if code else None
    if entry is None:
        return _page(desk, Filled.from_posted(posted, mistakes.found), 422)
    desk.write(posted, lambda unit: actions.set_group(unit, desk.ctx, known.code if known else None, entry))
    return desk.go(PATH, "set")


def _page(desk: Desk, form: Filled, status: int = 200, done: str | None = None) -> Response:
    told = {"groups": desk.read(synonyms.groups), "form": form, "done": done}
    return desk.page("manage/settings/synonyms.html", told, room=ROOM, status=status)
