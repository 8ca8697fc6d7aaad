"""Figures of reach for funders and managers; of access, brokerage, reminders, readiness and products for managers alone."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Response

from service.records import closing, further_figures, register, reminder_fates
from service.routers.calls import Call
from service.routers.conditional import tagged
from service.routers.csv_answers import CsvResponse, csv_text, prefers_csv
from service.routers.doors import FiguresCall, ManagerCall
from service.routers.figure_answers import CSV_RESPONSES, RESPONSES, Asked, Question, as_json
from service.routers.further_answers import AskedSoFar, Looked, answer_to, answered
from service.routers.requests import JsonRoute
from service.routers.schemas.team_figures import (
    AccessAnswer,
    BrokerageAnswer,
    CouncilsAnswer,
    ProductsAnswer,
    ReachAnswer,
    ReadinessAnswer,
    RemindersAnswer,
)
from service.throughput.access import access
from service.throughput.internal import brokerage, readiness, reminders
from service.throughput.ladder import Taken, taken
from service.throughput.periods import month_number
from service.throughput.reach import COUNCIL_KINDS, Body, reach
from service.workflows.products import PRODUCTS
from service.workflows.reminders import CODES

router = APIRouter(prefix="/api/v1/metrics", route_class=JsonRoute, tags=["figures"])

_MINUTES = {"by_state": "minutes", "per_enquiry": "minutes", "minutes": "minutes", "entries": "entries"}
_COUNCIL_COLUMNS = ("as_of", "id", "name", "area", "definition", "invented")


@router.get("/reach", response_model=ReachAnswer, responses=RESPONSES)
def show_reach(call: FiguresCall, question: AskedSoFar) -> Response:
    """How many councils of the register have never been heard from, by area, up to the as_of."""
    return answered(call, reach_answer(call, question), as_csv=False, units={"*": "councils"})


@router.get("/reach.csv", response_class=CsvResponse, responses=CSV_RESPONSES)
def export_reach(call: FiguresCall, question: AskedSoFar) -> Response:
    """The same, one number a row."""
    return answered(call, reach_answer(call, question), as_csv=True, units={"*": "councils"})


@router.get("/reach/councils", response_model=CouncilsAnswer, responses=RESPONSES)
def list_councils(call: ManagerCall, question: AskedSoFar) -> Response:
    """Which councils of the register have never been heard from, by name."""
    return _councils(call, question, as_csv=prefers_csv(call.request.headers.get("accept")))


@router.get("/reach/councils.csv", response_class=CsvResponse, responses=CSV_RESPONSES)
def export_councils(call: ManagerCall, question: AskedSoFar) -> Response:
    """The same, one council a row."""
    return _councils(call, question, as_csv=True)


@router.get("/access", response_model=AccessAnswer, responses=RESPONSES)
def show_access(call: ManagerCall, question: Asked) -> Response:
    """From which areas and departments enquiries came in a period, and from whom for the first time."""
    return answered(call, access_answer(call, question), as_csv=False, units={"bodies": "bodies"})


@router.get("/access.csv", response_class=CsvResponse, responses=CSV_RESPONSES)
def export_access(call: ManagerCall, question: Asked) -> Response:
    """The same, one number a row."""
    return answered(call, access_answer(call, question), as_csv=True, units={"bodies": "bodies"})


@router.get("/brokerage", response_model=BrokerageAnswer, responses=RESPONSES)
def show_brokerage(call: ManagerCall, question: Asked) -> Response:
    """The minutes that were logged in a period, by state, by enquiry and by month."""
    return answered(call, brokerage_answer(call, question), as_csv=False, units=_MINUTES)


@router.get("/brokerage.csv", response_class=CsvResponse, responses=CSV_RESPONSES)
def export_brokerage(call: ManagerCall, question: Asked) -> Response:
    """The same, one number a row."""
    return answered(call, brokerage_answer(call, question), as_csv=True, units=_MINUTES)


@router.get("/reminders", response_model=RemindersAnswer, responses=RESPONSES)
def show_reminders(call: ManagerCall, question: Asked) -> Response:
    """What became of reminders in a period, rule by rule: met before they were due, sent on time, or too late."""
    return answered(call, reminders_answer(call, question), as_csv=False, units={"*": "reminders"})


@router.get("/reminders.csv", response_class=CsvResponse, responses=CSV_RESPONSES)
def export_reminders(call: ManagerCall, question: Asked) -> Response:
    """The same, one number a row."""
    return answered(call, reminders_answer(call, question), as_csv=True, units={"*": "reminders"})


@router.get("/readiness", response_model=ReadinessAnswer, responses=RESPONSES)
def show_readiness(call: ManagerCall, question: Asked) -> Response:
    """How ready the briefs published in a period were, by section and by month."""
    return answered(call, readiness_answer(call, question), as_csv=False, units={"*": "briefs"})


@router.get("/readiness.csv", response_class=CsvResponse, responses=CSV_RESPONSES)
def export_readiness(call: ManagerCall, question: Asked) -> Response:
    """The same, one number a row."""
    return answered(call, readiness_answer(call, question), as_csv=True, units={"*": "briefs"})


@router.get("/products", response_model=ProductsAnswer, responses=RESPONSES)
def show_products(call: ManagerCall, question: AskedSoFar) -> Response:
    """How long the service's own projects of each product took, beside what the ladder promises."""
    return answered(call, products_answer(call, question), as_csv=False, units={"*": "projects"})


