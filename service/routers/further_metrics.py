"""More figures for funders and managers: ageing, unmet demand, what universities answered, which way enquiries went."""

from service.routers.doors import FiguresCall
from service.routers.figure_answers import Asked, computed
from service.routers.figure_doors import FigureRouter
from service.routers.figure_rows import COHORT
from service.routers.schemas.further_figures import AgeingAnswer, DemandAnswer, TransitionsAnswer, UniversitiesAnswer
from service.throughput.demand import demand
from service.throughput.further import ageing, answers, transitions

router = FigureRouter()


@router.figure("/ageing", COHORT)
def ageing_answer(call: FiguresCall, question: Asked) -> AgeingAnswer:
    """What was still open at as_of, state by state, and how old it had become."""
    told, found = computed(call, question, "ageing", ageing, "spans")
    return AgeingAnswer.model_validate({**told, "total": found})


@router.figure("/demand", COHORT)
def demand_answer(call: FiguresCall, question: Asked) -> DemandAnswer:
    """What was wanted and could not be met, for want of capacity, funding or time, and by topic."""
    told, found = computed(call, question, "demand", demand)
    return DemandAnswer.model_validate({**told, "group_by": "topic", "total": found, "groups": found.topics})


@router.figure("/universities", COHORT)
def universities_answer(call: FiguresCall, question: Asked) -> UniversitiesAnswer:
    """What universities answered to calls, all together."""
    told, found = computed(call, question, "universities", answers)
    return UniversitiesAnswer.model_validate({**told, "total": found})


@router.figure("/transitions", COHORT)
def transitions_answer(call: FiguresCall, question: Asked) -> TransitionsAnswer:
    """How often each event led from one state to another."""
    told, found = computed(call, question, "transitions", transitions, "moves")
    return TransitionsAnswer.model_validate({**told, "total": found})
