"""Sign-in links: made with the mail that carries them, spent once."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, func, select, update

from service.records.database import Unit
from service.records.tables import SignInLink

GOOD_FOR = timedelta(minutes=60)


def make(unit: Unit, person_id: UUID, next_path: str, now: datetime) -> SignInLink:
    """Add and return a link for a person that leads on to `next_path`."""
    link = SignInLink(person_id=person_id, next_path=next_path, created_at=now, expires_at=now + GOOD_FOR)
    unit.add(link)
    unit.flush()
    return link


def find(unit: Unit, link_id: UUID) -> SignInLink | None:
    """Return a link, spent or not, or None."""
    return unit.get(SignInLink, link_id)


def waiting(unit: Unit, person_id: UUID, now: datetime) -> int:
    """Return how many of a person's links could still be spent."""
    return unit.exec(
        select(func.count())
        .select_from(SignInLink)
        .where(SignInLink.person_id == person_id, col(SignInLink.spent_at).is_(None), SignInLink.expires_at > now)
    ).one()


def is_good(link: SignInLink, now: datetime) -> bool:
    """Tell whether a link can still be spent."""
    return link.spent_at is None and now < link.expires_at


def spend(unit: Unit, link_id: UUID, now: datetime) -> SignInLink | None:
    """Spend a link and return it; None when it is unknown, spent or too old. Of two at once, one gets it."""
    spent = unit.exec(
        update(SignInLink)
        .where(col(SignInLink.id) == link_id, col(SignInLink.spent_at).is_(None), col(SignInLink.expires_at) > now)
        .values(spent_at=now)
    )
    return unit.get(SignInLink, link_id, populate_existing=True) if spent.rowcount == 1 else None
