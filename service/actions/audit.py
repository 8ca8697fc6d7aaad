"""Audit: note who did what to reference data, keys, exports and texts, in the transaction that does it."""

from service.context import Context
from service.records import audit as trail
from service.records.database import Unit


def audit(unit: Unit, ctx: Context, action: str, subject: str, /, **detail: object) -> None:
    """Record that the context's actor did `action` to `subject` (written `kind:id`).

    `detail` says which fields changed and how many rows, never the personal data itself: an erased person must not
    live on in the audit trail.
    """
    trail.append(unit, ctx, action, subject, detail)
