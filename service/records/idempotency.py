"""Answers kept for repeated requests (the Idempotency-Key header)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import select

from service.errors import Problem
from service.records.database import Unit
from service.records.tables import IdempotencyRecord

KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Slot:
    """Which request is meant: a caller's key for a method and path, and a digest of the body and the query."""

    caller: str
    key: str
    method: str
    path: str
    body_digest: str


def stored_answer(unit: Unit, slot: Slot, now: datetime) -> IdempotencyRecord | None:
    """Return the answer given to this request within seven days, or None.

    Raises Problem 422 when the key was used for another body, or another query.
    """
    found = unit.exec(
        select(IdempotencyRecord).where(
            IdempotencyRecord.caller == slot.caller,
            IdempotencyRecord.key == slot.key,
            IdempotencyRecord.method == slot.method,
            IdempotencyRecord.path == slot.path,
        )
    ).first()
    if found is None:
        return None
    if found.created_at + KEPT <= now:
        unit.delete(found)
        unit.flush()
        return None
    if found.body_digest != slot.body_digest:
        raise Problem(
            "idempotency-key-reused",
            422,
            "This Idempotency-Key came with another body or query. Use a fresh key for a new request.",
        )
    return found


def store(unit: Unit, slot: Slot, now: datetime, status: int, headers: dict[str, str], body: str) -> None:
    """Keep an answer. A concurrent twin meets the unique key, is run again, and finds this row."""
    unit.add(
        IdempotencyRecord(
            caller=slot.caller,
            key=slot.key,
            method=slot.method,
            path=slot.path,
            body_digest=slot.body_digest,
            status=status,
            headers=headers,
            body=body,
            created_at=now,
        )
    )
    unit.flush()
