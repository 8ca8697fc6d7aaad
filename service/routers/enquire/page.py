"""The enquirer's page: where it stands, who must act, and everything they can do about it."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from service.errors import Problem, not_found
from service.records.database import Unit
from service.records.enquirer_page import brief_version, enquirer_page
from service.records.places import mine
from service.routers import visits
from service.routers.enquire.doing import DOINGS
from service.routers.enquire.here import Anywhere, AtEnquiry, Here
from service.routers.enquire.wording import standing
from service.routers.forms import Filled, Mistakes, PostedForm
from service.routers.rendering import page
from service.routers.services import services_of
from service.states import ENQUIRY_STATES

router = APIRouter(include_in_schema=False)


@router.get("/enquiries")
def list_mine(request: Request, visitor: visits.SignedIn) -> Response:
    """A person's enquiries."""
    found = services_of(request).database.read(lambda unit: mine(unit, visitor.person_id))
    return page(request, "enquiry/mine.html", {"enquiries": found, "states": ENQUIRY_STATES})


@router.get("/enquiries/{reference}")
def show(found: Anywhere, reference: str, done: str = "") -> Response:
    """The page; a merged enquiry's leads on for good, and a reference written differently to how we write it."""
    if found.place.leads_to is not None or reference != found.place.reference:
        return RedirectResponse(f"/enquiries/{found.place.leads_to or found.place.reference}", 308)
    return show_page(found, done=done)


@router.post("/enquiries/{reference}")
def do(found: AtEnquiry, posted: PostedForm) -> Response:
    """Do what the button says. A refusal shows the page as it is now, with the reason, and every word kept."""
    visits.admit(found.request, visits.FORM)
    event = posted.line("event")
    doing = DOINGS.get(event)
    if doing is None:
        raise not_found("button")
    mistakes = Mistakes()
    todo = doing.read(posted, mistakes)
    if mistakes:
        return show_page(found, Filled.from_posted(posted, mistakes.found), status=422)

    def work(unit: Unit) -> object:
        return todo(unit, found.ctx, found.place.enquiry_id)

    try:
        found.write(posted, work)
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        if doing.is_done(found.read(lambda unit: enquirer_page(unit, found.ctx, found.place)), posted):
            return found.back(event)
        return show_page(found, Filled.refused(posted, problem), status=problem.status)
    return found.back(event)


@router.get("/enquiries/{reference}/brief/{number}")
def earlier_brief(found: AtEnquiry, number: int) -> Response:
    """A version of the brief that was sent before."""
    if found.place.sees_from is not None:
        raise not_found("brief")
    brief = found.read(lambda unit: brief_version(unit, found.place.enquiry_id, number)) if number < 2**31 else None
    if brief is None:
        raise not_found("brief")
    return page(found.request, "enquiry/brief.html", {"here": found, "brief": brief, "back": found.path})


def show_page(found: Here, form: Filled | None = None, *, status: int = 200, done: str = "") -> Response:
    """Return the enquirer's page, with a form's mistakes or with what was just done."""
    shown = found.read(lambda unit: enquirer_page(unit, found.ctx, found.place))
    told = {
        "here": found,
        "enquiry": shown,
        "standing": standing(shown),
        "form": form or Filled(),
        "comment_form": Filled({"preference_comment": (shown.choice.comment or "") if shown.choice else ""}),
        "done": DOINGS[done].told if done in DOINGS else _ALSO_DONE.get(done),
    }
    return page(found.request, "enquiry/page.html", told, status=status)


_ALSO_DONE = {
    "outcome": "Thank you. What you told us shows whether evidence makes a difference.",
    "satisfaction": "Thank you for telling us how it was.",
    "later": "We will remind you later, on the day you chose.",
    "stopped": "We will not ask about this again.",
}
