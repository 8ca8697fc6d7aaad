"""Who could take which of several open briefs: a proposal that is fair in load. People choose."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from service.errors import invalid
from service.ids import parse_reference
from service.matching import Candidate, LeftOut, PassedUp, Proposed, ResearcherProfile, Terms
from service.records import assignment
from service.records.assignment import SharedOut, Wanted, Wanting
from service.records.database import Unit
from service.routers.admin.addressed import owner_meant
from service.routers.admin.matches import researcher_matched
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.learning import learn_briefs
from service.routers.requests import JsonRoute
from service.routers.schemas.assignment import (
    AssignmentShown,
    BriefShared,
    Fitting,
    LeftOutShown,
    PassedUpShown,
    PersonLoadShown,
    ProposedShown,
    UniversityLoadShown,
)
from service.routers.schemas.common import PROBLEMS
from service.states import EnquiryState
from service.working_time import local_date

router = APIRouter(prefix="/api/v1/matches", route_class=JsonRoute, tags=["call"])

State = Literal["triage", "scoping", "drafting", "sign_off", "open_call", "selecting"]


@router.get("/assignment", response_model=AssignmentShown, responses=PROBLEMS())
def show_assignment(
    call: ManagerCall,
    state: Annotated[
        list[State],
        Query(
            description="May be repeated. Without it and `reference`: drafting, sign_off and open_call, none on hold."
        ),
    ] = [],  # noqa: B006 - FastAPI copies it for each request
    reference: Annotated[
        list[str],
        Query(max_length=assignment.MOST_BRIEFS, description="May be repeated: these enquiries and no others."),
    ] = [],  # noqa: B006
    owner: Annotated[str | None, Query(max_length=40, description="A person's id, `me`, or `none`.")] = None,
    per_brief: Annotated[
        int, Query(ge=1, le=5, description="How many people for each, of different universities.")
    ] = 1,
    per_university: Annotated[int | None, Query(ge=1, le=100, description="How many of these briefs at most.")] = None,
    days: Annotated[int, Query(ge=1, le=365, description="What each brief takes of a person's free days.")] = 5,
    limit: Annotated[int, Query(ge=1, le=assignment.MOST_BRIEFS, description="How many briefs at most.")] = 50,
) -> Response:
    """Who could take which open brief: the best fit in all that is fair in load, with what was passed up and why. It decides nothing."""
    today = local_date(call.ctx.now)
    wanted = Wanted(state, _references(reference), owner_meant(call, owner), unowned=owner == "none", limit=limit)
    terms = Terms(per_brief, per_university, days)
    learn_briefs(call.services, call.ctx, lambda unit: assignment.meant(unit, wanted, today))

    def work(unit: Unit) -> Answer:
        return Answer(_shown(assignment.shared_out(unit, call.services.corpus, wanted, terms, today), terms))

    return call.look_up(work)


def _references(asked: list[str]) -> list[str]:
    found = [parse_reference(each) for each in asked]
    if any(each is None for each in found):
        raise invalid("reference", "One of these is no reference.")
    return [each for each in found if each is not None]


def _shown(found: SharedOut, terms: Terms) -> AssignmentShown:
    return AssignmentShown(
        items=[_brief(each) for each in found.briefs],
        has_more=found.has_more,
        people=[
            PersonLoadShown(
                researcher=researcher_matched(load.researcher),
                **_university(load.researcher),
                references=list(load.briefs),
                leads_already=load.has,
                days_left=load.days_left,
            )
            for load in found.assignment.people
        ],
        universities=[
            UniversityLoadShown(
                university=load.name, university_id=UUID(load.id), references=list(load.briefs), people=load.people
            )
            for load in found.assignment.universities
        ],
        fit=found.assignment.fit,
        per_brief=terms.per_brief,
        per_university=terms.per_university,
        days=terms.days,
    )


def _brief(found: Wanting) -> BriefShared:
    proposal = found.proposal
    return BriefShared(
        reference=proposal.brief.name,
        question=found.enquiry.question,
        state=EnquiryState(found.enquiry.state),
        needed_by=found.enquiry.needed_by,
        people=[
            ProposedShown(
                **_fitting(each), place=each.place, alternates=[Fitting(**_fitting(other)) for other in each.alternates]
            )
            for each in proposal.people
        ],
        short=proposal.short or None,
        passed_up=[PassedUpShown(**_fitting(each), text=each.text) for each in proposal.passed_up],
        left_out=[LeftOutShown(**_fitting(each), conflicts=list(each.reasons)) for each in found.candidates.left_out],
        excluded=found.candidates.excluded,
        by_meaning=found.candidates.by_meaning,
    )


def _fitting(found: Candidate | Proposed | PassedUp | LeftOut) -> dict[str, Any]:
    return {
        "researcher": researcher_matched(found.researcher),
        **_university(found.researcher),
        "score": found.score,
    }


def _university(person: ResearcherProfile) -> dict[str, Any]:
    return {"university": person.university, "university_id": UUID(person.university_id)}
