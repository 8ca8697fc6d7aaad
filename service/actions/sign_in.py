"""Sign in: a link goes to an address, and whoever spends it has shown that the address is theirs.

Nothing here tells whether an address is known: the answers are the same, and so is the work.
"""

from dataclasses import dataclass
from uuid import UUID

from service.actions import colleagues, telling
from service.actions.people import named_member, staff_member
from service.context import Context
from service.ids import new_id
from service.principals import SYSTEM, Staff
from service.records import directory, enquiries, links, outbox, partner_page, people, sessions
from service.records.database import Unit
from service.records.tables import Person

_LIST = "/enquiries"
"""Where links lead that were asked for without a page in mind."""
MOST_WAITING = 5
"""Links that may wait unopened for one person: asking more often sends nothing more, so no mailbox is filled."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that began: where it leads on to, and whether its person is staff."""

    next_path: str
    person_id: UUID
    is_staff: bool


def request_link(unit: Unit, ctx: Context, email: str, next_path: str, staff: Staff) -> None:
    """Mail a sign-in link to an address we know, or do the same work and take it back."""
    role = staff.role_of(email) if staff.by_link else None
    listed_as = partner_page.name_listed(unit, email)
    person = staff_member(unit, ctx.acting_as(SYSTEM), email, role) if role else people.by_email(unit, email)
    if person is None and listed_as is not None:
        # A researcher becomes a person known to us when they come to look at their profile, and not before.
        person = people.find_or_make(unit, now=ctx.now, name=listed_as, email=email)
    _mail_link(unit, ctx, person, next_path, staff)


def request_link_for(unit: Unit, ctx: Context, reference: str, next_path: str, staff: Staff) -> None:
    """Mail a sign-in link to the address on file of whoever asked the enquiry `reference`; equal for unknown ones."""
    enquiry = enquiries.by_reference(unit, reference)
    asked_by = enquiries.final_target(unit, enquiry).enquirer_id if enquiry else None
    person = unit.get(Person, asked_by or new_id())  # looked for in any case: how long it takes tells nothing
    _mail_link(unit, ctx, person, next_path, staff)


def renew_link(unit: Unit, ctx: Context, link_id: UUID, staff: Staff) -> None:
    """Mail a fresh link to whoever a link was for, whether it was spent or grew too old; equal for unknown ones."""
    link = links.find(unit, link_id)
    person = unit.get(Person, link.person_id) if link else None
    _mail_link(unit, ctx, person, link.next_path if link else "/", staff)


def spend_link(unit: Unit, ctx: Context, link_id: UUID, session_digest: str, staff: Staff) -> SignedIn | None:
    """Spend a link and begin the session `session_digest`; None when it is unknown, spent or too old.

    It confirms the person's address: what was held for them goes out, and colleagues they added hear of it.
    """
    found = links.find(unit, link_id)
    person = unit.get(Person, found.person_id) if found else None
    if person is None or not staff.may_have_link(person.email):
        return None
    link = links.spend(unit, link_id, ctx.now)
    if link is None:
        return None
    role = staff.role_of(person.email)
    if role is not None and person.email:
        named_member(unit, ctx.acting_as(SYSTEM), person.email, role)
    begin_session(unit, ctx, person, session_digest, "link")
    return SignedIn(_onward(unit, person, link.next_path), person.id, role is not None)


def begin_session(unit: Unit, ctx: Context, person: Person, session_digest: str, method: str) -> None:
    """Begin a session of somebody who has just shown, by `method`, that their address is theirs."""
    if person.confirmed_at is None:
        person.confirmed_at = ctx.now
        outbox.release(unit, person.id)
        colleagues.tell_invited(unit, ctx, person)
    unit.add(person)
    sessions.begin(unit, person, session_digest, ctx.now, method)


def sign_out(unit: Unit, ctx: Context, session_digest: str) -> None:
    """End a session."""
    sessions.end(unit, session_digest, ctx.now)


def sign_out_there(unit: Unit, ctx: Context, person_id: UUID, session_id: UUID | None) -> None:
    """End one session of a person's, or all of them and the links that wait for them where none is named."""
    if session_id is None:
        directory.end_access(unit, ctx, person_id)
    else:
        sessions.end_one(unit, person_id, session_id, ctx.now)


def _onward(unit: Unit, person: Person, wanted: str) -> str:
    """Return where a link leads: what was wanted, or, to whoever wanted nothing in particular, where they have something."""
    if wanted != _LIST:
        return wanted
    if person.is_contact:
        return "/partner"
    if enquiries.enquiries_of(unit, person.id):
        return wanted
    if partner_page.led_by(unit, person.id):
        return "/work"
    return telling.PROFILE if person.email and partner_page.profiles_of(unit, person.email) else wanted


def _mail_link(unit: Unit, ctx: Context, person: Person | None, next_path: str, staff: Staff) -> None:
    """Mail a link, unless enough wait unopened or staff may have none; where none is mailed the same rows are written and taken back."""
    wait = links.waiting(unit, person.id if person else new_id(), ctx.now)
    if person is not None and person.email and wait < MOST_WAITING and staff.may_have_link(person.email):
        link = links.make(unit, person.id, next_path, ctx.now)
        telling.tell_person(unit, ctx, person, "sign_in", params={"link_id": link.id})
        unit.flush()
        return
    with unit.begin_nested() as taken_back:
        for _ in range(2):
            outbox.queue(unit, ctx, kind="sign_in", to_address="nobody@example.invalid", params={"link_id": new_id()})
            unit.flush()
        taken_back.rollback()
