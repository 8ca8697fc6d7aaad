"""The log of every case, taken out at the desk."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.routers.case_log_files import Form, export_log
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.services import services_of

router = APIRouter(include_in_schema=False)


@router.get("/manage/events.csv")
def export_csv(desk: ManagerDesk) -> Response:
    """One event a row, for a spreadsheet."""
    return _export(desk, "csv")


@router.get("/manage/events.xes")
def export_xes(desk: ManagerDesk) -> Response:
    """One trace a case, for a process-mining tool."""
    return _export(desk, "xes")


def _export(desk: Desk, form: Form) -> Response:
    return export_log(services_of(desk.request).database, desk.ctx, form)
