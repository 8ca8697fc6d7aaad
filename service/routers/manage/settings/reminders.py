"""Reminder rules: since when each one writes, whom it would write to, and stopping one."""

from datetime import datetime, time

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import remind
from service.errors import not_found
from service.records import reminder_settings
from service.records.database import Unit
from service.routers.forms import AskedForm, Filled, Mistakes, PostedForm
from service.routers.manage import telling
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.manage.settings.home import ROOM
from service.workflows.reminders import RULES
from service.working_time import LONDON, local_date

router = APIRouter(include_in_schema=False)

PATH = "/manage/settings/reminders"
MOST_SHOWN = 200
_DONE = {"stopped": "The rule is stopped.", "set": "The rule writes from that day on."}


@router.get(PATH)
def show_all(desk: ManagerDesk, view: AskedForm) -> Response:
    """Every rule."""
    # A rule that is met for the first time is written in, so this reading may write.
    known = desk.ensure(lambda unit: list(reminder_settings.settings(unit, desk.ctx.now).values()))
    told = {"rules": known, "names": telling.RULES, "rehearsed": frozenset(RULES), "done": _DONE.get(view.line("done"))}
    return desk.page("manage/settings/reminders.html", told, room=ROOM)


@router.get(PATH + "/{rule}")
def show_one(desk: ManagerDesk, rule: str) -> Response:
    """One rule, and whom it would write to if it counted everything that ever happened."""
    return _page(desk, rule, Filled())


@router.post(PATH + "/{rule}")
def change(desk: ManagerDesk, rule: str, posted: PostedForm) -> Response:
    """Let a rule write about what happens from a day on, or stop it."""
    if rule not in desk.ensure(lambda unit: reminder_settings.settings(unit, desk.ctx.now)):
        raise not_found("reminder rule")
    if posted.line("do") == "stop":

        def stop(unit: Unit) -> None:
            at = reminder_settings.settings(unit, desk.ctx.now)[rule].effective_from
            remind.take_effect_from(unit, desk.ctx, rule, at, stopped=True)

        desk.write(posted, stop)
        return desk.go(PATH, "stopped")
    mistakes = Mistakes()
    day = mistakes.date("day", posted, "The day")
    if day is None:
        mistakes.add("day", "Enter the day from which on it writes")
    if mistakes or day is None:
        return _page(desk, rule, Filled.from_posted(posted, mistakes.found), 422)
    at = desk.ctx.now if day == local_date(desk.ctx.now) else datetime.combine(day, time(), LONDON)
    desk.write(posted, lambda unit: remind.take_effect_from(unit, desk.ctx, rule, at))
    return desk.go(PATH, "set")


def _page(desk: Desk, rule: str, form: Filled, status: int = 200) -> Response:
    setting = desk.ensure(lambda unit: reminder_settings.settings(unit, desk.ctx.now).get(rule))
    if setting is None:
        raise not_found("reminder rule")
    found = desk.read(lambda unit: remind.dry_run(unit, desk.ctx, rule)) if rule in RULES else None
    told = {
        "setting": setting,
        "name": telling.RULES.get(rule, rule),
        "found": found[:MOST_SHOWN] if found is not None else None,
        "count": len(found or ()),
        "form": form,
        "back": PATH,
    }
    return desk.page("manage/settings/reminder.html", told, room=ROOM, status=status)
