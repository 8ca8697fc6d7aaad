"""What happens to every request before its route: a bounded body, an id, and headers that keep browsers careful."""

import secrets

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import Problem
from service.routers import problems
from service.settings import Settings

_FORM_ALLOWANCE = 200_000
"""Bytes beside the file in a form that uploads one."""
_PATIENCE = 10
"""How many times the limit a browser may send before we hang up on it."""
_KEPT_BY_BROWSERS = "/static/"
"""All else, refusals and redirects included, is kept nowhere unless its door says how."""


class TooLarge(Exception):
    """The body went over its limit while it was being read."""


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
        state["request_id"] = secrets.token_hex(8)
        state["nonce"] = secrets.token_urlsafe(16)
        limit = self._limit(scope)
        received = 0
        started = False

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise TooLarge
            return message

        async def careful(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                _set_headers(headers, state["request_id"], state["nonce"], self._settings)
                if not scope["path"].startswith(_KEPT_BY_BROWSERS):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
            await self._refuse(scope, receive, careful, limit)
            return
        try:
            await self._app(scope, bounded, careful)
        except TooLarge:
            if started:
                raise
            await self._refuse(scope, receive, careful, limit)
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

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        problem = Problem("too-large", 413, f"The body is over the limit of {limit:,} bytes.")
        request = Request(scope)
        if problems.is_json_door(request):
            response = problems.answer(request, problem)
        else:
            # A browser shows an answer only once it has sent what it was sending; without end nobody listens.
            await _discard(receive, limit * _PATIENCE)
            response = await run_in_threadpool(self._page, request, problem)
        response.headers["Connection"] = "close"
        await response(scope, receive, send)


async def _discard(receive: Receive, most: int) -> None:
    discarded = 0
    while discarded < most:
        message = await receive()
        discarded += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return


def install(app: FastAPI, settings: Settings, page: problems.PageOfProblem) -> None:
    """Wrap `app` in what every request goes through; `page` tells people when they sent too much."""
    app.add_middleware(Careful, settings=settings, page=page)


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
