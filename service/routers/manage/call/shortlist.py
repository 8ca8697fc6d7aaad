"""One person of a ranking, as a manager decides of them: shortlisted, passed over with a reason, or taken back."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service import vocabulary
from service.actions import shortlist as actions
from service.errors import Problem, not_found
from service.records import researchers, shortlists
from service.records.database import Unit
from service.records.enquiries import one
from service.routers.forms import LINE_LENGTH, Filled, Mistakes, Posted, PostedForm
from service.routers.identifiers import PathId, meant
from service.routers.learning import prepare_ranking
from service.routers.manage.desk import AtCase, Case
from service.routers.services import services_of
from service.states import EnquiryState

router = APIRouter(include_in_schema=False)

PATH = "/manage/enquiries/{reference}/matches/{researcher_id}"
DONE = {
    "shortlisted": "They are on your shortlist for this enquiry.",
    "passed_over": "They are passed over for this enquiry, and stand among those left out, with your reason.",
    "take_back": "What was decided is taken back. It stays in the history.",
}

_RANKING = ("Go to the ranking", "#ranking")
ONWARD = {"shortlisted": _RANKING, "passed_over": ("Go to those left out", "#left-out"), "take_back": _RANKING}
"""Where on the page with the ranking it can be seen."""


@router.get(PATH)
def show_person(case: Case, researcher_id: PathId) -> Response:
    """What stands of one person for this enquiry, the form to decide, and everything that was decided before."""
    return _page(case, meant(researcher_id, "researcher"), Filled())


@router.post(PATH)
def decide(case: Case, researcher_id: PathId, posted: PostedForm) -> Response:
    """Shortlist them, pass them over, or take back what stands: what the button says."""
    researcher = meant(researcher_id, "researcher")
    choice = posted.line("decision")
    if choice not in DONE:
        raise not_found("button")
    mistakes = Mistakes()
    entry = None if choice == "take_back" else _read(posted, mistakes, choice)
    if mistakes:
        return _page(case, researcher, Filled.from_posted(posted, mistakes.found), status=422)
    services = services_of(case.desk.request)
    prepare_ranking(services, case.ctx, case.enquiry_id)

    def work(unit: Unit) -> None:
        seen = meant(posted.line("seen"), "decision") if posted.line("seen") else None
        if entry is None:
            actions.take_back(unit, case.ctx, case.enquiry_id, researcher, seen)
        else:
            whole = entry.model_copy(update={"replaces": seen})
            actions.decide(unit, case.ctx, case.enquiry_id, researcher, whole, services.corpus)

    try:
        case.desk.write(posted, work)
    except Problem as problem:
        if problem.status != 409:
            raise
        return _page(case, researcher, Filled.from_posted(posted, {"page": problem.detail}), status=409)
    return case.back(choice, "/matches")


def _read(posted: Posted, mistakes: Mistakes, choice: str) -> actions.ShortlistEntry | None:
    if choice == "shortlisted":
        return actions.ShortlistEntry(decision=choice)
    reason = mistakes.choice("why", posted.line("why"), vocabulary.PASSING_REASONS, "Choose a reason from the list")
    mistakes.required("why", reason or "", "Choose why they are passed over")
    words = mistakes.fits("words", posted.line("words"), LINE_LENGTH, "What more there is to say")
    if reason == "other" and not words:
        mistakes.add("words", "Say the other reason in words")
    if mistakes:
        return None
    return actions.ShortlistEntry(decision=choice, reason=reason, words=words)


def _page(case: AtCase, researcher_id: UUID, form: Filled, *, status: int = 200) -> Response:
    def work(unit: Unit) -> dict[str, object]:
        row = researchers.row(unit, researcher_id)
        if row is None:
            raise not_found("researcher")
        enquiry = one(unit, case.enquiry_id)
        history = [each for each in shortlists.decisions(unit, case.enquiry_id) if each.researcher_id == researcher_id]
        return {
            "row": row,
            "question": enquiry.question,
            "is_closed": enquiry.state == EnquiryState.CLOSED,
            "history": history,
            "stands": next((each for each in history if each.row.ended_at is None), None),
        }

    words = {
        "form": form,
        "reasons": vocabulary.PASSING_REASONS,
        "decisions": vocabulary.SHORTLIST_DECISIONS,
        "anchors": {"page": "main-content"},
    }
    return case.page("manage/match_decision.html", {**words, **case.desk.read(work)}, status=status)
