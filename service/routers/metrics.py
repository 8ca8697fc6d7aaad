"""Figures for funders and managers: the same question with the same as_of gets the same bytes (API.md section 4)."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query, Response

from service.actions.settle import settle
from service.errors import invalid
from service.records import figures, installation
from service.records.database import Unit
from service.routers.calls import Call
from service.routers.conditional import NOT_MODIFIED, tagged
from service.routers.csv_answers import CsvResponse, csv_text, prefers_csv
from service.routers.doors import FiguresCall
from service.routers.figure_rows import DEFINITION_COLUMNS, FIGURE_COLUMNS, definition_rows, figure_rows
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS, Day, Page
from service.routers.schemas.figures import (
    DefinitionShown,
    DefinitionUsed,
    FiguresAnswer,
    FunnelAnswer,
    GroupCell,
    PeriodShown,
    ThroughputAnswer,
    ThroughputCell,
)
from service.throughput.calendars import Calendars
from service.throughput.cohort import Figures, funnel, throughput
from service.throughput.definitions import DEFINITION_IDS, DEFINITIONS
from service.throughput.grouped import grouped
from service.throughput.groups import GroupBy
from service.throughput.log import History
from service.throughput.periods import Period, closing_instant, months_over, period_of, settled_as_of

router = APIRouter(prefix="/api/v1/metrics", route_class=JsonRoute, tags=["figures"])

Found = TypeVar("Found")
Compute = Callable[[Iterable[History], Period, Calendars, int], Found]

_IN_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
_RESPONSES = {**_IN_CSV, **NOT_MODIFIED, **PROBLEMS()}
_CSV_RESPONSES = {**NOT_MODIFIED, **PROBLEMS()}
_NO_GROUPS = "These figures are not told by group. /api/v1/metrics/throughput takes group_by."


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, checked as far as it can be without looking."""

    start: date | None
    end: date | None
    as_of: date | None


def asked(
    call: FiguresCall,
    start: Annotated[
        Day | None,
        Query(alias="from", description="First day of the first month; by default the first with a submission."),
    ] = None,
    end: Annotated[
        Day | None,
        Query(alias="to", description="First day of the month after the last; by default the day after as_of."),
    ] = None,
    as_of: Annotated[
        Day | None, Query(description="Last day of a month that is over; by default of the last such month.")
    ] = None,
) -> Question:
    """Return the question. Raises Problem 422 for a parameter that is not known: it would change the answer unseen."""
    known = {"from", "to", "as_of"}
    _refuse_unknown(call, known | {"group_by"} if "/throughput" in call.request.url.path else known)
    return Question(start, end, as_of)


Asked = Annotated[Question, Depends(asked)]
AskedGroup = Annotated[
    GroupBy | None,
    Query(
        alias="group_by",
        description="Figures by group beside the total. By topic and by university several groups may hold one enquiry.",
    ),
]


@router.get("/throughput", response_model=ThroughputAnswer, responses=_RESPONSES)
def show_throughput(call: FiguresCall, question: Asked, group_by: AskedGroup = None) -> Response:
    """What became of the enquiries submitted in a period: decided, commissioned, exits, and how long it took.

    Unfinished enquiries are never dropped. The answer to a question with an `as_of` never changes.
    """
    return _figures(call, _throughput(call, question, group_by), as_csv=prefers_csv(call.request.headers.get("accept")))


@router.get("/throughput.csv", response_class=CsvResponse, responses=_CSV_RESPONSES)
def export_throughput(call: FiguresCall, question: Asked, group_by: AskedGroup = None) -> Response:
    """The same, one number a row."""
    return _figures(call, _throughput(call, question, group_by), as_csv=True)


@router.get("/funnel", response_model=FunnelAnswer, responses=_RESPONSES)
def show_funnel(call: FiguresCall, question: Asked) -> Response:
    """How far the enquiries submitted in a period got, state by state."""
    return _figures(call, _funnel(call, question), as_csv=prefers_csv(call.request.headers.get("accept")))


