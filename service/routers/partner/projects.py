"""A university's own project, as its contacts see it: costs to submit, the agreement to sign, reports, withdrawal."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from service.errors import not_found
from service.records import projects
from service.records.database import Unit
from service.routers.form_schemas import YES_NO
from service.routers.forms import Filled, Mistakes, Posted, PostedForm
from service.routers.identifiers import PathId, meant
from service.routers.partner.desk import AnyContact, Contact
from service.routers.partner.project_doing import DOINGS, do
from service.routers.partner.project_page import forms_told, project_told
from service.routers.project_views import project_row

router = APIRouter(include_in_schema=False)


@router.get("/partner/projects/{project_id}")
def show_project(here: AnyContact, project_id: PathId, done: str = "") -> Response:
    """The project, and what is wanted of the university now."""
    return _page(here, _own(here, project_id), told=DOINGS[done].told if done in DOINGS else None)


@router.post("/partner/projects/{project_id}")
def change_project(here: AnyContact, project_id: PathId, posted: PostedForm) -> Response:
    """Do what the button says. A refusal shows the page as it is now, with the reason, and every word kept."""
    own = _own(here, project_id)
    event = posted.line("event")
    if event == "more":
        return _page(here, own, Filled.from_posted(posted), posted)
    doing = DOINGS.get(event)
    if doing is None or not doing.for_contact:
        raise not_found("button")
    mistakes = Mistakes()
    todo = doing.read(posted, mistakes)

    def again(form: Filled, status: int) -> Response:
        return _page(here, own, form, posted, status=status)

    if mistakes:
        return again(Filled.from_posted(posted, mistakes.found), 422)
    path = f"/partner/projects/{own}"
    return here.put(posted, lambda unit: do(unit, here.ctx, own, todo), again, path, event)


def _own(here: Contact, project_id: str) -> UUID:
    wanted = meant(project_id, "project")
    found = here.read(lambda unit: projects.with_enquiry(unit, wanted))
    if found is None or found[0].organisation_id != here.university.id:
        raise not_found("project")
    return wanted


def _page(
    here: Contact,
    project_id: UUID,
    form: Filled | None = None,
    posted: Posted | None = None,
    *,
    status: int = 200,
    told: str | None = None,
) -> Response:
    def work(unit: Unit) -> dict[str, object]:
        return project_told(unit, here.ctx, project_row(unit, project_id))

    shown = here.read(work)
    return here.page(
        "project.html",
        {
            **shown,
            **forms_told(form, posted, shown),
            "done": told,
            "is_contact": True,
            "stale": status == 412,
            "path": f"/partner/projects/{project_id}",
            "yes_no": YES_NO,
        },
        status=status,
    )
