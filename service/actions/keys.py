"""Keys for machines: make one, show it once, replace it in time, and take it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from service.actions import organisations, people
from service.actions.audit import audit
from service.actions.shapes import EmailAddress, Instant, Name, Sent
from service.context import Context
from service.errors import conflict, forbidden, invalid, not_found
from service.principals import STAFF, Role, Staff
from service.records import directory, keys
from service.records import people as known_people
from service.records.database import Unit
from service.records.tables import ApiKey, Person
from service.tokens import Tokens

KeyRole = Literal["manager", "service_lead", "university", "funder", "operator"]

OVERLAP_HOURS = 24
"""How long an old key opens doors beside the one that replaces it."""


class KeyEntry(Sent):
    """A new key: whose it is, and what for."""

    name: Name = Field(description="What the key is for, to recognise it by.")
    role: KeyRole
    organisation: Name | None = Field(
        default=None, description="A name or an id; required for a university, which becomes a partner."
    )
    email: EmailAddress | None = Field(default=None, description="Whose it is; required for manager and service_lead.")
    expires_at: Instant | None = Field(default=None, description="Never when left out.")


class KeyChange(Sent):
    """What is to change of a key; what is not sent stays."""

    name: Name = Field(default_factory=str)
    expires_at: Instant | None = None
    revoked: Literal[True] = Field(
        default_factory=lambda: True, description="Take it back at once; that cannot be undone."
    )


class Rotation(Sent):
    """How a key is replaced."""

    overlap_hours: Annotated[int, Field(ge=0, le=30 * 24)] = OVERLAP_HOURS
    expires_at: Instant | None = Field(
        default=None, description="Of the new key; as long as the old one when left out."
    )


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key with its secret, which is told once and not kept."""

    row: ApiKey
    secret: str


def create_key(unit: Unit, ctx: Context, entry: KeyEntry, staff: Staff | None = None) -> NewKey:
    """Make a key and return it with its secret; the organisation and the person are added where unknown.

    Raises Problem 422 for a role that lacks its organisation or address, or that `staff`, where the settings of the
    service are at hand, took from that person; and 403 when the actor may not grant it or may not act as that person.
    """
    _require_ahead(ctx, entry.expires_at)
    role = Role(entry.role)
    _require_may_grant(ctx, role)
    organisation_id = _organisation(unit, ctx, entry, role)
    person = _person(unit, ctx, entry, role, organisation_id)
    if role in STAFF and staff is not None and not staff.covers(person, role.value):
        raise invalid("email", "The service's settings name them in this role no longer: the key would open nothing.")
    made = _draw(
        ApiKey(
            name=entry.name,
            role=role.value,
            organisation_id=None if role in STAFF else organisation_id,
            person_id=person.id if person else None,
            digest="",
            hint="",
            created_at=ctx.now,
            expires_at=entry.expires_at,
        ),
    )
    unit.add(made.row)
    unit.flush()
    audit(unit, ctx, "create", f"api_key:{made.row.id}", role=role.value)
    return made


def rotate_key(unit: Unit, ctx: Context, key_id: UUID, rotation: Rotation, staff: Staff | None = None) -> NewKey:
    """Make the key that replaces another; the old one lives on for the overlap and not longer.

    Raises Problem 404 for an unknown key, 403 for a colleague's, and 409 for one that was replaced already or opens no doors
    any more, also because `staff`, where the settings of the service are at hand, took its role from whom it acts for.
    """
    old = _held(unit, ctx, key_id)
    if Role(old.role) in STAFF:
        _require_may_act_as(ctx, old.person_id)
    if not keys.is_valid(old, ctx.now) or old.rotated_to_id is not None:
        raise conflict("This key was replaced, revoked or has expired. Make a new one.")
    row = keys.find(unit, key_id)
    if staff is not None and row is not None and not keys.opens(row, ctx.now, staff):
        raise conflict("The service's settings name its holder in this role no longer: the new key would open nothing.")
    _require_ahead(ctx, rotation.expires_at)
    lifetime = None if old.expires_at is None else old.expires_at - old.created_at
    made = _draw(
        ApiKey(
            name=old.name,
            role=old.role,
            organisation_id=old.organisation_id,
            person_id=old.person_id,
            digest="",
            hint="",
            created_at=ctx.now,
            expires_at=rotation.expires_at or (ctx.now + lifetime if lifetime else None),
        ),
    )
    unit.add(made.row)
    unit.flush()
    ends = ctx.now + timedelta(hours=rotation.overlap_hours)
    old.expires_at = ends if old.expires_at is None else min(old.expires_at, ends)
    old.rotated_to_id = made.row.id
    unit.add(old)
    audit(unit, ctx, "rotate", f"api_key:{old.id}", to=made.row.id, overlap_hours=rotation.overlap_hours)
    return made


