"""The brief on its way out: read through, then sent to the enquirer to agree, or published as revised."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions.progress import progress
from service.errors import Problem, not_found
from service.records import briefs, enquiries
from service.records.database import Unit
from service.records.manage_brief import Sending, sending
from service.routers.forms import PROSE_LENGTH, Filled, Mistakes, Posted, PostedForm
from service.routers.manage.brief.writing import require_unsaved
from service.routers.manage.case.fact_table import FACTS
from service.routers.manage.collision import changes_told
from service.routers.manage.desk import AtCase, Case
from service.routers.manage.telling import plainly
from service.states import BriefState
from service.vocabulary import BRIEF_SECTIONS
from service.workflows import commands as c
from service.workflows.comparing import compare

router = APIRouter(prefix="/manage/enquiries/{reference}/brief", include_in_schema=False)

_SEND, _REVISE = c.SendForAgreement(), c.Revise(reason="-")


@router.get("/send")
def read_through(case: Case) -> Response:
    """What the enquirer will be asked to agree, who receives it then, and what keeps it from going."""
    return _page(case, _SEND)


@router.post("/send")
def send(case: Case, posted: PostedForm) -> Response:
    """Freeze exactly the text that was read through, and ask the enquirer."""
    return _go(case, posted, _SEND, BriefState.SENT, "sent")


@router.get("/revise")
def read_revision(case: Case) -> Response:
    """What changes for the universities that have the brief already."""
    return _page(case, _REVISE)


@router.post("/revise")
def revise(case: Case, posted: PostedForm) -> Response:
    """Publish the newly agreed version in place of the one universities have."""
    mistakes = Mistakes()
    reason = mistakes.required("reason", posted.prose("reason"), "Say why it changed: universities read this")
    mistakes.fits("reason", reason, PROSE_LENGTH, "The reason")
    if mistakes:
        return _page(case, _REVISE, posted, mistakes.found, 422)
    return _go(case, posted, c.Revise(reason=reason), BriefState.PUBLISHED, "revised")


def _go(case: AtCase, posted: Posted, command: c.Command, becomes: BriefState, done: str) -> Response:
    if posted.line("event") != command.event:
        raise not_found("button")

    def work(unit: Unit) -> object:
        enquiries.lock(unit, case.enquiry_id)
        require_unsaved(unit, case.enquiry_id, posted)
        return progress(unit, case.ctx, case.enquiry_id, command, case.unchanged(posted))

    try:
        case.desk.write(posted, work)
    except Problem as problem:
        if problem.status not in {409, 412}:
            raise
        if _is_done(case, posted, becomes):
            return case.back(done, under="/brief")
        return _page(case, command, posted, {"page": plainly(problem.detail)}, problem.status)
    return case.back(done, under="/brief")


def _is_done(case: AtCase, posted: Posted, becomes: BriefState) -> bool:
    """Tell whether the version that was read through is there already: the button was pressed twice."""
    newest = case.desk.read(lambda unit: briefs.newest(unit, case.enquiry_id))
    return newest is not None and newest.state == becomes and newest.hash == posted.line("hash")


def _page(
    case: AtCase,
    command: c.Command,
    posted: Posted | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    def work(unit: Unit) -> tuple[Sending, object]:
        told = changes_told(unit, case.enquiry_id, posted) if posted and status == 412 else ()
        return sending(unit, case.ctx, case.enquiry_id, command), told

    shown, changes = case.desk.read(work)
    earlier = shown.earlier.sections if shown.earlier else None
    compared = compare(earlier, shown.newest.sections) if earlier is not None and shown.newest else ()
    told = {
        "sending": shown,
        "form": Filled.from_posted(posted, errors) if posted else Filled(),
        "changes": changes,
        "labels": BRIEF_SECTIONS,
        "shown_label": FACTS["organisation_shown"].label,
        "compared": [section for section in compared if section.change != "same"],
    }
    template = "manage/brief_send.html" if command.event == "send_for_agreement" else "manage/brief_revise.html"
    return case.page(template, told, status=status)
