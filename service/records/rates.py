"""How often a door was knocked at: counts in the database, in machine time, shared by every process."""

from datetime import UTC, datetime, timedelta

from sqlmodel import col, select, update

from service.records.database import Unit
from service.records.tables import RateCount


def take(unit: Unit, door: str, *, limit: int, window: timedelta, machine_now: datetime) -> timedelta | None:
    """Count one knock at `door`; return None when it is within `limit` for the window, else how long to wait.

    Windows are fixed stretches of machine time, so a visitor gets at most twice the limit across a boundary.
    """
    hits = add(unit, door, 1, window=window, machine_now=machine_now)
    return None if hits <= limit else window_start(machine_now, window) + window - machine_now


def add(unit: Unit, door: str, knocks: int, *, window: timedelta, machine_now: datetime) -> int:
    """Count some knocks at `door`; return how many there were in this window, by everybody."""
    start = window_start(machine_now, window)
    counted = unit.exec(
        update(RateCount)
        .where(col(RateCount.door) == door, col(RateCount.window_start) == start)
        .values(hits=col(RateCount.hits) + knocks)
    )
    if counted.rowcount == 0:
        unit.add(RateCount(door=door, window_start=start, hits=knocks))
        unit.flush()
    return unit.exec(
        select(RateCount.hits).where(col(RateCount.door) == door, col(RateCount.window_start) == start)
    ).one()


def window_start(machine_now: datetime, window: timedelta) -> datetime:
    """Return when the window began that an instant of machine time lies in."""
    seconds = int(window.total_seconds())
    return datetime.fromtimestamp(int(machine_now.timestamp()) // seconds * seconds, UTC)
