"""Signing in with an account at a provider (OpenID Connect): away to it, and back with its answer. For the team."""

import logging
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from service.actions import accounts as actions
from service.actions import sign_in
from service.clock import machine_now
from service.errors import not_found
from service.records import accounts
from service.records.database import Unit
from service.records.sessions import Visitor
from service.routers import visits
from service.routers.enquire.onward import HOME, safe_path
from service.routers.forms import is_from_here
from service.routers.rendering import page
from service.routers.services import context_of, services_of
from service.sources.id_tokens import Account
from service.sources.openid import Provider, ProviderRefusal, ProviderTrouble
from service.tokens import Flow

logger = logging.getLogger(__name__)

router = APIRouter(include_in_schema=False)

AWAY: Final = "/sign-in/account"
BACK: Final = "/sign-in/account/back"
GOOD_FOR = timedelta(minutes=10)
"""How long somebody may take at the provider."""
_TEAM = "/manage"

STATUSES: Mapping[str, int] = {
    "away": 503,
    "stale": 400,
    "cancelled": 403,
    "refused": 403,
    actions.Refusal.UNVERIFIED: 403,
    actions.Refusal.NOT_STAFF: 403,
    actions.Refusal.ANOTHER_ACCOUNT: 403,
    actions.Refusal.ANOTHER_ADDRESS: 403,
}
"""Why nobody was let in, and the status of the page that says so."""


def offer(request: Request, next_path: str, *, is_again: bool = False) -> dict[str, str] | None:
    """Return what a page needs to offer the provider: what its button says and where it leads. None without one.

    Somebody who is in already, or who came with the wrong account, is asked again there too.
    """
    services = services_of(request)
    if services.provider is None:
        return None
    wanted = {"next": next_path} if next_path.startswith(_TEAM) else {}
    is_again = is_again or getattr(request.state, "visitor", None) is not None
    asked = {**wanted, **({"again": "yes"} if is_again else {})}
    return {"name": services.settings.oidc_name, "href": f"{AWAY}?{urlencode(asked)}" if asked else AWAY}


@router.get(AWAY)
def leave(request: Request, next: str = "", again: str = "") -> Response:  # noqa: A002 - the name people see in the address
    """Go to the provider. Only from a page of ours: nobody is signed in because another site wished it."""
    provider = _provider(request)
    if not is_from_here(request):
        return RedirectResponse(f"/sign-in?{urlencode({'next': safe_path(next)})}", 303)
    visits.admit(request, visits.SIGN_IN)
    tokens, wanted = services_of(request).tokens, safe_path(next)
    flow = Flow(tokens.new_secret(), _TEAM if wanted == HOME else wanted, machine_now(), is_again=bool(again))
    try:
        address = provider.address(
            state=tokens.flow_part("state", flow.seed),
            nonce=tokens.flow_part("nonce", flow.seed),
            verifier=tokens.flow_part("verifier", flow.seed),
            is_again=flow.is_again,
        )
    except ProviderTrouble as problem:
        logger.warning("the provider is away: %s", problem)
        return _refused(request, "away", flow.next_path)
    response = RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        visits.flow_cookie_name(request),
        tokens.flow_cookie(flow),
        max_age=int(GOOD_FOR.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=services_of(request).settings.secure_cookies,
    )
    return response


