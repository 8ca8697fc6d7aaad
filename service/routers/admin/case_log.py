"""The log of every case, for the service's own team."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.routers.calls import Call
from service.routers.case_log_files import MEDIA_TYPES, Form, export_log
from service.routers.csv_answers import CsvResponse
from service.routers.doors import ManagerCall
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS

router = APIRouter(prefix="/api/v1", route_class=JsonRoute, tags=["figures"])


class XesResponse(Response):
    """A log in XES."""

    media_type = MEDIA_TYPES["xes"]


@router.get("/events.csv", response_class=CsvResponse, responses=PROBLEMS())
def export_csv(call: ManagerCall) -> Response:
    """Everything that happened to every case, one event a row, oldest case first; nothing about people.

    `case, event, state, waiting_on, time` and what was known of the case then. `source` is `imported` for what an earlier
    service's log says. Who took it is noted in the audit trail.
    """
    return _export(call, "csv")


@router.get("/events.xes", response_class=XesResponse, responses=PROBLEMS())
def export_xes(call: ManagerCall) -> Response:
    """The same for process-mining tools: XES (IEEE 1849), one trace a case."""
    return _export(call, "xes")


def _export(call: Call, form: Form) -> Response:
    return export_log(call.services.database, call.ctx, form)
