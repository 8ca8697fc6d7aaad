"""People: add one, change one, and see that the staff named in the settings are known."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from service.actions import organisations, telling
from service.actions.audit import audit
from service.actions.shapes import EmailAddress, Name, Phone, Sent
from service.context import Context
from service.errors import conflict, forbidden, invalid, not_found
from service.principals import Role
from service.records import directory, keys, outbox
from service.records import people as known_people
from service.records.database import Unit
from service.records.tables import Person

StaffRole = Literal["manager", "service_lead"]

_MANAGER, _LEAD = Role.MANAGER.value, Role.SERVICE_LEAD.value


class PersonEntry(Sent):
    """Somebody the service is to know: by email or phone."""

    name: Name
    email: EmailAddress | None = None
    phone: Phone | None = None
    organisation: Name | None = Field(default=None, description="A name or an id; an unknown name is added.")
    staff_role: StaffRole | None = Field(default=None, description="Works for this service.")
    is_contact: bool = Field(default=False, description="Receives calls for their university.")


class PersonChange(Sent):
    """What is to change of a person; what is not sent stays."""

    name: Name = Field(default_factory=str)
    email: EmailAddress | None = None
    phone: Phone | None = None
    organisation: Name | None = Field(default=None, description="A name or an id; an unknown name is added.")
    staff_role: StaffRole | None = None
    is_contact: bool = Field(default_factory=bool)
    reminders_stopped: bool = Field(
        default_factory=bool, description="They asked us not to remind them: no enquirer's reminder goes to them."
    )
    signed_out: Literal[True] = Field(
        default_factory=lambda: True,
        description="End all their sessions at once, and void the sign-in links that wait in their mailbox.",
    )


def add_person(unit: Unit, ctx: Context, entry: PersonEntry) -> Person:
    """Add and return a person, their address confirmed by whoever enters it.

    Raises Problem 409 when the address is somebody's already, and 403 when the actor may not grant the role.
    """
    _require_free_address(unit, entry.email, None)
    _require_may_grant(ctx, entry.staff_role)
    person = Person(
        name=entry.name,
        email=entry.email,
        phone=entry.phone,
        organisation_id=organisations.known_or_new(unit, ctx, entry.organisation).id if entry.organisation else None,
        staff_role=entry.staff_role,
        is_contact=entry.is_contact,
        confirmed_at=ctx.now if entry.email else None,
        created_at=ctx.now,
    )
    _require_complete(person)
    unit.add(person)
    unit.flush()
    audit(unit, ctx, "create", f"person:{person.id}", staff_role=person.staff_role, is_contact=person.is_contact)
    return person


def change_person(unit: Unit, ctx: Context, person_id: UUID, change: PersonChange) -> Person:
    """Change and return a person.

    A new address ends their sessions and links, takes over the mail that waits for them, and is told to the old one
    without being named; a lost staff role
    revokes the keys that stood on it. Raises Problem 404, 409 when the address is somebody else's, and 403 when the
    person is a service lead, or is to become one, or is of the team and gets another address, and the actor is no lead.
    """
    person = directory.lock_person(unit, person_id)
    if person is None:
        raise not_found("person")
    _require_may_grant(ctx, person.staff_role)
    facts: dict[str, Any] = change.model_dump(exclude_unset=True)
    if facts.pop("signed_out", False):
        directory.end_access(unit, ctx, person.id)
        audit(unit, ctx, "sign_out", f"person:{person.id}")
    if "staff_role" in facts:
        _require_may_grant(ctx, facts["staff_role"])
    if "email" in facts and facts["email"] != person.email:
        _require_may_readdress(ctx, person)
    if facts.get("email") is not None:
        _require_free_address(unit, facts["email"], person.id)
    if "organisation" in facts:
        named = facts.pop("organisation")
        facts["organisation_id"] = None if named is None else organisations.known_or_new(unit, ctx, named).id
    if "reminders_stopped" in facts:
        facts["reminders_stopped_at"] = (
            (person.reminders_stopped_at or ctx.now) if facts.pop("reminders_stopped") else None
        )
    proven = person.email if person.confirmed_at else None
    changed = sorted(name for name, value in facts.items() if getattr(person, name) != value)
    if not changed:
        return person
    for name in changed:
        setattr(person, name, facts[name])
    _require_complete(person)
    person.version += 1
    unit.add(person)
    unit.flush()
    if "email" in changed:
        _move_address(unit, ctx, person, proven)
    if "staff_role" in changed:
        _revoke_lost(unit, ctx, person)
    audit(unit, ctx, "change", f"person:{person.id}", changed=changed)
    return person


def ensure_staff(unit: Unit, ctx: Context, managers: Iterable[str], leads: Sequence[str]) -> None:
    """See that whoever the settings name is known and has at least that role; nobody loses one here."""
    for email in leads:
        named_member(unit, ctx, email, _LEAD)
    for email in managers:
        if email not in leads:
            named_member(unit, ctx, email, _MANAGER)


def named_member(unit: Unit, ctx: Context, email: str, role: str) -> Person:
    """Return the person whom the settings name, as `staff_member` does, and note that it was the settings who did."""
    person = staff_member(unit, ctx, email, role)
    if person.named_as not in {role, _LEAD}:
        person.named_as = role
        unit.add(person)
        unit.flush()
    return person


def staff_member(unit: Unit, ctx: Context, email: str, role: str) -> Person:
    """Return the person with this address with at least this staff role, added or raised to it where needed.

    Raises Problem 403 when the actor may not grant it.
    """
    person = known_people.by_email(unit, email)
    if person is not None and person.staff_role in {role, _LEAD}:
        return person
    _require_may_grant(ctx, role)
    if person is None:
        person = Person(name=name_from(email), email=email.lower(), confirmed_at=ctx.now, created_at=ctx.now)
    person.staff_role = role
    unit.add(person)
    unit.flush()
    audit(unit, ctx, "grant", f"person:{person.id}", staff_role=role)
    return person


def name_from(email: str) -> str:
    """Return what to call somebody of whom only the address is known: `jo.bloggs@…` is Jo Bloggs."""
    local = email.partition("@")[0].partition("+")[0]
    words = local.replace(".", " ").replace("_", " ").replace("-", " ").split()
    return " ".join(word.capitalize() for word in words) or email


def _move_address(unit: Unit, ctx: Context, person: Person, before: str | None) -> None:
    directory.end_access(unit, ctx, person.id)
    person.confirmed_at = ctx.now if person.email else None
    unit.add(person)
    if person.email:
        directory.redirect_mail(unit, person.id, person.email)
        outbox.release(unit, person.id)
    if before:
        telling.tell_old_address(unit, ctx, person, before)


def _revoke_lost(unit: Unit, ctx: Context, person: Person) -> None:
    lost = {None: {_MANAGER, _LEAD}, _MANAGER: {_LEAD}}.get(person.staff_role)
    if lost:
        keys.revoke_of_person(unit, person.id, lost, ctx.now)


def _require_may_grant(ctx: Context, role: str | None) -> None:
    """Refuse a manager who would make, or change, a service lead: nobody grants more than they have."""
    if role == _LEAD and ctx.actor.role not in {Role.SERVICE_LEAD, Role.SYSTEM}:
        raise forbidden("Only a service lead may do this to a service lead, or make one.")


def _require_may_readdress(ctx: Context, person: Person) -> None:
    """Refuse a manager who would give a colleague another address: links go there, and whoever reads them is that colleague."""
    if person.staff_role and ctx.actor.role is Role.MANAGER and ctx.actor.person_id != person.id:
        raise forbidden("Only a service lead gives somebody of the team another address.")


def _require_free_address(unit: Unit, email: str | None, own_id: UUID | None) -> None:
    holder = known_people.by_email(unit, email) if email else None
    if holder is not None and holder.id != own_id:
        raise conflict("Somebody with this address is known already.", existing=str(holder.id))


def _require_complete(person: Person) -> None:
    if not person.email and not person.phone:
        raise invalid("email", "Give an email address or a telephone number.")
    if (person.staff_role or person.is_contact) and not person.email:
        raise invalid("email", "Staff and contacts are written to: give an email address.")
    if person.is_contact and person.organisation_id is None:
        raise invalid("organisation", "Say which university this contact receives calls for.")
