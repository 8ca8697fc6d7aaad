"""Every project that is planned or under way, with what it owes next."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.records import project_list
from service.records.database import Unit
from service.records.project_list import LIVING, Listed, Place
from service.routers.manage.desk import Desk, ManagerDesk
from service.states import PROJECT_STATES, ProjectState
from service.workflows.project_dates import ReportDue, distance, lateness, reports_due
from service.working_time import local_date

router = APIRouter(include_in_schema=False)

_LIMIT = 50


@router.get("/manage/projects")
def list_projects(desk: ManagerDesk, state: str = "", owner: str = "", late: str = "", after: str = "") -> Response:
    """The projects, by what is due first. What the address asks for and cannot be is as if it were not asked."""
    states = [state] if state in set(LIVING) else list(LIVING)
    today = local_date(desk.ctx.now)

    def read(unit: Unit) -> dict[str, object]:
        found = project_list.page(
            unit,
            states,
            owner=desk.person_id if owner == "me" else None,
            late_on=today if late == "yes" else None,
            after=_place(after),
            limit=_LIMIT + 1,
        )
        last = found[_LIMIT - 1].place if len(found) > _LIMIT else None
        return {
            "rows": [(each, _next_report(each, today)) for each in found[:_LIMIT]],
            "next": f"{last.on.isoformat()}_{last.id}" if last else None,
            "counts": project_list.counts(unit),
        }

    told = {
        "state": state if state in set(LIVING) else "",
        "owner": owner if owner == "me" else "",
        "late": late if late == "yes" else "",
    }
    words = {"states": PROJECT_STATES, "distance": distance, "lateness": lateness, "today": today}
    return _page(desk, {**told, **words, **desk.read(read)})


def _next_report(listed: Listed, today: date) -> ReportDue | None:
    """Return the first report that a running project owes and that has not come, or None."""
    if listed.started_at is None or listed.state not in {ProjectState.ACTIVE, ProjectState.PAUSED}:
        return None
    begun = listed.start_on or local_date(listed.started_at)
    return next(
        (due for due in reports_due(begun, listed.end_on, today, listed.reported_until) if not due.is_there), None
    )


def _place(text: str) -> Place | None:
    day, _, identity = text.partition("_")
    try:
        return Place(date.fromisoformat(day), UUID(identity))
    except ValueError:
        return None


def _page(desk: Desk, told: dict[str, object]) -> Response:
    return desk.page("manage/projects.html", told, room="/manage/projects")
