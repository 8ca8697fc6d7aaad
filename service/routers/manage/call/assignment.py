"""Who could take what: the open briefs beside each other, with people proposed for each. Nothing is decided by it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.matching import Terms
from service.records import assignment, people
from service.records.assignment import SharedOut, Wanted
from service.records.database import Unit
from service.routers.form_values import whole_number
from service.routers.forms import AskedForm, Filled, Mistakes, Posted
from service.routers.learning import learn_briefs
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.services import services_of
from service.states import ENQUIRY_STATES
from service.working_time import local_date

router = APIRouter(include_in_schema=False)

_MOST = 50
"""Briefs on one page."""
_ME, _NOBODY = "me", "none"
STATES: dict[str, str] = {str(state): ENQUIRY_STATES[state].label for state in assignment.WANTING}


@dataclass(frozen=True, slots=True)
class Asked:
    """An address of the page, read: which briefs, on which terms, and what it cannot mean, a sentence a field."""

    wanted: Wanted
    terms: Terms
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/manage/assignment")
def show(desk: ManagerDesk, form: AskedForm) -> Response:
    """The briefs that the address asks for, those whose call is open or about to open where it asks for none."""
    asked, today = _asked(desk, form), local_date(desk.ctx.now)
    services = services_of(desk.request)
    found: SharedOut | None = None
    if not asked.errors:
        learn_briefs(services, desk.ctx, lambda unit: assignment.meant(unit, asked.wanted, today))

        def work(unit: Unit) -> SharedOut:
            return assignment.shared_out(unit, services.corpus, asked.wanted, asked.terms, today)

        found = desk.read(work)
    team = desk.read(people.staff)
    usual: dict[str, str | list[str]] = {
        "state": form.chosen("state") or [str(state) for state in assignment.USUAL],
        "per_brief": "1",
        "days": str(Terms().days),
    }
    filled = Filled({**usual, **Filled.from_posted(form).values}, dict(asked.errors))
    told = {
        "found": found,
        "terms": asked.terms,
        "sought": filled,
        "form": filled,
        "states": STATES,
        "owners": [(_ME, "Me"), (_NOBODY, "Nobody yet"), *((str(each.id), each.name) for each in team)],
    }
    return desk.page("manage/assignment.html", told, room="/manage/queue", status=422 if asked.errors else 200)


def _asked(desk: Desk, form: Posted) -> Asked:
    mistakes = Mistakes()
    states = mistakes.choices("state", form.chosen("state"), STATES, "Choose from the list")
    owner = _owner(desk, form.line("owner"), mistakes)
    per_brief = _number(mistakes, form, "per_brief", 1, 5, "How many people for each brief")
    most = _number(mistakes, form, "per_university", None, 100, "How many briefs a university may have")
    days = _number(mistakes, form, "days", Terms().days, 365, "The days that a brief takes")
    wanted = Wanted(states, owner=owner, unowned=form.line("owner") == _NOBODY, limit=_MOST)
    return Asked(wanted, Terms(per_brief or 1, most, days or Terms().days), mistakes.found)


def _owner(desk: Desk, written: str, mistakes: Mistakes) -> UUID | None:
    if written in {"", _NOBODY}:
        return None
    if written == _ME:
        return desk.person_id
    try:
        return UUID(written)
    except ValueError:
        mistakes.add("owner", "Choose somebody from the list")
        return None


def _number(mistakes: Mistakes, form: Posted, name: str, usual: int | None, most: int, what: str) -> int | None:
    """Return a whole number from 1 to `most`; the usual one where nothing is written."""
    written = form.line(name)
    if not written:
        return usual
    number = whole_number(written, 3)
    if number is not None and 1 <= number <= most:
        return number
    mistakes.add(name, f"{what} must be a whole number from 1 to {most}")
    return usual
