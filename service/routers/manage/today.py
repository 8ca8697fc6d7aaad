"""Today: what needs somebody of the team now, what may come too late, and what waits on whom."""

from typing import get_args

from fastapi import APIRouter
from fastapi.responses import Response

from service.records import queue
from service.records.database import Unit
from service.records.today import Today, Whose, today
from service.routers.forms import AskedForm, Posted, asked_in
from service.routers.manage import asked
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.manage.queue_rows import Listed, listed

router = APIRouter(include_in_schema=False)

ROOM = "/manage"
WHOSE: dict[Whose, str] = {"me": "Mine", "none": "Nobody’s yet", "team": "The whole team’s"}
_FIRST = 8
"""Rows of the queue shown below the counts."""


@router.get(ROOM)
def show(desk: ManagerDesk, form: AskedForm) -> Response:
    """What needs me now; with `whose`, what needs nobody in particular, or the whole team."""
    whose = _whose(desk, form)

    def work(unit: Unit) -> tuple[Today, list[Listed]]:
        return today(unit, desk.ctx, desk.person_id, whose), _first(desk, unit, whose)

    found, first = desk.read(work)
    told = {
        "found": found,
        "first": first,
        "whose": whose,
        "switch": WHOSE,
        "today": asked.today_of(desk),
        "owner": "" if whose == "team" else f"owner={whose}&",
    }
    return desk.page("manage/today.html", told, room=ROOM)


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
