"""Which enquiry a path means, and whether it still is as its reader saw it."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path

from service.actions.progress import Check
from service.errors import invalid, not_found
from service.records import enquiries, events
from service.records.database import Unit
from service.routers.calls import Call
from service.routers.doors import ManagerCall
from service.routers.schemas.common import shown_instant

Reference = Annotated[
    str, Path(description="The enquiry's reference; case and look-alikes are forgiven.", examples=["4J7KQ2-M"])
]


def addressed(call: ManagerCall, reference: Reference) -> UUID:
    """Return the id of the enquiry with this reference. Raises Problem 404; drafts have none."""
    found = call.read(lambda unit: enquiries.by_reference(unit, reference))
    if found is None:
        raise not_found("enquiry")
    return found.id


EnquiryId = Annotated[UUID, Depends(addressed)]


def etag(version: int) -> str:
    """Return the strong tag of a version."""
    return f'"{version}"'


def unchanged(call: Call) -> Check:
    """Return the check that If-Match names the enquiry's version; what changed since is told with the 412."""
    return lambda unit, enquiry: call.require_match(
        unit, etag(enquiry.version), lambda tag: _changes_since(unit, enquiry.id, tag)
    )


def owner_meant(call: Call, owner: str | None) -> UUID | None:
    """Return whose enquiries are asked for: an id, or `me`; None for anybody's and `none`. Raises Problem 422."""
    if owner is None or owner == "none":
        return None
    try:
        found = call.ctx.actor.person_id if owner == "me" else UUID(owner)
    except ValueError as problem:
        raise invalid("owner", "Give a person's id, me or none.") from problem
    if found is None:
        raise invalid("owner", "This key belongs to nobody in person: give a person's id, or none.")
    return found


def _changes_since(unit: Unit, enquiry_id: UUID, tag: str) -> Mapping[str, Any]:
    seen = tag.removeprefix("W/").strip('"')
    if not seen.isdecimal() or len(seen) > 9:
        return {}
    return {
        "changes": [
            {
                "event": event.event,
                "from": event.from_state,
                "to": event.to_state,
                "version": event.version,
                "at": shown_instant(event.recorded_at),
                "actor_role": event.actor_role,
            }
            for event in events.since_version(unit, enquiry_id, int(seen))
        ]
    }
