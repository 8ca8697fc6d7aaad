"""Accounts at the provider: whose each one is, and the sign-ins there that came back already."""

from datetime import datetime

from sqlmodel import select

from service.records.database import Unit
from service.records.tables import Person, SpentFlow


def holder(unit: Unit, issuer: str, subject: str) -> Person | None:
    """Return the person whom an account belongs to, or None."""
    return unit.exec(select(Person).where(Person.oidc_issuer == issuer, Person.oidc_subject == subject)).first()


def spend(unit: Unit, digest: str, machine_now: datetime) -> bool:
    """Use up the state with this digest; False when it was used before. Of two at once, one gets it."""
    if unit.get(SpentFlow, digest) is not None:
        return False
    unit.add(SpentFlow(digest=digest, spent_at=machine_now))
    unit.flush()
    return True
