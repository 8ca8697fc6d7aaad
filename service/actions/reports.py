"""Reports: how a project is going, in its lead's words, every three months."""

from datetime import date
from uuid import UUID

from service.actions import telling
from service.actions.commissioning import lock_project, note
from service.context import Context
from service.errors import conflict, invalid
from service.records import projects
from service.records.database import Unit
from service.records.tables import Report
from service.working_time import local_date


def add_report(unit: Unit, ctx: Context, project_id: UUID, body: str, period_end: date | None = None) -> Report:
    """Record a report on a project that has started, tell the owner, and return it.

    A late report is welcome after the project's end. Raises Problem 409 before it starts, 422 for a period ahead.
    """
    project, enquiry = lock_project(unit, project_id)
    if project.started_at is None:
        raise conflict("The project has not started, so there is nothing to report yet.")
    if period_end is not None and period_end > local_date(ctx.now):
        raise invalid("period_end", "This period has not ended yet.")
    report = Report(
        project_id=project.id,
        body=body,
        period_end=period_end,
        submitted_at=ctx.now,
        submitted_by_id=ctx.actor.person_id,
        submitted_by_role=ctx.actor.role,
    )
    unit.add(report)
    unit.flush()
    note(unit, ctx, enquiry, project, "report_received", report=str(report.id))
    telling.tell_owner(unit, ctx, enquiry, "report_received", university=projects.university_name(unit, project))
    return report
