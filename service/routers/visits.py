"""Who is on a page: the session in the cookie, what forms must send back, and how often a door may be knocked at."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Network, ip_address
from typing import Annotated

from fastapi import Depends, Request, Response

from service.clock import machine_now
from service.errors import Problem
from service.principals import Principal, Role, Staff
from service.records import installation, rates, sessions
from service.records.sessions import Visitor
from service.routers.forms import Posted
from service.routers.services import context_of, services_of

logger = logging.getLogger(__name__)

CSRF_FIELD = "csrf_token"
HONEYPOT = "website"
_DEMO_KEPT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Door:
    """A public post: how often one visitor may use it."""

    name: str
    limit: int
    window: timedelta


FORM = Door("form", 3000, timedelta(minutes=1))
"""Wide: a council's whole staff may stand behind one address, and a question must not be lost to a limit."""
LINK = Door("draft-link", 60, timedelta(minutes=5))
SIGN_IN = Door("sign-in", 120, timedelta(minutes=5))
ADDRESS = Door("sign-in-address", 30, timedelta(minutes=15))
"""Links asked for one address, known or not, from wherever."""
RECENT = timedelta(hours=1)
"""How lately somebody must have signed in for what lets others in for long."""
SEARCH = Door("search", 600, timedelta(minutes=1))
"""Of published answers, by anybody: each works out what its words mean."""
FIGURES = Door("figures", 600, timedelta(minutes=1))
"""Pages and files of figures, by anybody: each may count through the whole log."""


def visitor_of(request: Request) -> Visitor | None:
    """Return whose session came with the request, or None; looked up once."""
    if not hasattr(request.state, "visitor"):
        digest = session_digest(request)
        now = context_of(request).now
        request.state.visitor = (
            services_of(request).database.read(lambda unit: sessions.visitor(unit, digest, now)) if digest else None
        )
    found: Visitor | None = request.state.visitor
    return found


def signed_in(request: Request) -> Visitor:
    """Return who is signed in. Raises Problem 401; its page offers to mail a link."""
    visitor = visitor_of(request)
    if visitor is None:
        raise Problem(
            "authentication-required",
            401,
            "Sign in to see this page.",
            headers={"WWW-Authenticate": 'Link realm="emailed link"'},
        )
    return visitor


SignedIn = Annotated[Visitor, Depends(signed_in)]


def is_staff(request: Request, visitor: Visitor | None) -> bool:
    """Tell whether a visitor is staff: the settings say so, however they came to be known."""
    return visitor is not None and staff_role(request, visitor) is not None


def staff_role(request: Request, visitor: Visitor) -> str | None:
    """Return a visitor's role in the team, or None.

    None also for somebody of the team whose session is too old for the console or began in a way that does not open it.
    """
    staff = staff_of(request)
    opens = (staff.by_link or visitor.method != "link") and visitor.is_fresh_for_staff(context_of(request).now)
    return staff.role_of(visitor.email) if opens else None


def require_staff(request: Request, visitor: Visitor) -> str:
    """Return a visitor's role in the team, and note that their session is in use.

    Raises Problem 403 for others, 401 for somebody of the team who has to sign in again.
    """
    role = staff_role(request, visitor)
    if role is None:
        if staff_of(request).role_of(visitor.email) is None:
            raise Problem("forbidden", 403, "These pages are for the service's own team.")
        raise again("You have been signed in for long enough, or in a way that does not open these pages.")
    _note_use(request, visitor)
    return role


def require_recent(request: Request, visitor: Visitor) -> None:
    """Raise Problem 401 unless a visitor signed in within the last hour."""
    if context_of(request).now - visitor.since > RECENT:
        raise again("A key lets a program in for long. To make one, sign in again first: it was more than an hour ago.")


def again(detail: str) -> Problem:
    """Return the refusal whose page offers to sign in again, to somebody who is in."""
    challenge = {"WWW-Authenticate": 'Link realm="emailed link"'}
    return Problem("authentication-required", 401, detail, headers=challenge, again=True)


def staff_of(request: Request) -> Staff:
    """Return whose addresses sign in as staff here, and whether links let them in."""
    return services_of(request).staff


def _note_use(request: Request, visitor: Visitor) -> None:
    services, now = services_of(request), context_of(request).now
    if now - visitor.seen < sessions.SEEN_EVERY:
        return
    try:
        services.database.transact(lambda unit: sessions.note_use(unit, visitor.session_id, now))
    except Problem as problem:
        # A database that only reads just now still shows its pages.
        logger.warning("the use of a session was not recorded: %s", problem.detail)


