"""Files of an enquiry: all of them, each with who may see it; added for one audience, handed out as downloads only."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions.attach import attach
from service.actions.file_kinds import ACCEPTED
from service.errors import Problem, not_found
from service.records import files
from service.records.database import Unit
from service.routers.downloads import download
from service.routers.forms import Filled, Mistakes, PostedForm
from service.routers.identifiers import PathId, meant
from service.routers.manage.desk import AtCase, Case
from service.routers.services import services_of

router = APIRouter(include_in_schema=False, prefix="/manage/enquiries/{reference}/files")

AUDIENCES = {"enquirer": "The enquirer's side and the team", "back_stage": "Only the team"}


@router.get("")
def show(case: Case, done: str = "") -> Response:
    """The files there are, and a way to add one."""
    return _page(case, Filled(), done="The file is added." if done == "file" else None)


@router.post("")
def add(case: Case, posted: PostedForm) -> Response:
    """Add a file, checked by its content; the same content for the same audience is kept once."""
    mistakes = Mistakes()
    chosen = posted.uploads.get("file")
    if chosen is None:
        mistakes.add("file", "Select a file")
    visibility = mistakes.choice("visibility", posted.line("visibility"), AUDIENCES, "Choose from the list")
    mistakes.required("visibility", visibility or "", "Say who may see it")
    if mistakes or chosen is None:
        return _page(case, Filled.from_posted(posted, mistakes.found), 422)
    limit = services_of(case.desk.request).settings.attachment_limit_bytes

    def work(unit: Unit) -> None:
        attach(
            unit,
            case.ctx,
            case.enquiry_id,
            filename=chosen.filename,
            content=chosen.content,
            limit=limit,
            visibility=visibility or "back_stage",
        )

    try:
        case.desk.write(posted, work)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _page(case, Filled.from_posted(posted, {"file": problem.detail}), 422)
    return case.back("file", under="/files")


@router.get("/{file_id}")
def hand_out(case: Case, file_id: PathId) -> Response:
    """One file."""
    wanted = meant(file_id, "file")

    def work(unit: Unit) -> tuple[str, str, bytes] | None:
        found = files.find(unit, case.enquiry_id, wanted)
        return None if found is None else (found.filename, found.media_type, found.content)

    found = case.desk.read(work)
    if found is None:
        raise not_found("file")
    return download(*found)


def _page(case: AtCase, form: Filled, status: int = 200, done: str | None = None) -> Response:
    told = {
        "files": case.desk.read(lambda unit: files.listing(unit, case.enquiry_id)),
        "audiences": AUDIENCES,
        "form": form,
        "accepted": ACCEPTED,
        "limit": services_of(case.desk.request).settings.attachment_limit_bytes // 1_000_000,
        "done": done,
    }
    return case.page("manage/files.html", told, status=status)
