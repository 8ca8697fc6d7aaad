"""Figures of reach for funders and managers; of access, brokerage, reminders, readiness and products for managers alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from service.records import closing, further_figures, register, reminder_fates
from service.routers.calls import Call
from service.routers.csv_answers import Cell
from service.routers.doors import FiguresCall, ManagerCall
from service.routers.figure_answers import OWN_CASES, OWN_LOG, Asked, AskedSoFar, Basis, Looked, Question, answer_to
from service.routers.figure_doors import FigureRouter
from service.routers.figure_rows import Table
from service.routers.further_rows import counted_in
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

router = FigureRouter()

_MINUTES = {"by_state": "minutes", "per_enquiry": "minutes", "minutes": "minutes", "entries": "entries"}


@router.figure("/reach", counted_in({"*": "councils"}))
def reach_answer(call: FiguresCall, question: AskedSoFar) -> ReachAnswer:
    """How many councils of the register have never been heard from, by area, up to the as_of."""

    def work(looked: Looked) -> Any:
        return reach(_bodies(looked), looked.threshold)

    return ReachAnswer.model_validate(_grouped(call, question, "reach", "area", work))


def _bodies(looked: Looked) -> list[Body]:
    return register.bodies_before(looked.unit, looked.period.closes, COUNCIL_KINDS)


def _council_rows(answer: Mapping[str, Any]) -> Iterator[Sequence[Cell]]:
    for each in answer["items"]:
        yield (
            answer["as_of"], each["id"], each["name"], each["area"], answer["definition"]["id"], answer["invented"],
        )  # fmt: skip


_COUNCILS = Table(("as_of", "id", "name", "area", "definition", "invented"), _council_rows, row="council")


@router.figure("/reach/councils", _COUNCILS, verb="list")
def councils_answer(call: ManagerCall, question: AskedSoFar) -> CouncilsAnswer:
    """Which councils of the register have never been heard from, by name."""
    told, bodies = answer_to(call.services, call.ctx, question, "reach", _bodies)
    return CouncilsAnswer.model_validate({**told, "items": [body for body in bodies if not body.is_heard]})


@router.figure("/access", counted_in({"bodies": "bodies"}))
def access_answer(call: ManagerCall, question: Asked) -> AccessAnswer:
    """From which areas and departments enquiries came in a period, and from whom for the first time."""

    def work(looked: Looked) -> Any:
        cases = closing.counted(looked.unit, month_number(looked.period.as_of), sources=(closing.LOG,))
        return access(cases, looked.period)

    return AccessAnswer.model_validate(_grouped(call, question, "access", "area", work, OWN_CASES))


@router.figure("/brokerage", counted_in(_MINUTES))
def brokerage_answer(call: ManagerCall, question: Asked) -> BrokerageAnswer:
    """The minutes that were logged in a period, by state, by enquiry and by month."""

    def work(looked: Looked) -> Any:
        return brokerage(*further_figures.minutes(looked.unit, looked.period), looked.period)

    return BrokerageAnswer.model_validate(_grouped(call, question, "brokerage", "month", work))


@router.figure("/reminders", counted_in({"*": "reminders"}))
def reminders_answer(call: ManagerCall, question: Asked) -> RemindersAnswer:
    """What became of reminders in a period, rule by rule: met before they were due, sent on time, or too late."""

    def work(looked: Looked) -> Any:
        return reminders(reminder_fates.counts(looked.unit, looked.period), CODES)

    return RemindersAnswer.model_validate(_grouped(call, question, "reminders", "rule", work))


@router.figure("/readiness", counted_in({"*": "briefs"}))
def readiness_answer(call: ManagerCall, question: Asked) -> ReadinessAnswer:
    """How ready the briefs published in a period were, by section and by month."""

    def work(looked: Looked) -> Any:
        return readiness(further_figures.publications(looked.unit, looked.period), looked.period)

    return ReadinessAnswer.model_validate(_grouped(call, question, "readiness", "month", work))


def _grouped(
    call: Call, question: Question, figure: str, group_by: str, work: Any, basis: Basis = OWN_LOG
) -> Mapping[str, Any]:
    told, (total, groups) = answer_to(call.services, call.ctx, question, figure, work, basis)
    return {**told, "group_by": group_by, "total": total, "groups": groups}


@router.figure("/products", counted_in({"*": "projects"}))
def products_answer(call: ManagerCall, question: AskedSoFar) -> ProductsAnswer:
    """How long the service's own projects of each product took, beside what the ladder promises."""
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
