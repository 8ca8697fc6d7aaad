"""Published answers: anybody can look through them and search them by word and by meaning."""

from typing import NamedTuple, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.errors import Problem, not_found
from service.records import published
from service.records.database import Unit
from service.records.library import Hit
from service.routers import visits
from service.routers.forms import AskedForm, Filled, Posted
from service.routers.learning import vector_of
from service.routers.paging import encode_cursor, place_at
from service.routers.rendering import page
from service.routers.services import services_of

router = APIRouter(include_in_schema=False)

PAGE = 10
LONGEST = 300

Place = TypeVar("Place")


class _Ranked(NamedTuple):
    """Where something found stands: by its score, then by its id."""

    score: float
    id: UUID


@router.get("/answers")
def search_answers(request: Request, view: AskedForm) -> Response:
    """Published answers, newest first, or those that fit `q`, best first, each with why it was found."""
    asked = view.line("q")
    errors = {"q": f"Use {LONGEST} characters or fewer"} if len(asked) > LONGEST else {}
    told: dict[str, object] = {"sought": Filled({"q": asked}, errors), "asked": asked, "following": None}
    if asked and not errors:
        visits.admit_reader(request, visits.SEARCH)
        told |= _found(request, asked, view)
    else:
        told |= _newest(request, view)
    return page(request, "answers/list.html", {**told, "form": told["sought"]}, status=422 if errors else 200)


@router.get("/answers/{answer_id}")
def show_answer(request: Request, answer_id: UUID) -> Response:
    """One published answer. One that was taken away is not here."""
    found = services_of(request).database.read(lambda unit: published.one(unit, answer_id))
    if found is None:
        raise not_found("answer")
    return page(request, "answers/answer.html", {"answer": found, "back": "/answers"})


def _newest(request: Request, view: Posted) -> dict[str, object]:
    before = _place(view, published.Place)

    def work(unit: Unit) -> tuple[list[published.Answer], int]:
        return published.newest(unit, before=before, limit=PAGE + 1), published.count(unit)

    rows, count = services_of(request).database.read(work)
    following = encode_cursor(rows[PAGE - 1].place) if len(rows) > PAGE else None
    return {"rows": [(row, ()) for row in rows[:PAGE]], "count": count, "following": _address("", following)}


def _found(request: Request, asked: str, view: Posted) -> dict[str, object]:
    services = services_of(request)
    vector = vector_of(services, asked)
    search = services.database.read(lambda unit: services.library.search(unit, asked, vector))
    after = _place(view, _Ranked)
    hits = [hit for hit in search.hits if after is None or _order(hit) > (-after.score, after.id)]
    last = hits[PAGE - 1] if len(hits) > PAGE else None
    following = encode_cursor(_Ranked(last.fit.score, last.answer.id)) if last else None
    return {
        "rows": [(hit.answer, hit.fit.why) for hit in hits[:PAGE]],
        "count": len(search.hits),
        "following": _address(asked, following),
        "is_enough": search.is_enough,
    }


def _order(hit: Hit) -> tuple[float, UUID]:
    return -hit.fit.score, hit.answer.id


def _address(asked: str, cursor: str | None) -> str | None:
    parts = {"q": asked, "cursor": cursor}
    return "/answers?" + urlencode({name: value for name, value in parts.items() if value}) if cursor else None


def _place(view: Posted, kind: type[Place]) -> Place | None:
    """Return the place an address names; an old or mistyped one begins anew, as there is nothing to refuse here."""
    try:
        return place_at(view.line("cursor"), kind)
    except Problem:
        return None
