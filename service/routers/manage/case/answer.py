"""Publishing what an enquiry ended with: a manager's own words for everybody, taken away as easily."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions.publishing_answers import may_be_published, publish_answer, withdraw_answer
from service.errors import Problem
from service.records import enquiries, published
from service.records.database import Unit
from service.routers.form_values import whole_number
from service.routers.forms import LINE_LENGTH, PROSE_LENGTH, Filled, Mistakes, Posted, PostedForm
from service.routers.manage.desk import AtCase, Case

router = APIRouter(include_in_schema=False)

_DONE = {
    "published": "Anybody can read it now.",
    "withdrawn": "Nobody outside the team can read it any more.",
}


@router.get("/manage/enquiries/{reference}/answer")
def show_answer(case: Case, done: str = "") -> Response:
    """The answer as it is published, or what it could be made of."""
    return _page(case, done=_DONE.get(done))


@router.post("/manage/enquiries/{reference}/answer")
def change_answer(case: Case, posted: PostedForm) -> Response:
    """Publish it as it was written, or take it away."""
    if posted.line("do") == "withdraw":
        case.desk.write(posted, lambda unit: withdraw_answer(unit, case.ctx, case.enquiry_id))
        return case.back("withdrawn", under="/answer")
    mistakes = Mistakes()
    title = mistakes.required("title", posted.line("title"), "Write the question in plain words")
    mistakes.fits("title", title, LINE_LENGTH, "The question")
    body = mistakes.required("body", posted.prose("body"), "Write the answer in words for everybody")
    mistakes.fits("body", body, PROSE_LENGTH, "The answer")
    if mistakes:
        return _page(case, Filled.from_posted(posted, mistakes.found), 422)
    seen = _seen(posted)
    try:
        case.desk.write(posted, lambda unit: publish_answer(unit, case.ctx, case.enquiry_id, title, body, seen=seen))
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        return _page(case, Filled.refused(posted, problem, "title"), problem.status)
    return case.back("published", under="/answer")


def _seen(posted: Posted) -> int:
    seen = whole_number(posted.line("answer_seen"))
    return -1 if seen is None else seen


def _page(case: AtCase, form: Filled | None = None, status: int = 200, done: str | None = None) -> Response:
    def work(unit: Unit) -> dict[str, object]:
        enquiry, row = enquiries.one(unit, case.enquiry_id), published.row_of(unit, case.enquiry_id)
        made_of = published.could_be_made_of(unit, enquiry)
        title, body = (row.title, row.body) if row else (" ".join(enquiry.question.split())[:LINE_LENGTH], made_of)
        live = published.of_enquiries(unit, [enquiry.id]).get(enquiry.id)
        shown = published.one_asked_by(unit, enquiry)
        return {
            "question": enquiry.question,
            "row": row,
            "live": live,
            "uses": published.uses(unit, row.id) if row else 0,
            "asked_by": shown,
            "is_possible": may_be_published(enquiry),
            "form": form or Filled({"title": title, "body": body}),
        }

    return case.page("manage/answer.html", {**case.desk.read(work), "done": done}, status=status)
