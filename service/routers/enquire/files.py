"""Files of an enquiry: added by its people, checked by their content, and handed out as downloads only."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions.attach import attach
from service.actions.file_kinds import ACCEPTED
from service.errors import Problem, not_found
from service.records import conversation, files
from service.records.database import Unit
from service.routers import visits
from service.routers.downloads import download
from service.routers.enquire.here import AtEnquiry, Here
from service.routers.forms import Filled, PostedForm
from service.routers.rendering import page
from service.routers.services import services_of

router = APIRouter(include_in_schema=False)


@router.get("/enquiries/{reference}/files")
def show(found: AtEnquiry) -> Response:
    """The files there are, and a way to add one."""
    return _page(found, Filled())


@router.post("/enquiries/{reference}/files")
def add(found: AtEnquiry, posted: PostedForm) -> Response:
    """Add a file."""
    visits.admit(found.request, visits.FORM)
    found.require_whole()
    chosen = posted.uploads.get("file")
    if chosen is None:
        return _page(found, Filled(errors={"file": "Select a file"}), 422)
    limit = services_of(found.request).settings.attachment_limit_bytes

    def work(unit: Unit) -> None:
        attach(unit, found.ctx, found.place.enquiry_id, filename=chosen.filename, content=chosen.content, limit=limit)

    try:
        found.write(posted, work)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _page(found, Filled(errors={"file": problem.detail}), 422)
    return _page(found, Filled(), done=f"{chosen.filename} has been added.")


@router.get("/enquiries/{reference}/files/{file_id}")
def hand_out(found: AtEnquiry, file_id: UUID) -> Response:
    """One file, never shown in the browser: it is somebody else's content."""

    def work(unit: Unit) -> tuple[str, str, bytes] | None:
        file = files.find(unit, found.place.enquiry_id, file_id)
        if file is None or file.visibility not in conversation.FOR_ENQUIRERS:
            return None
        if found.place.sees_from is not None and file.uploaded_at < found.place.sees_from:
            return None
        return file.filename, file.media_type, file.content

    file = found.read(work)
    if file is None:
        raise not_found("file")
    return download(*file)


def _page(found: Here, form: Filled, status: int = 200, done: str | None = None) -> Response:
    place = found.place
    there = found.read(lambda unit: files.listing(unit, place.enquiry_id, conversation.FOR_ENQUIRERS, place.sees_from))
    told = {
        "here": found,
        "files": there,
        "form": form,
        "accepted": ACCEPTED,
        "limit": services_of(found.request).settings.attachment_limit_bytes // 1_000_000,
        "done": done,
        "back": found.path,
    }
    return page(found.request, "enquiry/files.html", told, status=status)
