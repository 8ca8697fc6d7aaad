"""Whom a brief could go to and what it asks, as matching reads them; the directory's text is indexed once a version."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, func, or_, select

from service.matching import BriefProfile, Index, Publication, ResearcherProfile, build_index
from service.records import briefs, researchers
from service.records.database import Unit
from service.records.tables import Enquiry, Interest, Offer, Organisation, Project, Researcher
from service.states import OfferState, ProjectState

_TAKES_DAYS = (ProjectState.PLANNED, ProjectState.ACTIVE, ProjectState.PAUSED)
_DONE = (ProjectState.DELIVERED, ProjectState.COMPLETED)


@dataclass(frozen=True, slots=True)
class Directory:
    """Everyone who could be asked, as things stand, and the index of what they wrote."""

    people: tuple[ResearcherProfile, ...]
    index: Index


@dataclass(frozen=True, slots=True)
class _Version:
    """What tells one state of the directory from another: nobody comes, goes, changes or is renamed without moving it."""

    newest_change: datetime | None
    count: int
    changes: int


class Corpus:
    """One process's memory of the directory: read and indexed again only when the directory has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[_Version, Directory] | None = None

    def directory(self, unit: Unit) -> Directory:
        """Return the directory as this transaction sees it; whose days are taken by what is looked up each time."""
        version = _version(unit)
        with self._lock:
            if self._known is None or self._known[0] != version:
                people = _profiles(unit)
                self._known = version, Directory(people, build_index(people))
            known = self._known[1]
        return Directory(_as_committed(unit, known.people), known.index)


def brief_profile(unit: Unit, enquiry_id: UUID) -> BriefProfile:
    """Return what an enquiry asks for: its brief where one says something, and its own words until then."""
    enquiry = unit.get(Enquiry, enquiry_id)
    if enquiry is None:
        raise LookupError(f"no enquiry {enquiry_id}")
    newest = briefs.newest(unit, enquiry_id)
    sections = dict(newest.sections) if newest else {}
    return BriefProfile(
        sections=sections or _own_words(enquiry),
        title=enquiry.question,
        topics=tuple(enquiry.topics),
        methods=tuple(enquiry.methods),
        populations=tuple(enquiry.population),
        needed_by=enquiry.needed_by or enquiry.decision_date,
        commissioner=_known_as(unit, enquiry),
    )


def _own_words(enquiry: Enquiry) -> dict[str, str]:
    people = " ".join(filter(None, (enquiry.population_notes, enquiry.place)))
    words = {
        "questions": enquiry.question,
        "purpose": enquiry.purpose,
        "population_setting_place": people,
        "known": enquiry.known_evidence,
    }
    return {section: text for section, text in words.items() if text}


def _known_as(unit: Unit, enquiry: Enquiry) -> tuple[str, ...]:
    """Return every id and name the asking organisation goes by, those of the bodies it succeeded too."""
    names = [enquiry.organisation_name] if enquiry.organisation_name else []
    found: dict[UUID, Organisation] = {}
    wanted = {enquiry.organisation_id} if enquiry.organisation_id else set()
    while wanted:
        related = unit.exec(
            select(Organisation).where(
                or_(col(Organisation.id).in_(wanted), col(Organisation.succeeded_by_id).in_(wanted))
            )
        ).all()
        wanted = {body.id for body in related} - set(found)
        found |= {body.id: body for body in related}
    return tuple(dict.fromkeys([*names, *(name for body in found.values() for name in (body.name, str(body.id)))]))


def _version(unit: Unit) -> _Version:
    versions = func.sum(col(Researcher.version) + col(Organisation.version))
    newest, count, changes = unit.exec(
        select(func.max(Researcher.updated_at), func.count(), func.coalesce(versions, 0)).join(
            Organisation, col(Organisation.id) == col(Researcher.organisation_id)
        )
    ).one()
    return _Version(newest, count, changes)


def _profiles(unit: Unit) -> tuple[ResearcherProfile, ...]:
    rows = unit.exec(
        select(Researcher, Organisation)
        .join(Organisation, col(Organisation.id) == col(Researcher.organisation_id))
        .order_by(col(Researcher.id))
    ).all()
    written = researchers.publications_of(unit, [researcher.id for researcher, _ in rows])
    return tuple(
        ResearcherProfile(
            id=str(researcher.id),
            name=researcher.name,
            university_id=str(university.id),
            university=university.name,
            statement=researcher.statement or "",
            keywords=tuple(researcher.keywords),
            methods=tuple(researcher.methods),
            topics=tuple(researcher.topics),
            publications=tuple(
                Publication(str(one.id), one.title, one.abstract or "", one.year, one.doi)
                for one in written[researcher.id]
            ),
            capacity_days=researcher.capacity_days,
            available_from=researcher.available_from,
            declared_conflicts=tuple(researcher.conflicts),
            hidden=researcher.hidden,
            career_stage=researcher.career_stage,
        )
        for researcher, university in rows
    )


def _as_committed(unit: Unit, people: Iterable[ResearcherProfile]) -> tuple[ResearcherProfile, ...]:
    """Return the same people with the days that live offers and projects take, and the projects they have done."""
    days, done = _days_taken(unit), _projects_done(unit)
    return tuple(
        replace(person, committed_days=days.get(person.id, 0), past_projects=tuple(done.get(person.id, ())))
        if person.id in days or person.id in done
        else person
        for person in people
    )


def _days_taken(unit: Unit) -> dict[str, int]:
    taken: dict[str, int] = {}
    rows = unit.exec(
        select(Researcher.id, Interest.capacity_days)
        .join(Interest, _leads())
        .join(Offer, col(Offer.interest_id) == col(Interest.id))
        .join(Project, col(Project.offer_id) == col(Offer.id), isouter=True)
        .where(
            or_(
                col(Offer.state) == OfferState.OPEN,
                (col(Offer.state) == OfferState.ACCEPTED) & col(Project.state).in_(_TAKES_DAYS),
            )
        )
    )
    for researcher_id, days in rows:
        taken[str(researcher_id)] = taken.get(str(researcher_id), 0) + days
    return taken


def _projects_done(unit: Unit) -> dict[str, list[str]]:
    done: dict[str, list[str]] = {}
    rows = unit.exec(
        select(Researcher.id, Enquiry.question)
        .join(Interest, _leads())
        .join(Project, col(Project.interest_id) == col(Interest.id))
        .join(Enquiry, col(Enquiry.id) == col(Project.enquiry_id))
        .where(col(Project.state).in_(_DONE))
        .order_by(col(Project.created_at), col(Project.id))
    )
    for researcher_id, question in rows:
        done.setdefault(str(researcher_id), []).append(" ".join(question.split()))
    return done


def _leads() -> ColumnElement[bool]:
    """An interest names its lead from the directory, or by the address that the directory has."""
    return or_(
        col(Interest.lead_researcher_id) == col(Researcher.id),
        and_(
            col(Interest.lead_researcher_id).is_(None),
            col(Interest.organisation_id) == col(Researcher.organisation_id),
            func.lower(Interest.lead_email) == func.lower(Researcher.email),
        ),
    )
