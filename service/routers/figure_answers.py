"""How figures are asked for and answered: one settled month, one snapshot, the same bytes each time."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request, Response

from service.actions.settle import close_through, settle
from service.errors import invalid
from service.records import closing, figures, installation
from service.records.database import Unit
from service.routers.calls import Call
from service.routers.conditional import NOT_MODIFIED, tagged
from service.routers.csv_answers import CsvResponse, csv_text, prefers_csv
from service.routers.figure_rows import FIGURE_COLUMNS, figure_rows
from service.routers.schemas.common import PROBLEMS, Day
from service.routers.schemas.figures import DefinitionUsed, FiguresAnswer, PeriodShown
from service.throughput.calendars import Calendars
from service.throughput.definitions import DEFINITION_IDS
from service.throughput.packing import Beside, Cases
from service.throughput.periods import (
    Period,
    closing_instant,
    month_number,
    months_over,
    period_of,
    settled_as_of,
)

Found = TypeVar("Found")
Compute = Callable[[Cases, Period, Calendars, int], Found]

RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
    **NOT_MODIFIED,
    **PROBLEMS(),
}
CSV_RESPONSES: dict[int | str, dict[str, Any]] = {**NOT_MODIFIED, **PROBLEMS()}
_NO_GROUPS = "These figures are not told by group. /api/v1/metrics/throughput takes group_by."


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, checked as far as it can be without looking."""

    start: date | None
    end: date | None
    as_of: date | None


def asked(
    request: Request,
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
    refuse_unknown(request, known | {"group_by"} if "/throughput" in request.url.path else known)
    return Question(start, end, as_of)


Asked = Annotated[Question, Depends(asked)]


def computed(
    call: Call,
    question: Question,
    figure: str,
    compute: Compute[Found],
    *beside: Beside,
) -> tuple[dict[str, Any], Found]:
    """Return what every answer tells beside its figures, and the figures: the month is settled, then one snapshot read.

    `beside` names what the figure looks at in a case beside its head (service/throughput/packing.py).
    """
    as_of = settled_as_of(question.as_of, call.ctx.now)
    closes = closing_instant(as_of)
    if not call.read(lambda unit: figures.is_settled(unit, closes)):
        call.services.database.transact(lambda unit: settle(unit, call.ctx, closes))
    close_through(call.services.database, call.ctx, month_number(as_of))
    threshold = call.services.settings.suppression_threshold

    def work(unit: Unit) -> tuple[dict[str, Any], Found]:
        period = period_of(question.start, question.end, as_of, figures.first_submission(unit, closes))
        calendars = figures.calendars_before(unit, closes, call.ctx.nation)
        cases = closing.counted(unit, month_number(as_of), *beside)
        found = compute(cases, period, calendars, threshold)
        told = {
            "as_of": as_of,
            "definition": DefinitionUsed(
                id=DEFINITION_IDS[figure],
                figures=DEFINITION_IDS,
                suppression_threshold=threshold,
                nation=call.ctx.nation,
            ),
            "period": PeriodShown(start=period.start, end=period.end, months=months_over(period)),
            "invented": installation.is_invented(unit),
        }
        return told, found

    return call.read(work)


def wants_csv(call: Call) -> bool:
    """Tell whether the caller asks for CSV by Accept."""
    return prefers_csv(call.request.headers.get("accept"))


def answered(call: Call, answer: FiguresAnswer, *, as_csv: bool) -> Response:
    """Return an answer as JSON or CSV with its tag."""
    plain = answer.model_dump(mode="json")
    if as_csv:
        return tagged(call.request, csv_text(FIGURE_COLUMNS, figure_rows(plain)), CsvResponse.media_type)
    return tagged(call.request, as_json(plain), "application/json")


def refuse_unknown(request: Request, known: set[str]) -> None:
    """Refuse parameters that are not known: they would change the answer unseen."""
    for name in request.query_params:
        if name in known:
            continue
        if name == "group_by":
            raise invalid(name, _NO_GROUPS)
        raise invalid(name, f"There is no parameter {name} here.")


def as_json(plain: object) -> str:
    """Return JSON in the one way it is written here."""
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
