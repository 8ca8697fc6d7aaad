"""What happens to every request before its route: a body bounded in size and time, an id, and headers that keep browsers careful."""

import asyncio
import secrets
from contextlib import suppress
from urllib.parse import urlsplit

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


_SLOWEST = 20_000
"""Bytes a second: whoever sends at least this much of a large file is given the time it takes."""


class TooLarge(Exception):
    """The body went over its limit while it was being read."""


class TooSlow(Exception):
    """The body took longer than it may."""


class _Body:
    """A request's body as it comes in: how much came, and an end to waiting for the rest.

    Nothing is awaited once the whole of it is there: what comes after is whether the client is still listening.
    """

    def __init__(self, receive: Receive, limit: int, seconds: float) -> None:
        self._receive = receive
        self._seconds = seconds
        self.limit = limit
        self._begun: float | None = None
        self._is_whole = False
        self.received = 0

    async def __call__(self) -> Message:
        """Return the next part. Raises TooLarge or TooSlow."""
        if self._is_whole:
            return await self._receive()
        now = asyncio.get_running_loop().time()
        self._begun = now if self._begun is None else self._begun
        left = self._begun + self._seconds + self.received / _SLOWEST - now
        try:
            async with asyncio.timeout(max(0, left)):
                message = await self._receive()
        except TimeoutError as problem:
            raise TooSlow from problem
        self.received += len(message.get("body", b""))
        self._is_whole = message["type"] != "http.request" or not message.get("more_body", False)
        if self.received > self.limit:
            raise TooLarge
        return message

    async def discard(self, most: int) -> None:
        """Let go by what still comes, until it is whole, was `most` bytes in all, or takes too long."""
        self.limit = most
        with suppress(TooLarge, TooSlow):
            while not self._is_whole:
                await self()


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
        body = _Body(receive, limit, self._settings.body_seconds)
        started = False

        async def careful(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _stay_here(message)
                _set_headers(MutableHeaders(scope=message), state["request_id"], state["nonce"], self._settings)
            await send(message)

        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
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

    async def _refuse(self, scope: Scope, body: _Body, send: Send, limit: int) -> None:
        if not problems.is_json_door(Request(scope)):
            # A browser shows an answer only once it has sent what it was sending; without end nobody listens.
            await body.discard(limit * _PATIENCE)
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
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()")
    headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; img-src 'self'; style-src 'self'; script-src 'nonce-{nonce}'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'",
    )
    if settings.secure_cookies:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
