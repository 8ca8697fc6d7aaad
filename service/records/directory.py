"""The directory of organisations and people: lists, and the rows a change must hold."""

from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select, update
from sqlmodel.sql.expression import Select

from service.context import Context
from service.records import outbox, people
from service.records.database import Unit
from service.records.tables import Organisation, OutboxMessage, Person, SignInLink, WebSession

PersonRow = tuple[Person, Organisation | None]
"""A person with the body they belong to."""


def organisation(unit: Unit, organisation_id: UUID) -> Organisation | None:
    """Return an organisation, or None."""
    return unit.get(Organisation, organisation_id)


def organisation_meant(unit: Unit, text: str) -> Organisation | None:
    """Return the organisation that an id or a name stands for, or None; a name leads on to its successor."""
    try:
        organisation_id = UUID(text)
    except ValueError:
        return people.organisation_named(unit, text)
    return unit.get(Organisation, organisation_id)


def organisation_called(unit: Unit, name: str) -> Organisation | None:
    """Return the organisation with exactly this name, spaces and case aside, or None."""
    return unit.exec(select(Organisation).where(Organisation.name_key == people.name_key(name))).first()


def organisation_coded(unit: Unit, code: str) -> Organisation | None:
    """Return the oldest organisation with this code of another register, or None."""
    return unit.exec(select(Organisation).where(Organisation.code == code).order_by(col(Organisation.id))).first()


def organisations(
    unit: Unit,
    *,
    kind: str | None = None,
    partner: bool | None = None,
    q: str | None = None,
    after: str | None = None,
    limit: int,
) -> list[Organisation]:
    """Return organisations by name, at most `limit`: those whose compared name comes after `after`, where given."""
    query = select(Organisation).order_by(Organisation.name_key).limit(limit)
    if kind is not None:
        query = query.where(Organisation.kind == kind)
    if partner is not None:
        query = query.where(Organisation.partner == partner)
    if q is not None:
        query = query.where(col(Organisation.name_key).contains(people.name_key(q), autoescape=True))
    if after is not None:
        query = query.where(Organisation.name_key > after)
    return list(unit.exec(query))


def taken_over_by(unit: Unit, organisation_id: UUID) -> list[Organisation]:
    """Return the bodies that an organisation succeeded, by name."""
    return list(
        unit.exec(
            select(Organisation).where(Organisation.succeeded_by_id == organisation_id).order_by(Organisation.name_key)
        )
    )


def lock_organisation(unit: Unit, organisation_id: UUID) -> Organisation | None:
    """Return an organisation with its row locked to the end of the transaction, or None."""
    return unit.exec(
        select(Organisation)
        .where(Organisation.id == organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def lock_successions(unit: Unit, *organisation_ids: UUID) -> dict[UUID, UUID | None]:
    """Return who succeeded whom, with these organisations and all that were ever succeeded locked, in id order.

    Two changes that would close a circle between them therefore take turns, and the second one sees the first.
    """
    concerned = or_(col(Organisation.id).in_(organisation_ids), col(Organisation.succeeded_by_id).is_not(None))
    unit.exec(select(Organisation.id).where(concerned).order_by(col(Organisation.id)).with_for_update()).all()
    # Read again: what another transaction committed while this one waited was not in the statement that waited.
    return dict(unit.exec(select(Organisation.id, Organisation.succeeded_by_id).where(concerned)).all())


def person(unit: Unit, person_id: UUID) -> PersonRow | None:
    """Return a person and their organisation, or None."""
    return unit.exec(_people().where(Person.id == person_id)).first()


def persons(
    unit: Unit,
    *,
    organisation_id: UUID | None = None,
    staff: bool | None = None,
    contact: bool | None = None,
    q: str | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[PersonRow]:
    """Return people with their organisations in the order they became known, at most `limit`: those after `after`."""
    query = _people().order_by(col(Person.id)).limit(limit)
    if organisation_id is not None:
        query = query.where(Person.organisation_id == organisation_id)
    if staff is not None:
        query = query.where(col(Person.staff_role).is_not(None) if staff else col(Person.staff_role).is_(None))
    if contact is not None:
        query = query.where(Person.is_contact == contact)
    if q is not None:
        query = query.where(
            or_(col(Person.name).icontains(q, autoescape=True), col(Person.email).icontains(q, autoescape=True))
        )
    if after is not None:
        query = query.where(Person.id > after)
    return list(unit.exec(query))


def lock_person(unit: Unit, person_id: UUID) -> Person | None:
    """Return a person with their row locked to the end of the transaction, or None."""
    return unit.exec(
        select(Person).where(Person.id == person_id).with_for_update().execution_options(populate_existing=True)
    ).first()


def end_access(unit: Unit, ctx: Context, person_id: UUID) -> None:
    """End every session of a person and void the links already mailed: their address is no longer theirs."""
    unit.exec(
        update(WebSession)
        .where(col(WebSession.person_id) == person_id, col(WebSession.ended_at).is_(None))
        .values(ended_at=ctx.now)
    )
    unit.exec(
        update(SignInLink)
        .where(col(SignInLink.person_id) == person_id, col(SignInLink.spent_at).is_(None))
        .values(spent_at=ctx.now)
    )


def redirect_mail(unit: Unit, person_id: UUID, address: str) -> None:
    """Send what still waits for a person to their new address, but for what tells an old one that it is old.

    An old address that is theirs again is not told so any more.
    """
    unit.exec(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.to_person_id) == person_id,
            col(OutboxMessage.kind) == outbox.TO_OLD_ADDRESS,
            col(OutboxMessage.to_address) == address,
            col(OutboxMessage.status).in_(("queued", "failed")),
        )
        .values(status="cancelled")
    )
    unit.exec(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.to_person_id) == person_id,
            col(OutboxMessage.status).in_(("queued", "held", "failed")),
            col(OutboxMessage.kind) != outbox.TO_OLD_ADDRESS,
        )
        .values(to_address=address)
    )


def _people() -> Select[Person, Organisation]:
    # The outer join may bring no organisation; its callers say so, which the type of a join cannot.
    return select(Person, Organisation).outerjoin(Organisation, col(Organisation.id) == col(Person.organisation_id))
