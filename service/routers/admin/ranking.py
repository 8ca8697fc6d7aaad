"""How the ranking did: a report for the service's own team, by which nothing adjusts itself."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from service.records.database import Unit
from service.routers import ranking_report
from service.routers.calls import Answer
from service.routers.csv_answers import CsvResponse, csv_text, prefers_csv
from service.routers.doors import ManagerCall
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS, Day
from service.routers.schemas.ranking_report import RankingPeriod, RankingReportShown
from service.working_time import local_date

router = APIRouter(prefix="/api/v1/matches", route_class=JsonRoute, tags=["figures"])


def asked(
    call: ManagerCall,
    start: Annotated[
        Day | None, Query(alias="from", description="Its first day; by default a year before `to`.")
    ] = None,
    end: Annotated[Day | None, Query(alias="to", description="The day after its last; by default tomorrow.")] = None,
) -> RankingPeriod:
    """Return the period. Raises Problem 422 for one of no day."""
    return ranking_report.period(start, end, local_date(call.ctx.now))


Asked = Annotated[RankingPeriod, Depends(asked)]


@router.get(
    "/report",
    response_model=RankingReportShown,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **PROBLEMS()},
)
def show_report(call: ManagerCall, period: Asked) -> Response:
    """Where those chosen in a period stood in the ranking, who took the work, and how widely it was spread.

    Nothing reads these figures back: no weight and no order changes by them.
    """
    if prefers_csv(call.request.headers.get("accept")):
        return _csv(call, period)
    return call.look_up(lambda unit: Answer(ranking_report.shown(unit, period)))


@router.get("/report.csv", response_class=CsvResponse, responses=PROBLEMS())
def export_report(call: ManagerCall, period: Asked) -> Response:
    """The same, one number a row."""
    return _csv(call, period)


def _csv(call: ManagerCall, period: RankingPeriod) -> Response:
    def work(unit: Unit) -> str:
        return csv_text(ranking_report.COLUMNS, ranking_report.rows(ranking_report.shown(unit, period)))

    return CsvResponse(call.read(work), headers={"Cache-Control": "no-store"})
