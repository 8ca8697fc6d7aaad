"""The desk: a manager at work in a browser, and the enquiry that lies open on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.actions.progress import Check
from service.context import Context
from service.errors import Problem, not_found
from service.principals import Principal, Role
from service.records import enquiries
from service.records.database import Unit
from service.records.sessions import Visitor
from service.routers import visits
from service.routers.forms import Posted
from service.routers.manage import telling
from service.routers.manage.collision import require_unchanged
from service.routers.rendering import page
from service.routers.services import context_of, services_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """A manager or service lead who has signed in."""

    request: Request
    visitor: Visitor
    ctx: Context

    @property
    def person_id(self) -> UUID:
        return self.visitor.person_id

    @property
    def is_lead(self) -> bool:
        """Tell whether a service lead sits here."""
        return self.ctx.actor.role == Role.SERVICE_LEAD

    def read(self, work: Callable[[Unit], T]) -> T:
        """Run `work` against one snapshot."""
        return services_of(self.request).database.read(work)

    def ensure(self, work: Callable[[Unit], T]) -> T:
        """Run `work`, which reads and may write in what is missing, in one writing transaction."""
        return services_of(self.request).database.transact(work)

    def write(self, posted: Posted, work: Callable[[Unit], T]) -> T:
        """Run `work` in one writing transaction, for a form that sent back what it was given."""
        visits.require_csrf(self.request, posted)
        return services_of(self.request).database.transact(work)

    def page(
        self, template: str, told: Mapping[str, object] | None = None, *, room: str = "", status: int = 200
    ) -> HTMLResponse:
        """Return a page of the console; `room` is the address of the navigation entry it belongs to."""
        return page(
            self.request,
            template,
            {"desk": self, "room": room, "done": None, "onward": None, **(told or {})},
            status=status,
        )

    def go(self, path: str, done: str | None = None, **query: str) -> Response:
        """Lead on to a page of the console, which says at its head what was done: `done` is a code that the page knows.

        Never to a part further down, where nobody sees what is said: the page's `onward` link leads there.
        """
        asked = urlencode({**query, **({"done": done} if done else {})})
        return RedirectResponse(path + (f"?{asked}" if asked else ""), 303)


@dataclass(frozen=True, slots=True)
class AtCase:
    """An enquiry that lies open on a manager's desk."""

    desk: Desk
    enquiry_id: UUID
    reference: str
    """As we write it."""
    leads_to: str | None
    """The reference under which a merged enquiry goes on."""

    @property
    def path(self) -> str:
        """Return the address of its main page."""
        return f"/manage/enquiries/{self.reference}"

    @property
    def ctx(self) -> Context:
        return self.desk.ctx

    def page(self, template: str, told: Mapping[str, object] | None = None, *, status: int = 200) -> Response:
        """Return one of the enquiry's pages."""
        return self.desk.page(
            template, {"case": self, "telling": telling, **(told or {})}, room="/manage/queue", status=status
        )

    def back(self, done: str | None = None, under: str = "") -> Response:
        """Lead back to its main page, or to the page `under` it."""
        return self.desk.go(self.path + under, done)

    def unchanged(self, posted: Posted) -> Check:
        """Return the check that the enquiry is as it was when the form was shown: its `seen` field holds the version."""
        return lambda _unit, enquiry: require_unchanged(posted, enquiry)


def at_desk(request: Request, visitor: visits.SignedIn) -> Desk:
    """Return the manager who is signed in. Raises Problem 401 without a session that opens the console, 403 for others."""
    actor = Principal(role=Role(visits.require_staff(request, visitor)), person_id=visitor.person_id, name=visitor.name)
    request.state.actor = actor
    return Desk(request, visitor, context_of(request, actor))


ManagerDesk = Annotated[Desk, Depends(at_desk)]


def at_lead_desk(desk: ManagerDesk) -> Desk:
    """Return the service lead who is signed in. Raises Problem 403 for a manager."""
    if not desk.is_lead:
        raise Problem("forbidden", 403, "Only a service lead may do this. Ask one of them.")
    return desk


LeadDesk = Annotated[Desk, Depends(at_lead_desk)]


def at_case(desk: ManagerDesk, reference: str) -> AtCase:
    """Return the enquiry with this reference, merged or not. Raises Problem 404; drafts have none."""

    def work(unit: Unit) -> AtCase | None:
        found = enquiries.by_reference(unit, reference)
        if found is None or found.reference is None:
            return None
        target = enquiries.final_target(unit, found)
        return AtCase(desk, found.id, found.reference, None if target.id == found.id else target.reference)

    case = desk.read(work)
    if case is None:
        raise not_found("enquiry")
    return case


Case = Annotated[AtCase, Depends(at_case)]
