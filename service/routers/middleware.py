"""What happens to every request before its route: a bounded body, an id, headers that keep browsers careful; and after it, a line."""

import logging
import re
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import meters, traces
from service.errors import Problem
from service.principals import Principal
from service.routers import problems
from service.routers.bodies import Body, TooLarge, TooSlow, declared
from service.settings import Settings

requests = logging.getLogger("service.requests")

_FORM_ALLOWANCE = 200_000
"""Bytes beside the file in a form that uploads one."""
_PROXIES_SEND = 22_100_000
"""Bytes that a proxy hands on: a little over its own limit (deploy/nginx.conf)."""
_WELL_FORMED = re.compile(rb"[A-Za-z0-9_-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PATIENCE = 10
"""How many times the limit a browser may send before we hang up on it."""
_KEPT_BY_BROWSERS = "/static/"
"""All else, refusals and redirects included, is kept nowhere unless its door says how."""


class Careful:
    """Bounds bodies, names requests and sets security headers; the nonce of a page's scripts is in its state."""

    def __init__(self, app: ASGIApp, settings: Settings, page: problems.PageOfProblem) -> None:
        self._app = app
        self._settings = settings
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = _request_id(scope)
        state["nonce"] = secrets.token_urlsafe(16)
        began, status = time.perf_counter(), 499

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with traces.tracing(state["request_id"]):
            try:
                await self._answer(scope, receive, noting)
            finally:
                _tell(scope, status, time.perf_counter() - began)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope["state"]
        limit = self._limit(scope)
        body = Body(receive, limit, self._settings.body_seconds)
        started = False

        async def careful(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _stay_here(message)
                headers = MutableHeaders(scope=message)
                _set_headers(headers, state["request_id"], state["nonce"], self._settings)
                if message["status"] == 304:
                    # What a browser keeps goes on with the nonce it came with: this one's would stop its scripts.
                    del headers["Content-Security-Policy"]
                if not scope["path"].startswith(_KEPT_BY_BROWSERS):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if declared(scope) > limit:
            await self._refuse(scope, body, careful, limit)
            return
        try:
            await self._app(scope, body, careful)
        except (TooLarge, TooSlow) as cut:
            if started:
                raise
            if isinstance(cut, TooLarge):
                await self._refuse(scope, body, careful, limit)
            else:
                told = "What you sent did not arrive in time. Send it again."
                await self._hang_up(scope, receive, careful, Problem("request-timeout", 408, told))
        except Exception as error:
            # Here and not outside: an answer to a fault carries the careful headers as well.
            if started:
                raise
            response = await run_in_threadpool(problems.fault, Request(scope), error, self._page)
            await response(scope, receive, careful)

    def _limit(self, scope: Scope) -> int:
        content_type = dict(scope["headers"]).get(b"content-type", b"")
        if content_type.startswith(b"multipart/form-data"):
            return self._settings.attachment_limit_bytes + _FORM_ALLOWANCE
        if scope["path"].endswith("/import"):
            return self._settings.import_limit_bytes
        return self._settings.body_limit_bytes

    async def _refuse(self, scope: Scope, body: Body, send: Send, limit: int) -> None:
        # A browser shows an answer only once it has sent what it was sending, and so does a proxy that took it on for a
        # program; a program itself listens while it sends. Without end nobody listens.
        if not problems.is_json_door(Request(scope)):
            await body.discard(limit * _PATIENCE)
        elif declared(scope) <= _PROXIES_SEND:
            await body.discard(_PROXIES_SEND)
        problem = Problem("too-large", 413, f"The body is over the limit of {limit:,} bytes.")
        await self._hang_up(scope, body, send, problem)

    async def _hang_up(self, scope: Scope, receive: Receive, send: Send, problem: Problem) -> None:
        """Tell why, and end the connection: what is left of the body is not waited for."""
        request = Request(scope)
        if problems.is_json_door(request):
            response = problems.answer(request, problem)
        else:
            response = await run_in_threadpool(self._page, request, problem)
        response.headers["Connection"] = "close"
        await response(scope, receive, send)


def _request_id(scope: Scope) -> str:
    """Return the id a trusted proxy gave the request, or one of our own.

    Of a client whose address a proxy told, and was believed, the server knows no port; ids of anybody else are not taken.
    """
    client = scope.get("client")
    if client and client[1] == 0:
        given = dict(scope["headers"]).get(b"x-request-id", b"")
        if _WELL_FORMED.fullmatch(given):
            return str(given.decode("ascii"))
    return secrets.token_hex(8)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    """Count a request, and log it by its route and by who asked: references, never a name, an address or a path."""
    method = scope["method"] if scope["method"] in _METHODS else "other"
    route = problems.route_of(scope)
    meters.count_request(method, route, status, seconds)
    if requests.isEnabledFor(logging.INFO):
        facts = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        requests.info("request", extra={"facts": facts | _who(scope["state"])})


def _who(state: Mapping[str, Any]) -> dict[str, str]:
    actor: Principal | None = state.get("actor")
    if actor is None:
        return {"role": "signed_in" if state.get("visitor") else "public"}
    told = {"role": actor.role.value, "key": actor.key_id, "organisation": actor.organisation_id}
    return {name: str(value) for name, value in told.items() if value is not None}


def install(app: FastAPI, settings: Settings, page: problems.PageOfProblem) -> None:
    """Wrap `app` in what every request goes through; `page` tells people when they sent too much."""
    app.add_middleware(Careful, settings=settings, page=page)


def _stay_here(message: Message) -> None:
    """Let the framework's own redirect (a slash too many) lead to a path: its address repeats the Host that was sent."""
    headers = MutableHeaders(scope=message)
    if message["status"] == 307 and "location" in headers:
        parts = urlsplit(headers["location"])
        path = "/" + parts.path.lstrip("/")
        headers["location"] = f"{path}?{parts.query}" if parts.query else path


def _set_headers(headers: MutableHeaders, request_id: str, nonce: str, settings: Settings) -> None:
    headers["X-Request-Id"] = request_id
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()")
    headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; img-src 'self'; style-src 'self'; script-src 'nonce-{nonce}'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; object-src 'none'",
    )
    if settings.secure_cookies:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
