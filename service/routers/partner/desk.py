"""Who is here: a university's contact, a lead researcher at one piece of work, or a researcher at their profile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from service.context import Context
from service.errors import Problem, not_found
from service.principals import Principal, Role
from service.records import partner_page
from service.records.database import Unit
from service.records.partner_page import Led, University
from service.records.sessions import Visitor
from service.routers import visits
from service.routers.forms import TOLD_ON_THE_FORM, Again, Filled, Posted
from service.routers.identifiers import PathId, meant
from service.routers.rendering import page
from service.routers.services import context_of, services_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody of a university who has signed in."""

    request: Request
    visitor: Visitor
    ctx: Context

    def read(self, work: Callable[[Unit], T]) -> T:
        """Run `work` against one snapshot."""
        return services_of(self.request).database.read(work)

    def note(self, work: Callable[[Unit], T]) -> T:
        """Run `work` in one writing transaction: what a look at a page leaves behind."""
        return services_of(self.request).database.transact(work)

    def page(self, template: str, told: Mapping[str, object] | None = None, *, status: int = 200) -> Response:
        """Return one of the pages for universities."""
        return page(self.request, f"partner/{template}", {"guest": self, "done": None, **(told or {})}, status=status)

    def go(self, path: str, done: str | None = None) -> Response:
        """Lead on to a page, which says what was done: `done` is a code that the page knows."""
        return RedirectResponse(path + (f"?done={done}" if done else ""), 303)

    def put(self, posted: Posted, work: Callable[[Unit], object], again: Again, path: str, done: str) -> Response:
        """Run `work` in one transaction and lead to `path`; a refusal shows the form again, every answer kept.

        Raises Problem 403 for a form that did not send back what it was given.
        """
        visits.admit(self.request, visits.FORM)
        visits.require_csrf(self.request, posted)
        try:
            services_of(self.request).database.transact(work)
        except Problem as problem:
            if problem.status not in TOLD_ON_THE_FORM:
                raise
            return again(Filled.refused(posted, problem), problem.status)
        return self.go(path, done)


@dataclass(frozen=True, slots=True)
class Contact(Guest):
    """A contact of a university: they answer for it, as its own system does."""

    university: University


@dataclass(frozen=True, slots=True)
class Lead(Guest):
    """A lead researcher at the work that one interest names them for."""

    led: Led

    @property
    def path(self) -> str:
        """Return the address of the page."""
        return f"/work/{self.led.interest.id}"


def guest(request: Request, visitor: visits.SignedIn) -> Guest:
    """Return who is signed in, as a lead researcher acts. Raises Problem 401 without a session."""
    actor = Principal(role=Role.LEAD_RESEARCHER, person_id=visitor.person_id, name=visitor.name)
    return Guest(request, visitor, context_of(request, actor))


AnyGuest = Annotated[Guest, Depends(guest)]


def contact(request: Request, visitor: visits.SignedIn) -> Contact:
    """Return the contact who is signed in. Raises Problem 401 without a session, 403 for anybody else."""
    organisation_id = visitor.organisation_id if visitor.is_contact else None
    found = (
        services_of(request).database.read(lambda unit: partner_page.university_of(unit, organisation_id))
        if organisation_id
        else None
    )
    if found is None:
        raise Problem(
            "forbidden",
            403,
            "These pages are for the contacts of partner universities. If you are one, ask the research manager to "
            "enter you as a contact, with the address you signed in with.",
        )
    actor = Principal(role=Role.UNIVERSITY, person_id=visitor.person_id, organisation_id=found.id, name=visitor.name)
    request.state.actor = actor
    return Contact(request, visitor, context_of(request, actor), found)


AnyContact = Annotated[Contact, Depends(contact)]


def lead(here: AnyGuest, interest_id: PathId) -> Lead:
    """Return the lead researcher at their work. Raises Problem 404 for an interest that does not name them."""
    wanted = meant(interest_id, "work of yours")
    found = here.read(lambda unit: partner_page.led(unit, wanted, here.visitor.person_id))
    if found is None:
        raise not_found("work of yours")
    actor = Principal(
        role=Role.LEAD_RESEARCHER,
        person_id=here.visitor.person_id,
        organisation_id=found.interest.organisation_id,
        name=here.visitor.name,
    )
    here.request.state.actor = actor
    return Lead(here.request, here.visitor, context_of(here.request, actor), found)


LeadAtWork = Annotated[Lead, Depends(lead)]


def id_in(posted: Posted, name: str, what: str) -> UUID:
    """Return the id in a hidden field. Raises Problem 404, `what` being what there is none of."""
    return meant(posted.line(name), what)
