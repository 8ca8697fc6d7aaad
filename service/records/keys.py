"""API keys, found by their digests."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select, update
from sqlmodel.sql.expression import Select

from service.principals import STAFF, Principal, Role, Staff
from service.records.database import Unit
from service.records.tables import ApiKey, Organisation, Person

_SEEN_FOR = timedelta(minutes=1)
"""How far the recorded last use may lie behind: a busy key is not to cost a write with every request."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a key stands for, and whether its use was recorded lately."""

    principal: Principal
    is_seen: bool


def holder_of(unit: Unit, digest: str, now: datetime, staff: Staff) -> Holder | None:
    """Return whom a key's digest stands for at `now`, or None when it opens no doors then or is unknown."""
    found = unit.exec(_bound().where(ApiKey.digest == digest)).first()
    if found is None or not opens(found, now, staff):
        return None
    key = found[0]
    principal = Principal(
        role=Role(key.role), person_id=key.person_id, organisation_id=key.organisation_id, key_id=key.id, name=key.name
    )
    return Holder(principal, is_seen=is_seen(key.last_used_at, now))


def note_use(unit: Unit, key_id: UUID, now: datetime) -> None:
    """Record that a key was used at `now`, unless a later use is recorded already."""
    unit.exec(
        update(ApiKey)
        .where(col(ApiKey.id) == key_id, or_(col(ApiKey.last_used_at).is_(None), col(ApiKey.last_used_at) < now))
        .values(last_used_at=now)
    )


class Dated(Protocol):
    """What says for how long a key opens doors."""

    @property
    def expires_at(self) -> datetime | None: ...
    @property
    def revoked_at(self) -> datetime | None: ...


def is_seen(last_used_at: datetime | None, now: datetime) -> bool:
    """Tell whether a key's use was recorded lately enough to record nothing at `now`."""
    return last_used_at is not None and now - last_used_at < _SEEN_FOR


def is_valid(key: Dated, now: datetime) -> bool:
    """Tell whether a key was neither revoked nor has expired at `now`."""
    return (key.revoked_at is None or key.revoked_at > now) and (key.expires_at is None or key.expires_at > now)


KeyRow = tuple[ApiKey, Organisation | None, Person | None]
"""A key with what it is bound to."""


def opens(row: KeyRow, now: datetime, staff: Staff) -> bool:
    """Tell whether a key opens doors at `now`: a key of the team's only while its holder is of the team."""
    key, _, person = row
    return is_valid(key, now) and (Role(key.role) not in STAFF or staff.covers(person, key.role))


def page(unit: Unit, *, role: str | None = None, before: UUID | None = None, limit: int) -> list[KeyRow]:
    """Return keys with what they are bound to, the newest first, at most `limit`: those made before `before`."""
    query = _bound().order_by(col(ApiKey.id).desc()).limit(limit)
    if role is not None:
        query = query.where(ApiKey.role == role)
    if before is not None:
        query = query.where(ApiKey.id < before)
    return list(unit.exec(query))


def find(unit: Unit, key_id: UUID) -> KeyRow | None:
    """Return a key with what it is bound to, or None."""
    return unit.exec(_bound().where(ApiKey.id == key_id)).first()


def lock(unit: Unit, key_id: UUID) -> ApiKey | None:
    """Return a key with its row locked to the end of the transaction, or None."""
    return unit.exec(
        select(ApiKey).where(ApiKey.id == key_id).with_for_update().execution_options(populate_existing=True)
    ).first()


def revoke_of_person(unit: Unit, person_id: UUID, roles: Collection[str], now: datetime) -> int:
    """Revoke a person's keys for these roles and return how many still opened doors."""
    done = unit.exec(
        update(ApiKey)
        .where(
            col(ApiKey.person_id) == person_id,
            col(ApiKey.role).in_(roles),
            or_(col(ApiKey.revoked_at).is_(None), col(ApiKey.revoked_at) > now),
        )
        .values(revoked_at=now)
    )
    return done.rowcount


def _bound() -> Select[ApiKey, Organisation, Person]:
    # The outer joins may bring neither; KeyRow says so, which the type of a join cannot.
    return (
        select(ApiKey, Organisation, Person)
        .outerjoin(Organisation, col(Organisation.id) == col(ApiKey.organisation_id))
        .outerjoin(Person, col(Person.id) == col(ApiKey.person_id))
    )
