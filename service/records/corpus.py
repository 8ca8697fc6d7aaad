"""Whom a brief could go to and what it asks, as matching reads them, and each process's index of the directory."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, func, or_, select

from service.matching import (
    BriefProfile,
    Candidates,
    Commitment,
    Employer,
    Index,
    Publication,
    Ranking,
    ResearcherProfile,
    candidates,
    rank,
)
from service.matching.query import text_of
from service.matching.survey import Survey, survey
from service.matching.synonyms import Synonyms
from service.matching.vectors import Vector
from service.records import briefs, calls, people, researchers, shortlists, synonyms, vectors
from service.records.database import Unit
from service.records.following import Changes, Following
from service.records.shelf import Learner
from service.records.tables import Enquiry, Interest, Offer, Organisation, Project, Researcher
from service.states import EnquiryState, OfferState, ProjectState

_AT_ONCE = 500  # parameters in one statement

_TAKES_DAYS = (ProjectState.PLANNED, ProjectState.ACTIVE, ProjectState.PAUSED)
_DONE = (ProjectState.DELIVERED, ProjectState.COMPLETED)


class Corpus:
    """One process's memory of the directory, which follows every change and answers as one read afresh would.

    `model` names whose vectors are used; None for words alone.
    """

    def __init__(self, model: str | None = None) -> None:
        self._model = model
        self._lock = threading.RLock()
        self._index = Index()
        self._following = Following()
        self._synonyms: int | None = None
        self._addresses: dict[tuple[UUID, str], str] = {}
        self._learner = Learner(model)
        self._is_read = False

    def follow(self, unit: Unit) -> None:
        """Take in what is different in the directory as this transaction sees it."""
        with self._lock:
            changes = self._following.changes(unit)
            if changes is not None:
                self._take_in(unit, changes)
            words = synonyms.stamp(unit)
            if words != self._synonyms:
                self._index.synonyms = Synonyms.of(synonyms.in_force(unit).values())
                self._synonyms = words
            self._learner.learn(unit, self._index.texts, at_once=changes is not None)
            self._is_read = True

    def ranking(self, unit: Unit, brief: BriefProfile, *, today: date, limit: int) -> Ranking:
        """Return who could answer a brief as this transaction sees the directory: at most `limit` suggested."""
        with self._lock:
            self.follow(unit)
            self._index.commit(self._commitments(unit))
            return rank(brief, self._index, today=today, limit=limit, vector=self._vector(unit, brief))

    def candidates(
        self, unit: Unit, briefs: Sequence[BriefProfile], *, today: date, days: int, most: int
    ) -> list[Candidates]:
        """Return who could take each brief and has `days` left, as this transaction sees the directory: at most `most` for each."""
        with self._lock:
            self.follow(unit)
            self._index.commit(self._commitments(unit))
            return [
                candidates(brief, self._index, today=today, days=days, most=most, vector=self._vector(unit, brief))
                for brief in briefs
            ]

    def leads(self, unit: Unit) -> dict[str, int]:
        """Return how many live offers and projects each person leads; nobody who leads none is in it."""
        with self._lock:
            self.follow(unit)
            return Counter(who for lead, _ in _days_taken(unit) if (who := self._who(lead)) is not None)

    @property
    def is_read(self) -> bool:
        """Whether this process has read the directory once: from then on it follows in little time."""
        return self._is_read

    def survey(self, unit: Unit, brief: BriefProfile, of: Sequence[str], *, today: date) -> Survey:
        """Return how the ranking stands as this transaction sees the directory, and where these people stand in it."""
        with self._lock:
            self.follow(unit)
            self._index.commit(self._commitments(unit))
            found = survey(brief, self._index, of, today=today, vector=self._vector(unit, brief))
            return replace(found, inputs={**found.inputs, "model": self._model if found.inputs["by_meaning"] else None})

    def lead_of(self, unit: Unit, interest: Interest) -> str | None:
        """Return the entry of the directory that an interest's lead has; None where there is none."""
        with self._lock:
            self.follow(unit)
            return self._who(_Lead(interest.lead_researcher_id, interest.organisation_id, interest.lead_email))

    def lacks(self, unit: Unit, brief: BriefProfile) -> str:
        """Return the text of a brief whose vector would be of use and is not known yet; "" when there is no need."""
        with self._lock:
            self.follow(unit)
            text = text_of(brief)
            if self._model is None or not text or not self._index.texts.has_learned:
                return ""
            return "" if self._vector(unit, brief) is not None else text

    @property
    def waiting(self) -> int:
        """How many texts of the directory are read by their words alone, their vectors not being known yet."""
        return len(self._index.texts.unlearned) if self._model else 0

    def _take_in(self, unit: Unit, changes: Changes) -> None:
        for person in profiles(unit, changes.changed):
            self._index.put(person)
        if changes.changed or changes.gone:
            self._addresses = _addresses(unit)
        for researcher_id in changes.gone:
            self._index.drop(str(researcher_id))
        self._following.followed(changes)

    def _vector(self, unit: Unit, brief: BriefProfile) -> Vector | None:
        text = text_of(brief)
        if self._model is None or not text or not self._index.texts.has_learned:
            return None
        return vectors.of_text(unit, self._model, text)

    def _commitments(self, unit: Unit) -> dict[str, Commitment]:
        """Return what live offers and projects take of anybody's days, and the projects they have done."""
        days: dict[str, int] = {}
        for lead, taken in _days_taken(unit):
            if (who := self._who(lead)) is not None:
                days[who] = days.get(who, 0) + taken
        done: dict[str, list[str]] = {}
        for lead, question in _projects_done(unit):
            if (who := self._who(lead)) is not None:
                done.setdefault(who, []).append(" ".join(question.split()))
        return {who: Commitment(days.get(who, 0), tuple(done.get(who, ()))) for who in days.keys() | done.keys()}

    def _who(self, lead: "_Lead") -> str | None:
        """An interest names its lead from the directory, or by the address that the directory has."""
        if lead.researcher_id is not None:
            return str(lead.researcher_id)
        return self._addresses.get((lead.organisation_id, lead.email.lower()))


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
        universities=_reach(unit, enquiry_id),
        exclusions=shortlists.passed_over(unit, enquiry_id),
    )


