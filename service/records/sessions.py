"""Sessions in browsers, found by the digest of what their cookie holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import col, select, update

from service.records.database import Unit
from service.records.tables import Interest, Person, WebSession

LASTS = timedelta(days=7)
STAFF_LASTS = timedelta(hours=12)
"""Whoever is staff, signed in as whatever else: their console closes after this."""
STAFF_IDLE = timedelta(hours=2)
"""And after this without a page of the console being used."""
SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is known when a session was last used."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a session belongs to."""

    session_id: UUID
    person_id: UUID
    name: str
    email: str | None
    staff_role: str | None
    organisation_id: UUID | None
    is_contact: bool
    is_lead: bool
    """Named by a university to lead its team on some brief."""
    method: str
    """How they signed in: link or oidc."""
    since: datetime
    seen: datetime
    """When the session was last used, to a few minutes."""

    def is_fresh_for_staff(self, now: datetime) -> bool:
        """Tell whether the session is young enough, and was used lately enough, to open the console."""
        return now - self.since < STAFF_LASTS and now - self.seen < STAFF_IDLE


@dataclass(frozen=True, slots=True)
class Open:
    """A session of somebody's that has not ended."""

    id: UUID
    method: str
    since: datetime
    seen: datetime


def begin(unit: Unit, person: Person, digest: str, now: datetime, method: str = "link") -> WebSession:
    """Add and return a person's session; staff sessions are short."""
    lasts = STAFF_LASTS if person.staff_role else LASTS
    session = WebSession(digest=digest, person_id=person.id, method=method, created_at=now, expires_at=now + lasts)
    unit.add(session)
    return session


def visitor(unit: Unit, digest: str, now: datetime) -> Visitor | None:
    """Return whose session this is at `now`, or None when it is unknown, ended or too old."""
    found = unit.exec(
        select(WebSession, Person, exists().where(col(Interest.lead_person_id) == col(Person.id)))
        .join(Person, col(Person.id) == col(WebSession.person_id))
        .where(WebSession.digest == digest, col(WebSession.ended_at).is_(None), WebSession.expires_at > now)
    ).first()
    if found is None:
        return None
    session, person, leads = found
    return Visitor(
        session_id=session.id,
        person_id=person.id,
        name=person.name,
        email=person.email,
        staff_role=person.staff_role,
        organisation_id=person.organisation_id,
        is_contact=person.is_contact,
        is_lead=leads,
        method=session.method,
        since=session.created_at,
        seen=session.seen_at or session.created_at,
    )


def note_use(unit: Unit, session_id: UUID, now: datetime) -> None:
    """Note that a session is in use."""
    unit.exec(update(WebSession).where(col(WebSession.id) == session_id).values(seen_at=now))


def of_person(unit: Unit, person_id: UUID, now: datetime) -> list[Open]:
    """Return a person's sessions that have not ended, the newest first."""
    found = unit.exec(
        select(WebSession)
        .where(WebSession.person_id == person_id, col(WebSession.ended_at).is_(None), WebSession.expires_at > now)
        .order_by(col(WebSession.created_at).desc(), col(WebSession.id).desc())
    )
    return [Open(each.id, each.method, each.created_at, each.seen_at or each.created_at) for each in found]


def end_one(unit: Unit, person_id: UUID, session_id: UUID, now: datetime) -> None:
    """End one session of a person's, if it is theirs and has not ended yet."""
    unit.exec(
        update(WebSession)
        .where(
            col(WebSession.id) == session_id, col(WebSession.person_id) == person_id, col(WebSession.ended_at).is_(None)
        )
        .values(ended_at=now)
    )


def end(unit: Unit, digest: str, now: datetime) -> None:
    """End a session, if it has not ended yet."""
    unit.exec(
        update(WebSession)
        .where(col(WebSession.digest) == digest, col(WebSession.ended_at).is_(None))
        .values(ended_at=now)
    )
