"""The audit trail: who changed or exported what, beside the event log."""

from collections.abc import Mapping
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlmodel import col, select

from service.context import Context
from service.records.database import Unit
from service.records.tables import AuditEntry, Person

AuditRow = tuple[AuditEntry, str | None]
"""An entry with the name of whoever acted, where that was a person."""


def append(unit: Unit, ctx: Context, action: str, subject: str, detail: Mapping[str, object]) -> AuditEntry:
    """Add and return one entry in the caller's transaction; `detail` is kept as JSON writes it."""
    entry = AuditEntry(
        recorded_at=ctx.now,
        actor_role=ctx.actor.role,
        actor_id=ctx.actor.person_id,
        key_id=ctx.actor.key_id,
        action=action,
        subject=subject,
        detail=to_jsonable_python(dict(detail)),
        request_id=ctx.request_id,
    )
    unit.add(entry)
    return entry


def page(
    unit: Unit,
    *,
    action: str | None = None,
    subject: str | None = None,
    before: UUID | None = None,
    limit: int,
) -> list[AuditRow]:
    """Return entries with who acted, the newest first, at most `limit`: those added before the entry `before`, where given.

    `subject` is a whole subject (`organisation:…`), or a kind of subject (`organisation`).
    """
    query = (
        select(AuditEntry, Person.name)
        .outerjoin(Person, col(Person.id) == col(AuditEntry.actor_id))
        .order_by(col(AuditEntry.id).desc())
        .limit(limit)
    )
    if action is not None:
        query = query.where(AuditEntry.action == action)
    if subject is not None:
        query = query.where(
            AuditEntry.subject == subject
            if ":" in subject
            else col(AuditEntry.subject).startswith(f"{subject}:", autoescape=True)
        )
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(unit.exec(query))