@router.get("/funnel.csv", response_class=CsvResponse, responses=_CSV_RESPONSES)
def export_funnel(call: FiguresCall, question: Asked) -> Response:
    """The same, one number a row."""
    return _figures(call, _funnel(call, question), as_csv=True)


@router.get("/definitions", response_model=Page[DefinitionShown], responses=_RESPONSES)
def list_definitions(call: FiguresCall) -> Response:
    """What each figure means, and how it is reckoned. A changed meaning gets a new version."""
    return _definitions(call, as_csv=prefers_csv(call.request.headers.get("accept")))


@router.get("/definitions.csv", response_class=CsvResponse, responses=_CSV_RESPONSES)
def export_definitions(call: FiguresCall) -> Response:
    """The same, one definition a row."""
    return _definitions(call, as_csv=True)


def _throughput(call: Call, question: Question, group_by: GroupBy | None) -> ThroughputAnswer:
    if group_by is None:
        told, total = _compute(call, question, throughput)
        return ThroughputAnswer.model_validate({**told, "group_by": None, "total": total, "groups": []})
    told, (total, groups) = _compute(call, question, partial(grouped, grouping=group_by))
    shown = [GroupCell.model_validate({"key": group.key, **_members(group.figures)}) for group in groups]
    return ThroughputAnswer.model_validate({**told, "group_by": group_by, "total": total, "groups": shown})


def _members(figures: Figures) -> dict[str, Any]:
    return {name: getattr(figures, name) for name in ThroughputCell.model_fields}


def _funnel(call: Call, question: Question) -> FunnelAnswer:
    told, found = _compute(call, question, funnel)
    definition = told["definition"].model_copy(update={"id": DEFINITION_IDS["funnel"]})
    return FunnelAnswer.model_validate({**told, "definition": definition, "total": found})


def _compute(call: Call, question: Question, compute: Compute[Found]) -> tuple[dict[str, Any], Found]:
    """Settle the month, then read everything from one snapshot."""
    as_of = settled_as_of(question.as_of, call.ctx.now)
    closes = closing_instant(as_of)
    if not call.read(lambda unit: figures.is_settled(unit, closes)):
        call.services.database.transact(lambda unit: settle(unit, call.ctx, closes))
    threshold = call.services.settings.suppression_threshold

    def work(unit: Unit) -> tuple[dict[str, Any], Found]:
        period = period_of(question.start, question.end, as_of, figures.first_submission(unit, closes))
        calendars = figures.calendars_before(unit, closes, call.ctx.nation)
        found = compute(figures.logged_before(unit, closes), period, calendars, threshold)
        told = {
            "as_of": as_of,
            "definition": DefinitionUsed(
                id=DEFINITION_IDS["throughput"],
                figures=DEFINITION_IDS,
                suppression_threshold=threshold,
                nation=call.ctx.nation,
            ),
            "period": PeriodShown(start=period.start, end=period.end, months=months_over(period)),
            "invented": installation.is_invented(unit),
        }
        return told, found

    return call.read(work)


def _figures(call: Call, answer: FiguresAnswer, *, as_csv: bool) -> Response:
    plain = answer.model_dump(mode="json")
    if as_csv:
        return tagged(call.request, csv_text(FIGURE_COLUMNS, figure_rows(plain)), CsvResponse.media_type)
    return tagged(call.request, _json(plain), "application/json")


def _definitions(call: Call, *, as_csv: bool) -> Response:
    _refuse_unknown(call, set())
    if as_csv:
        return tagged(call.request, csv_text(DEFINITION_COLUMNS, definition_rows()), CsvResponse.media_type)
    page = Page(items=[DefinitionShown.model_validate(definition) for definition in DEFINITIONS])
    return tagged(call.request, _json(page.model_dump(mode="json")), "application/json")


def _refuse_unknown(call: Call, known: set[str]) -> None:
    for name in call.request.query_params:
        if name in known:
            continue
        if name == "group_by":
            raise invalid(name, _NO_GROUPS)
        raise invalid(name, f"There is no parameter {name} here.")


def _json(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
