"""Amend: change what is known about an enquiry, without moving its state."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.actions import remind
from service.actions.discretion import describe_when_wanted
from service.actions.products import require_offered
from service.actions.progress import Check
from service.actions.rewording import reword
from service.context import Context
from service.errors import conflict
from service.records import enquiries, events, people
from service.records.database import Unit
from service.records.tables import Enquiry, Person
from service.states import EnquiryState

_PERSONAL = frozenset({"enquirer"})


def amend(unit: Unit, ctx: Context, enquiry_id: UUID, facts: Mapping[str, Any], check: Check | None = None) -> Enquiry:
    """Set these facts and return the enquiry; `facts` maps column names to checked values.

    A new `question` becomes a numbered version beside the original, which is never edited; `organisation` is a name,
    linked when known and kept as written when not; `enquirer` may correct name, email and phone.
    Raises Problem 409 for a closed enquiry, 422 for a product that is not offered.
    """
    enquiry = enquiries.lock(unit, enquiry_id)
    if check is not None:
        check(unit, enquiry)
    if enquiry.state == EnquiryState.CLOSED:
        raise conflict("The enquiry is closed. Reopen it to change it.")
    changed = sorted(name for name, value in facts.items() if _set(unit, ctx, enquiry, name, value))
    if describe_when_wanted(unit, enquiry):
        changed = sorted({*changed, "organisation_description"})
    if not changed:
        return enquiry
    enquiry.version += 1
    enquiry.updated_at = ctx.now
    unit.add(enquiry)
    unit.flush()
    told = {"needed_by": None, **events.needed_by(enquiry)} if "needed_by" in changed else {}
    event = events.note(unit, ctx, enquiry, "amend", data={"fields": changed, **told})
    remind.schedule(unit, ctx, enquiry, event)
    return enquiry


def _set(unit: Unit, ctx: Context, enquiry: Enquiry, name: str, value: Any) -> bool:
    """Set one fact and tell whether that changed anything."""
    if name == "question":
        return reword(unit, ctx, enquiry, value) is not None
    if name == "organisation":
        return _set_organisation(unit, enquiry, value)
    if name in _PERSONAL:
        return _correct_enquirer(unit, ctx, enquiry, value)
    if getattr(enquiry, name) == value:
        return False
    if name == "product":
        require_offered(unit, value)
    setattr(enquiry, name, value)
    return True


def _set_organisation(unit: Unit, enquiry: Enquiry, name: str | None) -> bool:
    found = people.organisation_named(unit, name) if name else None
    before = (enquiry.organisation_id, enquiry.organisation_name)
    enquiry.organisation_id = found.id if found else None
    enquiry.organisation_name = found.name if found else name
    if found is not None and enquiry.sector is None:
        enquiry.sector = found.sector
    return before != (enquiry.organisation_id, enquiry.organisation_name)


def _correct_enquirer(unit: Unit, ctx: Context, enquiry: Enquiry, details: Mapping[str, str | None]) -> bool:
    """Correct how the enquirer is reached. A manager's own entry confirms the address."""
    person = unit.get(Person, enquiry.enquirer_id) if enquiry.enquirer_id else None
    if person is None:
        return False
    email = (details.get("email") or person.email or "").strip().lower() or None
    if email != person.email and email is not None:
        other = people.by_email(unit, email)
        if other is not None:
            raise conflict("That address belongs to another person here. Add them as a colleague instead.")
        person.email, person.confirmed_at = email, ctx.now
    person.name = details.get("name") or person.name
    person.phone = details.get("phone") or person.phone
    person.version += 1
    unit.add(person)
    return True
