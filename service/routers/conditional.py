"""Answers with a strong ETag over their own bytes, and 304 for whoever holds them already."""

import hashlib
from typing import Any

from fastapi import Request
from fastapi.responses import Response

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "The answer is the one with that tag."}}


def tagged(request: Request, told: str | bytes, media_type: str) -> Response:
    """Return what is told under its tag, or 304 where If-None-Match names it. Nobody else's cache may keep it."""
    body = told.encode("utf-8") if isinstance(told, str) else told
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}
    if is_held(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def is_held(sent: str | None, tag: str) -> bool:
    """Tell whether If-None-Match names a tag, compared weakly as RFC 9110 wants it here."""
    tags = [each.strip().removeprefix("W/") for each in (sent or "").split(",")]
    return "*" in tags or tag in tags
