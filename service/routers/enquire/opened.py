"""A form that is open: its token stands in the address, so no cookie is needed and an emailed link opens it again."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from service.actions.drafting import Answers, save_draft
from service.errors import Problem, not_found
from service.records import drafts
from service.records.database import Unit
from service.records.drafts import Saved
from service.routers import visits
from service.routers.forms import Posted
from service.routers.rendering import page
from service.routers.services import context_of, services_of

Then = Callable[[Unit, UUID], object]
"""What follows a save in the same transaction: a function of the unit and the draft's id."""
STALE = "This page was open for too long. Your answers are still here: choose the button again."


@dataclass(frozen=True, slots=True)
class Opened:
    """One form: its token, what is kept under it (None before the first page), and the request."""

    request: Request
    token: str
    draft_id: UUID
    digest: str
    saved: Saved | None

    def path(self, slug: str) -> str:
        """Return the address of one of its pages."""
        return f"/ask/{self.token}/{slug}"

    def go(self, slug: str) -> Response:
        """Lead on to one of its pages."""
        return RedirectResponse(self.path(slug), 303)

    def go_on(self, posted: Posted, slug: str) -> Response:
        """Lead on to `slug`, or back to the check page for somebody who came from there."""
        return self.go("check" if posted.line("then") == "check" else slug)

    def page(self, template: str, *, status: int = 200, **told: object) -> Response:
        """Return one of its pages; what it sends back is bound to its token."""
        token = visits.csrf_token(self.request, self.token)
        posted: Posted = getattr(self.request.state, "posted", Posted())
        from_check = "check" in (self.request.query_params.get("then"), posted.line("then"))
        told |= {"saved": self.saved, "opened": self, "form_csrf_token": token, "from_check": from_check}
        return page(self.request, template, told, status=status)

    def save(self, answers: Answers, then: Then | None = None) -> None:
        """Keep a page's answers, and do `then` with the draft in the same transaction."""
        ctx = context_of(self.request)

        def work(unit: Unit) -> None:
            draft = save_draft(unit, ctx, self.draft_id, self.digest, answers)
            if then is not None:
                then(unit, draft.id)

        services_of(self.request).database.transact(work)

    def is_genuine(self, posted: Posted) -> bool:
        """Tell whether a post sent back what this form was given."""
        return visits.has_csrf_token(self.request, posted, self.token)


def opened(request: Request, token: str) -> Opened:
    """Return the form that a token opens.

    Raises Problem 404 for a token that was not made here, 410 for answers no longer kept.
    """
    services = services_of(request)
    draft_id = services.tokens.read_draft_token(token)
    if draft_id is None:
        raise not_found("form")
    digest = services.tokens.digest(token)
    saved = services.database.read(lambda unit: drafts.find(unit, digest))
    if saved is not None and not saved.is_sent and saved.kept_until <= context_of(request).now:
        raise Problem(
            "gone", 410, "We keep unfinished questions for 28 days, and this one is gone. Please start again."
        )
    return Opened(request, token, draft_id, digest, saved)
