"""How further figures are asked for and answered: one settled month, one snapshot, the same bytes each time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel

from service.actions.settle import close, close_through
from service.context import Context
from service.records import closing, events, figures, installation
from service.records.database import Unit
from service.routers.calls import Call
from service.routers.conditional import tagged
from service.routers.csv_answers import Cell, CsvResponse, csv_text, prefers_csv
from service.routers.figure_answers import Question, as_json, refuse_unknown
from service.routers.figure_rows import FIGURE_COLUMNS
from service.routers.schemas.common import Day
from service.routers.schemas.figures import PeriodShown
from service.routers.schemas.team_figures import DefinitionTold
from service.routers.services import Services
from service.throughput.calendars import Calendars
from service.throughput.definitions import DEFINITIONS
from service.throughput.periods import Period, closing_instant, month_number, months_over, period_of, settled_as_of
from service.working_time import local_date

T = TypeVar("T")

_BY_FIGURE = {definition.figure: definition for definition in DEFINITIONS}
_NO_NUMBERS = frozenset({"key", "label", "suppressed", "not_reached"})
_UNITS = {
    "median": "working days", "p75": "working days", "p90": "working days", "median_days_to_answer": "working days",
    "typical": "working days", "long": "working days", "met": "share",
}  # fmt: skip
Units = Mapping[str, str]


def asked_so_far(
    request: Request,
    as_of: Annotated[
        Day | None, Query(description="Last day of a month that is over; by default of the last such month.")
    ] = None,
) -> Question:
    """The same of figures that tell everything up to their as_of."""
    refuse_unknown(request, {"as_of"})
    return Question(None, None, as_of)


AskedSoFar = Annotated[Question, Depends(asked_so_far)]


@dataclass(frozen=True)
class Looked:
    """What further figures are worked out from: one snapshot, the period, and what holds in it."""

    unit: Unit
    period: Period
    first: datetime | None
    """The first submission to this service: an earlier one's cases are in none of these figures."""
    nation: str
    threshold: int

    @cached_property
    def calendars(self) -> Calendars:
        return figures.calendars_before(self.unit, self.period.closes, self.nation)

    @property
    def first_day(self) -> date | None:
        return local_date(self.first) if self.first is not None else None


def answer_to(
    services: Services,
    ctx: Context,
    question: Question,
    figure: str,
    work: Callable[[Looked], T],
    *,
    is_counted: bool = False,
) -> tuple[dict[str, Any], T]:
    """Return what every answer tells beside its figures, and the figures: the month is settled, then one snapshot read.

    A figure that `is_counted` reads what the service's own cases counted as at the month's end (records/closing.py).
    """
    as_of = settled_as_of(question.as_of, ctx.now)
    closes = closing_instant(as_of)
    if not services.database.read(lambda unit: events.is_closed_before(unit, closes)):
        services.database.transact(lambda unit: close(unit, ctx, closes))
    if is_counted:
        close_through(services.database, ctx, month_number(as_of), (closing.LOG,))
    threshold = services.settings.suppression_threshold
    meant = _BY_FIGURE[figure]

    def look(unit: Unit) -> tuple[dict[str, Any], T]:
        first = figures.first_own_submission(unit, closes)
        period = period_of(question.start, question.end, as_of, first)
        told = {
            "as_of": as_of,
            "definition": DefinitionTold(
                id=meant.id,
                text=meant.text,
                rules=list(meant.rules),
                suppression_threshold=threshold,
                nation=ctx.nation,
            ),
            "period": PeriodShown(start=period.start, end=period.end, months=months_over(period)),
            "invented": installation.is_invented(unit),
        }
        return told, work(Looked(unit, period, first, ctx.nation, threshold))

    return services.database.read(look)


def answered(call: Call, answer: BaseModel, *, as_csv: bool, units: Units | None = None) -> Response:
    """Return an answer with its tag: CSV where the door is for it or Accept asks for it, else JSON."""
    plain = answer.model_dump(mode="json", by_alias=True)
    if as_csv or prefers_csv(call.request.headers.get("accept")):
        return tagged(call.request, csv_text(FIGURE_COLUMNS, rows(plain, units or {})), CsvResponse.media_type)
    return tagged(call.request, as_json(plain), "application/json")


def rows(answer: Mapping[str, Any], units: Units) -> Iterator[Sequence[Cell]]:
    """Yield one number a row, laid out as the other figures are.

    `units` names the unit of a statistic, of a part of it, or of the rest by "*"; enquiries where it says nothing.
    """
    period, figure = answer["period"], answer["definition"]["id"].partition("/")[0]
    cells: list[tuple[str | None, Any]] = [(None, answer["total"])] if "total" in answer else []
    cells += [(each["key"], each) for each in (*answer.get("groups", ()), *answer.get("items", ()))]
    cells += [("others", answer["others"])] if "others" in answer else []
    for key, cell in cells:
        group_by = answer.get("group_by", "product" if "items" in answer else "") if key else None
        for (*where, statistic), value in _numbers(cell, ()):
            of, by = [*where, "", ""][:2]
            unit = (
                units.get(where[0] if where else "")
                or units.get(statistic)
                or _UNITS.get(statistic)
                or units.get("*", "enquiries")
            )
            yield (
                answer["as_of"], period["from"], period["to"], group_by, key, figure, of, by, statistic, value, unit,
                answer["definition"]["id"], value is None and cell.get("suppressed", False), answer["invented"],
            )  # fmt: skip


def _numbers(told: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Cell]]:
    for name, value in told.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, (*path, name))
        elif name not in _NO_NUMBERS:
            yield (*path, name), value
