"""Reports on how a project goes: read, and entered for a lead who wrote or rang."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import reports
from service.records import projects
from service.records.database import Unit
from service.routers.form_values import read_day
from service.routers.forms import PROSE_LENGTH, Filled, Mistakes, PostedForm
from service.routers.manage.project.at_project import AtProject, OpenProject
from service.routers.schemas.papers import ReportShown

router = APIRouter(include_in_schema=False)


@router.get("/manage/enquiries/{reference}/project/reports")
def ask_report(at: OpenProject) -> Response:
    """How is it going?"""
    return _page(at, Filled())


@router.post("/manage/enquiries/{reference}/project/reports")
def take_report(at: OpenProject, posted: PostedForm) -> Response:
    """Record a report in its lead's words; the same one pressed twice is one."""
    mistakes = Mistakes()
    body = mistakes.required("body", posted.prose("body"), "Write or paste the report")
    mistakes.fits("body", body, PROSE_LENGTH, "The report")
    period_end = read_day(posted, mistakes, "period_end", "The last day it speaks of")
    if mistakes:
        return _page(at, Filled.from_posted(posted, mistakes.found), 422)

    def work(unit: Unit) -> None:
        at.locked(unit, posted)
        if not any(
            (each.body, each.period_end) == (body, period_end)
            and at.is_repeated(each.submitted_at, each.submitted_by_id)
            for each in projects.reports(unit, at.id)
        ):
            reports.add_report(unit, at.ctx, at.id, body, period_end)

    return at.put(posted, work, lambda form, status: _page(at, form, status), "report")


def _page(at: AtProject, form: Filled, status: int = 200) -> Response:
    def read(unit: Unit) -> dict[str, object]:
        there = [ReportShown.of(each) for each in projects.reports(unit, at.id)]
        return {"reports": there, "has_started": at.row(unit)[0].started_at is not None}

    return at.page("reports.html", {"form": form, **at.desk.read(read)}, status)
