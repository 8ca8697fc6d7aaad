"""Matches: who could answer, with reasons, conflicts and a proposed team. People choose."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Response

from service.matching import Item, Member, Ranking, ResearcherProfile, Team
from service.records import corpus, rankings, shortlists
from service.records.database import Unit
from service.routers.admin.addressed import EnquiryId
from service.routers.admin.shortlist import decision_shown
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.learning import learn_brief
from service.routers.paging import DEFAULT_LIMIT, Limit
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS
from service.routers.schemas.matches import (
    MatchesShown,
    MatchShown,
    MemberShown,
    ReasonShown,
    ResearcherMatched,
    TeamShown,
    UnmetShown,
)
from service.routers.schemas.shortlist import DecisionShown
from service.working_time import local_date

router = APIRouter(prefix="/api/v1/enquiries/{reference}", route_class=JsonRoute, tags=["call"])


@router.get("/matches", response_model=MatchesShown, responses=PROBLEMS(404))
def show_matches(call: ManagerCall, enquiry_id: EnquiryId, limit: Limit = DEFAULT_LIMIT) -> Response:
    """Researchers ranked for the brief, or for the question while there is none; those with a conflict come last."""

    learn_brief(call.services, call.ctx, enquiry_id)

    def work(unit: Unit) -> Answer:
        brief = corpus.brief_profile(unit, enquiry_id)
        found = call.services.corpus.ranking(unit, brief, today=local_date(call.ctx.now), limit=limit)
        taken = rankings.of_enquiry(unit, enquiry_id)
        standing = shortlists.standing(unit, enquiry_id)
        return Answer(_shown(found, {key: decision_shown(decided, taken) for key, decided in standing.items()}))

    return call.look_up(work)


def _shown(found: Ranking, decisions: Mapping[UUID, DecisionShown]) -> MatchesShown:
    return MatchesShown(
        items=[_match(item, decisions.get(UUID(item.researcher.id))) for item in found.items],
        team=_team(found.team) if found.team else None,
        unmet=[UnmetShown.model_validate(unmet) for unmet in found.unmet],
        suitable=found.suitable,
        excluded=found.excluded,
        newcomers=found.newcomers,
        by_meaning=found.by_meaning,
        texts_waiting=found.texts_waiting,
    )


def _match(item: Item, decision: DecisionShown | None) -> MatchShown:
    return MatchShown(
        researcher=researcher_matched(item.researcher),
        university=item.university,
        university_id=UUID(item.researcher.university_id),
        score=item.score,
        reasons=[ReasonShown.model_validate(reason) for reason in item.reasons],
        conflicts=list(item.conflicts),
        warnings=list(item.warnings),
        available=item.available,
        newcomer=item.researcher.is_newcomer,
        decision=decision,
    )


def _team(team: Team) -> TeamShown:
    return TeamShown(
        members=[_member(member) for member in team.members],
        uncovered=list(team.uncovered),
        universities=list(team.universities),
        free_days=team.free_days,
    )


def _member(member: Member) -> MemberShown:
    return MemberShown(
        researcher=researcher_matched(member.researcher),
        university=member.researcher.university,
        university_id=UUID(member.researcher.university_id),
        role=member.role,
        covers=list(member.covers),
        alternate=researcher_matched(member.alternate) if member.alternate else None,
        alternates=[researcher_matched(each) for each in member.alternates],
    )


def researcher_matched(person: ResearcherProfile) -> ResearcherMatched:
    """Return somebody as managers read of them beside a score."""
    return ResearcherMatched(
        id=UUID(person.id),
        name=person.name,
        career_stage=person.career_stage,
        available_from=person.available_from,
        free_days=person.free_days,
    )