@router.get("/products.csv", response_class=CsvResponse, responses=CSV_RESPONSES)
def export_products(call: ManagerCall, question: AskedSoFar) -> Response:
    """The same, one number a row."""
    return answered(call, products_answer(call, question), as_csv=True, units={"*": "projects"})


def reach_answer(call: Call, question: Question) -> ReachAnswer:
    """Return how many councils have been heard from."""
    told, (total, areas) = answer_to(
        call.services, call.ctx, question, "reach", lambda looked: reach(_bodies(looked), looked.threshold)
    )
    return ReachAnswer.model_validate({**told, "group_by": "area", "total": total, "groups": areas})


def _bodies(looked: Looked) -> list[Body]:
    return register.bodies_before(looked.unit, looked.period.closes, COUNCIL_KINDS)


def councils_answer(call: Call, question: Question) -> CouncilsAnswer:
    """Return which councils have never been heard from."""
    told, bodies = answer_to(call.services, call.ctx, question, "reach", _bodies)
    return CouncilsAnswer.model_validate({**told, "items": [body for body in bodies if not body.is_heard]})


def _councils(call: Call, question: Question, *, as_csv: bool) -> Response:
    answer = councils_answer(call, question)
    if not as_csv:
        return tagged(call.request, as_json(answer.model_dump(mode="json", by_alias=True)), "application/json")
    rows = (
        (answer.as_of, str(one.id), one.name, one.area, answer.definition.id, answer.invented) for one in answer.items
    )
    return tagged(call.request, csv_text(_COUNCIL_COLUMNS, rows), CsvResponse.media_type)


def access_answer(call: Call, question: Question) -> AccessAnswer:
    """Return who asked."""

    def work(looked: Looked) -> Any:
        cases = closing.counted(looked.unit, month_number(looked.period.as_of), sources=(closing.LOG,))
        return access(cases, looked.period)

    return AccessAnswer.model_validate(_grouped(call, question, "access", "area", work, is_counted=True))


def brokerage_answer(call: Call, question: Question) -> BrokerageAnswer:
    """Return the minutes logged."""

    def work(looked: Looked) -> Any:
        return brokerage(*further_figures.minutes(looked.unit, looked.period), looked.period)

    return BrokerageAnswer.model_validate(_grouped(call, question, "brokerage", "month", work))


def reminders_answer(call: Call, question: Question) -> RemindersAnswer:
    """Return what became of reminders."""

    def work(looked: Looked) -> Any:
        return reminders(reminder_fates.counts(looked.unit, looked.period), CODES)

    return RemindersAnswer.model_validate(_grouped(call, question, "reminders", "rule", work))


def readiness_answer(call: Call, question: Question) -> ReadinessAnswer:
    """Return how ready briefs were."""

    def work(looked: Looked) -> Any:
        return readiness(further_figures.publications(looked.unit, looked.period), looked.period)

    return ReadinessAnswer.model_validate(_grouped(call, question, "readiness", "month", work))


def _grouped(
    call: Call, question: Question, figure: str, group_by: str, work: Any, *, is_counted: bool = False
) -> Mapping[str, Any]:
    told, (total, groups) = answer_to(call.services, call.ctx, question, figure, work, is_counted=is_counted)
    return {**told, "group_by": group_by, "total": total, "groups": groups}


def products_answer(call: Call, question: Question) -> ProductsAnswer:
    """Return how long products took."""
    told, found = answer_to(call.services, call.ctx, question, "products", products_taken)
    items = [{**asdict(each), **_default(each.key)} for each in found]
    return ProductsAnswer.model_validate({**told, "items": items})


def products_taken(looked: Looked) -> tuple[Taken, ...]:
    """Return how long the service's own projects took: of every default product, and of others that were begun."""
    moves = further_figures.project_moves(looked.unit, looked.period.closes)
    return taken(moves, PRODUCTS, looked.period.closes, looked.calendars, looked.threshold)


def _default(code: str) -> Mapping[str, object]:
    """Return what the ladder says as it was delivered: what an installation makes of it later moves no figure."""
    found = PRODUCTS.get(code)
    if found is None:
        return {"label": code.replace("_", " ").capitalize(), "typical": None, "long": None}
    return {"label": found.label, "typical": found.typical, "long": found.long}
