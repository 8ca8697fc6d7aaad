"""The glossary: words that one side of the table misreads, each with a plain one beside it."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import glossary as actions
from service.records import glossary
from service.routers.form_schemas import checked
from service.routers.forms import LINE_LENGTH, AskedForm, Filled, Mistakes, PostedForm
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.manage.settings.home import ROOM
from service.workflows.jargon import READERS

router = APIRouter(include_in_schema=False)

PATH = "/manage/settings/glossary"
_DONE = {"set": "The word is pointed at when a brief uses it.", "removed": "The word is no longer pointed at."}
_TOLD = {
    "word": "Enter the word, in 500 characters or fewer",
    "misread_by": "Choose who misreads it",
    "plain": "Write what could stand instead, in 500 characters or fewer",
}


@router.get(PATH)
def show(desk: ManagerDesk, view: AskedForm) -> Response:
    """Every word; one named in the address stands in the form, to change it."""
    wanted = view.line("word")[:LINE_LENGTH]
    found = desk.read(lambda unit: glossary.word(unit, wanted)) if wanted else None
    form = Filled()
    if found is not None:
        form = Filled({"word": found.term.word, "misread_by": found.term.misread_by, "plain": found.term.plain})
    return _page(desk, form, done=_DONE.get(view.line("done")))


@router.post(PATH)
def change(desk: ManagerDesk, posted: PostedForm) -> Response:
    """Add a word, change the one that is spelt so, or point at one no longer."""
    if posted.line("do") == "remove":
        desk.write(posted, lambda unit: actions.remove_term(unit, desk.ctx, posted.line("word")[:LINE_LENGTH]))
        return desk.go(PATH, "removed")
    mistakes = Mistakes()
    sent = {name: posted.line(name) for name in ("word", "misread_by", "plain")}
    entry = checked(actions.TermEntry, sent, mistakes, _TOLD)
    if entry is None:
        return _page(desk, Filled.from_posted(posted, mistakes.found), 422)
    desk.write(posted, lambda unit: actions.set_term(unit, desk.ctx, entry))
    return desk.go(PATH, "set")


def _page(desk: Desk, form: Filled, status: int = 200, done: str | None = None) -> Response:
    told = {
        "words": desk.read(glossary.words),
        "readers": {each: each[:1].upper() + each[1:] for each in READERS},
        "form": form,
        "done": done,
    }
    return desk.page("manage/settings/glossary.html", told, room=ROOM, status=status)
