"""How JSON comes in: parsed strictly, refused in the order that API.md fixes, and never stored when it cannot be."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from service.errors import Problem
from service.sources.strict_json import SaidTwice, parse

MALFORMED = "service.malformed"
"""Scope key: the Problem with a body that is not acceptable JSON."""
_METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class JsonRequest(Request):
    """A request whose body mistakes are kept for later, so that 401, 403 and 404 are told first."""

    async def json(self) -> Any:
        try:
            return read_json(await self.body())
        except Problem as problem:
            self.scope[MALFORMED] = problem
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
    """Return what a body of JSON says.

    Raises Problem 400 when it is none, 422 for what no database keeps and for an object that says a thing twice.
    """
    try:
        parsed = parse(body)
    except SaidTwice as problem:
        told = f"The body says {problem.pointer} twice: say it once."
        field = {"field": ".".join(problem.steps), "message": "It is there twice."}
        raise Problem("invalid-content", 422, told, errors=[field]) from problem
    except (ValueError, RecursionError) as problem:
        raise Problem("invalid-json", 400, f"The body is not JSON: {_plain(problem)}") from problem
    if not _can_be_stored(parsed):
        told = "A text in the body holds a NUL or half a character, which cannot be stored."
        raise Problem("invalid-content", 422, told)
    return parsed


def _plain(problem: Exception) -> str:
    if isinstance(problem, json.JSONDecodeError):
        return f"{problem.msg} at character {problem.pos + 1}."
    if isinstance(problem, RecursionError):
        return "it is nested too deeply."
    if isinstance(problem, UnicodeDecodeError):
        return "it is not UTF-8."
    return f"{problem}."


def _can_be_stored(parsed: object) -> bool:
    waiting = [parsed]  # and not a function that calls itself: JSON may be nested deeper than calls may
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
                return False
        elif isinstance(value, dict):
            waiting += value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return True
