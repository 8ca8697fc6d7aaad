"""What is said: a message to the enquirer, a call or meeting logged, an answer to universities, a note of the team's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions.converse import Words, converse
from service.errors import Problem, not_found
from service.records import conversation, enquiries
from service.records.database import Unit
from service.routers.form_values import whole_number
from service.routers.forms import LINE_LENGTH, PROSE_LENGTH, Filled, Mistakes, Posted, PostedForm
from service.routers.manage.case.page import show_page
from service.routers.manage.desk import AtCase, Case
from service.routers.manage.hearing import read_instant
from service.routers.manage.telling import CONTACTS, READERS, WHOSE

router = APIRouter(include_in_schema=False)

_A_PRESS = timedelta(minutes=1)
_MOST_MINUTES = 100_000
_MOST_PEOPLE = 100


@dataclass(frozen=True, slots=True)
class Said:
    """One of the forms. `read` notes mistakes and returns what is said; `done` is what the page tells then."""

    body: str
    """The field that holds its text."""
    read: Callable[[AtCase, Posted, Mistakes], dict[str, Any]]
    done: str


def _message(_case: AtCase, posted: Posted, mistakes: Mistakes) -> dict[str, Any]:
    mistakes.required("message", posted.prose("message"), "Write your message")
    return {"kind": "message", "visibility": "enquirer", "direction": "out"}


def _note(_case: AtCase, posted: Posted, mistakes: Mistakes) -> dict[str, Any]:
    mistakes.required("note", posted.prose("note"), "Write your note")
    return {"kind": "note", "visibility": "back_stage", "direction": "out"}


def _answer(_case: AtCase, posted: Posted, mistakes: Mistakes) -> dict[str, Any]:
    mistakes.required("answer", posted.prose("answer"), "Write what the universities should know")
    answers = None
    if asked := posted.line("answers"):
        try:
            answers = UUID(asked)
        except ValueError:
            mistakes.add("answers", "Choose a question from the list")
    return {"kind": "post", "visibility": "universities", "direction": "out", "answers": answers}


def _contact(case: AtCase, posted: Posted, mistakes: Mistakes) -> dict[str, Any]:
    kind = mistakes.choice("contact_kind", posted.line("contact_kind"), CONTACTS, "Choose from the list")
    mistakes.required("contact_kind", kind or "", "Say what it was")
    direction = mistakes.choice("contact_direction", posted.line("contact_direction"), WHOSE, "Choose from the list")
    visibility = mistakes.choice(
        "contact_visibility", posted.line("contact_visibility"), READERS, "Choose from the list"
    )
    mistakes.required("contact_visibility", visibility or "", "Say who may read it")
    mistakes.required("contact", posted.prose("contact"), "Write down what was said, or what the meeting is about")
    at = read_instant(posted, mistakes, case.ctx.now, "contact")
    minutes = _minutes(posted, mistakes)
    is_ahead = at is not None and at > case.ctx.now
    if is_ahead and kind != "meeting":
        mistakes.add("contact_on", "This has not happened yet. Only a meeting may lie ahead")
    told: dict[str, Any] = {
        "kind": kind or "call",
        "visibility": visibility or "enquirer",
        # What they wrote is theirs, whatever was ticked: as ours it would be mailed to them.
        "direction": "in" if kind == "message" else direction or "out",
        "minutes": minutes,
        "attendees": _people(posted, mistakes),
        "automatic": kind == "message" and bool(posted.line("contact_automatic")),
    }
    if is_ahead and at is not None:
        return told | {"starts_at": at, "ends_at": at + timedelta(minutes=minutes) if minutes else None}
    return told | {"occurred_at": at}


def _minutes(posted: Posted, mistakes: Mistakes) -> int | None:
    written = posted.line("contact_minutes")
    if not written:
        return None
    minutes = whole_number(written, 6)
    if minutes is not None and minutes <= _MOST_MINUTES:
        return minutes
    mistakes.add("contact_minutes", "Enter minutes as a number, like 25")
    return None


def _people(posted: Posted, mistakes: Mistakes) -> list[str]:
    people = [name.strip() for name in posted.prose("contact_attendees").splitlines() if name.strip()]
    if len(people) > _MOST_PEOPLE or any(len(name) > LINE_LENGTH for name in people):
        mistakes.add("contact_attendees", f"Name at most {_MOST_PEOPLE} people, one to a line")
    return people


SAYINGS: Mapping[str, Said] = {
    "message": Said("message", _message, "sent"),
    "contact": Said("contact", _contact, "said"),
    "answer": Said("answer", _answer, "answered"),
    "note": Said("note", _note, "noted"),
}
"""Each form, by what its button sends."""

_FIELDS = {
    "visibility": "contact_visibility",
    "occurred_at": "contact_on",
    "starts_at": "contact_on",
    "ends_at": "contact_minutes",
}


@router.post("/manage/enquiries/{reference}/talk")
def say(case: Case, posted: PostedForm) -> Response:
    """Say or write down what the form holds; the same words twice within a minute are kept once."""
    named = posted.line("say")
    saying = SAYINGS.get(named)
    if saying is None:
        raise not_found("form")
    mistakes = Mistakes()
    told = saying.read(case, posted, mistakes)
    body = posted.prose(saying.body)
    mistakes.fits(saying.body, body, PROSE_LENGTH, "Your text")
    if mistakes:
        return show_page(case, Filled.from_posted(posted, mistakes.found), status=422, opened=named)
    words = Words(body=body, **told)

    def work(unit: Unit) -> bool:
        enquiries.lock(unit, case.enquiry_id)
        since = case.ctx.now - _A_PRESS
        if conversation.said_since(unit, case.enquiry_id, case.desk.person_id, body, since, (words.visibility,)):
            return False
        converse(unit, case.ctx, case.enquiry_id, words)
        return True

    try:
        is_new = case.desk.write(posted, work)
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        errors = {_FIELDS.get(each["field"], each["field"]): each["message"] for each in problem.errors}
        form = Filled.from_posted(posted, errors or {saying.body: problem.detail})
        return show_page(case, form, status=problem.status, opened=named)
    done = "invited" if words.starts_at is not None and words.visibility != "back_stage" else saying.done
    return case.back(done if is_new else "again")
