"""Leaving the form: to finish later by an emailed link, or for good."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from service.actions.drafting import discard_draft
from service.routers import visits
from service.routers.enquire.opened import opened
from service.routers.forms import PostedForm
from service.routers.services import services_of

router = APIRouter(include_in_schema=False)


@router.get("/ask/{token}/later")
def later(request: Request, token: str) -> Response:
    """Where the link went, and until when it opens the form."""
    form = opened(request, token)
    if form.saved is None or form.saved.is_sent:
        return RedirectResponse(f"/ask/{token}", 303)
    return form.page("ask/later.html")


@router.get("/ask/{token}/discard")
def ask_to_discard(request: Request, token: str) -> Response:
    """Are you sure?"""
    form = opened(request, token)
    if form.saved is not None and form.saved.is_sent:
        return form.go("sent")
    return form.page("ask/discard.html", back=f"/ask/{token}")


@router.post("/ask/{token}/discard")
def discard(request: Request, token: str, posted: PostedForm) -> Response:
    """Forget every answer and file."""
    visits.admit(request, visits.FORM)
    form = opened(request, token)
    if form.saved is not None and form.saved.is_sent:
        return form.go("sent")
    visits.require_csrf(request, posted, token)
    services_of(request).database.transact(lambda unit: discard_draft(unit, form.draft_id))
    return form.page("ask/discarded.html")
