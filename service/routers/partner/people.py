"""A university's own researchers, kept by its contacts one by one or by the file."""

import json
from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from service.actions import importing, researchers
from service.errors import not_found
from service.records import researchers as directory
from service.records.database import Unit
from service.records.researchers import ResearcherRow
from service.routers.form_schemas import YES_NO
from service.routers.forms import Filled, Mistakes, Posted, PostedForm
from service.routers.identifiers import PathId, meant
from service.routers.paging import Cursor, decode_cursor, encode_cursor
from service.routers.partner.desk import AnyContact, Contact
from service.routers.partner.profile import save_profile
from service.routers.partner.researcher_form import filled_with, read_change, read_new
from service.routers.schemas.researchers import Imported, ResearcherFile

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
    after = decode_cursor(cursor, UUID) if cursor else None

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
    text, rows = _rows(posted)
    form = Filled({"rows": text})
    if isinstance(rows, str):
        form.errors["rows"] = rows
        return _file_page(here, form, status=422)
    is_trial = posted.line("event") != "import"
    reports: list[Imported] = []

    def work(unit: Unit) -> None:
        report = importing.import_researchers(
            unit, here.ctx, rows, organisation_id=here.university.id, dry_run=is_trial
        )
        reports[:] = [Imported.of(report)]

    def again(refused: Filled, status: int) -> Response:
        return _file_page(
            here, Filled({"rows": text}, {"rows": " ".join(refused.errors.values())[:2000]}), status=status
        )

    done = here.put(posted, work, again, "/partner/researchers", "imported")
    return _file_page(here, form, reports[0]) if is_trial and reports else done


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


def _rows(posted: Posted) -> tuple[str, list[Mapping[str, object]] | str]:
    """Return the text of a file, typed or uploaded, with its rows; or with a sentence that says why it has none."""
    upload = posted.uploads.get("file")
    try:
        text = upload.content.decode("utf-8-sig") if upload else posted.prose("rows")
    except UnicodeDecodeError:
        return "", "The file must be text in UTF-8"
    text = text.replace("\0", "")
    if not text.strip():
        return text, "Choose a file, or paste its content"
    try:
        found: list[Mapping[str, object]] = list(ResearcherFile.model_validate(_json(text)).root)
    except (ValueError, RecursionError, ValidationError):
        return text, "The file must be JSON: a list of researchers, each with the members shown in the example"
    return text, found or "The file lists nobody"


def _json(text: str) -> object:
    found = json.loads(text)
    json.dumps(found, allow_nan=False).encode("ascii")
    # Half a character can hide behind an escape, and no database keeps one.
    if any("\ud800" <= character <= "\udfff" for character in json.dumps(found, ensure_ascii=False)):
        raise ValueError("half a character")
    if "\\u0000" in json.dumps(found):
        raise ValueError("a NUL")
    return found


def _form(here: Contact, form: Filled, row: ResearcherRow | None = None, *, status: int = 200) -> Response:
    told = {
        "form": form,
        "row": row,
        "is_own": False,
        "yes_no": YES_NO,
        "stale": status == 412,
        "path": f"/partner/researchers/{row.researcher.id}" if row else "/partner/researchers/new",
        "back": "/partner/researchers",
    }
    return here.page("researcher.html", told, status=status)


def _file_page(here: Contact, form: Filled, report: Imported | None = None, *, status: int = 200) -> Response:
    told = {"form": form, "report": report, "back": "/partner/researchers"}
    return here.page("import.html", told, status=status)
