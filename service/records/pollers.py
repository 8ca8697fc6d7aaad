"""Whose keys poll the feeds, and how far each feed goes: read for everybody at once, and kept for a second at most.

However many universities poll however often, a process asks the database once a second. What is kept serves to say that
nothing is new; entries are always read afresh.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from sqlmodel import col, select

from service.principals import Principal, Role
from service.records import feed, keys
from service.records.database import Database, Unit
from service.records.tables import ApiKey, FeedCounter

KEPT = timedelta(seconds=1)
"""In machine time, from before the reading began: a key that is revoked opens nothing a second later."""


@dataclass(frozen=True, slots=True)
class Poller:
    """A university's key, and when its use was last recorded."""

    university: UUID
    principal: Principal
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def opens(self, now: datetime) -> bool:
        """Tell whether the key opens doors at `now` and its use was recorded lately, so that nothing is to be written."""
        return keys.is_valid(self, now) and keys.is_seen(self.last_used_at, now)


@dataclass(frozen=True, slots=True)
class Moment:
    """What one snapshot showed. `by_digest` holds universities' keys by their digests."""

    read_at: datetime
    by_digest: Mapping[str, Poller]
    heads: Mapping[UUID, int]
    epoch: str

    def head(self, university: UUID) -> int:
        """Return the number of a university's newest entry; 0 for none."""
        return self.heads.get(university, 0)


class Pollers:
    """The newest moment of one installation."""

    def __init__(self, kept: timedelta = KEPT) -> None:
        """Keep a moment for as long as `kept`; nothing is read yet."""
        self._kept = kept
        self._moment: Moment | None = None
        self._reading = Lock()

    def at(self, machine_now: datetime) -> Moment | None:
        """Return the moment that is kept, or None when it is too old."""
        moment = self._moment
        return moment if moment and timedelta(0) <= machine_now - moment.read_at < self._kept else None

    def read(self, database: Database, machine_now: datetime) -> Moment:
        """Return the moment that is kept, read anew when it is too old; whoever asks meanwhile waits for that reading."""
        with self._reading:
            moment = self.at(machine_now)
            if moment is None:
                moment = database.read(lambda unit: _moment(unit, machine_now))
                self._moment = moment
            return moment


_KEYS = select(
    ApiKey.digest,
    ApiKey.id,
    ApiKey.organisation_id,
    ApiKey.name,
    ApiKey.expires_at,
    ApiKey.revoked_at,
    ApiKey.last_used_at,
).where(ApiKey.role == Role.UNIVERSITY, col(ApiKey.organisation_id).is_not(None))  # type: ignore[call-overload]  # seven
_HEADS = select(FeedCounter.organisation_id, FeedCounter.seq)


def _moment(unit: Unit, machine_now: datetime) -> Moment:
    found = unit.connection()
    return Moment(
        read_at=machine_now,
        by_digest={
            digest: Poller(university, Principal(Role.UNIVERSITY, None, university, key_id, name), *times)
            for digest, key_id, university, name, *times in found.execute(_KEYS)
        },
        heads=dict(iter(found.execute(_HEADS))),
        epoch=feed.epoch(unit),
    )
