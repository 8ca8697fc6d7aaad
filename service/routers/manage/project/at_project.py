"""The project of the enquiry that lies open: found for every page of it, and written to without treading on anybody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.responses import Response

from service.actions.commissioning import lock_project
from service.context import Context
from service.errors import Problem
from service.records import enquiries
from service.records.changes import Changed
from service.records.database import Unit
from service.records.paper_changes import newest_changes
from service.records.projects import ProjectRow
from service.routers import visits
from service.routers.form_values import whole_number
from service.routers.forms import TOLD_ON_THE_FORM, Again, Filled, Posted
from service.routers.manage.desk import AtCase, Case, Desk
from service.routers.project_views import project_row
from service.working_time import local_date

SHOWN, PROJECT = "shown", "project"
"""The form fields that hold the paper's version and the project's id."""

STALE = 412
_TWICE_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AtProject:
    """A project that lies open on a manager's desk, with its enquiry."""

    case: AtCase
    id: UUID

    @property
    def path(self) -> str:
        """Return the address of its main page."""
        return f"{self.case.path}/project"

    @property
    def desk(self) -> Desk:
        return self.case.desk

    @property
    def ctx(self) -> Context:
        return self.case.ctx

    @property
    def today(self) -> date:
        """Return the London day."""
        return local_date(self.ctx.now)

    def row(self, unit: Unit) -> ProjectRow:
        """Return the project with its enquiry."""
        return project_row(unit, self.id)

    def page(self, template: str, told: dict[str, object], status: int = 200) -> Response:
        """Return one of the project's pages."""
        return self.case.page(f"manage/project/{template}", {"at": self, **told}, status=status)

    def locked(self, unit: Unit, posted: Posted) -> ProjectRow:
        """Return the project with its enquiry locked. Raises Problem 409 for a form that was about another project."""
        if posted.line(PROJECT) != str(self.id):
            raise Problem(
                "conflict",
                409,
                "This form was about an earlier project of the enquiry. Look at the project as it is now, then enter it again.",
            )
        return lock_project(unit, self.id)

    def is_repeated(self, at: datetime, by: UUID | None) -> bool:
        """Tell whether something recorded `at` an instant was recorded a moment ago by the person who sits here."""
        return at >= self.ctx.now - _TWICE_WITHIN and by == self.ctx.actor.person_id

    def put(self, posted: Posted, work: Callable[[Unit], object], again: Again, done: str) -> Response:
        """Run `work` in one transaction and lead to the project's page; a refusal shows the form again, every answer kept."""
        visits.require_csrf(self.desk.request, posted)
        try:
            self.desk.write(posted, work)
        except Problem as problem:
            if problem.status not in TOLD_ON_THE_FORM:
                raise
            return again(Filled.refused(posted, problem), problem.status)
        return self.case.back(done, under="/project")

    def renewed(
        self, unit: Unit, form: Filled, status: int, codes: tuple[str, ...], version: int, naming: UUID | None = None
    ) -> list[Changed]:
        """Return who changed a paper, now at `version`, since a stale form about it was shown, and let the form be about that.

        `codes` are the paper's events. A form that is shown again for any other reason is left as stale as it was.
        """
        if status != STALE:
            return []
        found = newest_changes(unit, self.case.enquiry_id, codes, version - shown_version(form.value(SHOWN)), naming)
        form.values[SHOWN] = str(version)
        return found


def require_shown(posted: Posted, version: int, what: str) -> None:
    """Raise Problem 412 unless a form was shown at the version that `what` has now."""
    if shown_version(posted.line(SHOWN)) != version:
        raise Problem(
            "precondition-failed",
            STALE,
            f"Somebody changed {what} while you were writing. Compare what stands now with yours, then save again.",
        )


def shown_version(text: str) -> int:
    """Return the version a form was shown at: 0 before anything was saved, and -1, which nothing has, for any other text."""
    version = whole_number(" ".join(text.split()))
    return -1 if version is None else version


def at_project(case: Case) -> AtProject:
    """Return the enquiry's project. Raises Problem 404 while none has been planned."""
    project_id = case.desk.read(lambda unit: enquiries.one(unit, case.enquiry_id).project_id)
    if project_id is None:
        raise Problem(
            "not-found", 404, f"{case.reference} has no project yet. One is planned when researchers accept an offer."
        )
    return AtProject(case, project_id)


OpenProject = Annotated[AtProject, Depends(at_project)]
