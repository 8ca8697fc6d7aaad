"""The app's own list of routes, as (method, path) pairs: what tests of every route begin from."""

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount


def routes_of(app: FastAPI) -> list[tuple[str, str]]:
    """Return every route's method and path template, in the order they are tried; mounted folders are left out."""
    return [
        (method, str(context.path))
        for context in iter_route_contexts(app.routes)
        if not isinstance(context.original_route, Mount)
        for method in sorted(context.methods or ())
    ]
