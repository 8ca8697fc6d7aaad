"""Files of an enquiry: listed, added, and handed out as downloads only."""

from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, File, Form, Response, UploadFile

from service.actions.attach import attach
from service.errors import invalid, not_found
from service.records import files
from service.records.database import Unit
from service.routers.admin.addressed import EnquiryId
from service.routers.calls import Answer
from service.routers.doors import ManagerCall
from service.routers.downloads import download
from service.routers.identifiers import PathId, meant
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, listed, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS, Page
from service.routers.schemas.conversation import FileShown

router = APIRouter(prefix="/api/v1/enquiries/{reference}/files", route_class=JsonRoute, tags=["conversation"])


class Stood(NamedTuple):
    """A place in the list as its cursor carries it."""

    uploaded_at: datetime
    id: UUID


_AUDIENCES = ("enquirer", "back_stage")
_DOWNLOAD: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("", response_model=Page[FileShown], responses=PROBLEMS(400, 404))
def list_files(
    call: ManagerCall, enquiry_id: EnquiryId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """Every file, the oldest first."""
    after = place_at(cursor, Stood)

    def work(unit: Unit) -> Answer:
        found = [
            file
            for file in files.listing(unit, enquiry_id)
            if after is None or (file.uploaded_at, file.id) > (after.uploaded_at, after.id)
        ]
        return listed(
            call.request,
            found[: limit + 1],
            limit,
            show=FileShown.model_validate,
            place=lambda file: Stood(file.uploaded_at, file.id),
        )

    return call.look_up(work)


@router.post("", status_code=201, response_model=FileShown, responses=PROBLEMS(404, body=True))
def add_file(
    call: ManagerCall,
    enquiry_id: EnquiryId,
    file: Annotated[UploadFile | None, File(description="Required: a document, table, text or picture.")] = None,
    visibility: Annotated[str, Form(description="enquirer, or back_stage.")] = "enquirer",
) -> Response:
    """Add a file (multipart/form-data), checked by its content. The same content is kept once."""
    if file is None:
        raise invalid("file", "Send the file as the part `file` of a multipart/form-data body.")
    if visibility not in _AUDIENCES:
        raise invalid("visibility", f"Choose one of: {', '.join(_AUDIENCES)}.")
    content, name = file.file.read(), file.filename or ""
    limit = call.services.settings.attachment_limit_bytes

    def work(unit: Unit) -> Answer:
        added = attach(unit, call.ctx, enquiry_id, filename=name, content=content, limit=limit, visibility=visibility)
        kept = next(one for one in files.listing(unit, enquiry_id) if one.id == added.id)
        return Answer(FileShown.model_validate(kept), 201, {"Location": f"{call.request.url.path}/{added.id}"})

    return call.write(work)


@router.get("/{file_id}", response_class=Response, responses=_DOWNLOAD | PROBLEMS(404))
def download_file(call: ManagerCall, enquiry_id: EnquiryId, file_id: PathId) -> Response:
    """One file, never shown in a browser: it is somebody else's content."""
    wanted = meant(file_id, "file")

    def work(unit: Unit) -> tuple[str, str, bytes] | None:
        found = files.find(unit, enquiry_id, wanted)
        return None if found is None else (found.filename, found.media_type, found.content)

    found = call.read(work)
    if found is None:
        raise not_found("file")
    return download(*found)
