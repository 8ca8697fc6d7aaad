"""How many calls a key may make: counted together by every process, without a write for each call.

A process counts for itself and tells the database now and then, so that a key may make some dozens more than it may,
for each process: what matters is that a program gone wild is held off, not the last call.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from service.errors import Problem
from service.records import rates
from service.records.database import Database

logger = logging.getLogger(__name__)

WINDOW = timedelta(minutes=1)
TOLD_EVERY = 50
"""Calls that a process lets by before it tells the others of them."""


@dataclass(slots=True)
class _Count:
    """The calls of one key in one window."""

    ends: datetime
    untold: int = 0
    """By this process, since it last told the others."""
    told: int = 0
    """By every process, when this one last asked."""


class Budgets:
    """The counts of one process."""

    def __init__(self, limit: int) -> None:
        """Let each key make `limit` calls a minute; 0 counts nothing."""
        self._limit = limit
        self._counts: dict[UUID, _Count] = {}
        self._counting = Lock()

    def take(self, database: Database, key_id: UUID, machine_now: datetime) -> None:
        """Count one call of a key. Raises Problem 429, with how long to wait, when it made too many."""
        if not self._limit:
            return
        with self._counting:
            count = self._counts.get(key_id)
            if count is None or machine_now >= count.ends:
                self._forget(machine_now)
                count = self._counts[key_id] = _Count(ends=rates.window_start(machine_now, WINDOW) + WINDOW)
            count.untold += 1
            untold = count.untold
            is_over = count.told + untold > self._limit
            # A key that is known to be over is refused without asking anybody.
            tells = untold >= TOLD_EVERY or (is_over and count.told <= self._limit)
            if tells:
                count.untold = 0
        if tells:
            self._tell(database, key_id, count, untold, machine_now)
        if count.told + count.untold > self._limit:
            raise _refusal(key_id, count.ends - machine_now)

    def _tell(self, database: Database, key_id: UUID, count: _Count, calls: int, machine_now: datetime) -> None:
        try:
            count.told = database.transact(
                lambda unit: rates.add(unit, f"key:{key_id}", calls, window=WINDOW, machine_now=machine_now)
            )
        except Problem as problem:
            # A database that only reads just now still answers.
            logger.warning("the calls of key %s were not counted: %s", key_id, problem.detail)

    def _forget(self, machine_now: datetime) -> None:
        self._counts = {key: count for key, count in self._counts.items() if machine_now < count.ends}


def _refusal(key_id: UUID, wait: timedelta) -> Problem:
    logger.warning("refused key %s, which made too many calls", key_id)
    return Problem(
        "too-many-requests",
        429,
        "This key made too many calls within a minute. Wait as long as Retry-After says, then call less often.",
        headers={"Retry-After": str(max(1, int(wait.total_seconds()) + 1))},
    )
