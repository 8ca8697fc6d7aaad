"""How the ranking did: the team's own figures on a page, and as a file."""

from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response

from service import vocabulary
from service.errors import Problem
from service.routers import ranking_report
from service.routers.csv_answers import CsvResponse, csv_text
from service.routers.form_values import read_day
from service.routers.forms import AskedForm, Filled, Mistakes, date_parts
from service.routers.manage.desk import ManagerDesk
from service.routers.manage.settings.home import ROOM
from service.routers.schemas.ranking_report import RankingPeriod
from service.throughput.ranking import RULES, TOO_FEW, TOPS
from service.working_time import local_date

router = APIRouter(include_in_schema=False)

PATH = "/manage/ranking"
BANDS: dict[str, str] = {
    "1_to_5": "1 to 5",
    "6_to_10": "6 to 10",
    "11_to_20": "11 to 20",
    "beyond_20": "After the 20th",
    "left_out": "Left out by a conflict or their own wish",
    "off_subject": "Not proposed by the ranking",
    "unlisted": "Not in the directory",
    "unknown": "Not written down",
}
"""What each place in the ranking is called."""
GROUPS = {"shown": "Shown (the first 20)", "shortlisted": "Shortlisted", "chosen": "Offered the work"}


@router.get(PATH)
def show_report(desk: ManagerDesk, view: AskedForm) -> Response:
    """The report over a period, which stands in the address."""
    mistakes = Mistakes()
    start = read_day(view, mistakes, "from", "The first day")
    end = read_day(view, mistakes, "to", "The day after the last")
    today = local_date(desk.ctx.now)
    period = _period(start, end, today)
    if period is None:
        mistakes.add("from", "The first day must be before the day after the last")
    if period is None or mistakes:
        period = ranking_report.period(None, None, today)
    values = {**_filled(period), **{name: view.line(name) for name in _PARTS if mistakes and name in view}}
    told = {
        "report": desk.read(lambda unit: ranking_report.reckoned(unit, period)),
        "period": period,
        "form": Filled({**values}, mistakes.found),
        "anchors": {"from": "from-day", "to": "to-day"},
        "reasons": vocabulary.PASSING_REASONS,
        "bands": BANDS,
        "groups": GROUPS,
        "tops": TOPS,
        "too_few": TOO_FEW,
        "rules": RULES,
        "back": "/manage/settings",
    }
    return desk.page("manage/ranking.html", told, room=ROOM, status=422 if mistakes else 200)


@router.get(f"{PATH}.csv")
def export_report(desk: ManagerDesk, view: AskedForm) -> Response:
    """The same as a file; what the address asks for and cannot be is as if it were not asked."""
    mistakes = Mistakes()
    bounds = (read_day(view, mistakes, "from", "The day"), read_day(view, mistakes, "to", "The day"))
    today = local_date(desk.ctx.now)
    period = _period(*bounds, today) or ranking_report.period(None, None, today)
    text = desk.read(
        lambda unit: csv_text(ranking_report.COLUMNS, ranking_report.rows(ranking_report.shown(unit, period)))
    )
    name = f"ranking-{period.start}-to-{period.end}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return CsvResponse(text, headers=headers)


_PARTS = tuple(f"{name}-{part}" for name in ("from", "to") for part in ("day", "month", "year"))


def _period(start: date | None, end: date | None, today: date) -> RankingPeriod | None:
    try:
        return ranking_report.period(start, end, today)
    except Problem:
        return None


def _filled(period: RankingPeriod) -> dict[str, str | list[str]]:
    return {**date_parts("from", period.start), **date_parts("to", period.end)}
