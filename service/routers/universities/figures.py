"""A university's own figures: of nobody else, whatever is asked. The others are told all together, where they may be."""

from uuid import UUID

from service.context import Context
from service.records import closing
from service.routers.doors import UniversityCall
from service.routers.figure_answers import OWN_CASES, Asked, Looked, Question, answer_to
from service.routers.figure_doors import FigureRouter
from service.routers.further_rows import counted_in
from service.routers.schemas.own_figures import OwnAnswer
from service.routers.services import Services
from service.routers.universities.own import own_university
from service.throughput.own import Others, Own, own
from service.throughput.periods import month_number

router = FigureRouter()

UNITS = {
    "*": "calls", "interests": "interests", "late_interests": "interests", "offers": "offers",
    "offers_accepted": "offers", "offers_declined": "offers", "projects": "projects", "universities": "universities",
}  # fmt: skip


@router.figure("/own", counted_in(UNITS))
def own_answer(call: UniversityCall, question: Asked) -> OwnAnswer:
    """What you answered to the calls of a period and what became of it, and the others' numbers where they may be told."""
    return own_figures(call.services, call.ctx, own_university(call), question)


def own_figures(services: Services, ctx: Context, university: UUID, question: Question) -> OwnAnswer:
    """Return the figures of one university, for its door and for its page."""

    def work(looked: Looked) -> tuple[Own, Others]:
        calls = closing.calls(looked.unit, month_number(looked.period.as_of))
        calendar = looked.calendars.of_area(None)
        return own(calls, university, looked.period, calendar, looked.first_day, looked.threshold)

    told, (ours, others) = answer_to(services, ctx, question, "own", work, OWN_CASES)
    return OwnAnswer.model_validate({**told, "total": ours, "others": others})
