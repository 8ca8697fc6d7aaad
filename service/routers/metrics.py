"""Figures for funders and managers: the same question with the same as_of gets the same bytes (API.md section 4)."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import Query

from service.routers.csv_answers import Cell
from service.routers.doors import FiguresCall
from service.routers.figure_answers import Asked, computed, refuse_unknown
from service.routers.figure_doors import FigureRouter
from service.routers.figure_rows import COHORT, Table
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

router = FigureRouter()

AskedGroup = Annotated[
    GroupBy | None,
    Query(
        alias="group_by",
        description="Figures by group beside the total. By topic and by university several groups may hold one enquiry.",
    ),
]


@router.figure("/throughput", COHORT)
def throughput_answer(call: FiguresCall, question: Asked, group_by: AskedGroup = None) -> ThroughputAnswer:
    """What became of the enquiries submitted in a period: decided, commissioned, exits, and how long it took.

    Unfinished enquiries are never dropped. The answer to a question with an `as_of` never changes.
    """
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


@router.figure("/funnel", COHORT)
def funnel_answer(call: FiguresCall, question: Asked) -> FunnelAnswer:
    """How far the enquiries submitted in a period got, state by state."""
    told, found = computed(call, question, "funnel", funnel)
    return FunnelAnswer.model_validate({**told, "total": found})


def _definition_rows(answer: Mapping[str, Any]) -> Iterator[Sequence[Cell]]:
    for each in answer["items"]:
        yield each["id"], each["figure"], each["version"], each["unit"], each["text"], " ".join(each["rules"])


_DEFINITIONS = Table(("id", "figure", "version", "unit", "text", "rules"), _definition_rows, row="definition")


@router.figure("/definitions", _DEFINITIONS, verb="list")
def definitions_answer(call: FiguresCall) -> Page[DefinitionShown]:
    """What each figure means, and how it is reckoned. A changed meaning gets a new version."""
    refuse_unknown(call.request, set())
    return Page(items=[DefinitionShown.model_validate(definition) for definition in DEFINITIONS])
