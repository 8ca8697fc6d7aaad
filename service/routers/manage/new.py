"""A new enquiry, written down for somebody who asked by phone, by mail or in person."""

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response

from service import vocabulary
from service.actions.submit import OnBehalf, submit_on_behalf
from service.errors import Problem
from service.records import enquiries, queue
from service.records.database import Unit
from service.records.queue import Standing
from service.routers.forms import (
    LINE_LENGTH,
    PROSE_LENGTH,
    AskedForm,
    Filled,
    Mistakes,
    Posted,
    PostedForm,
    date_parts,
)
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.services import services_of
from service.states import EnquiryState
from service.working_time import local_date

router = APIRouter(include_in_schema=False)

ROOM = "/manage/new"
CHANNELS = {code: words for code, words in vocabulary.CHANNELS.items() if code != "web"}
_PROSE = {
    "purpose": "What the answer is for",
    "known_evidence": "What is known already",
    "not_wanted": "What would not help",
}
_LINES = {"who_decides": "Who decides", "place": "The place", "organisation_description": "The description"}
_DATES = {"needed_by": "The date it is needed by", "decision_date": "The date of the decision"}
_CODES = {
    "decision_window": vocabulary.DECISION_WINDOWS,
    "enquiry_type": vocabulary.ENQUIRY_TYPES,
    "sector": vocabulary.SECTORS,
    "budget_band": vocabulary.BUDGET_BANDS,
    "organisation_shown": vocabulary.ORGANISATION_SHOWN,
}
_SEVERAL = {"topics": vocabulary.TOPICS, "population": vocabulary.POPULATIONS}
Values = dict[str, str | list[str]]

_CHOOSE = "Choose one of the answers shown"


def linked_new(reference: str) -> str:
    """Return the address of the form for a new enquiry that takes up a closed one."""
    return f"{ROOM}?continues={reference}"


@router.get(ROOM)
def show(desk: ManagerDesk, asked: AskedForm) -> Response:
    """An empty form; with `continues`, filled with what is known of the closed enquiry that the new one takes up."""
    start: Values = {"channel": "phone", "token": services_of(desk.request).tokens.new_secret()}
    earlier = _earlier(desk, asked)
    return _page(desk, Filled(start | (_known(desk, earlier) if earlier else {})))


@router.post(ROOM)
def record(desk: ManagerDesk, posted: PostedForm) -> Response:
    """Record the question and open its enquiry."""
    mistakes = Mistakes()
    fields = _read(desk, posted, mistakes)
    if mistakes:
        return _page(desk, Filled.from_posted(posted, mistakes.found), 422)

    def work(unit: Unit) -> str:
        return submit_on_behalf(unit, desk.ctx, fields).reference or ""

    try:
        reference = desk.write(posted, work)
    except Problem as problem:
        if not fields.continues or problem.status not in {409, 422}:
            raise
        return _page(desk, Filled.from_posted(posted, {"page": problem.detail}), problem.status)
    return desk.go(f"/manage/enquiries/{reference}")


def _earlier(desk: Desk, asked: Posted) -> Standing | None:
    """Return the enquiry that the form was asked to take up, where it is there and closed."""

    def work(unit: Unit) -> Standing | None:
        found = enquiries.by_reference(unit, asked.line("continues"))
        is_closed = found is not None and found.state == EnquiryState.CLOSED
        return queue.one(unit, found.id, local_date(desk.ctx.now)) if found and is_closed else None

    return desk.read(work)


def _known(desk: Desk, earlier: Standing) -> Values:
    """Return what a form begins with that takes an enquiry up again; days that have passed are left for asking."""
    enquiry, enquirer, today = earlier.enquiry, earlier.enquirer, local_date(desk.ctx.now)
    found: Values = {"continues": enquiry.reference or "", "question": enquiry.question}
    if enquirer is not None:
        found |= {"name": enquirer.name, "email": enquirer.email or "", "phone": enquirer.phone or ""}
    found["organisation"] = earlier.organisation.name if earlier.organisation else enquiry.organisation_name or ""
    for name in (*_PROSE, *_LINES, *_CODES, *_SEVERAL):
        found[name] = getattr(enquiry, name) or ""
    for name in _DATES:
        day = getattr(enquiry, name)
        found |= date_parts(name, day if day and day > today else None)
    return found


def _read(desk: Desk, posted: Posted, mistakes: Mistakes) -> OnBehalf:
    question = mistakes.required("question", posted.prose("question"), "Enter what they want to know")
    mistakes.fits("question", question, PROSE_LENGTH, "The question")
    name = mistakes.required("name", posted.line("name"), "Enter who asks")
    mistakes.fits("name", name, 200, "The name")
    email, phone = mistakes.email("email", posted.line("email")), mistakes.phone("phone", posted.line("phone"))
    if not (email or phone):
        mistakes.add("email", "Enter an email address or a phone number, so that somebody can get back to them")
    token = posted.line("token")
    return OnBehalf(
        question=question,
        name=name,
        email=email,
        phone=phone,
        organisation=mistakes.fits("organisation", posted.line("organisation"), 200, "The organisation"),
        channel=mistakes.choice("channel", posted.line("channel"), CHANNELS, "Choose how they asked") or "phone",
        continues=posted.line("continues")[:20] or None,
        form_token=services_of(desk.request).tokens.digest(f"desk {desk.person_id} {token}") if token else None,
        details=_details(posted, mistakes),
    )


def _details(posted: Posted, mistakes: Mistakes) -> Mapping[str, object]:
    """Read what else is known, leaving out what is not."""
    found: dict[str, str | date | list[str] | None] = {}
    for name, what in _PROSE.items():
        found[name] = mistakes.fits(name, posted.prose(name), PROSE_LENGTH, what)
    for name, what in _LINES.items():
        found[name] = mistakes.fits(name, posted.line(name), LINE_LENGTH, what)
    for name, what in _DATES.items():
        found[name] = mistakes.date(name, posted, what)
    for name, codes in _CODES.items():
        found[name] = mistakes.choice(name, posted.line(name), codes, _CHOOSE)
    for name, codes in _SEVERAL.items():
        found[name] = mistakes.choices(name, posted.chosen(name), codes, _CHOOSE)
    return {name: value for name, value in found.items() if value}


def _page(desk: Desk, form: Filled, status: int = 200) -> Response:
    told = {
        "form": form,
        "channels": CHANNELS,
        "is_open": any(form.value(name) for name in (*_PROSE, *_LINES, *_CODES)),
    }
    return desk.page("manage/new.html", told, room="/manage/queue", status=status)
