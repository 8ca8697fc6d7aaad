"""How JSON comes in: parsed strictly, refused in the order that API.md fixes, and never stored when it cannot be."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute

from service.errors import Problem

MALFORMED = "service.malformed"
"""Scope key: (problem slug, status, sentence) for a body that is not acceptable JSON."""
_METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class JsonRequest(Request):
    """A request whose body mistakes are kept for later, so that 401, 403 and 404 are told first."""

    async def json(self) -> Any:
        try:
            return read_json(await self.body())
        except Problem as problem:
            self.scope[MALFORMED] = (problem.slug, problem.status, problem.detail)
            return object()


class JsonRoute(APIRoute):
    """A route that reads its body before its handler runs, in its own thread, and defers what is wrong with it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_json(request: Request) -> Response:
            request = JsonRequest(request.scope, request.receive)
            if request.method in _METHODS_WITH_BODY:
                request.scope["service.body"] = await request.body()
            return await handle(request)

        return handle_json


def raw_body(request: Request) -> bytes:
    """Return the bytes of a JSON route's body; empty for methods without one."""
    body: bytes = request.scope.get("service.body", b"")
    return body


def read_json(body: bytes) -> Any:
    """Return what a body of JSON says. Raises Problem 400 when it is none, 422 for what no database keeps."""
    try:
        parsed = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as problem:
        raise Problem("invalid-json", 400, f"The body is not JSON: {_plain(problem)}") from problem
    if not _can_be_stored(parsed):
        told = "A text in the body holds a NUL or half a character, which cannot be stored."
        raise Problem("invalid-content", 422, told)
    return parsed


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _plain(problem: Exception) -> str:
    if isinstance(problem, json.JSONDecodeError):
        return f"{problem.msg} at character {problem.pos + 1}."
    if isinstance(problem, RecursionError):
        return "it is nested too deeply."
    if isinstance(problem, UnicodeDecodeError):
        return "it is not UTF-8."
    return f"{problem}."


def _can_be_stored(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, dict):
        return all(_can_be_stored(key) and _can_be_stored(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(_can_be_stored(inner) for inner in value)
    return True
