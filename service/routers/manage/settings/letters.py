"""Mail: every letter that was written and what became of it, and how each kind of letter reads."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.delivery import wordings
from service.delivery.failures import FinalFailure
from service.delivery.letterhead import Letterhead
from service.delivery.render import render
from service.delivery.samples import sample
from service.errors import Problem, not_found
from service.records import enquiries, outbox
from service.records.database import Unit
from service.routers.forms import AskedForm, Filled, Posted, PostedForm
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.manage.settings.home import ROOM
from service.routers.paging import encode_cursor, place_at
from service.routers.services import services_of
from service.tokens import Tokens

router = APIRouter(include_in_schema=False)

PATH, WORDINGS = "/manage/settings/letters", "/manage/settings/wordings"
AT_ONCE = 50
STATUSES: dict[str, outbox.Status] = {
    "failed": "failed",
    "queued": "queued",
    "held": "held",
    "sent": "sent",
    "cancelled": "cancelled",
}
_DONE = {"replayed": "The letter waits to be sent again."}


@router.get(PATH)
def show_all(desk: ManagerDesk, view: AskedForm) -> Response:
    """Letters, the newest first; those that were given up, when nothing else is asked for and there are any."""

    def work(unit: Unit) -> dict[str, object]:
        counts = outbox.counts(unit)
        status = _status(view, counts)
        about = enquiries.by_reference(unit, view.line("enquiry")) if view.line("enquiry") else None
        nothing = bool(view.line("enquiry")) and about is None
        before = place_at(view.line("cursor"), UUID)
        found = (
            []
            if nothing
            else outbox.page(
                unit, status=status, enquiry_id=about.id if about else None, before=before, limit=AT_ONCE + 1
            )
        )
        return {
            "title_of": wordings.title,
            "counts": counts,
            "status": status,
            "statuses": STATUSES,
            "rows": outbox.with_references(unit, found[:AT_ONCE]),
            "following": encode_cursor(found[AT_ONCE - 1].id) if len(found) > AT_ONCE else None,
        }

    told = {**desk.read(work), "sought": Filled.from_posted(view), "done": _DONE.get(view.line("done"))}
    return desk.page("manage/settings/letters.html", told, room=ROOM)


@router.get(PATH + "/{message_id}")
def show_one(desk: ManagerDesk, message_id: UUID) -> Response:
    """One letter as its reader has it, with every try at sending it."""
    return _page(desk, message_id)


@router.post(PATH + "/{message_id}")
def replay(desk: ManagerDesk, message_id: UUID, posted: PostedForm) -> Response:
    """Send a letter again that was given up."""
    if desk.read(lambda unit: outbox.get(unit, message_id)) is None:
        raise not_found("letter")
    try:
        desk.write(posted, lambda unit: outbox.replay(unit, desk.ctx, message_id))
    except Problem as problem:
        if problem.status != 409:
            raise
        return _page(desk, message_id, {"page": problem.detail}, 409)
    return desk.go(PATH, "replayed")


@router.get(WORDINGS)
def list_wordings(desk: ManagerDesk) -> Response:
    """Every kind of letter, by whom it is for."""
    readers = {"enquirer": "To enquirers", "partner": "To universities and lead researchers", "staff": "To the team"}
    head = _letterhead(desk)
    told = {
        "title_of": wordings.title,
        "readers": readers,
        "kinds": [(kind, wordings.wording(kind).audience, render(sample(kind), head)) for kind in wordings.kinds()],
    }
    return desk.page("manage/settings/wordings.html", told, room=ROOM)


@router.get(WORDINGS + "/{kind}")
def preview(desk: ManagerDesk, kind: str) -> Response:
    """One kind of letter, filled with believable words."""
    if kind not in wordings.kinds():
        raise not_found("kind of letter")
    told = {
        "kind": kind,
        "title_of": wordings.title,
        "letter": render(sample(kind), _letterhead(desk)),
        "back": WORDINGS,
    }
    return desk.page("manage/settings/wording.html", told, room=ROOM)


def _status(view: Posted, counts: dict[str, int]) -> outbox.Status | None:
    if "status" not in view and not view.line("enquiry"):
        return "failed" if counts.get("failed") else None
    return STATUSES.get(view.line("status"))


def _page(desk: Desk, message_id: UUID, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    found = desk.read(lambda unit: _found(unit, message_id))
    if found is None:
        raise not_found("letter")
    (row, reference), tries = found
    try:
        letter = render(row, _letterhead(desk))
    except FinalFailure:
        letter = None
    told = {
        "title_of": wordings.title,
        "row": row,
        "reference": reference,
        "tries": tries,
        "letter": letter,
        "back": PATH,
    }
    return desk.page(
        "manage/settings/letter.html", {**told, "form": Filled(errors=errors or {})}, room=ROOM, status=status
    )


def _found(unit: Unit, message_id: UUID) -> tuple[outbox.MessageRow, list[outbox.TryRow]] | None:
    message = outbox.get(unit, message_id)
    if message is None:
        return None
    [row] = outbox.with_references(unit, [message])
    return row, outbox.attempts(unit, message_id)


def _letterhead(desk: Desk) -> Letterhead:
    """Return the letterhead with tokens that open nothing: a letter that lets somebody in is theirs alone to use."""
    return replace(Letterhead.of(services_of(desk.request).settings), tokens=Tokens(Tokens.new_secret()))
