"""API keys, found by their digests."""

from datetime import datetime

from sqlmodel import select

from service.principals import Principal, Role
from service.records.database import Unit
from service.records.tables import ApiKey


def principal_of(unit: Unit, digest: str, now: datetime) -> Principal | None:
    """Return whom a key's digest stands for at `now`, or None when it is unknown, expired or revoked."""
    key = unit.exec(select(ApiKey).where(ApiKey.digest == digest)).first()
    if key is None or not is_valid(key, now):
        return None
    return Principal(
        role=Role(key.role), person_id=key.person_id, organisation_id=key.organisation_id, key_id=key.id, name=key.name
    )


def is_valid(key: ApiKey, now: datetime) -> bool:
    """Tell whether a key opens doors at `now`."""
    return (key.revoked_at is None or key.revoked_at > now) and (key.expires_at is None or key.expires_at > now)
