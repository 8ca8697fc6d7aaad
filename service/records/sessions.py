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


def begin(unit: Unit, person: Person, digest: str, now: datetime) -> WebSession:
    """Add and return a person's session; staff sessions are short."""
    lasts = STAFF_LASTS if person.staff_role else LASTS
    session = WebSession(digest=digest, person_id=person.id, created_at=now, expires_at=now + lasts)
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
    )


def end(unit: Unit, digest: str, now: datetime) -> None:
    """End a session, if it has not ended yet."""
    unit.exec(
        update(WebSession)
        .where(col(WebSession.digest) == digest, col(WebSession.ended_at).is_(None))
        .values(ended_at=now)
    )
