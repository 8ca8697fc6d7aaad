"""The description of everything under /api/v1, served at /openapi.json (OpenAPI 3.1)."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic.json_schema import models_json_schema

from service.routers.doors import SCHEME
from service.routers.schemas.common import ProblemDocument


def install(app: FastAPI) -> None:
    """Serve the description of the app's JSON routes."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            described = get_openapi(title=app.title, version=app.version, routes=app.routes)
            app.openapi_schema = _completed(described)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]  # FastAPI's documented way of changing the description

    @app.get("/openapi.json", include_in_schema=False)
    def openapi() -> JSONResponse:
        """The description itself."""
        return JSONResponse(app.openapi())


def _completed(described: dict[str, Any]) -> dict[str, Any]:
    """Add what every route shares: the shape of a refusal, and the bearer key."""
    _, shapes = models_json_schema([(ProblemDocument, "serialization")], ref_template="#/components/schemas/{model}")
    components = described.setdefault("components", {})
    components.setdefault("schemas", {}).update(shapes["$defs"])
    components["securitySchemes"] = SCHEME
    described["security"] = [{"bearer": []}]
    return described
