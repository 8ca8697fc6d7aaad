"""Ids in paths: a text that is none of ours is absent, like an id that nothing has."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from service.errors import not_found

PathId = Annotated[str, Path(json_schema_extra={"format": "uuid"})]
"""An id in a path, read with `meant`, so that rubbish answers 404 and not 422."""


def meant(text: str, what: str) -> UUID:
    """Return the id a path names. Raises Problem 404, `what` being what there is none of, for anything but an id."""
    try:
        return UUID(text)
    except ValueError as problem:
        raise not_found(what) from problem