@router.get(BACK)
def arrive(request: Request, state: str = "", code: str = "", error: str = "", iss: str | None = None) -> Response:
    """Come back from the provider: a fresh session for somebody of the team, a page that says why not for others."""
    provider = _provider(request)
    visits.admit(request, visits.SIGN_IN)
    flow = _flow_begun_here(request, state)
    if flow is None:
        return _refused(request, "stale", _TEAM, keep_flow=True)  # another window's may be on its way
    if not _spent_now(request, state):
        return _refused(request, "stale", flow.next_path)
    if error or not code:
        logger.info("the provider let nobody in: %s", re.sub(r"[^a-z_]", "", error)[:40] or "no code")
        return _refused(request, "cancelled" if error == "access_denied" else "refused", flow.next_path)
    try:
        found = provider.account(
            code=code,
            issuer=iss,
            nonce=services_of(request).tokens.flow_part("nonce", flow.seed),
            verifier=services_of(request).tokens.flow_part("verifier", flow.seed),
            begun=flow.begun,
            is_again=flow.is_again,
        )
    except ProviderTrouble as problem:
        logger.warning("the provider is away: %s", problem)
        return _refused(request, "away", flow.next_path)
    except ProviderRefusal as problem:
        logger.warning("what the provider sent is refused: %s", problem)
        return _refused(request, "refused", flow.next_path)
    return _let_in(request, found, flow)


def left(request: Request, visitor: Visitor | None) -> Response | None:
    """Return the page for somebody who signed out and may still be signed in at the provider; None for others."""
    provider = services_of(request).provider
    if visitor is None or visitor.method != "oidc" or provider is None:
        return None
    request.state.visitor = None
    told = {"account": offer(request, _TEAM), "there": provider.sign_out_address()}
    return page(request, "sign_in/left.html", told)


def _let_in(request: Request, found: Account, flow: Flow) -> Response:
    services, ctx, staff = services_of(request), context_of(request), visits.staff_of(request)
    secret, before = services.tokens.new_secret(), visits.session_digest(request)

    def work(unit: Unit) -> sign_in.SignedIn | actions.Refusal:
        outcome = actions.sign_in(
            unit,
            ctx,
            issuer=found.issuer,
            subject=found.subject,
            email=found.email if found.is_verified else None,
            session_digest=services.tokens.digest(secret),
            staff=staff,
        )
        if isinstance(outcome, sign_in.SignedIn) and before is not None:
            sign_in.sign_out(unit, ctx, before)
        return outcome

    outcome = services.database.transact(work)
    if isinstance(outcome, actions.Refusal):
        logger.warning("an account is not let in: %s", outcome.value)
        return _refused(request, outcome, flow.next_path, found.email)
    logger.info("signed in with an account: person %s", outcome.person_id)
    response = RedirectResponse(flow.next_path, 303, headers={"Cache-Control": "no-store"})
    visits.set_session(request, response, secret)
    _forget_flow(request, response)
    return response


def _flow_begun_here(request: Request, state: str) -> Flow | None:
    """Return the flow that this browser began, not too long ago, if `state` is of it."""
    tokens = services_of(request).tokens
    flow = tokens.read_flow_cookie(request.cookies.get(visits.flow_cookie_name(request), ""))
    if flow is None or machine_now() - flow.begun > GOOD_FOR:
        return None
    ours = tokens.flow_part("state", flow.seed)
    return flow if secrets.compare_digest(state.encode("utf-8", "replace"), ours.encode()) else None


def _spent_now(request: Request, state: str) -> bool:
    services, now = services_of(request), machine_now()
    digest = services.tokens.digest(state)
    return services.database.transact(lambda unit: accounts.spend(unit, digest, now))


def _refused(request: Request, why: str, next_path: str, email: str = "", *, keep_flow: bool = False) -> Response:
    told = {
        "why": str(why),
        "email": email,
        "account": offer(request, next_path, is_again=why == actions.Refusal.NOT_STAFF),
        "by_link": visits.staff_of(request).by_link,
        "next": next_path,
    }
    response = page(request, "sign_in/refused.html", told, status=STATUSES[why])
    if not keep_flow:
        _forget_flow(request, response)
    return response


def _forget_flow(request: Request, response: Response) -> None:
    secure = services_of(request).settings.secure_cookies
    response.delete_cookie(visits.flow_cookie_name(request), httponly=True, samesite="lax", secure=secure)


def _provider(request: Request) -> Provider:
    provider = services_of(request).provider
    if provider is None:
        raise not_found("provider")
    return provider
