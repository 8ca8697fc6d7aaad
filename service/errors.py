"""The one error that leaves a room on purpose: a refusal with its reason, told as RFC 9457 problem details."""

from collections.abc import Mapping, Sequence
from typing import Any


class Problem(Exception):
    """A refusal that a door turns into an answer.

    `slug` names its page under `/problems/`, `status` is the HTTP status, `detail` a sentence the reader can act on,
    `errors` the fields at fault (`{"field", "message"}`), `extra` further members of the problem document.
    """

    def __init__(
        self,
        slug: str,
        status: int,
        detail: str,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.slug = slug
        self.status = status
        self.detail = detail
        self.errors = [dict(error) for error in errors]
        self.headers = dict(headers or {})
        self.extra = extra

    @property
    def title(self) -> str:
        return TITLES[self.slug]


TITLES = {
    "authentication-required": "Authentication required",
    "forbidden": "Not allowed for this role",
    "not-found": "Not found",
    "gone": "No longer available",
    "invalid-json": "The body is not JSON",
    "invalid-content": "The content is not acceptable",
    "transition-refused": "This cannot happen now",
    "conflict": "This conflicts with what is recorded",
    "precondition-required": "If-Match is required",
    "precondition-failed": "It has changed since you read it",
    "idempotency-key-reused": "The Idempotency-Key was used for another request",
    "request-timeout": "The request took too long to arrive",
    "too-large": "The body is too large",
    "too-many-requests": "Too many requests",
    "unsupported-media-type": "Unsupported media type",
    "method-not-allowed": "Method not allowed",
    "not-acceptable": "Not available in that format",
    "cursor-malformed": "The cursor is not one of ours",
    "cursor-gone": "The cursor can no longer be followed",
    "service-unavailable": "Not ready",
    "internal-error": "Something went wrong here",
}
"""Every problem type the service can answer, with its title: the whole of `/problems/`."""


def not_found(what: str) -> Problem:
    """Absent, or somebody else's: the answer is the same, so that it tells nothing."""
    return Problem("not-found", 404, f"There is no such {what}.")


def invalid(field: str, message: str) -> Problem:
    """One field of the content is at fault."""
    return Problem("invalid-content", 422, message, errors=[{"field": field, "message": message}])


def conflict(detail: str, **extra: Any) -> Problem:
    """The request is well formed but cannot stand beside what is recorded."""
    return Problem("conflict", 409, detail, **extra)


def forbidden(detail: str) -> Problem:
    """The role may not do this."""
    return Problem("forbidden", 403, detail)
