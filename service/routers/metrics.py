"""Figures for funders and managers: the same question with the same as_of gets the same bytes (API.md section 4)."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from service.routers.calls import Call
from service.routers.conditional import tagged
from service.routers.csv_answers import CsvResponse, csv_text
from service.routers.doors import FiguresCall
from service.routers.figure_answers import (
    CSV_RESPONSES,
    RESPONSES,
    Asked,
    Question,
    answered,
    as_json,
    computed,
    refuse_unknown,
    wants_csv,
)
from service.routers.figure_rows import DEFINITION_COLUMNS, definition_rows
from service.routers.requests import JsonRoute
from service.routers.schemas.common import Page
from service.routers.schemas.figures import (
    DefinitionShown,
    FunnelAnswer,
    GroupCell,
    ThroughputAnswer,
    ThroughputCell,
)
from service.throughput.cohort import Figures, funnel, throughput
from service.throughput.definitions import DEFINITIONS
from service.throughput.grouped import grouped
from service.throughput.groups import GroupBy
from service.throughput.packing import Beside

router = APIRouter(prefix="/api/v1/metrics", route_class=JsonRoute, tags=["figures"])

AskedGroup = Annotated[
    GroupBy | None,
    Query(
        alias="group_by",
        description="Figures by group beside the total. By topic and by university several groups may hold one enquiry.",
    ),
]


@router.get("/throughput", response_model=ThroughputAnswer, responses=RESPONSES)
def show_throughput(call: FiguresCall, question: Asked, group_by: AskedGroup = None) -> Response:
    """What became of the enquiries submitted in a period: decided, commissioned, exits, and how long it took.

    Unfinished enquiries are never dropped. The answer to a question with an `as_of` never changes.
    """
    return answered(call, throughput_answer(call, question, group_by), as_csv=wants_csv(call))


@router.get("/throughput.csv", response_class=CsvResponse, responses=CSV_RESPONSES)
def export_throughput(call: FiguresCall, question: Asked, group_by: AskedGroup = None) -> Response:
    """The same, one number a row."""
    return answered(call, throughput_answer(call, question, group_by), as_csv=True)


@router.get("/funnel", response_model=FunnelAnswer, responses=RESPONSES)
def show_funnel(call: FiguresCall, question: Asked) -> Response:
    """How far the enquiries submitted in a period got, state by state."""
    return answered(call, funnel_answer(call, question), as_csv=wants_csv(call))


@router.get("/funnel.csv", response_class=CsvResponse, responses=CSV_RESPONSES)
def export_funnel(call: FiguresCall, question: Asked) -> Response:
    """The same, one number a row."""
    return answered(call, funnel_answer(call, question), as_csv=True)


@router.get("/definitions", response_model=Page[DefinitionShown], responses=RESPONSES)
def list_definitions(call: FiguresCall) -> Response:
    """What each figure means, and how it is reckoned. A changed meaning gets a new version."""
    return _definitions(call, as_csv=wants_csv(call))


@router.get("/definitions.csv", response_class=CsvResponse, responses=CSV_RESPONSES)
def export_definitions(call: FiguresCall) -> Response:
    """The same, one definition a row."""
    return _definitions(call, as_csv=True)


def throughput_answer(call: Call, question: Question, group_by: GroupBy | None) -> ThroughputAnswer:
    """Return what became of a cohort: what every door and page of the figures tells."""
    if group_by is None:
        told, total = computed(call, question, "throughput", throughput, "spans")
        return ThroughputAnswer.model_validate({**told, "group_by": None, "total": total, "groups": []})
    compute = partial(grouped, grouping=group_by)
    beside: tuple[Beside, ...] = ("spans", "universities") if group_by == GroupBy.UNIVERSITY else ("spans",)
    told, (total, groups) = computed(call, question, "throughput", compute, *beside)
    shown = [GroupCell.model_validate({"key": group.key, **_members(group.figures)}) for group in groups]
    return ThroughputAnswer.model_validate({**told, "group_by": group_by, "total": total, "groups": shown})


def _members(figures: Figures) -> dict[str, Any]:
    return {name: getattr(figures, name) for name in ThroughputCell.model_fields}


def funnel_answer(call: Call, question: Question) -> FunnelAnswer:
    """Return how far a cohort got."""
    told, found = computed(call, question, "funnel", funnel)
    return FunnelAnswer.model_validate({**told, "total": found})


def _definitions(call: Call, *, as_csv: bool) -> Response:
    refuse_unknown(call.request, set())
    if as_csv:
        return tagged(call.request, csv_text(DEFINITION_COLUMNS, definition_rows()), CsvResponse.media_type)
    page = Page(items=[DefinitionShown.model_validate(definition) for definition in DEFINITIONS])
    return tagged(call.request, as_json(page.model_dump(mode="json")), "application/json")
