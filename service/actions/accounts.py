"""Sign in with an account at the provider: the team alone, and each address by one account."""

from enum import StrEnum

from service.actions.audit import audit
from service.actions.people import named_member
from service.actions.sign_in import SignedIn, begin_session
from service.context import Context
from service.errors import not_found
from service.principals import SYSTEM, Staff
from service.records import accounts, directory, people
from service.records.database import Unit


class Refusal(StrEnum):
    """Why somebody whom the provider knows is not let in."""

    UNVERIFIED = "unverified"
    """The provider does not vouch for the address, or tells none."""
    NOT_STAFF = "not_staff"
    ANOTHER_ACCOUNT = "another_account"
    """The address was first used with another account: it may have passed to somebody else."""
    ANOTHER_ADDRESS = "another_address"
    """The account belongs to a person whom we know under another address."""


def sign_in(
    unit: Unit, ctx: Context, *, issuer: str, subject: str, email: str | None, session_digest: str, staff: Staff
) -> SignedIn | Refusal:
    """Begin a session for whoever holds an account with a verified address of the team's, or say why not.

    The account is remembered at the first sign-in. Another account with the same address is refused from then on,
    unless the service has gone over to another issuer.
    """
    if not email:
        return Refusal.UNVERIFIED
    role = staff.role_of(email)
    if role is None:
        return Refusal.NOT_STAFF
    holder, known = accounts.holder(unit, issuer, subject), people.by_email(unit, email)
    if holder is not None and holder.email != email.lower():
        return Refusal.ANOTHER_ADDRESS
    if known is not None and known.oidc_issuer == issuer and known.oidc_subject != subject:
        return Refusal.ANOTHER_ACCOUNT
    own = ctx.acting_as(SYSTEM)
    person = directory.lock_person(unit, named_member(unit, own, email, role).id)
    if person is None:
        raise not_found("person")
    if holder is None:
        person.oidc_issuer, person.oidc_subject = issuer, subject
        audit(unit, own, "remember_account", f"person:{person.id}")
    begin_session(unit, own, person, session_digest, "oidc")
    return SignedIn("/manage", person.id, is_staff=True)


def forget(unit: Unit, ctx: Context, email: str) -> None:
    """Let a person's address be used with another account, from the next sign-in on; their sessions end.

    Raises Problem 404 for an address nobody has.
    """
    person = people.by_email(unit, email)
    if person is None:
        raise not_found("person")
    person.oidc_issuer = person.oidc_subject = None
    unit.add(person)
    directory.end_access(unit, ctx, person.id)
    audit(unit, ctx, "forget_account", f"person:{person.id}")
