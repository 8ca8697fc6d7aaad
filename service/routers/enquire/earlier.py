"""Asking on: the closed enquiry that a new question follows, where it is the asker's own."""

from fastapi import Request

from service.records.places import Followed, followed
from service.routers import visits
from service.routers.services import services_of


def earlier_meant(request: Request, reference: str) -> Followed | None:
    """Return the closed enquiry that somebody who is signed in means; None for any that is not theirs, or is open."""
    visitor = visits.visitor_of(request) if reference else None
    if visitor is None:
        return None
    return services_of(request).database.read(lambda unit: followed(unit, reference, visitor.person_id))
