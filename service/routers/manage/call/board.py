"""The call: publishing the brief to the universities chosen, and the board of what each of them has done since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.actions.converse import Words, converse
from service.actions.progress import progress
from service.errors import Problem, not_found
from service.records.call_board import Board, board
from service.records.changes import Changed
from service.records.database import Unit
from service.records.enquiries import one
from service.records.snapshots import snapshot
from service.records.surroundings import surroundings
from service.routers.forms import PROSE_LENGTH, Filled, Mistakes, Posted, PostedForm
from service.routers.learning import prepare_ranking
from service.routers.manage import orders
from service.routers.manage.call import publishing
from service.routers.manage.collision import changes_told
from service.routers.manage.desk import AtCase, Case
from service.routers.manage.telling import plainly
from service.routers.services import services_of
from service.states import EnquiryState
from service.workflows.decide import possibilities
from service.working_time import local_date

router = APIRouter(include_in_schema=False)

_UNDER = "/call"
_TWICE = timedelta(minutes=5)
_BEFORE = frozenset({EnquiryState.TRIAGE, EnquiryState.SCOPING, EnquiryState.DRAFTING, EnquiryState.SIGN_OFF})
_DONE = {
    "published": "The brief is published. Every university chosen is told at once.",
    "relaunched": "The call is open again. Every university chosen is told at once.",
    "answered": "Your answer has gone to every university of this call.",
    "interest": "The team is recorded.",
    "declined": "The university's answer is recorded.",
}
_ONWARD = {"answered": ("See the questions and answers", "#questions")}
"""Where on the page what was done can be seen."""

_MOVES = {
    "extend": "Extend the call",
    "revise": "Publish a revised brief",
    "pull": "Pull the call",
    "close_call": "Close the call",
}
"""What is put to an open call on a form of its own."""
_HINTS = {
    "pull": "Takes the brief back from every university, and opens it to be written again.",
    "close_call": "Ends the time to reply, and goes on to choosing among the teams that came forward.",
}
"""What sets apart two that are easily taken for one another."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a form left behind when its page is shown again."""

    form: Filled | None = None
    obstacles: Sequence[orders.Obstacle] = ()
    changes: Sequence[Changed] = field(default_factory=list)


@router.get("/manage/enquiries/{reference}/call")
def show_call(
    request: Request, case: Case, done: str = "", again: str = "", tick: str = "", only: str = ""
) -> Response:
    """The board; before a call, and with `again` after one, the form that opens it (`recipient`, `tick`: universities ticked)."""
    preset = request.query_params.getlist("recipient")
    told = {"done": _DONE.get(done), "onward": _ONWARD.get(done), "only_waiting": only == "waiting"}
    return _page(case, Shown(), again=bool(again), preset=preset, tick=tick, told=told)


@router.post("/manage/enquiries/{reference}/call")
def change_call(case: Case, posted: PostedForm) -> Response:
    """Publish, open again, or answer a university's question: what the button says."""
    event = posted.line("event")
    if event == "answer":
        return _answer(case, posted)
    if event not in {"publish", "relaunch"}:
        raise not_found("button")
    again = event == "relaunch"
    mistakes = Mistakes()
    command = publishing.read(posted, mistakes, again=again)
    if command is None:
        return _page(case, Shown(Filled.from_posted(posted, mistakes.found)), again=again, status=422)
    done = "relaunched" if again else "published"
    services = services_of(case.desk.request)
    prepare_ranking(services, case.ctx, case.enquiry_id)

    def work(unit: Unit) -> None:
        progress(unit, case.ctx, case.enquiry_id, command, case.unchanged(posted), services.corpus)

    try:
        case.desk.write(posted, work)
    except Problem as problem:
        if problem.status not in {409, 412, 422}:
            raise
        if _was_done(case, command.recipients):
            return case.back(done, under=_UNDER)
        return _page(case, _refused(case, posted, problem), again=again, status=problem.status)
    return case.back(done, under=_UNDER)


