"""What is like an enquiry: earlier enquiries, published answers and studies, each with why, for the team's eyes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlmodel import col, or_, select

from service.matching.related import FEWEST_WORDS, WORTH_SHOWING, Similar
from service.records import published, vectors
from service.records.database import Unit
from service.records.library import Library
from service.records.matters import LIVE_STUDIES, Matters
from service.records.tables import Enquiry, Organisation, Project
from service.states import ENQUIRY_STATES, PROJECT_STATES, EnquiryState, Outcome, ProjectState
from service.vocabulary import REDACTED

_MOST = 200

Kind = Literal["enquiry", "answer", "study"]


@dataclass(frozen=True, slots=True)
class Kin:
    """One matter like the one asked about, told once: as its answer, as its study under way, or as the enquiry it is."""

    kind: Kind
    id: UUID
    """The enquiry's, the answer's or the project's."""
    reference: str
    """Of the enquiry it is, or came of."""
    title: str
    state: str
    label: str
    outcome: str | None
    organisation: str | None
    organisation_shown: str | None
    """What others may be told of who asked."""
    asked_at: datetime
    score: float
    why: tuple[str, ...]
    near_duplicate: bool
    askers: frozenset[str]
    """Who asked it, those whose enquiries were merged into it too."""


@dataclass(frozen=True, slots=True)
class Related:
    """What is like an enquiry, best first."""

    items: tuple[Kin, ...]
    is_enough: bool
    """False for a question that says too little to go on."""
    by_meaning: bool
    waiting: int
    others: tuple[str, ...]
    """The other organisations that asked much the same, by name."""

    @property
    def near_duplicates(self) -> tuple[Kin, ...]:
        return tuple(item for item in self.items if item.near_duplicate)


def lacks(unit: Unit, matters: Matters, library: Library, enquiry_id: UUID) -> str:
    """Return the question of an enquiry whose vector would be of use and is not known yet; "" when there is no need."""
    matters.follow(unit)
    library.follow(unit)
    text = _asked(unit, enquiry_id)
    if matters.model is None or not text or not (matters.reads_meaning or library.reads_meaning):
        return ""
    return "" if vectors.of_text(unit, matters.model, text) is not None else text


def related(unit: Unit, matters: Matters, library: Library, enquiry_id: UUID, *, limit: int) -> Related:
    """Return what is like an enquiry as this transaction sees it, at most `limit`.

    What it is linked with already (merged, split off, taken up) is left out, as are drafts and what was no enquiry. A
    merged one is told as the enquiry it goes on as.
    """
    asked = _asked(unit, enquiry_id)
    vector = vectors.of_text(unit, matters.model, asked) if matters.model and asked else None
    found, fits, ends = matters.search(unit, asked, vector)
    answers = library.search(unit, asked, vector, fewest=FEWEST_WORDS, least=WORTH_SHOWING)
    fits |= {
        hit.answer.enquiry_id: hit.fit
        for hit in reversed(answers.hits)
        if hit.answer.enquiry_id not in fits or fits[hit.answer.enquiry_id].score < hit.fit.score
    }
    linked = _linked(unit, enquiry_id, matters)
    best: dict[UUID, Similar] = {}
    for key, fit in sorted(fits.items(), key=lambda each: (-each[1].score, each[0])):
        if (end := ends.get(key, key)) not in linked and key not in linked:
            best.setdefault(end, fit)
    keys = list(best)[:_MOST]
    items = _told(unit, {key: best[key] for key in keys})
    return Related(
        tuple(items[:limit]),
        found.is_enough,
        found.by_meaning or answers.by_meaning,
        matters.waiting,
        _others(unit, enquiry_id, items),
    )


def _asked(unit: Unit, enquiry_id: UUID) -> str:
    enquiry = unit.get(Enquiry, enquiry_id)
    if enquiry is None:
        raise LookupError(f"no enquiry {enquiry_id}")
    return "" if enquiry.question == REDACTED else enquiry.question


