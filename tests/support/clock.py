"""A clock moved by hand: business time for tests, which never sleep."""

from datetime import UTC, datetime, timedelta

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""A Monday morning without a holiday near."""


class HandClock:
    """Tells the instant it was set to, until it is moved on."""

    def __init__(self, start: datetime = MONDAY) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def move(self, **span: float) -> datetime:
        """Move on by a timedelta's arguments and return the new instant."""
        self._now += timedelta(**span)
        return self._now

    def set(self, instant: datetime) -> datetime:
        """Move on to an instant and return it. Raises ValueError for an earlier one."""
        if instant < self._now:
            raise ValueError("business time does not go backwards")
        self._now = instant
        return instant
