"""Projects as a list for managers: those that are planned or under way, what each owes next, the soonest first.

Those whose enquiry is closed are not among them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Date, func, literal, tuple_
from sqlmodel import col, select

from service.records.database import Unit
from service.records.tables import Deliverable, Enquiry, Interest, Organisation, Project, Report
from service.states import DeliverableStatus, EnquiryState, ProjectState
from service.working_time import local_date

LIVING = (ProjectState.PLANNED, ProjectState.ACTIVE, ProjectState.PAUSED, ProjectState.DELIVERED)
"""The states of a project that somebody still has to do something about."""

_NEVER = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a project stands in the list: the day it owes something next, and its id."""

    on: date
    id: UUID


@dataclass(frozen=True, slots=True)
class Owed:
    """Something planned and not delivered, and the day it is due."""

    title: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Listed:
    """One project of the list. `owed` is what is planned and not delivered, `reported_until` the days its reports reach to."""

    place: Place
    id: UUID
    reference: str
    question: str
    state: ProjectState
    university: str
    lead: str
    start_on: date | None
    end_on: date | None
    started_at: datetime | None
    owed: tuple[Owed, ...]
    reported_until: tuple[date, ...]


def page(
    unit: Unit,
    states: Collection[str],
    *,
    owner: UUID | None = None,
    late_on: date | None = None,
    after: Place | None = None,
    limit: int,
) -> list[Listed]:
    """Return the current projects in these states, at most `limit`: those after a place, where given.

    The order is by the first day on which something planned is due, those that owe nothing last. Only those of an
    owner, or with something due before `late_on`, where given.
    """
    # For each living project by itself: most deliverables belong to projects that are over.
    first_due = (
        select(func.min(col(Deliverable.due_on)))
        .where(col(Deliverable.project_id) == col(Project.id), Deliverable.status == DeliverableStatus.PLANNED)
        .correlate(Project)
        .scalar_subquery()
    )
    on: ColumnElement[date] = func.coalesce(first_due, literal(_NEVER, Date))
    query = (
        select(Project, Enquiry, Organisation.name, Interest.lead_name)
        .join(Enquiry, col(Enquiry.id) == col(Project.enquiry_id))
        .join(Organisation, col(Organisation.id) == col(Project.organisation_id))
        .join(Interest, col(Interest.id) == col(Project.interest_id))
        .where(col(Project.state).in_(states), *_current())
    )
    if owner is not None:
        query = query.where(Enquiry.owner_id == owner)
    if late_on is not None:
        query = query.where(first_due < late_on)
    if after is not None:
        query = query.where(tuple_(on, col(Project.id)) > tuple_(literal(after.on, Date), literal(after.id)))
    rows = list(unit.exec(query.order_by(on, col(Project.id)).limit(limit)))
    ids = [project.id for project, *_ in rows]
    owed, reported = _owed(unit, ids), _reported(unit, ids)
    return [
        Listed(
            Place(owed[project.id][0].due_on if project.id in owed else _NEVER, project.id),
            project.id,
            enquiry.reference or "",
            enquiry.question,
            ProjectState(project.state),
            university,
            lead,
            project.start_on,
            project.end_on,
            project.started_at,
            tuple(owed.get(project.id, ())),
            tuple(reported.get(project.id, ())),
        )
        for project, enquiry, university, lead in rows
    ]


def counts(unit: Unit) -> Mapping[str, int]:
    """Return how many current projects there are in each living state."""
    query = (
        select(Project.state, func.count())
        .join(Enquiry, col(Enquiry.id) == col(Project.enquiry_id))
        .where(col(Project.state).in_(LIVING), *_current())
        .group_by(col(Project.state))
    )
    found = dict(unit.exec(query).all())
    return {state: found.get(state, 0) for state in LIVING}


def _current() -> tuple[ColumnElement[bool], ...]:
    # A closed enquiry may keep its project as planned, for reopening to find again: until then nobody works on it.
    return col(Enquiry.project_id) == col(Project.id), col(Enquiry.state) != EnquiryState.CLOSED


def _owed(unit: Unit, project_ids: Collection[UUID]) -> dict[UUID, list[Owed]]:
    query = (
        select(Deliverable)
        .where(col(Deliverable.project_id).in_(project_ids), Deliverable.status == DeliverableStatus.PLANNED)
        .order_by(col(Deliverable.due_on), col(Deliverable.id))
    )
    found: dict[UUID, list[Owed]] = {}
    for each in unit.exec(query):
        found.setdefault(each.project_id, []).append(Owed(each.title, each.due_on))
    return found


def _reported(unit: Unit, project_ids: Collection[UUID]) -> dict[UUID, list[date]]:
    query = select(Report.project_id, col(Report.period_end), Report.submitted_at).where(
        col(Report.project_id).in_(project_ids)
    )
    found: dict[UUID, list[date]] = {}
    for project_id, period_end, submitted_at in unit.exec(query):
        found.setdefault(project_id, []).append(period_end or local_date(submitted_at))
    return found
