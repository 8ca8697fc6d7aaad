"""What is a university's own: the briefs it was sent, its interests and its offers. Anything else is absent to it."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from service.errors import forbidden, not_found
from service.records import calls
from service.routers.calls import Call
from service.routers.doors import UniversityCall
from service.routers.identifiers import PathId, meant


@dataclass(frozen=True, slots=True)
class Own:
    """Something of a university's own: its id, and the enquiry it belongs to."""

    id: UUID
    enquiry_id: UUID


def own_university(call: Call) -> UUID:
    """Return which university calls. Raises Problem 403 for a key that was never bound to one."""
    if call.ctx.actor.organisation_id is None:
        raise forbidden("This key belongs to no university.")
    return call.ctx.actor.organisation_id


def _own_brief(call: UniversityCall, brief_id: PathId) -> Own:
    """Return the brief a path names. Raises Problem 404 when it was never sent to the caller."""
    wanted = meant(brief_id, "brief")
    found = call.read(lambda unit: calls.newest_sent(unit, wanted, own_university(call)))
    if found is None:
        raise not_found("brief")
    return Own(wanted, found[1].id)


def _own_interest(call: UniversityCall, interest_id: PathId) -> Own:
    """Return the interest a path names. Raises Problem 404 for one that is not the caller's."""
    wanted = meant(interest_id, "interest")
    found = call.read(lambda unit: calls.interest(unit, wanted))
    if found is None or found.organisation_id != own_university(call):
        raise not_found("interest")
    return Own(wanted, found.enquiry_id)


def _own_offer(call: UniversityCall, offer_id: PathId) -> Own:
    """Return the offer a path names. Raises Problem 404 for one that was not made to the caller."""
    wanted = meant(offer_id, "offer")
    found = call.read(lambda unit: calls.enquiry_of_offer(unit, wanted))
    if found is None or found[0].organisation_id != own_university(call):
        raise not_found("offer")
    return Own(wanted, found[1].id)


OwnBrief = Annotated[Own, Depends(_own_brief)]
OwnInterestId = Annotated[Own, Depends(_own_interest)]
OwnOffer = Annotated[Own, Depends(_own_offer)]
