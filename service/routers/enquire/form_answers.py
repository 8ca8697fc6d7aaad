"""Between the form's first two pages: published answers that may be enough, offered where there are good ones.

It is no question, and nobody has to stop at it: where nothing is good enough the form goes straight on.
"""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from service.actions.publishing_answers import say_enough
from service.matching.related import FEWEST_WORDS, WORTH_OFFERING
from service.records import published
from service.records.library import Hit
from service.routers import visits
from service.routers.enquire.opened import STALE, Opened, opened
from service.routers.forms import Filled, PostedForm
from service.routers.learning import vector_of
from service.routers.services import context_of, services_of

router = APIRouter(include_in_schema=False)

SLUG = "answers"
MOST = 3


def offered(request: Request, question: str) -> list[Hit]:
    """Return the published answers that are worth offering to somebody who asks this, best first."""
    services = services_of(request)
    if not services.database.read(published.count):
        return []
    vector = vector_of(services, question)
    search = services.database.read(
        lambda unit: services.library.search(unit, question, vector, fewest=FEWEST_WORDS, least=WORTH_OFFERING)
    )
    return search.hits[:MOST]


@router.get("/ask/{token}/answers")
def show_answers(request: Request, token: str) -> Response:
    """Does one of these answer it? Where none is good enough, the next page."""
    form = opened(request, token)
    if form.saved is None or form.saved.is_sent:
        return RedirectResponse(f"/ask/{token}", 303)
    return _page(form, Filled())


@router.post("/ask/{token}/answers")
def take_answer(request: Request, token: str, posted: PostedForm) -> Response:
    """Note that one of them was enough. The question stays a draft: it can be sent all the same."""
    visits.admit(request, visits.FORM)
    form = opened(request, token)
    if form.saved is None or form.saved.is_sent:
        return RedirectResponse(f"/ask/{token}", 303)
    if not form.is_genuine(posted):
        return _page(form, Filled(errors={"page": STALE}), 422)
    answer_id = _named(posted.line("answer"))
    if answer_id is None:
        return _page(form, Filled(errors={"page": "Choose one of the answers shown, or carry on"}), 422)
    ctx = context_of(request)
    services_of(request).database.transact(lambda unit: say_enough(unit, ctx, answer_id, form.digest))
    return form.page("ask/enough.html", back=form.path(SLUG))


def _page(form: Opened, filled: Filled, status: int = 200) -> Response:
    hits = offered(form.request, form.saved.question) if form.saved else []
    if not hits and not filled.errors:
        return form.go("contact")
    return form.page("ask/answers.html", status=status, form=filled, hits=hits, back=form.path("question"))


def _named(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
