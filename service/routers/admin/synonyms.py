"""Synonyms: words of the same meaning, by which a search finds what is called otherwise."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from service.actions import synonyms
from service.errors import not_found
from service.records import synonyms as groups
from service.records.database import Unit
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, listed_whole
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS, Page
from service.routers.schemas.synonyms import GroupSent, GroupShown

router = APIRouter(prefix="/api/v1/synonyms", route_class=JsonRoute, tags=["reference data"])

Code = Annotated[str, Path(max_length=100, description="The group's code.", examples=["housing"])]


def known(call: ManagerCall, group: Code) -> str:
    """Return the code of a group that there is. Raises Problem 404."""
    if call.read(lambda unit: groups.group(unit, group)) is None:
        raise not_found("group of words")
    return group


GroupCode = Annotated[str, Depends(known)]


@router.get("", response_model=Page[GroupShown], responses=PROBLEMS(400))
def list_synonyms(call: ManagerCall, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Response:
    """Every group by its code, those left out too."""
    return call.look_up(lambda unit: listed_whole(call.request, groups.groups(unit), limit, cursor, show=_shown))


@router.post("", status_code=201, response_model=GroupShown, responses=PROBLEMS(body=True))
def add_synonyms(call: ManagerCall, body: GroupSent) -> Response:
    """Add a group, or set the one whose code its first wording makes; the next ranking uses it."""

    def work(unit: Unit) -> Answer:
        made = synonyms.set_group(unit, call.ctx, None, body)
        return Answer(_shown(made), 201, {"Location": f"{router.prefix}/{made.code}"})

    return call.write(work)


@router.put("/{group}", response_model=GroupShown, responses=PROBLEMS(404, body=True))
def change_synonyms(call: ManagerCall, group: GroupCode, body: GroupSent) -> Response:
    """Change a group; one that was left out widens searches again."""
    return call.write(lambda unit: Answer(_shown(synonyms.set_group(unit, call.ctx, group, body))))


@router.delete("/{group}", response_model=GroupShown, responses=PROBLEMS(404))
def remove_synonyms(call: ManagerCall, group: GroupCode) -> Response:
    """Leave a group out: it no longer widens a search. Putting it brings it back."""
    return call.write(lambda unit: Answer(_shown(synonyms.remove_group(unit, call.ctx, group))))


def _shown(group: groups.Group) -> GroupShown:
    return GroupShown(
        code=group.code,
        wordings=list(group.wordings),
        removed=group.is_removed,
        is_default=group.is_default,
        version=group.version,
    )
