"""The daily digests that were written, the team they are for, and the tasks that no digest has told yet."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from service.records.database import Unit
from service.records.people import STAFF_ROLES
from service.records.tables import Digest, FollowUp, Person
from service.workflows.reminders import CALENDAR_RUNS_OUT, STAFF_DATE
from service.workflows.reminders.rule import STAFF_AUDIENCES


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
    to_the_team = or_(
        col(FollowUp.addressee).in_(sorted(STAFF_AUDIENCES)), col(FollowUp.rule).in_((STAFF_DATE, CALENDAR_RUNS_OUT))
    )
    return list(
        unit.exec(
            select(FollowUp)
            .where(FollowUp.status == "sent", col(FollowUp.outbox_id).is_(None), to_the_team)
            .order_by(col(FollowUp.due_at), col(FollowUp.id))
            .execution_options(populate_existing=True)
        )
    )


def written(unit: Unit, person_id: UUID) -> list[Digest]:
    """Return a person's digests, the oldest first."""
    return list(unit.exec(select(Digest).where(Digest.person_id == person_id).order_by(col(Digest.day))))


def _team(before: datetime) -> SelectOfScalar[Person]:
    return (
        select(Person)
        .where(col(Person.staff_role).in_(STAFF_ROLES), col(Person.email).is_not(None), Person.created_at < before)
        .order_by(col(Person.id))
    )
