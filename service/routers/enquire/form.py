"""The form: two pages reach a person, the rest is optional help, and every page saves what it was told."""

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from service.actions import drafting
from service.actions.submit import promise, submit
from service.ids import new_id
from service.records.database import Unit
from service.records.enquiries import by_form_token
from service.routers import visits
from service.routers.enquire.earlier import earlier_meant
from service.routers.enquire.form_answers import offered
from service.routers.enquire.opened import STALE, Opened, opened
from service.routers.enquire.questions import (
    BY_SLUG,
    ORDER,
    Question,
    after,
    before,
    read_contact,
    read_question,
    require_reachable,
)
from service.routers.forms import Filled, Mistakes, Posted, PostedForm
from service.routers.services import context_of, services_of
from service.working_time import local_date

router = APIRouter(include_in_schema=False)

_EMPTY_BOX = "Leave this box empty. It is there to catch programs that fill in every field."


@router.get("/ask")
def start(request: Request) -> Response:
    """The first page, under a fresh token; nothing is kept until it is sent.

    With `continues`, somebody who is signed in finds the question of a closed enquiry of theirs, to ask on from there.
    """
    token = services_of(request).tokens.draft_token(new_id())
    earlier = earlier_meant(request, request.query_params.get("continues", ""))
    known = {"continues": earlier.reference, "question": earlier.question} if earlier else {}
    return _ask_question(opened(request, token), Filled({**known}))


@router.post("/ask")
def begin(request: Request, posted: PostedForm) -> Response:
    """Keep the question under the token the page was given, or under a fresh one."""
    tokens = services_of(request).tokens
    token = posted.line("form_token")
    if tokens.read_draft_token(token) is None:
        token = tokens.draft_token(new_id())
    return _take_question(opened(request, token), posted)


@router.get("/ask/{token}")
def resume(request: Request, token: str) -> Response:
    """Where an emailed link leads: to what is missing before it can be sent, else to the check page."""
    form = opened(request, token)
    if form.saved is None:
        return form.go("question")
    if form.saved.is_sent:
        return form.go("sent")
    is_reachable = form.saved.name and (form.saved.email or form.saved.phone)
    return form.go("check" if is_reachable else "contact")


@router.get("/ask/{token}/question")
def question(request: Request, token: str) -> Response:
    """The first page again, to change it."""
    form = opened(request, token)
    if form.saved is not None and form.saved.is_sent:
        return form.go("sent")
    return _ask_question(form, Filled({"question": form.saved.question} if form.saved else {}))


@router.post("/ask/{token}/question")
def change_question(request: Request, token: str, posted: PostedForm) -> Response:
    """Keep the question as it reads now."""
    return _take_question(opened(request, token), posted)


@router.get("/ask/{token}/contact")
def contact(request: Request, token: str) -> Response:
    """How can we reach you? Somebody who is signed in finds it filled."""
    form = opened(request, token)
    if form.saved is None or form.saved.is_sent:
        return form.go("sent" if form.saved else "question")
    visitor = visits.visitor_of(request)
    values: dict[str, str | list[str]] = {
        name: kept for name in ("name", "email", "phone", "organisation") if (kept := getattr(form.saved, name))
    }
    if visitor is not None and not values:
        values = {"name": visitor.name, "email": visitor.email or ""}
    return _ask_contact(form, Filled(values))


@router.post("/ask/{token}/contact")
def take_contact(request: Request, token: str, posted: PostedForm) -> Response:
    """Keep it, and do what the button says: send now, add more, or mail a link to finish later."""
    visits.admit(request, visits.FORM)
    form = opened(request, token)
    if form.saved is None or form.saved.is_sent:
        return form.go("sent" if form.saved else "question")
    pressed = posted.line("event") or "submit"
    mistakes = _checked(form, posted)
    answers = read_contact(posted, mistakes, _today(request))
    if pressed == "email_link":
        mistakes.required("email", posted.line("email"), "Enter the email address to send the link to")
    else:
        require_reachable(posted, mistakes)
    if mistakes:
        return _ask_contact(form, Filled.from_posted(posted, mistakes.found), 422)
    if pressed == "submit":
        form.save(answers, lambda unit, draft_id: submit(unit, context_of(request), draft_id))
        return form.go("sent")
    if pressed == "email_link":
        return email_link(form, answers)
    form.save(answers)
    return form.go_on(posted, after("contact"))


@router.get("/ask/{token}/check")
def check(request: Request, token: str) -> Response:
    """Every answer so far, each with a way to change it."""
    form = opened(request, token)
    if form.saved is None or form.saved.is_sent:
        return form.go("sent" if form.saved else "question")
    return form.page("ask/check.html", questions=BY_SLUG, form=Filled(), back=form.path("files"))


