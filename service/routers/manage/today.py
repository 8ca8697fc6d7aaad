"""Today: what needs somebody of the team now, what may come too late, and what waits on whom."""

from dataclasses import dataclass
from typing import Any, get_args

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import remind
from service.actions.remind.digest import Task
from service.delivery.letterhead import Letterhead
from service.delivery.render import parts
from service.records import digests, queue
from service.records.database import Unit
from service.records.digests import DateRow
from service.records.today import Today, Whose, scope_of, today
from service.routers.forms import AskedForm, Posted, PostedForm, asked_in
from service.routers.identifiers import PathId, meant
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.manage.queue import asked
from service.routers.manage.queue.rows import Listed, listed
from service.routers.services import services_of

router = APIRouter(include_in_schema=False)

ROOM = "/manage"
WHOSE: dict[Whose, str] = {"me": "Mine", "none": "Nobody's yet", "team": "The whole team's"}
_FIRST = 8
"""Rows of the queue shown below the counts."""
_DATES = 30
_DONE = {"date": "The date is done."}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is on the page."""

    counted: Today
    dates: list[DateRow]
    tasks: list[Task]
    first: list[Listed]


@router.get(ROOM)
def show(desk: ManagerDesk, form: AskedForm) -> Response:
    """What needs me now; with `whose`, what needs nobody in particular, or the whole team."""
    whose = _whose(desk, form)

    def work(unit: Unit) -> Sheet:
        scope, day = scope_of(desk.person_id, whose), asked.today_of(desk)
        set_by = desk.person_id if whose == "me" else None
        return Sheet(
            today(unit, desk.ctx, desk.person_id, whose),
            digests.dates_come(unit, scope, set_by, day, _DATES),
            remind.tasks_that_stand(unit, desk.ctx, scope),
            _first(desk, unit, whose),
        )

    sheet = desk.read(work)
    told = {
        "found": sheet.counted,
        "dates": sheet.dates,
        "tasks": _in_words(desk, sheet.tasks),
        "first": sheet.first,
        "whose": whose,
        "switch": WHOSE,
        "today": asked.today_of(desk),
        "owner": "" if whose == "team" else f"owner={whose}&",
        "done": _DONE.get(form.line("done")),
    }
    return desk.page("manage/today.html", told, room=ROOM)


@router.post("/manage/dates/{follow_up_id}/done")
def finish(desk: ManagerDesk, follow_up_id: PathId, posted: PostedForm) -> Response:
    """Mark a date that came as done."""
    found = meant(follow_up_id, "date")
    desk.write(posted, lambda unit: remind.finish(unit, desk.ctx, found))
    whose = posted.line("whose")
    return desk.go(ROOM, "date", whose=whose) if whose in WHOSE else desk.go(ROOM, "date")


def _whose(desk: Desk, form: Posted) -> Whose:
    """Read the switch. A lead looks at the whole team's first, everybody else at their own."""
    first: Whose = "team" if desk.is_lead else "me"
    return next((each for each in get_args(Whose) if each == form.line("whose")), first)


def _first(desk: Desk, unit: Unit, whose: Whose) -> list[Listed]:
    """Return the most pressing open enquiries."""
    owner = f"&owner={whose}" if whose != "team" else ""
    filters = asked.asked(desk, unit, asked_in(f"state=open{owner}")).filters
    rows = queue.page(unit, filters, sort="priority", today=asked.today_of(desk), limit=_FIRST)
    return listed(desk, unit, rows, filters.soon)


def _in_words(desk: Desk, tasks: list[Task]) -> list[dict[str, Any]]:
    """Return tasks in the words of their mail, each with the path of its enquiry."""
    letterhead = Letterhead.of(services_of(desk.request).settings)
    said = parts([{"kind": task.kind, "told": dict(task.told)} for task in tasks], letterhead)
    return [{**each, "path": task.told["path"]} for each, task in zip(said, tasks, strict=True)]
