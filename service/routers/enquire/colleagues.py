"""Colleagues on an enquiry: who is there, adding somebody, taking somebody off, and leaving."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from service.actions.colleagues import add_colleague, remove_colleague
from service.errors import Problem
from service.records.database import Unit
from service.records.enquirer_page.talk import people_by_id
from service.routers import visits
from service.routers.enquire.here import AtEnquiry, Here
from service.routers.forms import Filled, Mistakes, PostedForm
from service.routers.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/enquiries/{reference}/colleagues")
def show(found: AtEnquiry) -> Response:
    """Who may see this enquiry."""
    return _page(found, Filled())


@router.post("/enquiries/{reference}/colleagues")
def change(found: AtEnquiry, posted: PostedForm) -> Response:
    """Add a colleague, or take one off."""
    visits.admit(found.request, visits.FORM)
    if posted.line("remove"):
        return _remove(found, posted)
    found.require_whole()
    mistakes = Mistakes()
    name = mistakes.required("name", posted.line("name"), "Enter your colleague's name")
    mistakes.fits("name", name, 200, "The name")
    email = mistakes.email("email", mistakes.required("email", posted.line("email"), "Enter their email address"))
    if mistakes:
        return _page(found, Filled.from_posted(posted, mistakes.found), 422)

    def work(unit: Unit) -> None:
        add_colleague(unit, found.ctx, found.place.enquiry_id, name=name, email=email or "")

    try:
        found.write(posted, work)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _page(found, Filled.from_posted(posted, {"email": problem.detail}), 422)
    return _page(found, Filled(), done=f"{name} has been added, and we have written to them.")


def _remove(found: Here, posted: PostedForm) -> Response:
    try:
        person_id = UUID(posted.line("remove"))
    except ValueError:
        return _page(found, Filled())
    if person_id != found.visitor.person_id:
        found.require_whole()
    found.write(posted, lambda unit: remove_colleague(unit, found.ctx, found.place.enquiry_id, person_id))
    if person_id == found.visitor.person_id:
        return RedirectResponse("/enquiries", 303)
    return _page(found, Filled(), done="They no longer see this enquiry.")


def _page(found: Here, form: Filled, status: int = 200, done: str | None = None) -> Response:
    whole = found.place.sees_from is None
    there = found.read(lambda unit: people_by_id(unit, found.place.enquiry_id, found.visitor.person_id, whole=whole))
    told = {"here": found, "people": there, "form": form, "done": done, "back": found.path}
    return page(found.request, "enquiry/colleagues.html", told, status=status)