@router.post("/ask/{token}/check")
def send(request: Request, token: str, posted: PostedForm) -> Response:
    """Send it. A second click finds it sent and gets the same confirmation."""
    visits.admit(request, visits.FORM)
    form = opened(request, token)
    if form.saved is None or form.saved.is_sent:
        return form.go("sent" if form.saved else "question")
    if posted.line("event") == "email_link":
        return email_link(form, {})
    mistakes = Mistakes()
    if not form.is_genuine(posted):
        mistakes.add("send", STALE)
    mistakes.required("question", form.saved.question, "Enter what you want to know")
    mistakes.required("name", form.saved.name or "", "Enter your name")
    if not form.saved.email and not form.saved.phone:
        mistakes.add("email", "Enter an email address or a phone number")
    if mistakes:
        told = {"questions": BY_SLUG, "form": Filled(errors=mistakes.found), "back": form.path("files")}
        return form.page("ask/check.html", status=422, **told)
    form.save({}, lambda unit, draft_id: submit(unit, context_of(request), draft_id))
    return form.go("sent")


@router.get("/ask/{token}/sent")
def sent(request: Request, token: str) -> Response:
    """The confirmation: the reference, who will be in touch, and by which date."""
    form = opened(request, token)
    ctx = context_of(request)
    promised = services_of(request).database.read(lambda unit: promise(unit, ctx, form.digest))
    if promised is None:
        return RedirectResponse(f"/ask/{token}", 303)
    return form.page("ask/sent.html", promised=promised)


@router.get("/ask/{token}/{slug}")
def optional(request: Request, token: str, slug: str) -> Response:
    """One of the optional questions."""
    form = opened(request, token)
    asked = BY_SLUG.get(slug)
    if asked is None or form.saved is None or form.saved.is_sent:
        return RedirectResponse(f"/ask/{token}", 303)
    return _ask(form, asked, asked.filled(form.saved))


@router.post("/ask/{token}/{slug}")
def take_optional(request: Request, token: str, slug: str, posted: PostedForm) -> Response:
    """Keep the answer and go on, or mail a link to finish later."""
    visits.admit(request, visits.FORM)
    form = opened(request, token)
    asked = BY_SLUG.get(slug)
    if asked is None or form.saved is None or form.saved.is_sent:
        return RedirectResponse(f"/ask/{token}", 303)
    mistakes = _checked(form, posted)
    answers = asked.read(posted, mistakes, _today(request))
    if mistakes:
        return _ask(form, asked, Filled.from_posted(posted, mistakes.found), 422)
    if posted.line("event") == "email_link":
        return email_link(form, answers)
    form.save(answers)
    return form.go_on(posted, after(slug))


def email_link(form: Opened, answers: drafting.Answers) -> Response:
    """Keep a page's answers and mail the link under which the form can be finished; without an address, ask for one."""
    ctx = context_of(form.request)
    if not (answers.get("form_email") or (form.saved and form.saved.email)):
        form.save(answers)
        return form.go("contact")

    def mail(unit: Unit, _draft_id: object) -> None:
        draft = by_form_token(unit, form.digest)
        if draft is not None:
            drafting.mail_draft_link(unit, ctx, draft)

    visits.admit(form.request, visits.LINK)
    form.save(answers, mail)
    return form.go("later")


def _take_question(form: Opened, posted: Posted) -> Response:
    visits.admit(form.request, visits.FORM)
    if form.saved is not None and form.saved.is_sent:
        return form.go("sent")
    mistakes = _checked(form, posted)
    answers = read_question(posted, mistakes, _today(form.request))
    if mistakes:
        return _ask_question(form, Filled.from_posted(posted, mistakes.found), 422)
    earlier = earlier_meant(form.request, posted.line("continues")) if form.saved is None else None
    if earlier is not None:
        answers["continues_id"] = earlier.enquiry_id
    form.save(answers)
    may_be_enough = posted.line("then") != "check" and offered(form.request, answers["question"])
    return form.go_on(posted, "answers" if may_be_enough else after("question"))


def _ask_question(form: Opened, filled: Filled, status: int = 200) -> Response:
    return form.page("ask/question.html", status=status, form=filled, back="/")


def _ask_contact(form: Opened, filled: Filled, status: int = 200) -> Response:
    return form.page("ask/contact.html", status=status, form=filled, back=form.path("question"))


def _ask(form: Opened, asked: Question, filled: Filled, status: int = 200) -> Response:
    number, of = ORDER.index(asked.slug) - 1, len(ORDER) - 3
    told = {"asked": asked, "form": filled, "back": form.path(before(asked.slug)), "number": number, "of": of}
    return form.page(asked.template, status=status, **told)


def _checked(form: Opened, posted: Posted) -> Mistakes:
    mistakes = Mistakes()
    if not form.is_genuine(posted):
        mistakes.add("page", STALE)
    if visits.fell_for_honeypot(posted):
        mistakes.add(visits.HONEYPOT, _EMPTY_BOX)
    return mistakes


def _today(request: Request) -> date:
    return local_date(context_of(request).now)
