"""Keys for machines: made and replaced here, their secret shown once and never again."""

from datetime import datetime, time
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import keys as actions
from service.actions.keys import NewKey
from service.errors import Problem, not_found
from service.principals import Role
from service.records import keys, people
from service.records.database import Unit
from service.routers import visits
from service.routers.form_schemas import checked
from service.routers.forms import AskedForm, Filled, Mistakes, PostedForm
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.manage.settings.home import ROOM
from service.routers.paging import encode_cursor, place_at
from service.working_time import LONDON, local_date

router = APIRouter(include_in_schema=False)

PATH = "/manage/settings/keys"
AT_ONCE = 50
ROLES = {
    Role.UNIVERSITY.value: "A university's system",
    Role.FUNDER.value: "A funder",
    Role.OPERATOR.value: "Monitoring",
    Role.MANAGER.value: "A manager's own program",
    Role.SERVICE_LEAD.value: "A service lead's own program",
}
_DONE = {"revoked": "The key is revoked. It opens nothing from now on."}
_TOLD = {
    "name": "Say what the key is for",
    "role": "Choose who it is for",
    "email": "Enter an email address in the correct format, like name@example.com",
    "organisation": "Enter the organisation's name",
}


@router.get(PATH)
def show(desk: ManagerDesk, view: AskedForm) -> Response:
    """Every key without its secret, the newest first."""
    before = place_at(view.line("cursor"), UUID)
    return _page(desk, Filled(), before=before, done=_DONE.get(view.line("done")))


@router.post(PATH)
def make(desk: ManagerDesk, posted: PostedForm) -> Response:
    """Make a key and show it, this once. Only for somebody who signed in lately."""
    visits.require_recent(desk.request, desk.visitor)
    mistakes = Mistakes()
    last_day = mistakes.date("expires", posted, "The last day", local_date(desk.ctx.now))
    ends = datetime.combine(last_day, time(23, 59, 59), LONDON).isoformat() if last_day else None
    names = ("name", "role", "organisation", "email")
    sent = {**{name: posted.line(name) or None for name in names}, "expires_at": ends}
    entry = checked(actions.KeyEntry, sent, mistakes, _TOLD)
    if entry is None:
        return _page(desk, Filled.from_posted(posted, mistakes.found), status=422)
    staff = visits.staff_of(desk.request)
    try:
        made = desk.write(posted, lambda unit: actions.create_key(unit, desk.ctx, entry, staff))
    except Problem as problem:
        if problem.status not in {403, 409, 422}:
            raise
        return _page(desk, Filled.refused(posted, problem, "role"), status=problem.status)
    return _secret(desk, made)


@router.post(PATH + "/{key_id}")
def change(desk: ManagerDesk, key_id: UUID, posted: PostedForm) -> Response:
    """Replace a key (the old one lives on for a day) or revoke it at once."""
    if desk.read(lambda unit: keys.find(unit, key_id)) is None:
        raise not_found("key")
    if posted.line("do") == "rotate":
        visits.require_recent(desk.request, desk.visitor)
        staff = visits.staff_of(desk.request)
        try:
            made = desk.write(
                posted, lambda unit: actions.rotate_key(unit, desk.ctx, key_id, actions.Rotation(), staff)
            )
        except Problem as problem:
            if problem.status not in {403, 409}:
                raise
            return _page(desk, Filled(errors={"page": problem.detail}), status=problem.status)
        return _secret(desk, made)
    if posted.line("do") == "revoke":
        revoked = actions.KeyChange(revoked=True)
        desk.write(posted, lambda unit: actions.change_key(unit, desk.ctx, key_id, revoked))
        return desk.go(PATH, "revoked")
    raise not_found("button")


def _secret(desk: Desk, made: NewKey) -> Response:
    return desk.page("manage/settings/key_made.html", {"name": made.row.name, "secret": made.secret}, room=ROOM)


def _page(
    desk: Desk, form: Filled, *, before: UUID | None = None, status: int = 200, done: str | None = None
) -> Response:
    staff = visits.staff_of(desk.request)

    def work(unit: Unit) -> dict[str, object]:
        rows = keys.page(unit, before=before, limit=AT_ONCE + 1)
        shown = rows[:AT_ONCE]
        return {
            "rows": [
                (*row, keys.is_valid(row[0], desk.ctx.now), keys.opens(row, desk.ctx.now, staff)) for row in shown
            ],
            "following": encode_cursor(shown[-1][0].id) if len(rows) > AT_ONCE else None,
            "universities": [each.name for each in people.partner_universities(unit)],
        }

    told = {**desk.read(work), "form": form, "roles": ROLES, "done": done}
    return desk.page("manage/settings/keys.html", told, room=ROOM, status=status)
