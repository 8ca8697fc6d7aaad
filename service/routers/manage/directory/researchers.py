"""Researchers of every university, as managers keep them: the same profile that a university's contact fills in."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service import vocabulary
from service.actions import importing, organisations
from service.actions import researchers as actions
from service.actions.importing import ImportReport
from service.errors import not_found
from service.records import audit, concerned, directory, researchers, source_runs
from service.records.database import Unit
from service.records.researchers import ResearcherRow
from service.records.source_runs import Progress
from service.routers.forms import AskedForm, Filled, Mistakes, PostedForm
from service.routers.identifiers import PathId, meant
from service.routers.manage.desk import Desk, ManagerDesk
from service.routers.manage.directory.shelf import (
    AT_ONCE,
    CHANGES_SHOWN,
    ENQUIRIES_SHOWN,
    ROOM,
    STATES,
    WAYS,
    id_asked,
    put,
    words,
    yes_or_no,
)
from service.routers.paging import encode_cursor, place_at
from service.routers.partner.profile import save_profile
from service.routers.partner.researcher_form import (
    SOURCES,
    filled_in,
    filled_with,
    found_elsewhere,
    read_change,
    read_new,
)
from service.routers.researcher_files import NOT_YET, posted_file

router = APIRouter(include_in_schema=False)

PATH = f"{ROOM}/researchers"
_MOST_UNIVERSITIES = 500
_DONE = {
    "added": "The researcher was added. We have told them by email, and they can correct or hide their profile.",
    "saved": "The changes are saved.",
    "imported": "The file is in. Researchers who are new here are told by email.",
}


@router.get(PATH)
def list_researchers(desk: ManagerDesk, view: AskedForm) -> Response:
    """Researchers in the order they were added, narrowed by the address."""
    after = place_at(view.line("cursor"), UUID)
    q, at, hidden = words(view), id_asked(view, "organisation"), yes_or_no(view, "hidden")
    topic = view.line("topic") if view.line("topic") in vocabulary.TOPICS else ""
    is_old = view.line("confirmed") == "old"
    method = view.line("method") if view.line("method") in vocabulary.METHODS else ""

    def work(unit: Unit) -> tuple[list[ResearcherRow], dict[str, str], dict[str, Progress]]:
        rows = researchers.page(
            unit,
            organisation_id=at,
            q=q or None,
            topic=topic or None,
            method=method or None,
            hidden=hidden,
            confirmed_before=desk.ctx.now - researchers.STALE if is_old else None,
            after=after,
            limit=AT_ONCE + 1,
        )
        progress = source_runs.progress(unit)
        return rows, _universities(unit), {SOURCES[name]: progress[name] for name in sorted(progress)}

    rows, universities, progress = desk.read(work)
    asked: dict[str, str | list[str]] = {
        "q": q,
        "organisation": str(at or ""),
        "topic": topic,
        "method": method,
        "hidden": view.line("hidden") if hidden is not None else "",
        "confirmed": "old" if is_old else "",
    }
    told = {
        "rows": rows[:AT_ONCE],
        "asked": Filled(asked),
        "narrowed": {name: value for name, value in asked.items() if value},
        "universities": universities,
        "progress": progress,
        "following": encode_cursor(rows[AT_ONCE - 1].researcher.id) if len(rows) > AT_ONCE else None,
        "done": _DONE.get(view.line("done")),
        "back": ROOM,
    }
    return desk.page("manage/directory/researchers.html", told, room=ROOM)


@router.get(f"{PATH}/new")
def ask(desk: ManagerDesk, view: AskedForm) -> Response:
    """Who could help, and where are they?"""
    return _new(desk, Filled({"hidden": "no", "organisation": str(id_asked(view, "organisation") or "")}), 200)


@router.post(f"{PATH}/new")
def add(desk: ManagerDesk, posted: PostedForm) -> Response:
    """Add them at their university; they are told by mail."""
    mistakes, again = Mistakes(), partial(_new, desk)
    university = id_asked(posted, "organisation")
    if university is None:
        mistakes.add("organisation", "Choose their university")
    entry = read_new(posted, mistakes)
    if entry is None or university is None:
        return again(Filled.from_posted(posted, mistakes.found), 422)

    def work(unit: Unit) -> UUID:
        at = organisations.known_university(unit, str(university))
        return actions.add_researcher(unit, desk.ctx, at.id, entry).id

    return put(desk, posted, work, again, PATH, "added")


@router.get(f"{PATH}/import")
def ask_file(desk: ManagerDesk, view: AskedForm) -> Response:
    """Which file, and whose researchers does it hold?"""
    return _file_page(desk, Filled({"organisation": str(id_asked(view, "organisation") or "")}))


@router.post(f"{PATH}/import")
def take_file(desk: ManagerDesk, posted: PostedForm) -> Response:
    """Say what a file would do, or bring it in: all of it, or nothing."""
    text, file = posted_file(posted)
    form = Filled({"rows": text, "organisation": posted.line("organisation")})
    if isinstance(file, str):
        form.errors["rows"] = file
        return _file_page(desk, form, status=422)
    university = id_asked(posted, "organisation")

    def take(unit: Unit, *, dry_run: bool) -> ImportReport:
        at = organisations.known_university(unit, str(university)).id if university else None
        return importing.import_researchers(
            unit, desk.ctx, file.rows, origins=file.origins, organisation_id=at, dry_run=dry_run
        )

    report = desk.write(posted, partial(take, dry_run=True))
    if not report.is_accepted or posted.line("event") != "import":
        is_refused = posted.line("event") == "import"
        form.errors |= {"rows": NOT_YET} if is_refused else {}
        return _file_page(desk, form, report, status=422 if is_refused else 200)
    desk.write(posted, partial(take, dry_run=False))
    return desk.go(PATH, "imported", **({"organisation": str(university)} if university else {}))


@router.get(PATH + "/{researcher_id}")
def show(desk: ManagerDesk, researcher_id: PathId, done: str = "") -> Response:
    """One researcher, to be changed or hidden, with the enquiries they were put forward for."""
    row = _row(desk, researcher_id)
    return _page(desk, filled_with(row), row, done=_DONE.get(done))


@router.post(PATH + "/{researcher_id}")
def change(desk: ManagerDesk, researcher_id: PathId, posted: PostedForm) -> Response:
    """Save what the form says."""
    row = _row(desk, researcher_id)
    identity, mistakes = row.researcher.id, Mistakes()
    change = read_change(posted, mistakes, row, is_own=False)

    def again(form: Filled, status: int) -> Response:
        return _page(desk, form, _row(desk, researcher_id), status=status)

    if change is None:
        return again(Filled.from_posted(posted, mistakes.found), 422)

    def work(unit: Unit) -> UUID:
        save_profile(unit, desk.ctx, identity, change, posted.line("seen"))
        return identity

    return put(desk, posted, work, again, PATH, "saved")


def _row(desk: Desk, researcher_id: str) -> ResearcherRow:
    identity = meant(researcher_id, "researcher")
    found = desk.read(lambda unit: researchers.row(unit, identity))
    if found is None:
        raise not_found("researcher")
    return found


def _universities(unit: Unit) -> dict[str, str]:
    return {
        str(each.id): each.name for each in directory.organisations(unit, kind="university", limit=_MOST_UNIVERSITIES)
    }


def _new(desk: Desk, form: Filled, status: int) -> Response:
    told = {"form": form, "row": None, "is_own": False, "universities": desk.read(_universities), "back": PATH}
    return desk.page("manage/directory/researcher_new.html", told, room=ROOM, status=status)


def _file_page(desk: Desk, form: Filled, report: ImportReport | None = None, *, status: int = 200) -> Response:
    told = {"form": form, "report": report, "universities": desk.read(_universities), "back": PATH}
    return desk.page("manage/directory/researchers_import.html", told, room=ROOM, status=status)


def _page(desk: Desk, form: Filled, row: ResearcherRow, *, status: int = 200, done: str | None = None) -> Response:
    def work(unit: Unit) -> dict[str, object]:
        return {
            "enquiries": concerned.researcher(unit, row.researcher, ENQUIRIES_SHOWN),
            "changes": audit.page(unit, subject=f"researcher:{row.researcher.id}", limit=CHANGES_SHOWN),
        }

    told = {
        "form": form,
        "row": row,
        "is_own": False,
        "found_elsewhere": found_elsewhere,
        "filled_in": filled_in,
        "source_names": SOURCES,
        "version": form.value("seen") if status != 412 and form.value("seen") else row.researcher.version,
        **desk.read(work),
        "ways": WAYS,
        "states": STATES,
        "stale": status == 412,
        "done": done,
        "back": PATH,
    }
    return desk.page("manage/directory/researcher.html", told, room=ROOM, status=status)
