"""Entries that may be one person: the queue, two of them side by side, and a manager's word on them."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import merging, unmerging
from service.errors import Problem, not_found
from service.records import duplicates
from service.records.database import Unit
from service.records.duplicates import Pair
from service.routers.forms import AskedForm, Filled, Posted, PostedForm
from service.routers.identifiers import meant
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.manage.directory.shelf import ROOM, id_asked

router = APIRouter(include_in_schema=False)

PATH = f"{ROOM}/duplicates"
_AT_ONCE = 50
_DONE = {
    "merged": "They are one entry now. The universities' contacts are told by email.",
    "undone": "The merge is undone: each entry stands by itself again. The universities' contacts are told by email.",
    "undone-in-part": (
        "The merge is undone. Some things were changed since and stay as they stand: look through both entries. The "
        "universities' contacts are told by email."
    ),
    "apart": "They are two people, and are not proposed again.",
}


@router.get(PATH)
def show(desk: ManagerDesk, view: AskedForm, done: str = "") -> Response:
    """The pairs nobody has decided on; or the two that the address names."""
    first, second = id_asked(view, "first"), id_asked(view, "second")
    if first and second:
        return _pair_page(desk, _pair(desk, first, second), Filled())
    found, total = desk.read(lambda unit: duplicates.pairs(unit, _AT_ONCE))
    told = {"pairs": found, "total": total, "done": _DONE.get(done), "back": f"{ROOM}/researchers"}
    return desk.page("manage/directory/duplicates.html", told, room=ROOM)


@router.post(PATH)
def decide(desk: ManagerDesk, posted: PostedForm) -> Response:
    """Merge them, tell them apart, or undo a merge."""
    if posted.line("event") == "undo":
        return _undo(desk, posted)
    first, second = (meant(posted.line(name), "pair of entries") for name in ("first", "second"))
    is_merge = posted.line("event") == "merge"
    kept = id_asked(posted, "kept")

    def work(unit: Unit) -> None:
        if not is_merge:
            merging.tell_researchers_apart(unit, desk.ctx, first, second)
        elif kept in {first, second}:
            other = second if kept == first else first
            merging.merge_researchers(unit, desk.ctx, kept, other, across=posted.line("across") == "yes")
        else:
            told = "Choose the entry that is to stand for both"
            raise Problem("invalid-content", 422, told, errors=[{"field": "kept", "message": told}])

    try:
        desk.write(posted, work)
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        form = Filled.refused(posted, problem)
        return _pair_page(desk, _pair(desk, first, second), form, status=problem.status)
    return desk.go(PATH, "merged" if is_merge else "apart")


def _undo(desk: Desk, posted: Posted) -> Response:
    """Undo a merge, and say what could not go back. A refusal is told on a page of its own, with what to do instead."""
    merged = meant(posted.line("merged"), "researcher")
    done = desk.write(posted, lambda unit: unmerging.unmerge_researcher(unit, desk.ctx, merged))
    return desk.go(PATH, "undone-in-part" if done.gone or done.left else "undone")


def _pair(desk: Desk, first: UUID, second: UUID) -> Pair:
    found = desk.read(lambda unit: duplicates.pair(unit, first, second))
    if found is None:
        raise not_found("pair of entries")
    return found


def _pair_page(desk: Desk, pair: Pair, form: Filled, *, status: int = 200) -> Response:
    told = {"pair": pair, "labels": merging.LABELS, "form": form, "back": PATH}
    return desk.page("manage/directory/duplicate.html", told, room=ROOM, status=status)
