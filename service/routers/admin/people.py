"""People: enquirers, managers, universities' contacts and lead researchers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from service.actions import people
from service.errors import not_found
from service.records import directory
from service.records.database import Unit
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, Search, listed, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS, Page
from service.routers.schemas.people import KnownPerson, PersonChanged, PersonSent

router = APIRouter(prefix="/api/v1/people", route_class=JsonRoute, tags=["reference data"])


def known(call: ManagerCall, person_id: UUID) -> UUID:
    """Return the id of a person we know. Raises Problem 404."""
    if call.read(lambda unit: directory.person(unit, person_id)) is None:
        raise not_found("person")
    return person_id


PersonId = Annotated[UUID, Depends(known)]


@router.get("", response_model=Page[KnownPerson], responses=PROBLEMS(400))
def list_people(
    call: ManagerCall,
    organisation: UUID | None = None,
    staff: bool | None = None,
    contact: bool | None = None,
    q: Search = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """People in the order they became known; `q` looks in names and addresses."""
    after = place_at(cursor, UUID)
    return call.look_up(
        lambda unit: listed(
            call.request,
            directory.persons(
                unit, organisation_id=organisation, staff=staff, contact=contact, q=q, after=after, limit=limit + 1
            ),
            limit,
            show=KnownPerson.of,
            place=lambda row: row[0].id,
        )
    )


@router.post("", status_code=201, response_model=KnownPerson, responses=PROBLEMS(body=True))
def add_person(call: ManagerCall, body: PersonSent) -> Response:
    """Add a person. Only a service lead adds a service lead."""

    def work(unit: Unit) -> Answer:
        made = people.add_person(unit, call.ctx, body)
        return Answer(_shown(unit, made.id), 201, {"Location": f"{router.prefix}/{made.id}"})

    return call.write(work)


@router.get("/{person_id}", response_model=KnownPerson, responses=PROBLEMS(404))
def show_person(call: ManagerCall, person_id: PersonId) -> Response:
    """One person."""
    return call.look_up(lambda unit: Answer(_shown(unit, person_id)))


@router.patch("/{person_id}", response_model=KnownPerson, responses=PROBLEMS(404, body=True))
def change_person(call: ManagerCall, person_id: PersonId, body: PersonChanged) -> Response:
    """Change a person: what is not sent stays. A new address ends the sessions that the old one opened."""

    def work(unit: Unit) -> Answer:
        people.change_person(unit, call.ctx, person_id, body)
        return Answer(_shown(unit, person_id))

    return call.write(work)


def _shown(unit: Unit, person_id: UUID) -> KnownPerson:
    row = directory.person(unit, person_id)
    if row is None:
        raise not_found("person")
    return KnownPerson.of(row)
