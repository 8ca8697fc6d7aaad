"""People and the bodies they belong to: found or made, never twice."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from service.records.database import Unit
from service.records.tables import Interest, Organisation, Participation, Person

STAFF_ROLES = ("manager", "service_lead")


def by_email(unit: Unit, email: str) -> Person | None:
    """Return the person with this address, whatever its case, or None."""
    return unit.exec(select(Person).where(Person.email == email.strip().lower())).first()


def staff(unit: Unit) -> list[Person]:
    """Return every manager and service lead, by name."""
    return list(
        unit.exec(select(Person).where(Person.staff_role.in_(STAFF_ROLES)).order_by(Person.name))  # type: ignore[union-attr]
    )


def names_on(unit: Unit, enquiry_id: UUID) -> list[str]:
    """Return the names of everybody on the enquirer's side and of those who would lead the work."""
    asking = select(Person.name).join(Participation, col(Participation.person_id) == col(Person.id))
    leads = unit.exec(select(Interest.lead_name).where(Interest.enquiry_id == enquiry_id))
    return [*unit.exec(asking.where(Participation.enquiry_id == enquiry_id)), *leads]


def contacts_of(unit: Unit, organisation_id: UUID) -> list[Person]:
    """Return the people of a university who receive calls, by name."""
    return list(
        unit.exec(
            select(Person)
            .where(Person.organisation_id == organisation_id, Person.is_contact == True)  # noqa: E712 - SQL's comparison
            .order_by(Person.name)
        )
    )


def find_or_make(
    unit: Unit, *, now: datetime, name: str, email: str | None, phone: str | None = None, confirmed: bool = False
) -> Person:
    """Return the person with this address, or a new one; a known person's name and phone are left as they are.

    `confirmed` marks the address as entered by a manager or shown to be theirs.
    """
    person = by_email(unit, email) if email else None
    if person is None:
        person = Person(name=name.strip(), email=email.strip().lower() if email else None, phone=phone, created_at=now)
        unit.add(person)
        unit.flush()
    if confirmed and person.confirmed_at is None:
        person.confirmed_at = now
    if phone and not person.phone:
        person.phone = phone
    return person


def name_key(name: str) -> str:
    """Return an organisation's name as it is compared: case folded, spaces collapsed."""
    return " ".join(name.split()).casefold()


def organisation_named(unit: Unit, name: str) -> Organisation | None:
    """Return the organisation with this name, or the one that succeeded it, or None."""
    found = unit.exec(select(Organisation).where(Organisation.name_key == name_key(name))).first()
    seen: set[UUID] = set()
    while found is not None and found.succeeded_by_id is not None and found.id not in seen:
        seen.add(found.id)
        found = unit.get(Organisation, found.succeeded_by_id)
    return found


def partner_universities(unit: Unit) -> list[Organisation]:
    """Return the universities that calls may be sent to, by name."""
    return list(
        unit.exec(select(Organisation).where(Organisation.partner == True).order_by(Organisation.name))  # noqa: E712
    )
