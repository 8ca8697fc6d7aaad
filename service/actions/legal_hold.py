"""Legal hold: nothing of an enquiry is destroyed while a dispute, an inquiry or a request needs it."""

from uuid import UUID

from service.actions.audit import audit
from service.context import Context
from service.errors import conflict, forbidden, invalid
from service.principals import Role
from service.records import enquiries
from service.records.database import Unit
from service.records.tables import Enquiry

_MAY_END = frozenset({Role.SERVICE_LEAD, Role.SYSTEM})


def hold(unit: Unit, ctx: Context, enquiry_id: UUID, reason: str) -> Enquiry:
    """Stop retention and erasure of anything on an enquiry, and return it. Repeated with another reason, that one stands.

    Raises Problem 409 for an enquiry whose content is gone, 422 without a reason.
    """
    if not reason.strip():
        raise invalid("reason", "Say why nothing of it may be destroyed.")
    enquiry = enquiries.lock(unit, enquiry_id)
    if enquiry.forgotten_at is not None:
        raise conflict("What was said here has had its time and is destroyed. There is nothing left to hold.")
    if enquiry.legal_hold_at is not None and enquiry.legal_hold_reason == reason.strip():
        return enquiry
    enquiry.legal_hold_at = enquiry.legal_hold_at or ctx.now
    enquiry.legal_hold_reason, enquiry.legal_hold_by_id = reason.strip(), ctx.actor.person_id
    unit.add(enquiry)
    audit(unit, ctx, "hold", f"enquiry:{enquiry.id}", reason=enquiry.legal_hold_reason)
    return enquiry


def release(unit: Unit, ctx: Context, enquiry_id: UUID, reason: str = "") -> Enquiry:
    """End an enquiry's legal hold and return it; nothing when there is none. What was due meanwhile goes at the next run.

    Raises Problem 403 for anybody but a service lead.
    """
    if ctx.actor.role not in _MAY_END:
        raise forbidden("Only a service lead may end a legal hold. Ask one of them.")
    enquiry = enquiries.lock(unit, enquiry_id)
    if enquiry.legal_hold_at is None:
        return enquiry
    enquiry.legal_hold_at = enquiry.legal_hold_reason = enquiry.legal_hold_by_id = None
    unit.add(enquiry)
    audit(unit, ctx, "release", f"enquiry:{enquiry.id}", **({"reason": reason.strip()} if reason.strip() else {}))
    return enquiry