def as_enquirer(visitor: Visitor) -> Principal:
    """Return a visitor as somebody of the enquirer's side; which enquiries are theirs, their participation says."""
    return Principal(role=Role.ENQUIRER, person_id=visitor.person_id, name=visitor.name)


def session_digest(request: Request) -> str | None:
    """Return the digest of the secret in the session cookie, or None without one."""
    secret = request.cookies.get(cookie_name(request))
    return services_of(request).tokens.digest(secret) if secret else None


def cookie_name(request: Request) -> str:
    """Return the session cookie's name; where it is secure, one that browsers let no other host set."""
    return "__Host-session" if services_of(request).settings.secure_cookies else "session"


def flow_cookie_name(request: Request) -> str:
    """Return the name of the cookie that is kept between leaving for the provider and coming back."""
    return "__Host-flow" if services_of(request).settings.secure_cookies else "flow"


def set_session(request: Request, response: Response, secret: str) -> None:
    """Put a fresh session's secret in the browser."""
    response.set_cookie(
        cookie_name(request),
        secret,
        max_age=int(sessions.LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=services_of(request).settings.secure_cookies,
    )


def clear_session(request: Request, response: Response) -> None:
    """Take the session's secret, and whatever else it kept of these pages, out of the browser."""
    secure = services_of(request).settings.secure_cookies
    response.delete_cookie(cookie_name(request), httponly=True, samesite="lax", secure=secure)
    # Not its "cookies": that would sign people out of every other service of the same organisation.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def csrf_token(request: Request, key: str | None = None) -> str:
    """Return what a form must send back: bound to the session, or to `key` (a draft, a link) where there is none."""
    return services_of(request).tokens.csrf_token(key or session_digest(request) or "a visitor")


def has_csrf_token(request: Request, posted: Posted, key: str | None = None) -> bool:
    """Tell whether a form sent back what it was given."""
    token = posted.line(CSRF_FIELD)
    return services_of(request).tokens.is_csrf_token(token, key or session_digest(request) or "a visitor")


def require_csrf(request: Request, posted: Posted, key: str | None = None) -> None:
    """Raise Problem 403 unless a form sent back what it was given."""
    if not has_csrf_token(request, posted, key):
        logger.warning("refused a form without the token its page gave it")
        raise Problem(
            "forbidden", 403, "This page was open for too long, or was not ours. Go back, load it again, and try again."
        )


def admit(request: Request, door: Door, key: str | None = None) -> None:
    """Count a knock by a visitor's network, or by `key`. Raises Problem 429, with how long to wait, when there were too many."""
    services = services_of(request)
    network = network_of(request.client.host) if request.client else "unknown"
    name = f"{door.name}:{services.tokens.csrf_token(key or network)[:24]}"
    now = machine_now()
    wait = services.database.transact(
        lambda unit: rates.take(unit, name, limit=door.limit, window=door.window, machine_now=now)
    )
    if wait is not None:
        seconds = max(1, int(wait.total_seconds()))
        logger.warning("refused a visitor who knocked too often at %s", door.name)
        raise Problem(
            "too-many-requests",
            429,
            "That was too often in a short time. Wait a little and try again, or phone us.",
            headers={"Retry-After": str(seconds)},
        )


def network_of(host: str) -> str:
    """Return what one visitor has of the internet: an IPv4 address, or the 64 bits of IPv6 that a line is given.

    Whoever has a line can come from each of its addresses, one after the other.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((int(address) >> 64 << 64, 64)))


def admit_reader(request: Request, door: Door) -> None:
    """Count a knock by somebody who only reads: a database that cannot be written to just now still lets them in."""
    try:
        admit(request, door)
    except Problem as problem:
        if problem.status != 503:
            raise


def fell_for_honeypot(posted: Posted) -> bool:
    """Tell whether a program filled in the field that people leave empty."""
    return bool(posted.line(HONEYPOT))


def is_invented(request: Request) -> bool:
    """Tell whether this installation shows invented data; looked up at most every half minute."""
    state = request.app.state
    now = machine_now()
    looked = getattr(state, "invented", None)
    if not getattr(request.state, "database_is_away", False) and (looked is None or now - looked[1] > _DEMO_KEPT):
        looked = (services_of(request).database.read(installation.is_invented), now)
        state.invented = looked
    return bool(looked and looked[0])
