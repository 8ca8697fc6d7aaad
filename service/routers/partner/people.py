"""A university's own researchers, kept by its contacts one by one or by the file."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.actions import importing, researchers
from service.actions.importing import ImportReport
from service.errors import not_found
from service.records import researchers as directory
from service.records.database import Unit
from service.records.researchers import ResearcherRow
from service.routers.form_schemas import YES_NO
from service.routers.forms import Filled, Mistakes, PostedForm
from service.routers.identifiers import PathId, meant
from service.routers.paging import Cursor, encode_cursor, place_at
from service.routers.partner.desk import AnyContact, Contact
from service.routers.partner.profile import save_profile
from service.routers.partner.researcher_form import filled_in, filled_with, found_elsewhere, read_change, read_new
from service.routers.researcher_files import NOT_YET, posted_file

router = APIRouter(include_in_schema=False)

_AT_ONCE = 50
_DONE = {
    "added": "The researcher is added. We have told them by email, and they can correct or hide their profile.",
    "saved": "The changes are saved.",
    "imported": "The file is in. Researchers who are new here are told by email.",
}


@router.get("/partner/researchers")
def list_researchers(here: AnyContact, q: str = "", cursor: Cursor = None, done: str = "") -> Response:
    """This university's researchers, those that match `q` where it is given."""
    wanted = " ".join(q.replace("\0", "").split())[:200]
    after = place_at(cursor, UUID)

    def work(unit: Unit) -> list[ResearcherRow]:
        return directory.page(
            unit, organisation_id=here.university.id, q=wanted or None, after=after, limit=_AT_ONCE + 1
        )

    found = here.read(work)
    following = encode_cursor(found[_AT_ONCE - 1].researcher.id) if len(found) > _AT_ONCE else None
    told = {"rows": found[:_AT_ONCE], "q": wanted, "following": following, "done": _DONE.get(done), "back": "/partner"}
    return here.page("researchers.html", told)


@router.get("/partner/researchers/new")
def ask_researcher(here: AnyContact) -> Response:
    """Who could help?"""
    return _form(here, Filled({"hidden": "no"}))


@router.post("/partner/researchers/new")
def add_researcher(here: AnyContact, posted: PostedForm) -> Response:
    """Add them. The same description sent again is the same button pressed twice."""
    mistakes = Mistakes()
    entry = read_new(posted, mistakes)
    if entry is None:
        return _form(here, Filled.from_posted(posted, mistakes.found), status=422)

    def work(unit: Unit) -> None:
        directory.lock_university(unit, here.university.id)
        for known in directory.of_university(unit, here.university.id):
            if known.email == entry.email:
                written = directory.publications_of(unit, [known.id]).get(known.id, [])
                if not researchers.differences(known, entry, written):
                    return
        researchers.add_researcher(unit, here.ctx, here.university.id, entry)

    def again(form: Filled, status: int) -> Response:
        return _form(here, form, status=status)

    return here.put(posted, work, again, "/partner/researchers", "added")


@router.get("/partner/researchers/import")
def ask_file(here: AnyContact) -> Response:
    """Which file?"""
    return _file_page(here, Filled())


@router.post("/partner/researchers/import")
def take_file(here: AnyContact, posted: PostedForm) -> Response:
    """Say what a file would do, or bring it in: all of it, or nothing."""
    text, file = posted_file(posted)
    form = Filled({"rows": text})
    if isinstance(file, str):
        form.errors["rows"] = file
        return _file_page(here, form, status=422)

    def take(unit: Unit, *, dry_run: bool) -> ImportReport:
        return importing.import_researchers(
            unit, here.ctx, file.rows, origins=file.origins, organisation_id=here.university.id, dry_run=dry_run
        )

    def again(refused: Filled, status: int) -> Response:
        report = here.note(lambda unit: take(unit, dry_run=True)) if status == 422 else None
        form.errors["rows"] = NOT_YET if report else " ".join(refused.errors.values())
        return _file_page(here, form, report, status=status)

    if posted.line("event") == "import":
        work = partial(take, dry_run=False)
        return here.put(posted, work, again, "/partner/researchers", "imported")
    reports: list[ImportReport] = []
    done = here.put(posted, lambda unit: reports.append(take(unit, dry_run=True)), again, "/partner/researchers", "")
    return _file_page(here, form, reports[-1]) if reports else done


@router.get("/partner/researchers/{researcher_id}")
def show_researcher(here: AnyContact, researcher_id: PathId) -> Response:
    """One of this university's researchers, to be changed or hidden."""
    row = _own(here, researcher_id)
    return _form(here, filled_with(row), row)


@router.post("/partner/researchers/{researcher_id}")
def change_researcher(here: AnyContact, researcher_id: PathId, posted: PostedForm) -> Response:
    """Save what the form says."""
    row = _own(here, researcher_id)
    mistakes = Mistakes()
    change = read_change(posted, mistakes, row, is_own=False)

    def again(form: Filled, status: int) -> Response:
        return _form(here, form, _own(here, researcher_id), status=status)

    if change is None:
        return again(Filled.from_posted(posted, mistakes.found), 422)
    known = row.researcher.id
    return here.put(
        posted,
        lambda unit: save_profile(unit, here.ctx, known, change, posted.line("seen")),
        again,
        "/partner/researchers",
        "saved",
    )


def _own(here: Contact, researcher_id: str) -> ResearcherRow:
    wanted = meant(researcher_id, "researcher")
    found = here.read(lambda unit: directory.row(unit, wanted, here.university.id))
    if found is None:
        raise not_found("researcher")
    return found


def _form(here: Contact, form: Filled, row: ResearcherRow | None = None, *, status: int = 200) -> Response:
    told = {
        "form": form,
        "row": row,
        "is_own": False,
        "found_elsewhere": found_elsewhere,
        "filled_in": filled_in,
        "yes_no": YES_NO,
        "stale": status == 412,
        "path": f"/partner/researchers/{row.researcher.id}" if row else "/partner/researchers/new",
        "back": "/partner/researchers",
    }
    return here.page("researcher.html", told, status=status)


def _file_page(here: Contact, form: Filled, report: ImportReport | None = None, *, status: int = 200) -> Response:
    told = {"form": form, "report": report, "path": "/partner/researchers/import", "back": "/partner/researchers"}
    return here.page("import.html", told, status=status)
