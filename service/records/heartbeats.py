"""When each of the worker's ticks last ended well, in machine time, for whoever asks whether it is alive."""

from datetime import datetime

from service.records.database import Unit
from service.records.tables import Heartbeat


def beat(unit: Unit, name: str, machine_now: datetime) -> None:
    """Note that `name` ticked. The first beats of two workers at once meet in the key, and one is run again."""
    row = unit.get(Heartbeat, name)
    if row is None:
        row = Heartbeat(name=name, beat_at=machine_now)
    row.beat_at = max(row.beat_at, machine_now)
    unit.add(row)
    unit.flush()


def last_beat(unit: Unit, name: str) -> datetime | None:
    """Return when `name` last ticked, or None before its first time."""
    row = unit.get(Heartbeat, name)
    return None if row is None else row.beat_at
