"""Organisations: councils, universities, funders and what became of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from service.actions import organisations
from service.errors import not_found
from service.records import directory
from service.records.database import Unit
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, Search, listed, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS, OrganisationKind, Page
from service.routers.schemas.organisations import KnownOrganisation, OrganisationChanged, OrganisationSent

router = APIRouter(prefix="/api/v1/organisations", route_class=JsonRoute, tags=["reference data"])


def known(call: ManagerCall, organisation_id: UUID) -> UUID:
    """Return the id of an organisation that there is. Raises Problem 404."""
    if call.read(lambda unit: directory.organisation(unit, organisation_id)) is None:
        raise not_found("organisation")
    return organisation_id


OrganisationId = Annotated[UUID, Depends(known)]


@router.get("", response_model=Page[KnownOrganisation], responses=PROBLEMS(400))
def list_organisations(
    call: ManagerCall,
    kind: OrganisationKind | None = None,
    partner: bool | None = None,
    q: Search = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Organisations by name; `q` looks in the name."""
    after = place_at(cursor, str)
    return call.look_up(
        lambda unit: listed(
            call.request,
            directory.organisations(unit, kind=kind, partner=partner, q=q, after=after, limit=limit + 1),
            limit,
            show=KnownOrganisation.model_validate,
            place=lambda organisation: organisation.name_key,
        )
    )


@router.post("", status_code=201, response_model=KnownOrganisation, responses=PROBLEMS(body=True))
def add_organisation(call: ManagerCall, body: OrganisationSent) -> Response:
    """Add an organisation."""

    def work(unit: Unit) -> Answer:
        made = organisations.add_organisation(unit, call.ctx, body)
        return Answer(KnownOrganisation.model_validate(made), 201, {"Location": f"{router.prefix}/{made.id}"})

    return call.write(work)


@router.get("/{organisation_id}", response_model=KnownOrganisation, responses=PROBLEMS(404))
def show_organisation(call: ManagerCall, organisation_id: OrganisationId) -> Response:
    """One organisation."""
    return call.look_up(
        lambda unit: Answer(KnownOrganisation.model_validate(directory.organisation(unit, organisation_id)))
    )


@router.patch("/{organisation_id}", response_model=KnownOrganisation, responses=PROBLEMS(404, body=True))
def change_organisation(call: ManagerCall, organisation_id: OrganisationId, body: OrganisationChanged) -> Response:
    """Change an organisation: what is not sent stays."""
    return call.write(
        lambda unit: Answer(
            KnownOrganisation.model_validate(organisations.change_organisation(unit, call.ctx, organisation_id, body))
        )
    )
