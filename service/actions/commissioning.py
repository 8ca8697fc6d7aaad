"""Commissioning: what every change to a project's papers begins and ends with."""

from uuid import UUID

from service.actions import remind
from service.actions.progress import Check
from service.context import Context
from service.errors import conflict, not_found
from service.records import enquiries, events, projects
from service.records.database import Unit
from service.records.tables import Enquiry, Event, Project
from service.states import EnquiryState, ProjectState


def lock_project(unit: Unit, project_id: UUID) -> tuple[Project, Enquiry]:
    """Return a project and its enquiry with the enquiry's row locked. Raises Problem 404 for an unknown project."""
    enquiry_id = projects.enquiry_of(unit, project_id)
    if enquiry_id is None:
        raise not_found("project")
    enquiry = enquiries.lock(unit, enquiry_id)
    return projects.fresh(unit, project_id), enquiry


def lock_living(unit: Unit, project_id: UUID) -> tuple[Project, Enquiry]:
    """Return a project whose papers may still change, its enquiry locked.

    Raises Problem 404 for an unknown project, and 409 when it has ended or its enquiry is closed.
    """
    project, enquiry = lock_project(unit, project_id)
    standing = obstacle(project, enquiry)
    if standing is not None:
        raise conflict(standing)
    return project, enquiry


def obstacle(project: Project, enquiry: Enquiry) -> str | None:
    """Return why a project's papers may no longer change, as a sentence; None while they may."""
    if _has_ended(project, enquiry):
        return _ENDED
    return "The enquiry is closed. Reopen it to change its project." if enquiry.state == EnquiryState.CLOSED else None


def is_current(project_id: UUID) -> Check:
    """Return the check that an enquiry's event is meant for this project, and not for one that took its place.

    It raises Problem 409 for a project that has ended.
    """

    def check(unit: Unit, enquiry: Enquiry) -> None:
        if _has_ended(projects.fresh(unit, project_id), enquiry):
            raise conflict(_ENDED)

    return check


def note(unit: Unit, ctx: Context, enquiry: Enquiry, project: Project, event: str, **data: object) -> Event:
    """Record a change to a project's papers in the event log, where the state stays, and plan its reminders anew.

    `data` holds ids, versions, codes and dates by name, never free text.
    """
    project.version += 1
    enquiry.updated_at = ctx.now
    unit.add_all([project, enquiry])
    unit.flush()
    row = events.note(unit, ctx, enquiry, event, project_id=project.id, data={"project": str(project.id), **data})
    remind.schedule(unit, ctx, enquiry, row)
    return row


_ENDED = "This project has ended."


def _has_ended(project: Project, enquiry: Enquiry) -> bool:
    return enquiry.project_id != project.id or project.state == ProjectState.TERMINATED
