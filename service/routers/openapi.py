"""The description of everything under /api/v1, served at /openapi.json (OpenAPI 3.1)."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse


def install(app: FastAPI) -> None:
    """Serve the description of the app's JSON routes."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]  # FastAPI's documented way of changing the description

    @app.get("/openapi.json", include_in_schema=False)
    def openapi() -> JSONResponse:
        """The description itself."""
        return JSONResponse(app.openapi())
