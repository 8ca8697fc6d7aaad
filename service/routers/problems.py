"""How refusals go out: RFC 9457 problem details for JSON, a plain page for people."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import Scope

from service.errors import TITLES, Problem
from service.routers.requests import MALFORMED
from service.working_time import CalendarRanOut

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_MOST_ERRORS, _LONGEST_FIELD = 100, 200
"""Of what was sent, an answer repeats this many mistakes and this much of a field's name."""
_HEALTH_DOORS = frozenset({"/healthz", "/readyz", "/metrics"})
_SLUGS = {
    400: "invalid-json",
    401: "authentication-required",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    408: "request-timeout",
    413: "too-large",
    415: "unsupported-media-type",
    429: "too-many-requests",
    503: "service-unavailable",
}


def is_json_door(request: Request) -> bool:
    """Tell whether a machine is asking: everything under /api, and the health doors."""
    return request.url.path.startswith("/api/") or request.url.path in _HEALTH_DOORS


def route_of(scope: Scope) -> str:
    """Return the template of a request's path, for logs and counts: the path itself may hold a secret."""
    route = scope.get("route")
    return str(getattr(route, "path", "") or scope.get("state", {}).get("route", "(none)"))


def document(request: Request, problem: Problem) -> dict[str, Any]:
    """Return the problem details document of a refusal."""
    body: dict[str, Any] = {
        "type": f"/problems/{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.url.path,
    }
    if problem.errors:
        body["errors"] = problem.errors
    return body | problem.extra


def answer(request: Request, problem: Problem) -> Response:
    """Return the JSON answer of a refusal."""
    return JSONResponse(document(request, problem), problem.status, headers=problem.headers, media_type=MEDIA_TYPE)


def from_validation(request: Request, error: RequestValidationError) -> Problem:
    """Return the refusal of content that does not fit: syntax first, then media type, then each field."""
    malformed: Problem | None = request.scope.get(MALFORMED)
    if malformed is not None:
        return malformed
    places = {str(item["loc"][0]) for item in error.errors() if item["loc"]}
    if places == {"body"} and _sent_something_else(request):
        return Problem("unsupported-media-type", 415, "Send JSON, with Content-Type: application/json.")
    errors = [{"field": _field(item["loc"]), "message": _message(item)} for item in error.errors()[:_MOST_ERRORS]]
    detail = "; ".join(f"{item['field']}: {item['message']}" for item in errors[:5])
    return Problem("invalid-content", 422, detail or "The content is not acceptable.", errors=errors)


def from_http(error: HTTPException) -> Problem:
    """Return the refusal that the framework itself raised."""
    slug = _SLUGS.get(error.status_code, "internal-error" if error.status_code >= 500 else "not-found")
    detail = str(error.detail) if error.detail else HTTPStatus(error.status_code).phrase
    if error.status_code == 404:
        detail = "There is nothing at this address."
    return Problem(slug, error.status_code, detail, headers=dict(error.headers or {}))


def install(app: FastAPI, page: "PageOfProblem") -> None:
    """Make every refusal of `app` an answer: JSON under /api, `page` elsewhere. Faults are the middleware's to catch."""

    def told(request: Request, problem: Problem) -> Response:
        return answer(request, problem) if is_json_door(request) else page(request, problem)

    def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)  # noqa: S101 - registered for this class alone
        return told(request, error)

    def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
        return told(request, from_validation(request, error))

    def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
        return told(request, from_http(error))

    def on_calendar(request: Request, error: Exception) -> Response:
        return told(request, Problem("service-unavailable", 503, str(error)))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(CalendarRanOut, on_calendar)


def fault(request: Request, error: Exception, page: "PageOfProblem") -> Response:
    """Log a fault of our own with its trace, and return the answer that owns up to it."""
    logger.error("unhandled fault at %s %s", request.method, route_of(request.scope), exc_info=error)
    problem = Problem("internal-error", 500, "This is our fault and has been logged. Try again later.")
    response: Response = answer(request, problem) if is_json_door(request) else page(request, problem)
    return response


PageOfProblem = Any
"""A function of (request, problem) that returns a page."""


def problem_types() -> Mapping[str, str]:
    """Return every problem type's slug with its title."""
    return TITLES


def _sent_something_else(request: Request) -> bool:
    content_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    return not (content_type == "application/json" or content_type.endswith("+json"))


def _field(location: tuple[int | str, ...]) -> str:
    parts = [str(part) for part in location[1:]] or [str(location[0])]
    return ".".join(parts)[:_LONGEST_FIELD]


def _message(item: Mapping[str, Any]) -> str:
    message = str(item["msg"]).removeprefix("Value error, ")
    return message if message.endswith(".") else message + "."
