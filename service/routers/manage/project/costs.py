"""A project's costs and dates, entered by a manager for the university."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import costs
from service.records.database import Unit
from service.routers.cost_form import MOST_LINES, filled_with, read_costs, rows_for, rows_sent
from service.routers.forms import Filled, Mistakes, PostedForm
from service.routers.manage.project.at_project import AtProject, OpenProject, require_shown
from service.routers.project_views import costs_shown

router = APIRouter(include_in_schema=False)


@router.get("/manage/enquiries/{reference}/project/costs")
def ask_costs(at: OpenProject) -> Response:
    """What would the work cost, and when would it run?"""
    shown = at.desk.read(lambda unit: costs_shown(unit, at.row(unit)))
    return _page(at, Filled({"shown": str(shown.version), **filled_with(shown)}), rows_for(len(shown.lines)))


@router.post("/manage/enquiries/{reference}/project/costs")
def take_costs(at: OpenProject, posted: PostedForm) -> Response:
    """Save them as a new version, or show more empty lines; an emptied line goes."""
    if posted.line("event") == "more":
        return _page(at, Filled.from_posted(posted), rows_sent(posted, more=True))
    mistakes = Mistakes()
    sent, rows = read_costs(posted, mistakes), rows_sent(posted)
    if mistakes:
        return _page(at, Filled.from_posted(posted, mistakes.found), rows, 422)

    def work(unit: Unit) -> None:
        project, _ = at.locked(unit, posted)
        require_shown(posted, project.costs_version, "the costs")
        costs.save_costs(unit, at.ctx, at.id, sent.lines, sent.start, sent.end)

    return at.put(posted, work, lambda form, status: _page(at, form, rows, status), "costs")


def _page(at: AtProject, form: Filled, rows: range, status: int = 200) -> Response:
    def read(unit: Unit) -> dict[str, object]:
        project, enquiry = at.row(unit)
        return {
            "costs": costs_shown(unit, (project, enquiry)),
            "closed": costs.obstacle(project, enquiry),
            "changes": at.renewed(unit, form, status, ("costs_saved",), project.costs_version),
        }

    return at.page("costs.html", {"form": form, "rows": rows, "most": MOST_LINES, **at.desk.read(read)}, status)
