"""More figures for funders and managers: ageing, unmet demand, what universities answered, which way enquiries went."""

from fastapi import APIRouter, Response

from service.routers.calls import Call
from service.routers.csv_answers import CsvResponse
from service.routers.doors import FiguresCall
from service.routers.figure_answers import CSV_RESPONSES, RESPONSES, Asked, Question, answered, computed, wants_csv
from service.routers.requests import JsonRoute
from service.routers.schemas.further_figures import AgeingAnswer, DemandAnswer, TransitionsAnswer, UniversitiesAnswer
from service.throughput.demand import demand
from service.throughput.further import ageing, answers, transitions

router = APIRouter(prefix="/api/v1/metrics", route_class=JsonRoute, tags=["figures"])


@router.get("/ageing", response_model=AgeingAnswer, responses=RESPONSES)
def show_ageing(call: FiguresCall, question: Asked) -> Response:
    """What was still open at as_of, state by state, and how old it had become."""
    return answered(call, ageing_answer(call, question), as_csv=wants_csv(call))


@router.get("/ageing.csv", response_class=CsvResponse, responses=CSV_RESPONSES)
def export_ageing(call: FiguresCall, question: Asked) -> Response:
    """The same, one number a row."""
    return answered(call, ageing_answer(call, question), as_csv=True)


@router.get("/demand", response_model=DemandAnswer, responses=RESPONSES)
def show_demand(call: FiguresCall, question: Asked) -> Response:
    """What was wanted and could not be met, for want of capacity, funding or time, and by topic."""
    return answered(call, demand_answer(call, question), as_csv=wants_csv(call))


@router.get("/demand.csv", response_class=CsvResponse, responses=CSV_RESPONSES)
def export_demand(call: FiguresCall, question: Asked) -> Response:
    """The same, one number a row."""
    return answered(call, demand_answer(call, question), as_csv=True)


@router.get("/universities", response_model=UniversitiesAnswer, responses=RESPONSES)
def show_universities(call: FiguresCall, question: Asked) -> Response:
    """What universities answered to calls, all together."""
    return answered(call, universities_answer(call, question), as_csv=wants_csv(call))


@router.get("/universities.csv", response_class=CsvResponse, responses=CSV_RESPONSES)
def export_universities(call: FiguresCall, question: Asked) -> Response:
    """The same, one number a row."""
    return answered(call, universities_answer(call, question), as_csv=True)


@router.get("/transitions", response_model=TransitionsAnswer, responses=RESPONSES)
def show_transitions(call: FiguresCall, question: Asked) -> Response:
    """How often each event led from one state to another."""
    return answered(call, transitions_answer(call, question), as_csv=wants_csv(call))


@router.get("/transitions.csv", response_class=CsvResponse, responses=CSV_RESPONSES)
def export_transitions(call: FiguresCall, question: Asked) -> Response:
    """The same, one number a row."""
    return answered(call, transitions_answer(call, question), as_csv=True)


def ageing_answer(call: Call, question: Question) -> AgeingAnswer:
    """Return how old what was still open had become."""
    told, found = computed(call, question, "ageing", ageing, "spans")
    return AgeingAnswer.model_validate({**told, "total": found})


def demand_answer(call: Call, question: Question) -> DemandAnswer:
    """Return what was wanted and could not be met."""
    told, found = computed(call, question, "demand", demand)
    return DemandAnswer.model_validate({**told, "group_by": "topic", "total": found, "groups": found.topics})


def universities_answer(call: Call, question: Question) -> UniversitiesAnswer:
    """Return what universities answered, all together."""
    told, found = computed(call, question, "universities", answers)
    return UniversitiesAnswer.model_validate({**told, "total": found})


def transitions_answer(call: Call, question: Question) -> TransitionsAnswer:
    """Return how often each event led from which state to which."""
    told, found = computed(call, question, "transitions", transitions, "moves")
    return TransitionsAnswer.model_validate({**told, "total": found})
