"""Researchers: a university keeps its own; managers keep everybody's, naming the university."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from service.actions import importing, organisations, researchers
from service.errors import invalid, not_found
from service.principals import STAFF, Role
from service.records import researchers as directory
from service.records.database import Unit
from service.records.researchers import ResearcherRow
from service.routers.calls import Answer, Call
from service.routers.doors import door
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, Search, listed, place_at
from service.routers.requests import JsonRoute, raw_body
from service.routers.researcher_files import DESCRIBED, SentFile, sent_file
from service.routers.schemas.common import PROBLEMS, Page
from service.routers.schemas.researchers import (
    Imported,
    KnownResearcher,
    ResearcherChanged,
    ResearcherSent,
    SourcedPublications,
)

router = APIRouter(prefix="/api/v1/researchers", route_class=JsonRoute, tags=["researchers"])

enter = door(Role.UNIVERSITY, *sorted(STAFF))
DirectoryCall = Annotated[Call, Depends(enter)]


def own(call: Call) -> UUID | None:
    """Return the university a caller is bound to; None for managers, who see them all."""
    return call.ctx.actor.organisation_id if call.ctx.actor.role is Role.UNIVERSITY else None


def known(call: DirectoryCall, researcher_id: UUID) -> UUID:
    """Return the id of a researcher the caller may see. Raises Problem 404 for an unknown one or another's."""
    if call.read(lambda unit: directory.find(unit, researcher_id, own(call))) is None:
        raise not_found("researcher")
    return researcher_id


ResearcherId = Annotated[UUID, Depends(known)]


@router.get("", response_model=Page[KnownResearcher], responses=PROBLEMS(400))
def list_researchers(
    call: DirectoryCall,
    organisation: Annotated[UUID | None, Query(description="One university; a university's key sees its own.")] = None,
    q: Search = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Researchers in the order they were added; `q` looks in names and addresses."""
    after = place_at(cursor, UUID)
    university = own(call) or organisation
    return call.look_up(
        lambda unit: listed(
            call.request,
            directory.page(unit, organisation_id=university, q=q, after=after, limit=limit + 1),
            limit,
            show=KnownResearcher.of,
            place=lambda row: row.researcher.id,
        )
    )


@router.post("", status_code=201, response_model=KnownResearcher, responses=PROBLEMS(body=True))
def add_researcher(call: DirectoryCall, body: ResearcherSent) -> Response:
    """Add a researcher."""

    def work(unit: Unit) -> Answer:
        made = researchers.add_researcher(unit, call.ctx, _university(unit, call, body.organisation), body.entry())
        return Answer(_shown(unit, made.id), 201, {"Location": f"{router.prefix}/{made.id}"})

    return call.write(work)


def file_sent(call: DirectoryCall) -> SentFile:
    """Return the file in a request, JSON or CSV by its Content-Type. Raises Problem 400, 415 or 422 for another."""
    return sent_file(call.request.headers.get("content-type", ""), raw_body(call.request))


@router.post("/import", response_model=Imported, responses=PROBLEMS(body=True), openapi_extra=DESCRIBED)
def import_researchers(
    call: DirectoryCall,
    file: Annotated[SentFile, Depends(file_sent)],
    dry_run: Annotated[bool, Query(description="Say what would happen, and change nothing.")] = False,
) -> Response:
    """Bring in a whole file, JSON or CSV by its Content-Type, all or nothing, with a report by row.

    A row is somebody known when its external id, address or ORCID is theirs: what it says is set, what it leaves out
    stays. Who is not in the file stays too. Managers name each row's `organisation`. What is wrong in a CSV file is told
    with its line and column.
    """
    return call.write(
        lambda unit: Answer(
            Imported.of(
                importing.import_researchers(
                    unit, call.ctx, file.rows, origins=file.origins, organisation_id=own(call), dry_run=dry_run
                )
            )
        )
    )


@router.get("/{researcher_id}", response_model=KnownResearcher, responses=PROBLEMS(404))
def show_researcher(call: DirectoryCall, researcher_id: ResearcherId) -> Response:
    """One researcher."""
    return call.look_up(lambda unit: Answer(_shown(unit, researcher_id)))


@router.get("/{researcher_id}/publications", response_model=SourcedPublications, responses=PROBLEMS(404))
def list_publications(call: DirectoryCall, researcher_id: ResearcherId) -> Response:
    """What they have written, the newest first, and who says so; `not_theirs` in a change puts aside what was found."""
    return call.look_up(lambda unit: Answer(SourcedPublications.of(_row(unit, researcher_id))))


@router.patch("/{researcher_id}", response_model=KnownResearcher, responses=PROBLEMS(404, body=True))
def change_researcher(call: DirectoryCall, researcher_id: ResearcherId, body: ResearcherChanged) -> Response:
    """Change a researcher: what is not sent stays, and a list that is sent replaces the whole list."""

    def work(unit: Unit) -> Answer:
        researchers.change_researcher(unit, call.ctx, researcher_id, body, organisation_id=own(call))
        return Answer(_shown(unit, researcher_id))

    return call.write(work)


def _university(unit: Unit, call: Call, named: str | None) -> UUID:
    university = own(call)
    if university is None:
        return organisations.known_university(unit, named).id
    if named is not None:
        raise invalid("organisation", "A university's key adds its own researchers: leave organisation out.")
    return university


def _shown(unit: Unit, researcher_id: UUID) -> KnownResearcher:
    return KnownResearcher.of(_row(unit, researcher_id))


def _row(unit: Unit, researcher_id: UUID) -> ResearcherRow:
    row = directory.row(unit, researcher_id)
    if row is None:
        raise not_found("researcher")
    return row
