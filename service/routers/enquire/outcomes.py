"""Afterwards: what the findings changed, how the service was, and being asked later."""

from datetime import date, timedelta
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service import vocabulary
from service.actions.outcomes import Use, record_outcome, record_satisfaction, stop_asking
from service.actions.remind import ask_me_later
from service.errors import Problem, not_found
from service.records.database import Unit
from service.records.enquirer_page import EnquirerPage, enquirer_page
from service.records.follow_ups import belongs_to
from service.routers import visits
from service.routers.enquire.here import AtEnquiry, Here
from service.routers.forms import PROSE_LENGTH, Filled, Mistakes, Posted, PostedForm
from service.routers.rendering import page
from service.working_time import local_date

router = APIRouter(include_in_schema=False)

_YES_NO = {"yes": "Yes", "no": "No", "cannot_say": "I cannot say"}
_WAITS = {"7": "In a week", "14": "In two weeks", "30": "In a month", "90": "In three months"}


@router.get("/enquiries/{reference}/outcome")
def ask_outcome(found: AtEnquiry) -> Response:
    """What became of the findings?"""
    return _outcome_page(found, _delivered(found), Filled())


@router.post("/enquiries/{reference}/outcome")
def take_outcome(found: AtEnquiry, posted: PostedForm) -> Response:
    """Record it, or stop asking."""
    visits.admit(found.request, visits.FORM)
    shown = _delivered(found)
    project_id = shown.work.id if shown.work else UUID(int=0)
    if posted.line("event") == "stop_asking":
        found.write(posted, lambda unit: stop_asking(unit, found.ctx, project_id))
        return found.back("stopped")
    mistakes = Mistakes()
    use = _use(posted, mistakes)
    if mistakes:
        return _outcome_page(found, shown, Filled.from_posted(posted, mistakes.found), 422)
    found.write(posted, lambda unit: record_outcome(unit, found.ctx, project_id, use))
    return found.back("outcome")


@router.get("/enquiries/{reference}/satisfaction")
def ask_satisfaction(found: AtEnquiry) -> Response:
    """How was the service?"""
    return _satisfaction_page(found, Filled())


@router.post("/enquiries/{reference}/satisfaction")
def take_satisfaction(found: AtEnquiry, posted: PostedForm) -> Response:
    """Record it."""
    visits.admit(found.request, visits.FORM)
    mistakes = Mistakes()
    mistakes.required("score", posted.line("score"), "Choose how it was for you")
    score = mistakes.choice("score", posted.line("score"), vocabulary.SATISFACTION, "Choose one of the answers shown")
    comment = mistakes.fits("comment", posted.prose("comment"), PROSE_LENGTH, "Your comment")
    if mistakes or score is None:
        return _satisfaction_page(found, Filled.from_posted(posted, mistakes.found), 422)

    def work(unit: Unit) -> None:
        record_satisfaction(unit, found.ctx, found.place.enquiry_id, score=int(score), comment=comment)

    try:
        found.write(posted, work)
    except Problem as problem:
        if problem.status != 409:
            raise
        return _satisfaction_page(found, Filled.from_posted(posted, {"score": problem.detail}), 409)
    return found.back("satisfaction")


@router.get("/enquiries/{reference}/later/{follow_up}")
def ask_later(found: AtEnquiry, follow_up: UUID) -> Response:
    """When shall we remind you?"""
    _require_theirs(found, follow_up)
    return _later_page(found, Filled())


@router.post("/enquiries/{reference}/later/{follow_up}")
def take_later(found: AtEnquiry, follow_up: UUID, posted: PostedForm) -> Response:
    """Remind them on the day they choose."""
    visits.admit(found.request, visits.FORM)
    _require_theirs(found, follow_up)
    mistakes = Mistakes()
    until = _until(found, posted, mistakes)
    if mistakes or until is None:
        return _later_page(found, Filled.from_posted(posted, mistakes.found), 422)
    try:
        found.write(posted, lambda unit: ask_me_later(unit, found.ctx, follow_up, until))
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        field = problem.errors[0]["field"] if problem.errors else "wait"
        return _later_page(found, Filled.from_posted(posted, {field: problem.detail}), problem.status)
    return found.back("later")


def _use(posted: Posted, mistakes: Mistakes) -> Use:
    mistakes.required("used", posted.line("used"), "Say whether the findings were used")
    used = mistakes.choice("used", posted.line("used"), vocabulary.USES, "Choose one of the answers shown")
    in_time = mistakes.choice("in_time", posted.line("in_time"), _YES_NO, "Choose one of the answers shown")
    how = mistakes.choices("how", posted.chosen("how"), vocabulary.USE_KINDS, "Choose from the answers shown")
    return Use(
        used=used or "",
        in_time={"yes": True, "no": False}.get(in_time or ""),
        used_for=mistakes.fits("used_for", posted.prose("used_for"), PROSE_LENGTH, "Your answer"),
        how=how,
        what_changed=mistakes.fits("what_changed", posted.prose("what_changed"), PROSE_LENGTH, "Your answer"),
        may_quote=posted.line("may_quote") == "yes",
    )


def _until(found: Here, posted: Posted, mistakes: Mistakes) -> date | None:
    today = local_date(found.ctx.now)
    wait = posted.line("wait")
    if wait in _WAITS:
        return today + timedelta(days=int(wait))
    chosen = mistakes.date("until", posted, "The day", not_before=today + timedelta(days=1))
    if chosen is None:
        mistakes.add("wait" if wait != "date" else "until", "Choose when we should remind you")
    return chosen


def _delivered(found: Here) -> EnquirerPage:
    found.require_whole()
    shown = found.read(lambda unit: enquirer_page(unit, found.ctx, found.place))
    if shown.work is None or shown.work.delivered_at is None:
        raise not_found("question about findings: nothing has been delivered yet")
    return shown


def _require_theirs(found: Here, follow_up: UUID) -> None:
    if not found.read(lambda unit: belongs_to(unit, follow_up, found.place.enquiry_id)):
        raise not_found("reminder")


def _outcome_page(found: Here, shown: EnquirerPage, form: Filled, status: int = 200) -> Response:
    told = {"here": found, "enquiry": shown, "form": form, "yes_no": _YES_NO, "back": found.path}
    return page(found.request, "enquiry/outcome.html", told, status=status)


def _satisfaction_page(found: Here, form: Filled, status: int = 200) -> Response:
    return page(
        found.request, "enquiry/satisfaction.html", {"here": found, "form": form, "back": found.path}, status=status
    )


def _later_page(found: Here, form: Filled, status: int = 200) -> Response:
    told = {"here": found, "form": form, "waits": _WAITS, "path": found.request.url.path, "back": found.path}
    return page(found.request, "enquiry/later.html", told, status=status)
