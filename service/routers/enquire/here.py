"""The enquiry whose page is open: found for its own people only, and answered alike to everybody else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from service.context import Context
from service.errors import Problem, not_found
from service.records.database import Unit
from service.records.places import Place, place
from service.records.sessions import Visitor
from service.routers import visits
from service.routers.forms import Posted
from service.routers.services import context_of, services_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Here:
    """A person on the pages of one of their enquiries."""

    request: Request
    visitor: Visitor
    place: Place
    ctx: Context

    @property
    def path(self) -> str:
        """Return the address of its main page."""
        return f"/enquiries/{self.place.reference}"

    def read(self, work: Callable[[Unit], T]) -> T:
        """Run `work` against one snapshot."""
        return services_of(self.request).database.read(work)

    def write(self, posted: Posted, work: Callable[[Unit], T]) -> T:
        """Run `work` in one writing transaction, for a form that sent back what it was given."""
        visits.require_csrf(self.request, posted)
        return services_of(self.request).database.transact(work)

    def back(self, done: str | None = None) -> Response:
        """Lead back to its main page, which says what was done."""
        return RedirectResponse(self.path + (f"?done={done}" if done else ""), 303)

    def require_whole(self) -> None:
        """Raise Problem 403 for somebody who came with another enquiry: this is not theirs to change."""
        if self.place.role == "merged":
            raise Problem(
                "forbidden", 403, "Your question was joined with this one. Write a message, and we pass it on."
            )


def anywhere(request: Request, reference: str, visitor: visits.SignedIn) -> Here:
    """Return the enquiry a person meant, merged or not. Raises Problem 401 without a session, 404 for any other."""
    found = services_of(request).database.read(lambda unit: place(unit, reference, visitor.person_id))
    if found is None:
        raise not_found("enquiry")
    return Here(request, visitor, found, context_of(request, visits.as_enquirer(visitor)))


def here(found: Annotated[Here, Depends(anywhere)]) -> Here:
    """Return an enquiry that still has pages of its own. Raises Problem 410 for a merged one, with where it goes on."""
    if found.place.leads_to is not None:
        raise Problem("gone", 410, f"This question goes on as {found.place.leads_to}. Open that page instead.")
    return found


Anywhere = Annotated[Here, Depends(anywhere)]
AtEnquiry = Annotated[Here, Depends(here)]
