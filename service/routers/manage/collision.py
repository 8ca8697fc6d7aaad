"""Two people at one enquiry: a form carries the version it was shown at, and a stale one is told what changed since.

A page that posts such a form catches Problem 412 and shows itself again as things are now, with `changes_told` above the
form and every word that was typed still in it.
"""

from typing import Protocol
from uuid import UUID

from service.errors import Problem
from service.records.changes import Changed, changes_since
from service.records.database import Unit
from service.routers.form_values import whole_number
from service.routers.forms import Posted

SEEN = "seen"
"""The form field that holds the version."""


class _Versioned(Protocol):
    version: int


def require_unchanged(posted: Posted, enquiry: _Versioned) -> None:
    """Raise Problem 412 unless an enquiry, locked, still has the version that the form was shown at."""
    if enquiry.version != _version(posted):
        raise Problem(
            "precondition-failed",
            412,
            "Somebody changed this enquiry while you were writing. See what changed, then send yours again.",
        )


def changes_told(unit: Unit, enquiry_id: UUID, posted: Posted) -> list[Changed]:
    """Return what was done since the form was shown, oldest first; nothing when its version cannot be read."""
    version = _version(posted)
    return changes_since(unit, enquiry_id, version) if version else []


def _version(posted: Posted) -> int:
    return whole_number(posted.line(SEEN)) or 0
