"""When each of the worker's ticks last ended well, in machine time, for whoever asks whether it is alive."""

from datetime import UTC, datetime

from service.records.database import Unit
from service.records.tables import Heartbeat

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def beat(unit: Unit, name: str, machine_now: datetime, took_ms: int | None = None) -> None:
    """Note that `name` ticked. The first beats of two workers at once meet in the key, and one is run again."""
    row = _row(unit, name)
    row.beat_at = max(row.beat_at, machine_now)
    row.took_ms = took_ms
    row.runs += 1
    unit.add(row)
    unit.flush()


def note_failure(unit: Unit, name: str, machine_now: datetime) -> None:
    """Note that `name` began to tick and did not end well; when it last did stays."""
    row = _row(unit, name)
    row.failures += 1
    row.failed_at = machine_now
    unit.add(row)
    unit.flush()


def last_beat(unit: Unit, name: str) -> datetime | None:
    """Return when `name` last ticked well, or None before its first time."""
    row = unit.get(Heartbeat, name)
    return None if row is None or row.beat_at == _NEVER else row.beat_at


def _row(unit: Unit, name: str) -> Heartbeat:
    return unit.get(Heartbeat, name, with_for_update=True) or Heartbeat(name=name, beat_at=_NEVER)
