"""Signing in: a link by email, a button that spends it, and out again."""

import logging
from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from service.actions import sign_in as actions
from service.ids import parse_reference
from service.records import links, sessions
from service.records.database import Unit
from service.routers import visits
from service.routers.enquire import account
from service.routers.enquire.onward import HOME, safe_path
from service.routers.forms import Filled, Mistakes, PostedForm, from_elsewhere, is_from_here
from service.routers.rendering import page
from service.routers.services import context_of, services_of

router = APIRouter(include_in_schema=False)

logger = logging.getLogger(__name__)

_SAYS_FROM_WHERE = {"Referrer-Policy": "strict-origin"}
"""On the page whose form must not be sent by another site: its host is told, and nothing of its address."""
_METHODS = {"link": "by emailed link", "oidc": "with a work account"}


@router.get("/sign-in")
def ask(request: Request, next: str = "") -> Response:  # noqa: A002 - the name people see in the address
    """Where shall the link go?"""
    if visits.visitor_of(request) is not None:
        return RedirectResponse(safe_path(next), 303)
    return _asked(request, {"next": safe_path(next)})


@router.post("/sign-in")
def mail_link(request: Request, posted: PostedForm) -> Response:
    """Mail a link, if the address is known; the answer is the same if it is not."""
    visits.admit(request, visits.SIGN_IN)
    visits.require_csrf(request, posted)
    mistakes = Mistakes()
    if visits.fell_for_honeypot(posted):
        mistakes.add(visits.HONEYPOT, "Leave this box empty. It is there to catch programs.")
    reference, email = parse_reference(posted.line("reference")), posted.line("email")
    if not (reference and not email):
        mistakes.required("email", email, "Enter your email address")
        email = mistakes.email("email", email) or ""
    next_path = safe_path(posted.line("next"))
    if mistakes:
        return _asked(request, {"next": next_path, "form": Filled.from_posted(posted, mistakes.found)}, 422)
    visits.admit(request, visits.ADDRESS, email or reference)
    ctx, staff = context_of(request), visits.staff_of(request)

    def work(unit: Unit) -> None:
        if email:
            actions.request_link(unit, ctx, email, next_path, staff)
        else:
            actions.request_link_for(unit, ctx, reference or "", next_path, staff)

    services_of(request).database.transact(work)
    return page(request, "sign_in/sent.html", {"email": email, "waiting": actions.MOST_WAITING})


@router.get("/sign-in/{token}")
def show_button(request: Request, token: str) -> Response:
    """A button; opening the page spends nothing, because programs that scan mail open pages."""
    services, ctx = services_of(request), context_of(request)
    link_id = services.tokens.read_sign_in_token(token)

    def good(unit: Unit) -> bool:
        link = links.find(unit, link_id) if link_id else None
        return link is not None and links.is_good(link, ctx.now)

    if services.database.read(good):
        told = {"token": token, "link_csrf_token": visits.csrf_token(request, token)}
        return page(request, "sign_in/button.html", told, headers=_SAYS_FROM_WHERE)
    return _spent(request, token, is_ours=link_id is not None)


@router.post("/sign-in/{token}")
def spend(request: Request, token: str, posted: PostedForm) -> Response:
    """Spend the link: a fresh session begins, whatever session was there before.

    Only from the page with the button, where the browser says from where: whoever has a link of their own, and so its
    form's token, is not to sign others in with it.
    """
    if not is_from_here(request, or_hidden=False):
        logger.warning("refused a sign-in that another site asked for")
        raise from_elsewhere()
    visits.admit(request, visits.FORM)
    visits.require_csrf(request, posted, token)
    services, ctx, staff = services_of(request), context_of(request), visits.staff_of(request)
    link_id = services.tokens.read_sign_in_token(token)
    secret, before = services.tokens.new_secret(), visits.session_digest(request)

    def work(unit: Unit) -> actions.SignedIn | None:
        if link_id is None:
            return None
        signed_in = actions.spend_link(unit, ctx, link_id, services.tokens.digest(secret), staff)
        if signed_in is not None and before is not None:
            actions.sign_out(unit, ctx, before)
        return signed_in

    signed_in = services.database.transact(work)
    if signed_in is None:
        return _spent(request, token, is_ours=link_id is not None)
    logger.info("signed in by link: person %s", signed_in.person_id)
    home = "/manage" if signed_in.is_staff and signed_in.next_path == HOME else signed_in.next_path
    response = RedirectResponse(home, 303)
    visits.set_session(request, response, secret)
    return response


@router.post("/sign-in/{token}/again")
def mail_another(request: Request, token: str, posted: PostedForm) -> Response:
    """Mail a fresh link to whoever the old one was for."""
    visits.admit(request, visits.SIGN_IN)
    visits.require_csrf(request, posted, token)
    link_id = services_of(request).tokens.read_sign_in_token(token)
    ctx, staff = context_of(request), visits.staff_of(request)
    if link_id is not None:
        services_of(request).database.transact(lambda unit: actions.renew_link(unit, ctx, link_id, staff))
    return page(request, "sign_in/sent.html", {"email": "", "waiting": actions.MOST_WAITING})


@router.get("/sign-out")
def ask_to_leave(request: Request) -> Response:
    """A button, and everywhere else that the person is signed in."""
    visitor = visits.visitor_of(request)
    if visitor is None:
        return RedirectResponse("/", 303)
    now = context_of(request).now
    found = services_of(request).database.read(lambda unit: sessions.of_person(unit, visitor.person_id, now))
    others = [each for each in found if each.id != visitor.session_id]
    return page(request, "sign_in/out.html", {"back": "/", "others": others, "methods": _METHODS})


@router.post("/sign-out")
def leave(request: Request, posted: PostedForm) -> Response:
    """End the session, here and in the browser; or one somewhere else; or all of them."""
    visitor, digest = visits.visitor_of(request), visits.session_digest(request)
    if digest is not None:
        visits.require_csrf(request, posted)
        ctx = context_of(request)
        there, everywhere = _session_meant(posted.line("session")), posted.line("do") == "everywhere"

        def work(unit: Unit) -> None:
            if visitor is not None and (there or everywhere):
                actions.sign_out_there(unit, ctx, visitor.person_id, there)
            else:
                actions.sign_out(unit, ctx, digest)

        services_of(request).database.transact(work)
        if there:
            return RedirectResponse("/sign-out", 303)
    response = account.left(request, visitor) or RedirectResponse("/", 303)
    visits.clear_session(request, response)
    return response


def _session_meant(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _asked(request: Request, told: Mapping[str, object], status: int = 200) -> Response:
    """Return the page that asks for an address; in a rehearsal it says with whose the team's pages can be tried."""
    settings = services_of(request).settings
    is_rehearsal = settings.environment == "development" and visits.is_invented(request)
    team = [*settings.staff_emails, *settings.lead_emails] if is_rehearsal else []
    offered = account.offer(request, str(told["next"]))
    return page(
        request, "sign_in/ask.html", {"back": "/", "rehearsal": team, "account": offered, **told}, status=status
    )


def _spent(request: Request, token: str, *, is_ours: bool) -> Response:
    told: dict[str, object] = {"token": token, "is_ours": is_ours, "link_csrf_token": visits.csrf_token(request, token)}
    told["account"] = account.offer(request, "/manage")
    return page(request, "sign_in/spent.html", told, status=410)
