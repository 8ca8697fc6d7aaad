"""A researcher at their own profile: every university that lists their address shows what it says, to correct or to hide."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import researchers
from service.context import Context
from service.errors import Problem, not_found
from service.records import partner_page
from service.records import researchers as directory
from service.records.database import Unit
from service.records.partner_page import Profile
from service.records.researchers import ResearcherRow
from service.routers.form_schemas import YES_NO
from service.routers.forms import Filled, Mistakes, PostedForm
from service.routers.identifiers import PathId, meant
from service.routers.partner.desk import AnyGuest, Guest
from service.routers.partner.researcher_form import filled_in, filled_with, found_elsewhere, read_change

router = APIRouter(include_in_schema=False)

_DONE = {"saved": "Your changes are saved."}


@router.get("/profile")
def list_profiles(here: AnyGuest, done: str = "") -> Response:
    """What each university says of whoever is signed in. Looking is noted, and changes nothing."""
    email = here.visitor.email or ""

    def look(unit: Unit) -> list[ResearcherRow]:
        found = partner_page.profiles_of(unit, email)
        return [row for each in found if (row := directory.row(unit, each.id)) is not None]

    rows = here.read(look) if email else []
    if rows:
        here.note(lambda unit: researchers.note_seen(unit, here.ctx, partner_page.profiles_of(unit, email)))
    return here.page("profiles.html", {"rows": rows, "done": _DONE.get(done)})


@router.get("/profile/{researcher_id}")
def show_profile(here: AnyGuest, researcher_id: PathId) -> Response:
    """One profile, to be corrected or hidden."""
    row = _own(here, researcher_id)
    here.note(lambda unit: researchers.note_seen(unit, here.ctx, [_found(unit, row.researcher.id)]))
    return _page(here, filled_with(row), row)


@router.post("/profile/{researcher_id}")
def change_profile(here: AnyGuest, researcher_id: PathId, posted: PostedForm) -> Response:
    """Save what the form says."""
    row = _own(here, researcher_id)
    mistakes = Mistakes()
    change = read_change(posted, mistakes, row, is_own=True)

    def again(form: Filled, status: int) -> Response:
        return _page(here, form, _own(here, researcher_id), status=status)

    if change is None:
        return again(Filled.from_posted(posted, mistakes.found), 422)
    known = row.researcher.id

    def work(unit: Unit) -> None:
        save_profile(unit, here.ctx, known, change, posted.line("seen"))
        researchers.note_seen(unit, here.ctx, [_found(unit, known)])

    return here.put(posted, work, again, "/profile", "saved")


def save_profile(
    unit: Unit, ctx: Context, researcher_id: UUID, change: researchers.ResearcherChange, seen: str
) -> None:
    """Save a researcher's form; one that changes nothing confirms what it says. Raises Problem 412 when somebody changed them since the form was shown at version `seen`."""
    known = _found(unit, researcher_id)
    directory.lock_university(unit, known.organisation_id)
    row = directory.row(unit, researcher_id)
    if row is None:
        return
    if not researchers.differences(row.researcher, change, row.publications):
        researchers.confirm(unit, ctx, row.researcher)
        return
    if seen != str(row.researcher.version):
        raise Problem(
            "precondition-failed",
            412,
            "Somebody changed this profile while you were writing. What stands now is shown above the form; your words "
            "are still in it. Save again to put yours in its place.",
        )
    researchers.change_researcher(unit, ctx, researcher_id, change)


def _own(here: Guest, researcher_id: str) -> ResearcherRow:
    wanted = meant(researcher_id, "profile of yours")
    found = here.read(lambda unit: directory.row(unit, wanted))
    if found is None or not here.visitor.email or found.researcher.email != here.visitor.email.lower():
        raise not_found("profile of yours")
    return found


def _found(unit: Unit, researcher_id: UUID) -> Profile:
    found = directory.find(unit, researcher_id)
    if found is None:
        raise not_found("researcher")
    return found


def _page(here: Guest, form: Filled, row: ResearcherRow, *, status: int = 200) -> Response:
    told = {
        "form": form,
        "row": row,
        "is_own": True,
        "found_elsewhere": found_elsewhere,
        "filled_in": filled_in,
        "yes_no": YES_NO,
        "stale": status == 412,
        "path": f"/profile/{row.researcher.id}",
        "back": "/profile",
    }
    return here.page("researcher.html", told, status=status)
