"""The daily digests that were written, the team they are for, and the tasks that no digest has told yet."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from service.records.database import Unit
from service.records.people import STAFF_ROLES
from service.records.queue import Filters, narrowed
from service.records.tables import Digest, Enquiry, FollowUp, Person
from service.workflows.reminders import CALENDAR_RUNS_OUT, STAFF_DATE
from service.workflows.reminders.rule import STAFF_AUDIENCES

DateRow = tuple[FollowUp, str | None, str, str | None]
"""A date that somebody set, with its enquiry's reference and question and the name of whoever set it."""


def team(unit: Unit, before: datetime) -> list[Person]:
    """Return whoever of the team has an address and was known before an instant, in id order."""
    return list(unit.exec(_team(before)))


def locked_team(unit: Unit, before: datetime) -> list[Person]:
    """Return the same people with their rows locked: of several workers one writes and the others wait for it."""
    return list(unit.exec(_team(before).with_for_update(key_share=True).execution_options(populate_existing=True)))


def are_written(unit: Unit, day: date, people: Collection[Person]) -> bool:
    """Tell whether the digests of a day were written: all of them are, in one transaction."""
    ids = [person.id for person in people]
    return unit.exec(select(Digest.id).where(Digest.day == day, col(Digest.person_id).in_(ids))).first() is not None


def untold(unit: Unit) -> list[FollowUp]:
    """Return the reminders to the team that came due and that no digest has told yet, the oldest first."""
    return list(
        unit.exec(
            select(FollowUp)
            .where(FollowUp.status == "sent", col(FollowUp.outbox_id).is_(None), _to_the_team(), _not_done())
            .order_by(col(FollowUp.due_at), col(FollowUp.id))
            .execution_options(populate_existing=True)
        )
    )


def came_due(unit: Unit, scope: Filters, today: date, since: datetime, limit: int) -> list[FollowUp]:
    """Return what came due for the team of the enquiries that pass `scope`, the newest first, dates left out."""
    return list(
        unit.exec(
            select(FollowUp)
            .join(Enquiry, col(Enquiry.id) == col(FollowUp.enquiry_id))
            .where(
                FollowUp.status == "sent",
                col(FollowUp.due_at) >= since,
                col(FollowUp.addressee).in_(sorted(STAFF_AUDIENCES)),
                *narrowed(unit, scope, today),
            )
            .order_by(col(FollowUp.due_at).desc(), col(FollowUp.id).desc())
            .limit(limit)
        )
    )


def dates_come(unit: Unit, scope: Filters, set_by: UUID | None, today: date, limit: int) -> list[DateRow]:
    """Return the dates that have come and are not done, the oldest first: one person's, or those of some enquiries."""
    query = (
        select(FollowUp, Enquiry.reference, Enquiry.question, Person.name)
        .join(Enquiry, col(Enquiry.id) == col(FollowUp.enquiry_id))
        .join(Person, col(Person.id) == col(FollowUp.set_by_id), isouter=True)
        .where(
            FollowUp.rule == STAFF_DATE,
            FollowUp.due_on <= today,
            col(FollowUp.status).in_(("due", "sent")),
            _not_done(),
        )
        .order_by(col(FollowUp.due_on), col(FollowUp.id))
        .limit(limit)
    )
    if set_by is not None:
        return list(unit.exec(query.where(FollowUp.set_by_id == set_by)))
    return list(unit.exec(query.where(*narrowed(unit, scope, today))))


def written(unit: Unit, person_id: UUID) -> list[Digest]:
    """Return a person's digests, the oldest first."""
    return list(unit.exec(select(Digest).where(Digest.person_id == person_id).order_by(col(Digest.day))))


def _to_the_team() -> ColumnElement[bool]:
    by_date = col(FollowUp.rule).in_((STAFF_DATE, CALENDAR_RUNS_OUT))
    return or_(col(FollowUp.addressee).in_(sorted(STAFF_AUDIENCES)), by_date)


def _not_done() -> ColumnElement[bool]:
    return col(FollowUp.settled_by_id).is_(None)


def _team(before: datetime) -> SelectOfScalar[Person]:
    return (
        select(Person)
        .where(col(Person.staff_role).in_(STAFF_ROLES), col(Person.email).is_not(None), Person.created_at < before)
        .order_by(col(Person.id))
    )
