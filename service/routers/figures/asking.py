"""The one way from the figures to pages and reports: the answers that the API gives, to the same question."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from service.context import Context
from service.errors import invalid
from service.records import figures
from service.routers import further_metrics, metrics
from service.routers.calls import Call
from service.routers.figure_answers import Question
from service.routers.forms import Posted
from service.routers.schemas.common import Day
from service.routers.schemas.figures import FiguresAnswer, FunnelAnswer, ThroughputAnswer
from service.routers.schemas.further_figures import AgeingAnswer, DemandAnswer, TransitionsAnswer, UniversitiesAnswer
from service.routers.services import Services, context_of, services_of
from service.throughput.groups import GroupBy
from service.throughput.periods import closing_instant, settled_as_of
from service.working_time import local_date, month_start

Told = TypeVar("Told", bound=FiguresAnswer)

_DAY: TypeAdapter[date] = TypeAdapter(Day)
WHO_ASKED = (GroupBy.SECTOR, GroupBy.AREA, GroupBy.ENQUIRY_TYPE)
"""The groups that pages show beside topics, which come with unmet demand."""
FILES: Mapping[str, Callable[[Call, Question], Response]] = {
    "funnel": metrics.export_funnel,
    "ageing": further_metrics.export_ageing,
    "demand": further_metrics.export_demand,
    "universities": further_metrics.export_universities,
    "transitions": further_metrics.export_transitions,
}
"""The files that are asked for by a question alone; throughput also by group."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything a page or a report tells, of one cohort at one as_of."""

    throughput: ThroughputAnswer
    """By month."""
    funnel: FunnelAnswer
    demand: DemandAnswer
    universities: UniversitiesAnswer
    groups: Mapping[GroupBy, ThroughputAnswer]
    ageing: AgeingAnswer | None = None
    transitions: TransitionsAnswer | None = None
    """The last two are for the team's own page."""
    grouped: ThroughputAnswer | None = None
    """By whatever the team chose."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Of groups that are organisations."""

    def plain(self) -> str:
        """Return all of it as one text, the same for the same answers."""
        told = [self.throughput, self.funnel, self.demand, self.universities, *self.groups.values(), self.ageing, self.transitions, self.grouped]  # fmt: skip
        plain = [each.model_dump(mode="json") for each in told if each is not None]
        return json.dumps([plain, dict(self.names)], sort_keys=True)


def call_of(request: Request) -> Call:
    """Return the call of somebody who shows no key: what is told is the same for everybody."""
    return Call(request, services_of(request), context_of(request))


def call_without_request(services: Services, ctx: Context) -> Call:
    """Return the call of a command, which asks as a visitor would."""
    return Call(Request({"type": "http", "query_string": b"", "headers": []}), services, ctx)


def asked_in(view: Posted) -> Question:
    """Return the question that stands in an address, under the names the API has. Raises Problem 422 for what is no date."""
    return Question(_day(view, "from"), _day(view, "to"), _day(view, "as_of"))


def settled(question: Question, call: Call) -> Question:
    """Return the question with the month it is answered for. Raises Problem 422 unless that is over."""
    return replace(question, as_of=settled_as_of(question.as_of, call.ctx.now))


def first_month(call: Call) -> date | None:
    """Return the first day of the first month with a submission; None where nobody has asked anything."""
    closes = closing_instant(settled_as_of(None, call.ctx.now))
    first = call.read(lambda unit: figures.first_submission(unit, closes))
    return month_start(local_date(first)) if first else None


def answers_to(call: Call, question: Question) -> Answers:
    """Return what is told of a cohort. Raises Problem 422 for a question that cannot be answered."""
    asked = settled(question, call)
    return Answers(
        throughput=throughput_by(call, asked, GroupBy.MONTH),
        funnel=_kept(call, asked, "funnel", metrics.funnel_answer),
        demand=_kept(call, asked, "demand", further_metrics.demand_answer),
        universities=_kept(call, asked, "universities", further_metrics.universities_answer),
        groups={grouping: throughput_by(call, asked, grouping) for grouping in WHO_ASKED},
    )


def answers_for_the_team(call: Call, question: Question) -> Answers:
    """Return the same with what only the team's own page shows."""
    asked = settled(question, call)
    return replace(
        answers_to(call, asked),
        ageing=_kept(call, asked, "ageing", further_metrics.ageing_answer),
        transitions=_kept(call, asked, "transitions", further_metrics.transitions_answer),
    )


def throughput_by(call: Call, asked: Question, grouping: GroupBy) -> ThroughputAnswer:
    """Return what became of a cohort, by group."""

    def make(caller: Call, question: Question) -> ThroughputAnswer:
        return metrics.throughput_answer(caller, question, grouping)

    return _kept(call, asked, f"throughput by {grouping}", make)


def _kept(call: Call, asked: Question, name: str, make: Callable[[Call, Question], Told]) -> Told:
    return call.services.figures.get((name, asked), lambda: make(call, asked))


def _day(view: Posted, name: str) -> date | None:
    text = view.line(name)
    if not text:
        return None
    try:
        return _DAY.validate_python(text)
    except ValidationError:
        raise invalid(name, f"{text[:40]} is not a date here: write it as 2026-04-01.") from None
