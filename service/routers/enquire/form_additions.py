"""The form's colleagues and files: each is added to what is there, or taken away again."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from service.actions import colleagues
from service.actions.attach import attach, detach_from_draft
from service.actions.file_kinds import ACCEPTED
from service.errors import Problem
from service.records.database import Unit
from service.records.drafts import Colleague
from service.routers import visits
from service.routers.enquire.form import email_link
from service.routers.enquire.opened import STALE, Opened, opened
from service.routers.forms import Filled, Mistakes, Posted, PostedForm
from service.routers.services import context_of, services_of

router = APIRouter(include_in_schema=False)


@router.get("/ask/{token}/colleagues")
def ask_colleagues(request: Request, token: str) -> Response:
    """Who else should be able to follow this?"""
    form = opened(request, token)
    return _asked(form) or _ask_colleagues(form, Filled())


@router.post("/ask/{token}/colleagues")
def take_colleague(request: Request, token: str, posted: PostedForm) -> Response:
    """Add a colleague, take one away, or go on; somebody half written down is added, never dropped."""
    visits.admit(request, visits.FORM)
    form = opened(request, token)
    elsewhere = _asked(form)
    if elsewhere is not None or form.saved is None:
        return elsewhere or form.go("question")
    there = [each.line for each in form.saved.colleagues]
    mistakes = Mistakes() if form.is_genuine(posted) else _stale()
    if posted.line("remove"):
        kept = [each for each in there if each != posted.line("remove")]
        return _kept(form, kept) if not mistakes else _ask_colleagues(form, Filled(errors=mistakes.found), 422)
    pressed = posted.line("event")
    name, email = posted.line("name"), posted.line("email")
    if name or email or pressed == "add":
        added = Colleague(name, _colleague(posted, mistakes) or "").line
        if len(there) >= colleagues.MOST_COLLEAGUES:
            mistakes.add("email", f"There can be at most {colleagues.MOST_COLLEAGUES} colleagues")
        there = [*there, added]
    if mistakes:
        return _ask_colleagues(form, Filled.from_posted(posted, mistakes.found), 422)
    if pressed == "email_link":
        return email_link(form, {"form_colleagues": there})
    if pressed == "add":
        return _kept(form, there)
    form.save({"form_colleagues": there})
    return form.go_on(posted, "files")


@router.get("/ask/{token}/files")
def ask_files(request: Request, token: str) -> Response:
    """Is there anything we should read?"""
    form = opened(request, token)
    return _asked(form) or _ask_files(form, Filled())


@router.post("/ask/{token}/files")
def take_file(request: Request, token: str, posted: PostedForm) -> Response:
    """Add a file, take one away, or go on; a file that was chosen is added whatever was pressed."""
    visits.admit(request, visits.FORM)
    form = opened(request, token)
    elsewhere = _asked(form)
    if elsewhere is not None or form.saved is None:
        return elsewhere or form.go("question")
    mistakes = Mistakes() if form.is_genuine(posted) else _stale()
    if posted.line("remove") and not mistakes:
        return _remove(form, posted.line("remove"))
    pressed, chosen = posted.line("event"), posted.uploads.get("file")
    if pressed == "add" and chosen is None:
        mistakes.add("file", "Select a file")
    if chosen is not None and not mistakes:
        _attach(form, chosen.filename, chosen.content, mistakes)
    if mistakes:
        return _ask_files(form, Filled(errors=mistakes.found), 422)
    if pressed == "email_link":
        return email_link(form, {})
    return form.go("files" if pressed == "add" else "check")


def _asked(form: Opened) -> Response | None:
    if form.saved is None or form.saved.is_sent:
        return RedirectResponse(f"/ask/{form.token}", 303)
    return None


def _stale() -> Mistakes:
    mistakes = Mistakes()
    mistakes.add("page", STALE)
    return mistakes


def _colleague(posted: Posted, mistakes: Mistakes) -> str | None:
    mistakes.required("name", posted.line("name"), "Enter your colleague's name")
    mistakes.fits("name", posted.line("name"), 200, "The name")
    email = mistakes.required("email", posted.line("email"), "Enter your colleague's email address")
    return mistakes.email("email", email)


def _kept(form: Opened, named: list[str]) -> Response:
    form.save({"form_colleagues": named})
    return form.go("colleagues")


def _ask_colleagues(form: Opened, filled: Filled, status: int = 200) -> Response:
    return form.page("ask/colleagues.html", status=status, form=filled, back=form.path("money"))


def _ask_files(form: Opened, filled: Filled, status: int = 200) -> Response:
    limit = services_of(form.request).settings.attachment_limit_bytes // 1_000_000
    told = {"form": filled, "accepted": ACCEPTED, "limit": limit, "back": form.path("colleagues")}
    return form.page("ask/files.html", status=status, **told)


def _attach(form: Opened, filename: str, content: bytes, mistakes: Mistakes) -> None:
    services, ctx = services_of(form.request), context_of(form.request)
    limit = services.settings.attachment_limit_bytes

    def work(unit: Unit) -> None:
        attach(unit, ctx, form.draft_id, filename=filename, content=content, limit=limit)

    try:
        services.database.transact(work)
    except Problem as problem:
        if problem.status != 422:
            raise
        mistakes.add("file", problem.detail)


def _remove(form: Opened, file_id: str) -> Response:
    try:
        wanted = UUID(file_id)
    except ValueError:
        return form.go("files")
    services_of(form.request).database.transact(lambda unit: detach_from_draft(unit, form.draft_id, wanted))
    return form.go("files")
