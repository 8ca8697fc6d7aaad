"""What a project hands over and by when, each until it is accepted or waived."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from service.actions import deliverables
from service.errors import not_found
from service.records import projects
from service.records.database import Unit
from service.routers.form_values import read_day
from service.routers.forms import LINE_LENGTH, Filled, Mistakes, Posted, PostedForm, date_parts
from service.routers.identifiers import meant
from service.routers.manage.project.at_project import AtProject, OpenProject, require_shown
from service.routers.schemas.papers import DeliverableShown
from service.states import DeliverableStatus

router = APIRouter(include_in_schema=False)

STATUSES: dict[str, str] = {
    DeliverableStatus.PLANNED: "Planned",
    DeliverableStatus.DELIVERED: "Delivered, not yet accepted",
    DeliverableStatus.ACCEPTED: "Accepted",
    DeliverableStatus.WAIVED: "Waived: no longer needed",
}


def at_deliverable(at: OpenProject, deliverable_id: str) -> UUID:
    """Return the id of one of the project's deliverables. Raises Problem 404."""
    return _deliverable(at, meant(deliverable_id, "deliverable")).id


DeliverableId = Annotated[UUID, Depends(at_deliverable)]


@router.get("/manage/enquiries/{reference}/project/deliverables")
def ask_deliverable(at: OpenProject) -> Response:
    """What else will be handed over?"""
    return _page(at, Filled())


@router.post("/manage/enquiries/{reference}/project/deliverables")
def take_deliverable(at: OpenProject, posted: PostedForm) -> Response:
    """Add it; the same one pressed twice is one."""
    mistakes = Mistakes()
    title = _title(posted, mistakes)
    due_on = read_day(posted, mistakes, "due_on", "The day")
    if due_on is None:
        mistakes.add("due_on", "Enter the day by which it is handed over")
    if mistakes or due_on is None:
        return _page(at, Filled.from_posted(posted, mistakes.found), 422)

    def work(unit: Unit) -> None:
        at.locked(unit, posted)
        there = projects.deliverables(unit, at.id)
        if not any(
            (each.title, each.due_on) == (title, due_on) and at.is_repeated(each.created_at, at.ctx.actor.person_id)
            for each in there
        ):
            deliverables.add_deliverable(unit, at.ctx, at.id, title, due_on)

    return at.put(posted, work, lambda form, status: _page(at, form, status), "deliverable")


@router.get("/manage/enquiries/{reference}/project/deliverables/{deliverable_id}")
def ask_change(at: OpenProject, deliverable_id: DeliverableId) -> Response:
    """What has become of it?"""
    found = _deliverable(at, deliverable_id)
    values: dict[str, str | list[str]] = {"shown": str(found.version), "title": found.title, "status": found.status}
    return _change_page(at, deliverable_id, Filled(values | date_parts("due_on", found.due_on)))


@router.post("/manage/enquiries/{reference}/project/deliverables/{deliverable_id}")
def take_change(at: OpenProject, deliverable_id: DeliverableId, posted: PostedForm) -> Response:
    """Change its title or its day, or move it on: delivered, then accepted; or waived."""
    mistakes = Mistakes()
    title = _title(posted, mistakes)
    due_on = read_day(posted, mistakes, "due_on", "The day")
    if due_on is None:
        mistakes.add("due_on", "Enter the day by which it is handed over")
    status = mistakes.required("status", posted.line("status"), "Choose how far it is")
    mistakes.choice("status", status, STATUSES, "Choose one of the answers shown")
    if mistakes:
        return _change_page(at, deliverable_id, Filled.from_posted(posted, mistakes.found), 422)
    changes = {"title": title, "due_on": due_on, "status": status}

    def work(unit: Unit) -> None:
        at.locked(unit, posted)
        now = projects.deliverable(unit, at.id, deliverable_id)
        require_shown(posted, now.version if now else 0, "this deliverable")
        deliverables.change_deliverable(unit, at.ctx, at.id, deliverable_id, changes)

    return at.put(posted, work, lambda form, code: _change_page(at, deliverable_id, form, code), "deliverable")


def _title(posted: Posted, mistakes: Mistakes) -> str:
    title = mistakes.required("title", posted.line("title"), "Say what is handed over")
    mistakes.fits("title", title, LINE_LENGTH, "What is handed over")
    return title


def _deliverable(at: AtProject, deliverable_id: UUID) -> DeliverableShown:
    def read(unit: Unit) -> DeliverableShown:
        found = projects.deliverable(unit, at.id, deliverable_id)
        if found is None:
            raise not_found("deliverable")
        return DeliverableShown.of(found)

    return at.desk.read(read)


def _page(at: AtProject, form: Filled, status: int = 200) -> Response:
    def read(unit: Unit) -> dict[str, object]:
        project = at.row(unit)[0]
        there = [DeliverableShown.of(each) for each in projects.deliverables(unit, at.id)]
        return {"deliverables": there, "end": project.end_on}

    return at.page("deliverables.html", {"form": form, "statuses": STATUSES, **at.desk.read(read)}, status)


def _change_page(at: AtProject, deliverable_id: UUID, form: Filled, status: int = 200) -> Response:
    found = _deliverable(at, deliverable_id)
    codes = ("deliverable_added", "deliverable_changed", "deliverable_settled")

    changes = at.desk.read(lambda unit: at.renewed(unit, form, status, codes, found.version, naming=deliverable_id))
    choices = {each: STATUSES[each] for each in (found.status, *deliverables.may_become(found.status))}
    told = {"form": form, "deliverable": found, "choices": choices, "statuses": STATUSES, "changes": changes}
    return at.page("deliverable.html", told, status)
