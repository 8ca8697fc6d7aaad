"""The enquirer's preference among the teams they may see, recorded by a manager who heard it, quoting where they said so."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions.prefer import record_preference
from service.errors import Problem
from service.records import enquiries
from service.records.changes import Changed
from service.records.choice_desk import Choice, choice, quotable
from service.records.database import Unit
from service.records.manage_case import Option, quotable_option
from service.routers.forms import PROSE_LENGTH, Filled, Mistakes, PostedForm
from service.routers.manage import orders
from service.routers.manage.collision import changes_told
from service.routers.manage.desk import AtCase, Case
from service.routers.manage.hearing import ANCHORS, NEW, read_heard, write_down
from service.routers.team_form import read_places

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What there is to choose between, and the entries in which the enquirer may have said so."""

    choice: Choice
    quotable: Sequence[Option]


@router.get("/manage/enquiries/{reference}/preference")
def ask_preference(case: Case) -> Response:
    """The teams the enquirer may see, each with its place."""
    return _page(case, Filled())


@router.post("/manage/enquiries/{reference}/preference")
def prefer(case: Case, posted: PostedForm) -> Response:
    """Record what the enquirer prefers. A refusal shows the form again with every word kept."""
    mistakes = Mistakes()
    ranked = read_places(posted, mistakes)
    comment = mistakes.fits("preference_comment", posted.prose("preference_comment"), PROSE_LENGTH, "What they said")
    is_new = posted.line("entry") == NEW
    heard = read_heard(posted, mistakes, case.ctx.now) if is_new else None
    entry = [] if is_new else orders.ids(posted, "entry", mistakes, "Choose from the list")
    if not entry and not is_new:
        mistakes.add("entry", "Choose the entry in which the enquirer said so")
    if mistakes:
        return _page(case, Filled.from_posted(posted, mistakes.found), status=422)

    def work(unit: Unit) -> None:
        check = case.unchanged(posted)
        if heard is not None:
            check(unit, enquiries.lock(unit, case.enquiry_id))
        record_preference(
            unit,
            case.ctx,
            case.enquiry_id,
            ranked=ranked,
            comment=comment,
            entry=write_down(unit, case.ctx, case.enquiry_id, heard) if heard else entry[0],
            check=None if heard else check,
        )

    try:
        case.desk.write(posted, work)
    except Problem as problem:
        if problem.status == 412:
            changes = case.desk.read(lambda unit: changes_told(unit, case.enquiry_id, posted))
            return _page(case, Filled.from_posted(posted), changes=changes, status=412)
        if problem.status not in {409, 422}:
            raise
        errors, _ = orders.refused(problem, {})
        return _page(case, Filled.from_posted(posted, errors), status=problem.status)
    return case.back("preferred", under="/choice")


def _page(case: AtCase, form: Filled, *, changes: Sequence[Changed] = (), status: int = 200) -> Response:
    def work(unit: Unit) -> Asked:
        found = [quotable_option(entry) for entry in quotable(unit, case.enquiry_id)]
        return Asked(choice(unit, case.ctx, case.enquiry_id), found)

    asked = case.desk.read(work)
    shown = [team for team in asked.choice.teams if team.shown_to_enquirer and not team.is_withdrawn]
    anchors = {"page": "main-content", "ranked": f"place-{shown[0].id}" if shown else "main-content"} | ANCHORS
    told = {
        "choice": asked.choice,
        "teams": shown,
        "quotable": asked.quotable,
        "form": form,
        "changes": changes,
        "anchors": anchors,
        "heard_new": NEW,
    }
    return case.page("manage/preference.html", told, status=status)
