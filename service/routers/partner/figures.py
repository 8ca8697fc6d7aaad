"""A university's own figures, as its contacts read them: in words, and in a table that can be taken away."""

from fastapi import APIRouter
from fastapi.responses import Response

from service import vocabulary
from service.routers.csv_answers import CsvResponse, csv_text
from service.routers.downloads import download
from service.routers.figure_answers import Question
from service.routers.figure_rows import FIGURE_COLUMNS
from service.routers.forms import AskedForm
from service.routers.further_rows import rows
from service.routers.partner.desk import AnyContact, Contact
from service.routers.schemas.own_figures import OwnAnswer
from service.routers.services import services_of
from service.routers.universities.figures import UNITS, own_figures
from service.working_time import local_date, month_start

router = APIRouter(include_in_schema=False)

PERIODS = {"all": "Everything so far", "year": "The last twelve months"}


@router.get("/partner/figures")
def show_figures(here: AnyContact, view: AskedForm) -> Response:
    """What this university answered, up to the end of the last month; of the others only what they may be told."""
    chosen = _chosen(view.line("period"))
    told = {
        "answer": _figures(here, chosen),
        "chosen": chosen,
        "periods": PERIODS,
        "reasons": vocabulary.DECLINE_REASONS,
        "back": "/partner",
    }
    return here.page("figures.html", told)


@router.get("/partner/figures.csv")
def export_figures(here: AnyContact, view: AskedForm) -> Response:
    """The same, one number a row."""
    answer = _figures(here, _chosen(view.line("period")))
    text = csv_text(FIGURE_COLUMNS, rows(answer.model_dump(mode="json", by_alias=True), UNITS))
    name = f"own-figures-from-{answer.period.start}-as-of-{answer.as_of}.csv"
    return download(name, CsvResponse.media_type, text.encode("utf-8"))


def _chosen(period: str) -> str:
    return period if period in PERIODS else "all"


def _figures(here: Contact, chosen: str) -> OwnAnswer:
    this_month = month_start(local_date(here.ctx.now))
    start = this_month.replace(year=this_month.year - 1) if chosen == "year" else None
    return own_figures(services_of(here.request), here.ctx, here.university.id, Question(start, None, None))
