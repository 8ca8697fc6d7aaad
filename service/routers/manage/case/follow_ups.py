"""What is still to come for an enquiry: a date of one's own is set, and anything still to come can be let go."""

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import remind
from service.errors import Problem, not_found
from service.records import enquiries, follow_ups
from service.records.database import Unit
from service.routers.forms import PROSE_LENGTH, Filled, Mistakes, PostedForm
from service.routers.identifiers import PathId, meant
from service.routers.manage.case.page import show_page
from service.routers.manage.desk import Case

router = APIRouter(include_in_schema=False, prefix="/manage/enquiries/{reference}/follow-ups")

_FIELDS = {"on": "remind_on", "note": "remind_of"}


@router.post("")
def set_date(case: Case, posted: PostedForm) -> Response:
    """Be reminded of the enquiry on a day of one's own choice."""
    mistakes = Mistakes()
    on = mistakes.date("remind_on", posted, "The day")
    note = posted.prose("remind_of")
    if on is None:
        mistakes.add("remind_on", "Choose the day")
    mistakes.required("remind_of", note, "Say what to remind you of")
    mistakes.fits("remind_of", note, PROSE_LENGTH, "Your text")
    if on is not None and on.year > 2199:
        mistakes.add("remind_on", "The day must be a real date")
    if mistakes or on is None:
        return show_page(case, Filled.from_posted(posted, mistakes.found), status=422, opened="date")

    def work(unit: Unit) -> None:
        remind.set_staff_date(unit, case.ctx, enquiries.one(unit, case.enquiry_id), on, note)

    try:
        case.desk.write(posted, work)
    except Problem as problem:
        if problem.status != 422:
            raise
        errors = {_FIELDS.get(each["field"], each["field"]): each["message"] for each in problem.errors}
        return show_page(case, Filled.from_posted(posted, errors), status=422, opened="date")
    return case.back("date")


@router.post("/{follow_up_id}/cancel")
def cancel(case: Case, posted: PostedForm, follow_up_id: PathId) -> Response:
    """Let one go that is still to come. One that is settled already is answered calmly."""

    wanted = meant(follow_up_id, "follow-up")
    if not case.desk.read(lambda unit: follow_ups.belongs_to(unit, wanted, case.enquiry_id)):
        raise not_found("follow-up")
    try:
        case.desk.write(posted, lambda unit: remind.cancel(unit, case.ctx, wanted))
    except Problem as problem:
        if problem.status != 409:
            raise
        return show_page(case, Filled(errors={"page": problem.detail}), status=409)
    return case.back("cancelled")