def _reach(unit: Unit, enquiry_id: UUID) -> frozenset[str]:
    """Return whom a brief can go to: those who can still answer its open call; the partner universities before one."""
    asked = calls.still_asked(unit, enquiry_id)
    if asked is None:
        asked = [each.id for each in people.partner_universities(unit)]
    return frozenset(map(str, asked))


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


def profiles(unit: Unit, ids: Sequence[UUID]) -> Iterator[ResearcherProfile]:
    """Yield these people as matching reads them, without what they have taken on."""
    for start in range(0, len(ids), _AT_ONCE):
        yield from _profiles(unit, ids[start : start + _AT_ONCE])


def _addresses(unit: Unit) -> dict[tuple[UUID, str], str]:
    """Return whose each address is: a merged entry's still leads to the one that stands for it."""
    standing_for_it = func.coalesce(col(Researcher.merged_into_id), col(Researcher.id))
    rows = unit.exec(select(Researcher.organisation_id, Researcher.email, standing_for_it))
    return {(organisation_id, email.lower()): str(researcher_id) for organisation_id, email, researcher_id in rows}


def _profiles(unit: Unit, ids: Sequence[UUID]) -> Iterator[ResearcherProfile]:
    rows = unit.exec(
        select(Researcher, Organisation)
        .join(Organisation, col(Organisation.id) == col(Researcher.organisation_id))
        .where(col(Researcher.id).in_(ids))
    ).all()
    written = researchers.publications_of(unit, [researcher.id for researcher, _ in rows])
    for researcher, university in rows:
        yield ResearcherProfile(
            id=str(researcher.id),
            name=researcher.name,
            university_id=str(university.id),
            university=university.name,
            statement=researcher.statement or "",
            keywords=tuple(researcher.keywords),
            methods=tuple(researcher.methods),
            topics=tuple(researcher.topics),
            publications=tuple(
                Publication(str(one.id), one.title, one.abstract or "", one.year, one.doi, tuple(one.organisations))
                for one in written.get(researcher.id, ())
            ),
            capacity_days=researcher.capacity_days,
            available_from=researcher.available_from,
            declared_conflicts=tuple(researcher.conflicts),
            employers=tuple(_employers(researcher)),
            hidden=researcher.hidden,
            career_stage=researcher.career_stage,
        )


def _employers(researcher: Researcher) -> Iterator[Employer]:
    yield from (Employer(name) for name in researcher.employers)
    for each in researcher.employments:
        since, until = (date.fromisoformat(day) if (day := each[name]) else None for name in ("from", "until"))
        yield Employer(each["organisation"] or "", since, until, each["source"] or "")


class _Lead(NamedTuple):
    """Whom an interest names as its lead."""

    researcher_id: UUID | None
    organisation_id: UUID
    email: str


def _days_taken(unit: Unit) -> Iterator[tuple[_Lead, int]]:
    rows = unit.exec(
        select(Interest.lead_researcher_id, Interest.organisation_id, Interest.lead_email, Interest.capacity_days)
        .join(Offer, col(Offer.interest_id) == col(Interest.id))
        .join(Enquiry, col(Enquiry.id) == col(Offer.enquiry_id))
        .join(Project, col(Project.offer_id) == col(Offer.id), isouter=True)
        .where(
            or_(
                col(Offer.state) == OfferState.OPEN,
                (col(Offer.state) == OfferState.ACCEPTED) & col(Project.state).in_(_TAKES_DAYS),
            ),
            # A closed enquiry may keep a planned project for reopening to find again: it takes nobody's days meanwhile.
            col(Enquiry.state) != EnquiryState.CLOSED,
        )
    )
    return ((_Lead(key, university, email), days) for key, university, email, days in rows)


def _projects_done(unit: Unit) -> Iterator[tuple[_Lead, str]]:
    rows = unit.exec(
        select(Interest.lead_researcher_id, Interest.organisation_id, Interest.lead_email, Enquiry.question)
        .join(Project, col(Project.interest_id) == col(Interest.id))
        .join(Enquiry, col(Enquiry.id) == col(Project.enquiry_id))
        .where(col(Project.state).in_(_DONE))
        .order_by(col(Project.created_at), col(Project.id))
    )
    return ((_Lead(key, university, email), question) for key, university, email, question in rows)
