"""How figures are asked for and worked out: one settled month, one snapshot, the same answer each time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request

from service.actions.settle import close, close_through, settle
from service.context import Context
from service.errors import invalid
from service.records import closing, events, figures, installation
from service.records.database import Unit
from service.routers.calls import Call
from service.routers.schemas.common import Day
from service.routers.schemas.figures import DefinitionUsed, PeriodShown
from service.routers.schemas.team_figures import DefinitionTold
from service.routers.services import Services
from service.throughput.calendars import Calendars
from service.throughput.definitions import DEFINITION_IDS, DEFINITIONS
from service.throughput.packing import Beside, Cases
from service.throughput.periods import Period, closing_instant, month_number, months_over, period_of, settled_as_of
from service.working_time import local_date

Found = TypeVar("Found")
Compute = Callable[[Cases, Period, Calendars, int], Found]

_NO_GROUPS = "These figures are not told by group. /api/v1/metrics/throughput takes group_by."
_BY_FIGURE = {definition.figure: definition for definition in DEFINITIONS}


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


def refuse_unknown(request: Request, known: set[str]) -> None:
    """Refuse parameters that are not known: they would change the answer unseen."""
    for name in request.query_params:
        if name in known:
            continue
        if name == "group_by":
            raise invalid(name, _NO_GROUPS)
        raise invalid(name, f"There is no parameter {name} here.")


@dataclass(frozen=True)
class Looked:
    """What figures are worked out from: one snapshot, the period, and what holds in it."""

    unit: Unit
    period: Period
    first: datetime | None
    """The first submission among the cases that these figures tell of."""
    nation: str
    threshold: int

    @cached_property
    def calendars(self) -> Calendars:
        return figures.calendars_before(self.unit, self.period.closes, self.nation)

    @property
    def first_day(self) -> date | None:
        return local_date(self.first) if self.first is not None else None


@dataclass(frozen=True, slots=True)
class Basis:
    """Which cases figures tell of, what must be over before they can be told, and how their definition is named."""

    is_over: Callable[[Unit, datetime], bool]
    end: Callable[[Unit, Context, datetime], None]
    first: Callable[[Unit, datetime], datetime | None]
    counted: Sequence[str]
    """The sources of history whose cases must have been counted at the month's end (records/closing.py)."""
    define: Callable[[str, int, str], DefinitionUsed | DefinitionTold]


def _by_id(figure: str, threshold: int, nation: str) -> DefinitionUsed:
    return DefinitionUsed(
        id=DEFINITION_IDS[figure], figures=DEFINITION_IDS, suppression_threshold=threshold, nation=nation
    )


def _in_words(figure: str, threshold: int, nation: str) -> DefinitionTold:
    meant = _BY_FIGURE[figure]
    return DefinitionTold(
        id=meant.id, text=meant.text, rules=list(meant.rules), suppression_threshold=threshold, nation=nation
    )


ALL_CASES = Basis(figures.is_settled, settle, figures.first_submission, closing.SOURCES, _by_id)
"""The service's own cases and an earlier service's, as they counted at the month's end."""
OWN_CASES = Basis(events.is_closed_before, close, figures.first_own_submission, (closing.LOG,), _in_words)
"""The service's own cases alone."""
OWN_LOG = Basis(events.is_closed_before, close, figures.first_own_submission, (), _in_words)
"""The service's own log, of which nothing needs to have been counted."""


def answer_to(
    services: Services,
    ctx: Context,
    question: Question,
    figure: str,
    work: Callable[[Looked], Found],
    basis: Basis = OWN_LOG,
) -> tuple[dict[str, Any], Found]:
    """Return what every answer tells beside its figures, and the figures: the month is settled, then one snapshot read."""
    as_of = settled_as_of(question.as_of, ctx.now)
    closes = closing_instant(as_of)
    if not services.database.read(lambda unit: basis.is_over(unit, closes)):
        services.database.transact(lambda unit: basis.end(unit, ctx, closes))
    if basis.counted:
        close_through(services.database, ctx, month_number(as_of), basis.counted)
    threshold = services.settings.suppression_threshold

    def look(unit: Unit) -> tuple[dict[str, Any], Found]:
        first = basis.first(unit, closes)
        period = period_of(question.start, question.end, as_of, first)
        told = {
            "as_of": as_of,
            "definition": basis.define(figure, threshold, ctx.nation),
            "period": PeriodShown(start=period.start, end=period.end, months=months_over(period)),
            "invented": installation.is_invented(unit),
        }
        return told, work(Looked(unit, period, first, ctx.nation, threshold))

    return services.database.read(look)


def computed(
    call: Call, question: Question, figure: str, compute: Compute[Found], *beside: Beside
) -> tuple[dict[str, Any], Found]:
    """The same of a cohort of all cases. `beside` names what the figure looks at in a case beside its head
    (service/throughput/packing.py).
    """

    def work(looked: Looked) -> Found:
        cases = closing.counted(looked.unit, month_number(looked.period.as_of), *beside)
        return compute(cases, looked.period, looked.calendars, looked.threshold)

    return answer_to(call.services, call.ctx, question, figure, work, ALL_CASES)
