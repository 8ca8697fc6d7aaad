"""The two times of the service: business time, which a rehearsal may move, and machine time, which nothing moves.

Every other module is handed its instants; this is the only one that asks the operating system.
"""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

logger = logging.getLogger(__name__)


class Clock(Protocol):
    """Tells the business instant: aware, UTC, never earlier than the last one told."""

    def now(self) -> datetime: ...


class SystemClock:
    """Business time is the machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FileClock:
    """Business time is the instant written in a file, read again at each use.

    An earlier instant than one already told, or a file that cannot be read, is refused: the last
    instant told stands and the refusal is logged, so that a rehearsal cannot reorder history.
    """

    def __init__(self, path: Path) -> None:
        """Read the file once. Raises ValueError when it holds no instant with an offset."""
        self._path = path
        self._told = self._read()

    def now(self) -> datetime:
        try:
            instant = self._read()
        except ValueError as problem:
            logger.warning("clock file refused: %s", problem)
            return self._told
        if instant < self._told:
            logger.warning("clock file refused: it went backwards")
            return self._told
        self._told = instant
        return instant

    def _read(self) -> datetime:
        try:
            text = self._path.read_text(encoding="utf-8").strip()
        except OSError as problem:
            raise ValueError(f"cannot read the clock file {self._path}: {problem.strerror}") from problem
        try:
            instant = datetime.fromisoformat(text)
        except ValueError as problem:
            raise ValueError(f"{self._path} does not hold an instant such as 2026-11-22T09:30:00Z") from problem
        if instant.tzinfo is None:
            raise ValueError(f"the instant in {self._path} has no offset; write 2026-11-22T09:30:00Z")
        return instant.astimezone(UTC)


def machine_now() -> datetime:
    """Return the machine's instant, for leases, back-off, heartbeats, caches and rate limits only."""
    return datetime.now(UTC)


def clock_from(setting: str) -> Clock:
    """Build the clock that CLOCK names: `system`, or `file:PATH`. Raises ValueError with a readable sentence."""
    if setting == "system":
        return SystemClock()
    scheme, _, path = setting.partition(":")
    if scheme != "file" or not path:
        raise ValueError("CLOCK is either system or file:PATH")
    return FileClock(Path(path))