def _linked(unit: Unit, enquiry_id: UUID, matters: Matters) -> set[UUID]:
    """Return the enquiry itself, where it goes on, and what a manager linked it with."""
    end = matters.end_of(enquiry_id)
    rows = unit.exec(
        select(Enquiry.id, Enquiry.continues_id).where(
            or_(
                col(Enquiry.id).in_([enquiry_id, end]),
                col(Enquiry.continues_id) == enquiry_id,
                col(Enquiry.duplicate_of_id) == enquiry_id,
            )
        )
    )
    return {each for row in rows for each in row if each is not None} | {enquiry_id, end}


def _told(unit: Unit, best: dict[UUID, Similar]) -> list[Kin]:
    rows = {enquiry.id: (enquiry, body) for enquiry, body in _enquiries(unit, best)}
    answers = published.of_enquiries(unit, list(best))
    projects = {
        project.id: project
        for project in unit.exec(select(Project).where(col(Project.enquiry_id).in_(list(best))))
        if project.state in LIVE_STUDIES
    }
    merged: dict[UUID, set[str]] = {}
    for enquiry, body in _merged_into(unit, list(best)):
        if enquiry.duplicate_of_id and (name := _name(enquiry, body)):
            merged.setdefault(enquiry.duplicate_of_id, set()).add(name)
    told = []
    for key, fit in best.items():
        if key not in rows:
            continue
        enquiry, body = rows[key]
        project = projects.get(enquiry.project_id) if enquiry.project_id else None
        askers = merged.get(key, set()) | ({name} if (name := _name(enquiry, body)) else set())
        told.append(_kin(enquiry, body, fit, answers.get(key), project, frozenset(askers)))
    return told


def _kin(
    enquiry: Enquiry,
    body: Organisation | None,
    fit: Similar,
    answer: published.Answer | None,
    project: Project | None,
    askers: frozenset[str],
) -> Kin:
    kind: Kind = "answer" if answer else "study" if project else "enquiry"
    state = project.state if project else enquiry.state
    label = PROJECT_STATES[ProjectState(state)] if project else ENQUIRY_STATES[EnquiryState(state)].label
    return Kin(
        kind=kind,
        id=answer.id if answer else project.id if project else enquiry.id,
        reference=enquiry.reference or "",
        title=answer.title if answer else enquiry.question,
        state="published" if answer else state,
        label="Published answer" if answer else label,
        outcome=enquiry.outcome,
        organisation=_name(enquiry, body),
        organisation_shown=enquiry.organisation_shown,
        asked_at=enquiry.submitted_at or enquiry.created_at,
        score=fit.score,
        why=fit.why,
        near_duplicate=fit.near_duplicate,
        askers=askers,
    )


def _enquiries(unit: Unit, ids: Iterable[UUID]) -> list[tuple[Enquiry, Organisation | None]]:
    rows = unit.exec(
        select(Enquiry, Organisation)
        .join(Organisation, col(Organisation.id) == col(Enquiry.organisation_id), isouter=True)
        .where(
            col(Enquiry.id).in_(list(ids)),
            col(Enquiry.state) != EnquiryState.DRAFT,
            col(Enquiry.duplicate_of_id).is_(None),
            or_(col(Enquiry.outcome).is_(None), col(Enquiry.outcome) != Outcome.SPAM),
        )
    )
    return [(enquiry, body) for enquiry, body in rows]


def _merged_into(unit: Unit, ids: Collection[UUID]) -> list[tuple[Enquiry, Organisation | None]]:
    rows = unit.exec(
        select(Enquiry, Organisation)
        .join(Organisation, col(Organisation.id) == col(Enquiry.organisation_id), isouter=True)
        .where(col(Enquiry.duplicate_of_id).in_(ids))
    )
    return [(enquiry, body) for enquiry, body in rows]


def _others(unit: Unit, enquiry_id: UUID, items: Iterable[Kin]) -> tuple[str, ...]:
    """Return who else asked much the same, by name, the asker's own organisation left out."""
    enquiry = unit.get_one(Enquiry, enquiry_id)
    own = _name(enquiry, unit.get(Organisation, enquiry.organisation_id) if enquiry.organisation_id else None)
    names = {name for item in items if item.near_duplicate for name in item.askers}
    return tuple(sorted(names - {own}))


def _name(enquiry: Enquiry, body: Organisation | None) -> str | None:
    return body.name if body else enquiry.organisation_name
