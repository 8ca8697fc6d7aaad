"""The description of everything under /api/v1, served at /openapi.json (OpenAPI 3.1)."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic.json_schema import models_json_schema

from service.errors import TITLES
from service.routers.doors import SCHEME
from service.routers.openapi_examples import add_examples
from service.routers.schemas.common import ProblemDocument
from service.routers.universities.feed_readers import BASIC

Described = dict[str, Any]

_DESCRIPTION = (
    "The managers', universities' and funders' doors of the service. Refusals are problem details (RFC 9457), lists are "
    "walked by their cursors, and a POST may carry an Idempotency-Key."
)
_SLUGS: dict[str, tuple[str, ...]] = {
    "400": ("invalid-json", "cursor-malformed"),
    "401": ("authentication-required",),
    "403": ("forbidden",),
    "404": ("not-found",),
    "406": ("not-acceptable",),
    "409": ("transition-refused", "conflict"),
    "410": ("gone", "cursor-gone"),
    "412": ("precondition-failed",),
    "413": ("too-large",),
    "415": ("unsupported-media-type",),
    "422": ("invalid-content", "idempotency-key-reused"),
    "428": ("precondition-required",),
    "429": ("too-many-requests",),
    "503": ("service-unavailable",),
}
"""The problem types that a status may come with."""
_GIVES_SECRETS = re.compile(r"/(?:api-keys|webhooks)(?:/{\w+}/rotate)?")
_IDEMPOTENCY_KEY: Described = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same body is answered once and replayed for seven days.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
_IF_MATCH: Described = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag that was read last. 428 without it, 412 when something changed since.",
    "schema": {"type": "string"},
    "example": '"3"',
}
_HEADERS: dict[str, Described] = {
    "ETag": {"description": "For If-Match.", "schema": {"type": "string"}},
    "Location": {"description": "Where it is.", "schema": {"type": "string"}},
    "Link": {"description": 'The next stretch of the list, rel="next" (RFC 8288).', "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "The scheme to use.", "schema": {"type": "string"}},
}


def install(app: FastAPI) -> None:
    """Serve the description of the app's JSON routes."""

    def describe() -> Described:
        if app.openapi_schema is None:
            described = get_openapi(title=app.title, version=app.version, description=_DESCRIPTION, routes=app.routes)
            app.openapi_schema = _completed(described)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]  # FastAPI's documented way of changing the description

    @app.get("/openapi.json", include_in_schema=False)
    def openapi() -> JSONResponse:
        """The description itself."""
        return JSONResponse(app.openapi())


def _completed(described: Described) -> Described:
    """Add what every route shares: refusals with their types, the bearer key, headers, short names, examples."""
    _, shapes = models_json_schema([(ProblemDocument, "serialization")], ref_template="#/components/schemas/{model}")
    components = described.setdefault("components", {})
    components.setdefault("schemas", {}).update(shapes["$defs"])
    components["securitySchemes"] = SCHEME | BASIC
    described["security"] = [{"bearer": []}]
    described["servers"] = [{"url": "/"}]
    for method, path, operation in _operations(described):
        _add_headers(method, path, operation)
        for status, answer in operation["responses"].items():
            _tell_types(status, answer)
    _shorten_names(described)
    add_examples(described)
    return described


def _operations(described: Described) -> Iterator[tuple[str, str, Described]]:
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            yield method, path, operation


def _add_headers(method: str, path: str, operation: Described) -> None:
    responses = operation["responses"]
    if method == "post" and not _GIVES_SECRETS.fullmatch(path.removeprefix("/api/v1")):
        operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)
    is_conditional = "428" in responses
    if is_conditional:
        operation.setdefault("parameters", []).append(_IF_MATCH)
    told = {
        "ETag": ("200",) if is_conditional else (),
        "Location": ("201", "308"),
        "Link": ("200",) if _is_list(operation) else (),
        "Retry-After": ("429", "503"),
        "WWW-Authenticate": ("401",),
    }
    for header, statuses in told.items():
        for status in statuses:
            if status in responses:
                responses[status].setdefault("headers", {})[header] = _HEADERS[header]


def _is_list(operation: Described) -> bool:
    return any(parameter["name"] == "cursor" for parameter in operation.get("parameters", ()))


def _tell_types(status: str, answer: Described) -> None:
    """Name the problem types that a refusal with this status may have."""
    content = answer.get("content", {}).get("application/problem+json")
    if content is None:
        return
    content["examples"] = {
        slug: {
            "summary": TITLES[slug],
            "value": {
                "type": f"/problems/{slug}",
                "title": TITLES[slug],
                "status": int(status),
                "detail": "A sentence that says why, and what can be done instead.",
                "instance": "/api/v1/…",
            },
        }
        for slug in _SLUGS[status]
    }


def _shorten_names(described: Described) -> None:
    """Name operations after their functions, and after their place too where two share a name."""
    named = [
        (operation, operation["operationId"].partition("_api_v1_")[0], path)
        for _, path, operation in _operations(described)
    ]
    often = Counter(name for _, name, _ in named)
    for operation, name, path in named:
        place = path.removeprefix("/api/v1/").partition("/")[0].replace("-", "_")
        operation["operationId"] = name if often[name] == 1 else f"{name}_at_{place}"
