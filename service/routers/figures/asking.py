"""The one way from the figures to pages and reports: the answers that the API gives, to the same question."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel, TypeAdapter, ValidationError

from service.context import Context
from service.errors import invalid
from service.records import figures
from service.routers import further_metrics, metrics, team_metrics
from service.routers.calls import Call
from service.routers.figure_answers import Question
from service.routers.forms import Posted
from service.routers.schemas.common import Day
from service.routers.schemas.figures import FunnelAnswer, ThroughputAnswer
from service.routers.schemas.further_figures import AgeingAnswer, DemandAnswer, TransitionsAnswer, UniversitiesAnswer
from service.routers.schemas.team_figures import (
    AccessAnswer,
    BrokerageAnswer,
    CouncilsAnswer,
    ProductsAnswer,
    ReachAnswer,
    ReadinessAnswer,
    RemindersAnswer,
)
from service.routers.services import Services, context_of, services_of
from service.throughput.groups import GroupBy
from service.throughput.periods import closing_instant, settled_as_of
from service.working_time import local_date, month_start

Told = TypeVar("Told", bound=BaseModel)

_DAY: TypeAdapter[date] = TypeAdapter(Day)
WHO_ASKED = (GroupBy.SECTOR, GroupBy.AREA, GroupBy.ENQUIRY_TYPE)
"""The groups that pages show beside topics, which come with unmet demand."""
FILES: Mapping[str, Callable[[Call, Question], Response]] = {
    "funnel": metrics.funnel_answer.export,
    "ageing": further_metrics.ageing_answer.export,
    "demand": further_metrics.demand_answer.export,
    "universities": further_metrics.universities_answer.export,
    "transitions": further_metrics.transitions_answer.export,
    "reach": lambda call, question: team_metrics.reach_answer.export(call, so_far(question)),
}
"""The files that are asked for by a question alone; throughput also by group."""
TEAM_FILES: Mapping[str, Callable[[Call, Question], Response]] = {
    "access": team_metrics.access_answer.export,
    "brokerage": team_metrics.brokerage_answer.export,
    "reminders": team_metrics.reminders_answer.export,
    "readiness": team_metrics.readiness_answer.export,
    "products": lambda call, question: team_metrics.products_answer.export(call, so_far(question)),
    "councils": lambda call, question: team_metrics.councils_answer.export(call, so_far(question)),
}
"""The same for the team alone."""


@dataclass(frozen=True, slots=True)
class Team:
    """What only the team's own page shows."""

    ageing: AgeingAnswer
    transitions: TransitionsAnswer
    councils: CouncilsAnswer
    access: AccessAnswer
    brokerage: BrokerageAnswer
    reminders: RemindersAnswer
    readiness: ReadinessAnswer
    products: ProductsAnswer


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything a page or a report tells, of one cohort at one as_of."""

    throughput: ThroughputAnswer
    """By month."""
    funnel: FunnelAnswer
    demand: DemandAnswer
    universities: UniversitiesAnswer
    groups: Mapping[GroupBy, ThroughputAnswer]
    reach: ReachAnswer
    team: Team | None = None
    grouped: ThroughputAnswer | None = None
    """By whatever the team chose."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Of groups that are organisations."""

    def plain(self) -> str:
        """Return what everybody is told as one text, the same for the same answers."""
        told = [self.throughput, self.funnel, self.demand, self.universities, *self.groups.values(), self.reach]
        return json.dumps([each.model_dump(mode="json") for each in told], sort_keys=True)


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


def so_far(question: Question) -> Question:
    """Return the question for figures that tell everything up to their as_of."""
    return Question(None, None, question.as_of)


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
        reach=_kept(call, so_far(asked), "reach", team_metrics.reach_answer),
    )


def answers_for_the_team(call: Call, question: Question) -> Answers:
    """Return the same with what only the team's own page shows."""
    asked = settled(question, call)
    team = Team(
        ageing=_kept(call, asked, "ageing", further_metrics.ageing_answer),
        transitions=_kept(call, asked, "transitions", further_metrics.transitions_answer),
        councils=_kept(call, so_far(asked), "councils", team_metrics.councils_answer),
        access=_kept(call, asked, "access", team_metrics.access_answer),
        brokerage=_kept(call, asked, "brokerage", team_metrics.brokerage_answer),
        reminders=_kept(call, asked, "reminders", team_metrics.reminders_answer),
        readiness=_kept(call, asked, "readiness", team_metrics.readiness_answer),
        products=_kept(call, so_far(asked), "products", team_metrics.products_answer),
    )
    return replace(answers_to(call, asked), team=team)


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