def change_key(unit: Unit, ctx: Context, key_id: UUID, change: KeyChange) -> ApiKey:
    """Rename a key, set when it ends, or revoke it at once; return it.

    Raises Problem 404 for an unknown key, and 409 for giving time to one that was revoked or replaced.
    """
    key = _held(unit, ctx, key_id)
    sent = change.model_fields_set
    changed = []
    if "name" in sent and change.name != key.name:
        key.name = change.name
        changed.append("name")
    if "expires_at" in sent and change.expires_at != key.expires_at:
        if key.revoked_at is not None or key.rotated_to_id is not None:
            raise conflict("This key was revoked or replaced: its end is settled.")
        _require_ahead(ctx, change.expires_at)
        key.expires_at = change.expires_at
        changed.append("expires_at")
    if "revoked" in sent and key.revoked_at is None:
        key.revoked_at = ctx.now
        changed.append("revoked")
    if changed:
        unit.add(key)
        audit(unit, ctx, "revoke" if "revoked" in changed else "change", f"api_key:{key.id}", changed=changed)
    return key


def _draw(row: ApiKey) -> NewKey:
    secret = Tokens.new_secret()
    row.digest = Tokens.digest(secret)
    row.hint = secret[-4:]
    return NewKey(row, secret)


def _organisation(unit: Unit, ctx: Context, entry: KeyEntry, role: Role) -> UUID | None:
    if entry.organisation is None:
        if role is Role.UNIVERSITY:
            raise invalid("organisation", "Say which university the key is for.")
        return None
    kind = {Role.UNIVERSITY: "university", Role.FUNDER: "funder"}.get(role, "other")
    organisation = organisations.known_or_new(unit, ctx, entry.organisation, kind=kind)
    if role is Role.UNIVERSITY:
        organisations.make_partner(unit, ctx, organisation)
    return organisation.id


def _person(unit: Unit, ctx: Context, entry: KeyEntry, role: Role, organisation_id: UUID | None) -> Person | None:
    if role in STAFF:
        if entry.email is None:
            raise invalid("email", "Say whose key it is: managers and service leads act under their own name.")
        known = known_people.by_email(unit, entry.email)
        _require_may_act_as(ctx, known.id if known else None)
        person = people.staff_member(unit, ctx, entry.email, role.value)
        if person.organisation_id is None and organisation_id is not None:
            person.organisation_id = organisation_id
            unit.add(person)
        return person
    if entry.email is None:
        return None
    known = known_people.by_email(unit, entry.email)
    if known is not None:
        return known
    organisation = directory.organisation(unit, organisation_id) if organisation_id else None
    return people.add_person(
        unit,
        ctx,
        people.PersonEntry(
            name=people.name_from(entry.email),
            email=entry.email,
            organisation=str(organisation.id) if organisation else None,
            is_contact=role is Role.UNIVERSITY,
        ),
    )


def _held(unit: Unit, ctx: Context, key_id: UUID) -> ApiKey:
    key = keys.lock(unit, key_id)
    if key is None:
        raise not_found("key")
    _require_may_grant(ctx, Role(key.role))
    return key


def _require_may_grant(ctx: Context, role: Role) -> None:
    if role is Role.SERVICE_LEAD and ctx.actor.role not in {Role.SERVICE_LEAD, Role.SYSTEM}:
        raise forbidden("Only a service lead may make, replace or take back a service lead's key.")


def _require_may_act_as(ctx: Context, person_id: UUID | None) -> None:
    """Refuse a manager the secret of a key that acts in somebody else's name. Taking one back is anybody's of the team."""
    if ctx.actor.role is Role.MANAGER and (person_id is None or person_id != ctx.actor.person_id):
        raise forbidden("A manager makes and replaces keys in their own name only. Ask a service lead.")


def _require_ahead(ctx: Context, expires_at: datetime | None) -> None:
    if expires_at is not None and expires_at <= ctx.now:
        raise invalid("expires_at", "A key ends in the future; to end it now, revoke it.")
