"""Signs of life: whether the database answers, when the worker last ticked, and what waits to leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, text
from sqlmodel import select

from service.records import migration, outbox
from service.records.database import Database, Unit
from service.records.migration import Schema
from service.records.tables import DeliveryAttempt, Enquiry, Heartbeat, OutboxMessage, Project


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in the outbox."""

    due: int
    """Messages whose next try is due, pokes included."""
    oldest_queued_at: datetime | None
    """Business time at which the oldest of those was written."""
    failed: int
    """Dead letters."""


def schema(database: Database) -> Schema:
    """Return the schema's revision. Raises Problem 503 when the database does not answer."""
    return database.read(migration.schema_of)


def heartbeats(unit: Unit) -> dict[str, datetime]:
    """Return when each tick last ran, in machine time."""
    return {beat.name: beat.beat_at for beat in unit.exec(select(Heartbeat).order_by(Heartbeat.name))}


def backlog(unit: Unit, machine_now: datetime) -> Backlog:
    """Return what the outbox holds that should have left by `machine_now`."""
    due, oldest = unit.exec(
        select(func.count(), func.min(OutboxMessage.queued_at)).where(
            OutboxMessage.status == "queued", OutboxMessage.available_at <= machine_now
        )
    ).one()
    return Backlog(due, oldest, outbox.failed(unit))


def enquiries_by_state(unit: Unit) -> Sequence[tuple[str, int]]:
    """Return how many enquiries are in each state, drafts included."""
    return unit.exec(select(Enquiry.state, func.count()).group_by(Enquiry.state)).all()


def projects_by_state(unit: Unit) -> Sequence[tuple[str, int]]:
    """Return how many projects are in each state."""
    return unit.exec(select(Project.state, func.count()).group_by(Project.state)).all()


def ticks(unit: Unit) -> Sequence[Heartbeat]:
    """Return how each tick went."""
    return unit.exec(select(Heartbeat).order_by(Heartbeat.name)).all()


def tries_by_result(unit: Unit) -> dict[str, int]:
    """Return how many tries at sending a message ended how; `none` for those that never reported back."""
    counted = unit.exec(select(DeliveryAttempt.result, func.count()).group_by(DeliveryAttempt.result)).all()
    return {result or "none": number for result, number in counted}


def size_bytes(unit: Unit) -> int:
    """Return how much room the database takes on its disk."""
    if unit.connection().dialect.name == "postgresql":
        return int(unit.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    return int(unit.scalar(text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")) or 0)
