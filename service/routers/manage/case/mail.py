"""File a mail: one that reached a manager's own mailbox joins the conversation, pasted or as a saved file, in one step."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from service.actions.mail_in import LONGEST, Filed, Filing, file_mail
from service.errors import Problem
from service.records import conversation
from service.records.database import Unit
from service.routers.forms import LINE_LENGTH, Filled, Mistakes, Posted, PostedForm
from service.routers.manage.desk import AtCase, Case
from service.routers.rendering import moment
from service.routers.services import services_of
from service.sources.mail import Correspondent, ReadMail, Unreadable, read_file, read_pasted
from service.sources.mail.headings import one_line, read_somebody

router = APIRouter(include_in_schema=False, prefix="/manage/enquiries/{reference}/mail")

AUDIENCES = {
    "": "Let the addresses decide",
    "enquirer": "The enquirer's side and the team",
    "back_stage": "Only the team",
}


@router.get("")
def show(case: Case, filed: str = "", done: str = "") -> Response:
    """A place to put a mail; once one is filed, what was read of it and how to undo that."""
    if case.leads_to is not None:
        return RedirectResponse(f"/manage/enquiries/{case.leads_to}/mail", 308)
    return _page(case, Filled({"audience": ""}), filed=_meant(filed), done=done)


@router.post("")
def add(case: Case, posted: PostedForm) -> Response:
    """File it. What cannot be read is shown again with every word kept; what was filed before is shown as it stands."""
    mistakes = Mistakes()
    audience = mistakes.choice("audience", posted.line("audience"), AUDIENCES, "Choose from the list")
    mistakes.fits("sender", posted.line("sender"), LINE_LENGTH, "Who wrote it")
    mail = _read(posted, mistakes)
    if mistakes or mail is None:
        return _page(case, Filled.from_posted(posted, mistakes.found), status=422)
    settings = services_of(case.desk.request).settings
    filing = Filing(
        team=(*settings.staff_emails, *settings.lead_emails, settings.mail_from),
        limit=settings.attachment_limit_bytes,
        audience=audience,
        keep_quoted="keep_quoted" in posted,
    )

    def work(unit: Unit) -> tuple[UUID, bool]:
        done: Filed = file_mail(unit, case.ctx, case.enquiry_id, mail, filing)
        return done.entry.id, done.is_new

    try:
        entry_id, is_new = case.desk.write(posted, work)
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        return _page(case, Filled.refused(posted, problem), status=problem.status)
    return case.desk.go(f"{case.path}/mail", "filed" if is_new else "already", filed=str(entry_id))


def _read(posted: Posted, mistakes: Mistakes) -> ReadMail | None:
    """Return the mail that was given, its writer as the form says where the form does."""
    chosen, pasted = posted.uploads.get("file"), posted.prose("body")
    if (chosen is None) == (not pasted):
        mistakes.add(
            "body", "Paste the mail or choose its file" if not pasted else "Paste the mail or choose its file, not both"
        )
        return None
    try:
        mail = read_file(chosen.content) if chosen is not None else read_pasted(pasted)
    except Unreadable as problem:
        mistakes.add("file" if chosen is not None else "body", str(problem))
        return None
    named: Correspondent | None = read_somebody(one_line(posted.line("sender")))
    return mail if named is None else replace(mail, sender=named)


def _meant(filed: str) -> UUID | None:
    try:
        return UUID(filed)
    except ValueError:
        return None


def _page(case: AtCase, form: Filled, *, status: int = 200, filed: UUID | None = None, done: str = "") -> Response:
    entry = case.desk.read(lambda unit: conversation.one(unit, case.enquiry_id, filed)) if filed else None
    told = {
        "audiences": AUDIENCES,
        "longest": LONGEST,
        "form": form,
        "entry": entry,
        "done": _DONE[done].format(when=moment(entry.occurred_at)) if entry is not None and done in _DONE else None,
    }
    return case.page("manage/mail.html", told, status=status)


_DONE = {
    "filed": "The mail of {when} is filed.",
    "already": "The mail of {when} was filed before. Nothing was added.",
}
