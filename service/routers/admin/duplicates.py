"""Entries of the directory that may be one person: proposed with why, merged, told apart, and a merge undone."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from service.actions import merging, unmerging
from service.errors import not_found
from service.records import duplicates, researchers
from service.records.database import Unit
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.identifiers import PathId, meant
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, listed, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS, Page
from service.routers.schemas.duplicates import ApartSent, MergeSent, PairShown, ToldApartShown, UnmergedShown
from service.routers.schemas.researchers import KnownResearcher

router = APIRouter(prefix="/api/v1/researchers", route_class=JsonRoute, tags=["researchers"])


def in_directory(call: ManagerCall, researcher_id: PathId) -> UUID:
    """Return the id of an entry of the directory, merged or not. Raises Problem 404."""
    wanted = meant(researcher_id, "researcher")
    if call.read(lambda unit: researchers.find(unit, wanted)) is None:
        raise not_found("researcher")
    return wanted


Entry = Annotated[UUID, Depends(in_directory)]


@router.get("/duplicates", response_model=Page[PairShown], responses=PROBLEMS(400))
def list_duplicates(call: ManagerCall, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Response:
    """Pairs that nobody has decided on, the surest first: the same ORCID iD, address, or name and publication. Never a name alone."""
    after = place_at(cursor, tuple[int, UUID, UUID])
    return call.look_up(
        lambda unit: listed(
            call.request,
            duplicates.pairs(unit, limit + 1, after)[0],
            limit,
            show=PairShown.of,
            place=duplicates.place_of,
        )
    )


@router.post("/{researcher_id}/merge", response_model=KnownResearcher, responses=PROBLEMS(404, body=True))
def merge(call: ManagerCall, kept: Entry, body: MergeSent) -> Response:
    """Let this entry stand for the other as well, and answer with it. Twice is no harm; `unmerge` the other to undo it.

    Publications, the teams that name them, conflicts and employers come over; the other entry is kept and matched to
    nothing; both universities' contacts are told. A name alone is never enough.
    """

    def work(unit: Unit) -> Answer:
        other = researchers.find(unit, body.other)
        if other is None or other.merged_into_id != kept:
            merging.merge_researchers(unit, call.ctx, kept, body.other, across=body.across)
        return Answer(KnownResearcher.of(researchers.rows(unit, [kept])[kept]))

    return call.write(work)


@router.post("/{researcher_id}/tell-apart", response_model=ToldApartShown, responses=PROBLEMS(404, body=True))
def tell_apart(call: ManagerCall, one: Entry, body: ApartSent) -> Response:
    """Say that two entries are two people: they are not proposed again. Twice is no harm."""

    def work(unit: Unit) -> Answer:
        merging.tell_researchers_apart(unit, call.ctx, one, body.other)
        first, second = sorted((one, body.other))
        return Answer(ToldApartShown(first=first, second=second))

    return call.write(work)


@router.post("/{researcher_id}/unmerge", response_model=UnmergedShown, responses=PROBLEMS(404, 409))
def unmerge(call: ManagerCall, merged: Entry) -> Response:
    """Let an entry that was merged stand by itself again; what was changed since stays as it stands and is named.

    A merge done before the service wrote down what a merge moves is refused: nobody could tell what belongs to whom.
    """
    return call.write(lambda unit: Answer(UnmergedShown.of(unit, unmerging.unmerge_researcher(unit, call.ctx, merged))))