def _answer(case: AtCase, posted: Posted) -> Response:
    """Answer one question; every recipient reads the answer, none reads who asked."""
    question = posted.line("question")
    name = f"answer-{question}"
    mistakes = Mistakes()
    body = mistakes.required(name, posted.prose(name), "Write the answer")
    mistakes.fits(name, body, PROSE_LENGTH, "The answer")
    try:
        question_id = UUID(question)
    except ValueError:
        raise not_found("question") from None
    if mistakes:
        return _page(case, Shown(Filled.from_posted(posted, mistakes.found)), status=422)
    words = Words(kind="message", visibility="universities", direction="out", body=body, answers=question_id)
    try:
        case.desk.write(posted, lambda unit: converse(unit, case.ctx, case.enquiry_id, words))
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        found = case.desk.read(lambda unit: board(unit, case.ctx, case.enquiry_id))
        answered = next((each for each in found.questions if each.id == question_id), None)
        if answered is None:
            raise not_found("question") from problem
        if answered.answer == body:
            return case.back("answered", _UNDER)
        said = f"Somebody has answered this question already: “{answered.answer}”" if answered.answer else None
        form = Filled.from_posted(posted, {"page": said or problem.detail})
        return _page(case, Shown(form), status=409)
    return case.back("answered", _UNDER)


def _was_done(case: AtCase, recipients: Sequence[UUID]) -> bool:
    """Tell, when it is refused, that it was done already: the button was pressed twice."""
    current = case.desk.read(lambda unit: board(unit, case.ctx, case.enquiry_id)).current
    if current is None or not current.is_open or case.ctx.now - current.opened_at > _TWICE:
        return False
    return {line.organisation_id for line in current.recipients} == set(recipients)


def _refused(case: AtCase, posted: Posted, problem: Problem) -> Shown:
    if problem.status == 412:
        changes = case.desk.read(lambda unit: changes_told(unit, case.enquiry_id, posted))
        return Shown(Filled.from_posted(posted), changes=changes)
    errors, obstacles = orders.refused(problem, publishing.FIELDS)
    return Shown(Filled.from_posted(posted, errors), obstacles)


def _page(
    case: AtCase,
    shown: Shown,
    *,
    again: bool = False,
    preset: Sequence[str] = (),
    tick: str = "",
    told: Mapping[str, object] | None = None,
    status: int = 200,
) -> Response:
    def work(unit: Unit) -> dict[str, object]:
        enquiry = one(unit, case.enquiry_id)
        facts = snapshot(unit, case.ctx, enquiry)
        possible = possibilities(facts, case.ctx.actor, surroundings(unit, case.ctx, enquiry))
        opening = _opening(facts.state, again)
        found = board(unit, case.ctx, case.enquiry_id)
        prepared = publishing.preparation(unit, case, facts) if opening else None
        form = shown.form or (publishing.filled(prepared, preset, again=again, tick=tick) if prepared else Filled())
        return {
            "question": enquiry.question,
            "version": enquiry.version,
            "state": enquiry.state,
            "board": found,
            "now": case.ctx.now,
            "has_passed": found.current is not None and found.current.reply_by < local_date(case.ctx.now),
            "opening": opening,
            "can_open": opening in possible.available,
            "why_not": plainly(dict(possible.refused).get(opening or "", "")) or _NOT_YET.get(facts.state),
            "can_relaunch": "relaunch" in possible.available,
            "moves": {event: label for event, label in _MOVES.items() if event in possible.available},
            "hints": _HINTS,
            "not_possible": [(_MOVES[event], plainly(why)) for event, why in possible.refused if event in _MOVES],
            "may_answer_for": facts.state in {EnquiryState.OPEN_CALL, EnquiryState.SELECTING} and not _pulled(found),
            "prepared": prepared,
            "form": form,
            "obstacles": orders.kept(form, shown.obstacles),
            "changes": shown.changes,
            "ticks": publishing.TICKS,
            "again": again,
            "kept_words": [] if opening in possible.available or shown.form is None else _words(shown.form),
            "only_waiting": False,
            **(told or {}),
        }

    return case.page("manage/call.html", case.desk.read(work), status=status)


_NOT_YET = {
    EnquiryState.TRIAGE: "Take the enquiry on, and write the brief with the enquirer, before it goes to universities.",
    EnquiryState.SCOPING: "Write the brief, and let the enquirer agree it, before it goes to universities.",
    EnquiryState.DRAFTING: "Send the brief for agreement: what the enquirer agrees is exactly what goes out.",
}


def _opening(state: EnquiryState, again: bool) -> str | None:
    """Return the event that the form on this page asks for, or None when there is no call to open."""
    if state in _BEFORE:
        return "publish"
    return "relaunch" if state == EnquiryState.SELECTING and again else None


def _words(form: Filled) -> list[str]:
    """Return what was written into a form that this page has no place for any more."""
    return [
        text for name in form.values if name == "reason" or name.startswith("waiver-") if (text := form.value(name))
    ]


def _pulled(found: Board) -> bool:
    return found.current is None or found.current.pulled_at is not None
