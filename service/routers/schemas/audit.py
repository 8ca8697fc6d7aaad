"""The audit trail as managers read it."""

from typing import Any, Self
from uuid import UUID

from pydantic import Field

from service.records.audit import AuditRow
from service.routers.schemas.common import Instant, Shown


class AuditEntryShown(Shown):
    """Who did what."""

    id: UUID
    recorded_at: Instant
    actor_role: str
    actor: str | None
    actor_id: UUID | None
    key_id: UUID | None
    action: str
    subject: str = Field(description="What it was done to, as kind:id.")
    detail: dict[str, Any]
    request_id: str

    @classmethod
    def of(cls, row: AuditRow) -> Self:
        """Show an entry with the name of whoever acted."""
        entry, actor = row
        return cls.model_validate({**entry.model_dump(), "actor": actor})
