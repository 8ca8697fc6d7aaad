"""Webhooks of universities: what became of the last poke of each, and off, on and again for whoever is asked for help."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import webhooks as actions
from service.errors import Problem, not_found
from service.records import webhooks
from service.records.database import Unit
from service.routers.forms import AskedForm, Filled, PostedForm
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.manage.settings.home import ROOM
from service.routers.paging import encode_cursor, place_at

router = APIRouter(include_in_schema=False)

PATH = "/manage/settings/webhooks"
AT_ONCE = 50
_DONE = {
    "off": "The webhook is switched off. The university reads its feed as before.",
    "on": "The webhook is switched on, and will be told how far the feed goes.",
    "again": "It will be told again.",
}


@router.get(PATH)
def show(desk: ManagerDesk, view: AskedForm) -> Response:
    """Every webhook, the newest first."""
    before = place_at(view.line("cursor"), UUID)
    return _page(desk, Filled(), before=before, done=_DONE.get(view.line("done")))


@router.post(PATH + "/{webhook_id}")
def change(desk: ManagerDesk, webhook_id: UUID, posted: PostedForm) -> Response:
    """Switch a webhook off or on, or tell it again: what was given up, or how far its feed goes."""
    if not desk.read(lambda unit: webhooks.is_there(unit, webhook_id)):
        raise not_found("webhook")
    do = posted.line("do")
    if do not in _DONE:
        raise not_found("button")

    def work(unit: Unit) -> None:
        if do == "again":
            actions.tell_again(unit, desk.ctx, webhook_id)
        else:
            actions.change_webhook(unit, desk.ctx, webhook_id, actions.WebhookChange(enabled=do == "on"))

    try:
        desk.write(posted, work)
    except Problem as problem:
        if problem.status != 409:
            raise
        return _page(desk, Filled(errors={"page": problem.detail}), status=409)
    return desk.go(PATH, do)


def _page(
    desk: Desk, form: Filled, *, before: UUID | None = None, status: int = 200, done: str | None = None
) -> Response:
    rows = desk.read(lambda unit: webhooks.everybodys(unit, before=before, limit=AT_ONCE + 1))
    told = {
        "rows": [(row, actions.host_of(row.url), university, last) for row, university, last in rows[:AT_ONCE]],
        "following": encode_cursor(rows[AT_ONCE - 1][0].id) if len(rows) > AT_ONCE else None,
        "form": form,
        "done": done,
    }
    return desk.page("manage/settings/webhooks.html", told, room=ROOM, status=status)
