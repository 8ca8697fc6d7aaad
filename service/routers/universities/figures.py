"""A university's own figures: of nobody else, whatever is asked. The others are told all together, where they may be."""

from uuid import UUID

from fastapi import APIRouter, Response

from service.context import Context
from service.records import closing
from service.routers.csv_answers import CsvResponse
from service.routers.doors import UniversityCall
from service.routers.figure_answers import CSV_RESPONSES, RESPONSES, Asked, Question
from service.routers.further_answers import Looked, answer_to, answered
from service.routers.requests import JsonRoute
from service.routers.schemas.own_figures import OwnAnswer
from service.routers.services import Services
from service.routers.universities.own import own_university
from service.throughput.own import Others, Own, own
from service.throughput.periods import month_number

router = APIRouter(prefix="/api/v1/metrics", route_class=JsonRoute, tags=["figures"])

UNITS = {
    "*": "calls", "interests": "interests", "late_interests": "interests", "offers": "offers",
    "offers_accepted": "offers", "offers_declined": "offers", "projects": "projects", "universities": "universities",
}  # fmt: skip


@router.get("/own", response_model=OwnAnswer, responses=RESPONSES)
def show_own(call: UniversityCall, question: Asked) -> Response:
    """What you answered to the calls of a period and what became of it, and the others' numbers where they may be told."""
    return answered(call, _own(call, question), as_csv=False, units=UNITS)


@router.get("/own.csv", response_class=CsvResponse, responses=CSV_RESPONSES)
def export_own(call: UniversityCall, question: Asked) -> Response:
    """The same, one number a row."""
    return answered(call, _own(call, question), as_csv=True, units=UNITS)


def own_figures(services: Services, ctx: Context, university: UUID, question: Question) -> OwnAnswer:
    """Return the figures of one university, for its door and for its page."""

    def work(looked: Looked) -> tuple[Own, Others]:
        calls = closing.calls(looked.unit, month_number(looked.period.as_of))
        calendar = looked.calendars.of_area(None)
        return own(calls, university, looked.period, calendar, looked.first_day, looked.threshold)

    told, (ours, others) = answer_to(services, ctx, question, "own", work, is_counted=True)
    return OwnAnswer.model_validate({**told, "total": ours, "others": others})


def _own(call: UniversityCall, question: Question) -> OwnAnswer:
    return own_figures(call.services, call.ctx, own_university(call), question)
