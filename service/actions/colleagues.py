"""Colleagues: people of the enquirer's side whom somebody adds, and who may see and answer as they can."""

from collections.abc import Sequence
from uuid import UUID

from service.actions import telling
from service.context import Context
from service.errors import invalid, not_found
from service.principals import Role
from service.records import enquiries, events, people
from service.records.database import Unit
from service.records.drafts import Colleague
from service.records.tables import Enquiry, Participation, Person

MOST_COLLEAGUES = 12


def add_colleague(unit: Unit, ctx: Context, enquiry_id: UUID, *, name: str, email: str) -> Participation:
    """Add a colleague by their address, tell them, and return their place; one who is there already keeps it.

    They are told once the person who adds them has confirmed an address of their own. Raises Problem 422 when there
    are too many, 404 for an unknown enquiry.
    """
    try:
        enquiry = enquiries.lock(unit, enquiry_id)
    except LookupError as problem:
        raise not_found("enquiry") from problem
    return _add(unit, ctx, enquiry, name, email)


def add_named(unit: Unit, ctx: Context, enquiry: Enquiry, named: Sequence[str]) -> None:
    """Add the colleagues whose lines a draft kept."""
    for each in map(Colleague.read, named):
        _add(unit, ctx, enquiry, each.name, each.email)


def remove_colleague(unit: Unit, ctx: Context, enquiry_id: UUID, person_id: UUID) -> None:
    """Take a colleague off an enquiry; nothing when they have left already.

    Raises Problem 422 for the enquirer: somebody has to stay.
    """
    enquiry = enquiries.lock(unit, enquiry_id)
    place = enquiries.participation_of(unit, enquiry_id, person_id)
    if place is None:
        return
    if place.role == "enquirer":
        raise invalid("person", "The person who asked cannot be removed. Tell us if somebody else takes over.")
    place.left_at = ctx.now
    unit.add(place)
    _record(unit, ctx, enquiry, "colleague_removed", person_id)


def tell_invited(unit: Unit, ctx: Context, inviter: Person) -> None:
    """Tell the colleagues whom a person added before their own address was confirmed."""
    for place, person, enquiry in enquiries.invited_by(unit, inviter.id):
        if place.role == "colleague":
            _tell_added(unit, ctx, person, enquiry, inviter.name)


def _add(unit: Unit, ctx: Context, enquiry: Enquiry, name: str, email: str) -> Participation:
    person = people.find_or_make(unit, now=ctx.now, name=name, email=email)
    there = enquiries.participation_of(unit, enquiry.id, person.id)
    if there is not None:
        return there
    if len(enquiries.participants(unit, enquiry.id)) > MOST_COLLEAGUES:
        raise invalid("email", f"There can be at most {MOST_COLLEAGUES} colleagues. Remove somebody first.")
    place = enquiries.place_of(unit, enquiry.id, person.id)
    if place is None:
        place = Participation(enquiry_id=enquiry.id, person_id=person.id, role="colleague", added_at=ctx.now)
    place.role, place.left_at, place.added_at, place.sees_from = "colleague", None, ctx.now, None
    place.added_by_id = ctx.actor.person_id
    unit.add(place)
    unit.flush()
    _record(unit, ctx, enquiry, "colleague_added", person.id)
    if _may_write_to_others(unit, ctx):
        _tell_added(unit, ctx, person, enquiry, ctx.actor.name)
    return place


def _tell_added(unit: Unit, ctx: Context, person: Person, enquiry: Enquiry, by_name: str | None) -> None:
    params = {"path": telling.page_of(enquiry), "by_name": by_name}
    telling.tell_person(unit, ctx, person, "colleague_added", enquiry, params)


def _may_write_to_others(unit: Unit, ctx: Context) -> bool:
    """Whoever only typed an address into the form has not shown that it is theirs: no mail to others on their word."""
    if ctx.actor.role != Role.ENQUIRER:
        return True
    inviter = unit.get(Person, ctx.actor.person_id) if ctx.actor.person_id else None
    return inviter is not None and inviter.confirmed_at is not None


def _record(unit: Unit, ctx: Context, enquiry: Enquiry, what: str, person_id: UUID) -> None:
    events.note(unit, ctx, enquiry, what, data={"person": str(person_id)})
