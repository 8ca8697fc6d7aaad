"""Legal hold and how long an enquiry is kept: anybody of the team may put a hold on, only a service lead ends it."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import legal_hold
from service.actions.retention import periods_of
from service.errors import Problem
from service.records import directory, enquiries, retention
from service.records.database import Unit
from service.routers.forms import PROSE_LENGTH, Filled, Mistakes, PostedForm
from service.routers.manage.desk import AtCase, Case
from service.routers.services import services_of
from service.workflows.retention import ENQUIRIES, category, kept_until

router = APIRouter(include_in_schema=False)

_DONE = {
    "held": "It is held. Nothing of it is destroyed until a service lead ends the hold.",
    "released": "The hold is ended. What is due goes at the next run.",
}


@router.get("/manage/enquiries/{reference}/legal-hold")
def show_hold(case: Case, done: str = "") -> Response:
    """Whether it is held, since when and why, and until when it would be kept."""
    return _page(case, done=_DONE.get(done))


@router.post("/manage/enquiries/{reference}/legal-hold")
def change_hold(case: Case, posted: PostedForm) -> Response:
    """Put a hold on, or end it."""
    mistakes = Mistakes()
    reason = posted.prose("hold_reason")
    mistakes.required("hold_reason", reason, "Say why")
    mistakes.fits("hold_reason", reason, PROSE_LENGTH, "The reason")
    if mistakes:
        return _page(case, Filled.from_posted(posted, mistakes.found), 422)
    is_end = posted.line("do") == "release"
    change = legal_hold.release if is_end else legal_hold.hold
    try:
        case.desk.write(posted, lambda unit: change(unit, case.ctx, case.enquiry_id, reason))
    except Problem as problem:
        if problem.status != 409:
            raise
        return _page(case, Filled.from_posted(posted, {"hold_reason": problem.detail}), 409)
    return case.back("released" if is_end else "held", under="/legal-hold")


def _page(case: AtCase, form: Filled | None = None, status: int = 200, done: str | None = None) -> Response:
    periods = periods_of(services_of(case.desk.request).settings)

    def work(unit: Unit) -> dict[str, object]:
        enquiry = enquiries.one(unit, case.enquiry_id)
        by = directory.person(unit, enquiry.legal_hold_by_id) if enquiry.legal_hold_by_id else None
        standing = retention.standing(unit, enquiry)
        rule = ENQUIRIES[category(standing)]
        return {
            "enquiry": enquiry,
            "held_by": by[0].name if by else "the service itself",
            "rule": rule,
            "period": rule.period(periods),
            "until": kept_until(standing, periods),
            "waits": standing.target_kept,
            "form": form or Filled(),
        }

    return case.page("manage/legal_hold.html", {**case.desk.read(work), "done": done}, status=status)
