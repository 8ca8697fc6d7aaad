"""The shortlist: whom a manager would ask and whom they pass over, with why; every decision kept, nothing adjusted by it."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from service.actions import shortlist as actions
from service.errors import not_found
from service.matching.scoring import UNIT
from service.matching.survey import Standing
from service.records import rankings, researchers, shortlists
from service.records.database import Unit
from service.records.rankings import Snapshot
from service.records.shortlists import Decided
from service.routers.admin.addressed import EnquiryId
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.identifiers import PathId, meant
from service.routers.learning import prepare_ranking
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, listed, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS, Page
from service.routers.schemas.shortlist import DecisionShown, PersonDecisions, RankingShown, ShortlistSent

router = APIRouter(prefix="/api/v1/enquiries/{reference}/shortlist", route_class=JsonRoute, tags=["call"])


def in_directory(call: ManagerCall, researcher_id: PathId) -> UUID:
    """Return the id of somebody in the directory. Raises Problem 404."""
    wanted = meant(researcher_id, "researcher")
    if call.read(lambda unit: researchers.find(unit, wanted)) is None:
        raise not_found("researcher")
    return wanted


Someone = Annotated[UUID, Depends(in_directory)]
Seen = Annotated[UUID | None, Query(description="The decision that was seen to stand; another one is not taken back.")]


@router.get("", response_model=Page[DecisionShown], responses=PROBLEMS(400, 404))
def list_decisions(
    call: ManagerCall,
    enquiry_id: EnquiryId,
    history: Annotated[bool, Query(description="Those that were taken back or replaced too.")] = False,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Who is shortlisted and who is passed over, in the order it was decided."""
    after = place_at(cursor, UUID)

    def work(unit: Unit) -> Answer:
        found = sorted(shortlists.decisions(unit, enquiry_id), key=lambda decided: decided.row.id)
        wanted = [each for each in found if history or each.row.ended_at is None]
        rows = [each for each in wanted if after is None or each.row.id > after][: limit + 1]
        taken = rankings.of_enquiry(unit, enquiry_id)
        return listed(
            call.request, rows, limit, show=lambda row: decision_shown(row, taken), place=lambda row: row.row.id
        )

    return call.look_up(work)


@router.put("/{researcher_id}", response_model=PersonDecisions, responses=PROBLEMS(404, body=True))
def decide(call: ManagerCall, enquiry_id: EnquiryId, researcher: Someone, body: ShortlistSent) -> Response:
    """Shortlist somebody, or pass them over for this brief and say why.

    Kept with their place in the ranking at that moment. Who is passed over is shown as left out, and is not suggested for
    this brief; no other brief and no score changes by it.
    """
    prepare_ranking(call.services, call.ctx, enquiry_id)

    def work(unit: Unit) -> Answer:
        actions.decide(unit, call.ctx, enquiry_id, researcher, body, call.services.corpus)
        return Answer(_person(unit, enquiry_id, researcher))

    return call.write(work)


@router.delete("/{researcher_id}", response_model=PersonDecisions, responses=PROBLEMS(404, 409))
def take_back(call: ManagerCall, enquiry_id: EnquiryId, researcher: Someone, replaces: Seen = None) -> Response:
    """Take back what stands of somebody; it stays as history. Twice is no harm."""

    def work(unit: Unit) -> Answer:
        actions.take_back(unit, call.ctx, enquiry_id, researcher, replaces)
        return Answer(_person(unit, enquiry_id, researcher))

    return call.write(work)


def decision_shown(decided: Decided, taken: Mapping[UUID, Snapshot]) -> DecisionShown:
    """Show one decision with the ranking it was taken at."""
    row = decided.row
    snapshot = taken.get(row.snapshot_id) if row.snapshot_id else None
    return DecisionShown(
        id=row.id,
        researcher_id=decided.researcher_id,
        researcher=decided.name,
        university=decided.university,
        decision=row.decision,
        reason=row.reason,
        words=row.words,
        standing=Standing(row.standing),
        rank=row.rank,
        score=None if row.score is None else row.score / UNIT,
        newcomer=row.newcomer,
        ranking=RankingShown.model_validate(snapshot) if snapshot else None,
        decided_at=row.decided_at,
        decided_by=decided.by,
        ended_at=row.ended_at,
        ended_by=decided.ended_by,
        ended_how=row.ended_how,
    )


def _person(unit: Unit, enquiry_id: UUID, researcher_id: UUID) -> PersonDecisions:
    taken = rankings.of_enquiry(unit, enquiry_id)
    history = [
        decision_shown(decided, taken)
        for decided in shortlists.decisions(unit, enquiry_id)
        if decided.researcher_id == researcher_id
    ]
    standing = next((each for each in history if each.ended_at is None), None)
    return PersonDecisions(researcher_id=researcher_id, standing=standing, history=history)
