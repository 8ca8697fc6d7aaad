"""The universities' researchers and what they have written."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, func, or_
from sqlmodel import col, select

from service.records import source_runs
from service.records.database import Unit
from service.records.tables import Organisation, Publication, Researcher, SourceRun

STALE = timedelta(days=365)
"""How old the word of a university or researcher may be before it is shown as old."""
_AT_ONCE = 500  # parameters in one statement


@dataclass(frozen=True, slots=True)
class ResearcherRow:
    """A researcher with their university and what they have written."""

    researcher: Researcher
    university: Organisation
    publications: list[Publication]
    sources: list[SourceRun]
    """What was read about them in public records, by source."""

    @property
    def read_at(self) -> datetime | None:
        """When a source was last read to its end."""
        return max((run.read_at for run in self.sources if run.read_at), default=None)

    def is_stale(self, now: datetime) -> bool:
        """Tell whether neither the university nor the researcher has confirmed this for a year."""
        return (self.researcher.confirmed_at or self.researcher.created_at) <= now - STALE


@dataclass(frozen=True, slots=True)
class Freshness:
    """How much a university's directory can be relied on."""

    listed: int
    stale: int
    """Those neither their university nor they themselves have confirmed for a year."""
    confirmed_at: datetime | None
    """When any of them was last confirmed."""
    read_at: datetime | None
    """When public records were last read about any of them."""


def find(unit: Unit, researcher_id: UUID, organisation_id: UUID | None = None) -> Researcher | None:
    """Return a researcher, or None; only one of `organisation_id`, where given."""
    found = unit.get(Researcher, researcher_id)
    if found is None or (organisation_id is not None and found.organisation_id != organisation_id):
        return None
    return found


def of_university(unit: Unit, organisation_id: UUID, *, also_merged: bool = False) -> list[Researcher]:
    """Return every researcher of a university, in the order they were added; entries merged into another where asked."""
    query = select(Researcher).where(Researcher.organisation_id == organisation_id).order_by(col(Researcher.id))
    if not also_merged:
        query = query.where(col(Researcher.merged_into_id).is_(None))
    return list(unit.exec(query))


def page(
    unit: Unit,
    *,
    organisation_id: UUID | None = None,
    q: str | None = None,
    topic: str | None = None,
    method: str | None = None,
    hidden: bool | None = None,
    confirmed_before: datetime | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[ResearcherRow]:
    """Return researchers in the order they were added, at most `limit`: those after `after`, where given.

    Entries that were merged into another are not among them. `q` looks in names and addresses; `topic` and `method` are codes that a profile holds.
    """
    query = (
        select(Researcher, Organisation)
        .join(Organisation, col(Organisation.id) == col(Researcher.organisation_id))
        .order_by(col(Researcher.id))
        .limit(limit)
    )
    if organisation_id is not None:
        query = query.where(Researcher.organisation_id == organisation_id)
    if q is not None:
        query = query.where(
            or_(col(Researcher.name).icontains(q, autoescape=True), col(Researcher.email).icontains(q, autoescape=True))
        )
    for column, code in ((Researcher.topics, topic), (Researcher.methods, method)):
        if code is not None:
            query = query.where(cast(col(column), String).contains(f'"{code}"', autoescape=True))
    if hidden is not None:
        query = query.where(Researcher.hidden == hidden)
    if confirmed_before is not None:
        query = query.where(_confirmed() <= confirmed_before)
    if after is not None:
        query = query.where(Researcher.id > after)
    query = query.where(col(Researcher.merged_into_id).is_(None))
    return _rows(unit, unit.exec(query).all())


def freshness(unit: Unit, organisation_id: UUID, now: datetime) -> Freshness:
    """Return how much a university's directory can be relied on."""
    theirs = (Researcher.organisation_id == organisation_id, col(Researcher.merged_into_id).is_(None))
    listed, confirmed_at = unit.exec(select(func.count(), func.max(Researcher.confirmed_at)).where(*theirs)).one()
    stale = unit.exec(select(func.count()).select_from(Researcher).where(*theirs, _confirmed() <= now - STALE)).one()
    read_at = unit.exec(
        select(func.max(SourceRun.read_at))
        .join(Researcher, col(Researcher.id) == col(SourceRun.researcher_id))
        .where(*theirs)
    ).one()
    return Freshness(listed, stale, confirmed_at, read_at)


def rows(unit: Unit, researcher_ids: Collection[UUID]) -> Mapping[UUID, ResearcherRow]:
    """Return these researchers with their universities, what they have written and what was read about them."""
    found: list[tuple[Researcher, Organisation]] = []
    ids = list(researcher_ids)
    for start in range(0, len(ids), _AT_ONCE):
        found += unit.exec(
            select(Researcher, Organisation)
            .join(Organisation, col(Organisation.id) == col(Researcher.organisation_id))
            .where(col(Researcher.id).in_(ids[start : start + _AT_ONCE]))
        ).all()
    return {row.researcher.id: row for row in _rows(unit, found)}


def count(unit: Unit, organisation_id: UUID) -> int:
    """Return how many researchers a university lists, the hidden ones too."""
    return unit.exec(
        select(func.count())
        .select_from(Researcher)
        .where(Researcher.organisation_id == organisation_id, col(Researcher.merged_into_id).is_(None))
    ).one()


def row(unit: Unit, researcher_id: UUID, organisation_id: UUID | None = None) -> ResearcherRow | None:
    """Return a researcher with their university and publications, or None; only one of `organisation_id`, where given."""
    researcher = find(unit, researcher_id, organisation_id)
    if researcher is None:
        return None
    [found] = _rows(unit, [(researcher, unit.get_one(Organisation, researcher.organisation_id))])
    return found


def _confirmed() -> Any:
    return func.coalesce(Researcher.confirmed_at, Researcher.created_at)


def _rows(unit: Unit, found: Sequence[tuple[Researcher, Organisation]]) -> list[ResearcherRow]:
    ids = [researcher.id for researcher, _ in found]
    written, read = publications_of(unit, ids), source_runs.of_researchers(unit, ids)
    return [
        ResearcherRow(researcher, university, written.get(researcher.id, []), read.get(researcher.id, []))
        for researcher, university in found
    ]


def publications_of(unit: Unit, researcher_ids: Collection[UUID]) -> Mapping[UUID, list[Publication]]:
    """Return the publications of each of these researchers, the newest first; an empty list for one with none."""
    found: defaultdict[UUID, list[Publication]] = defaultdict(list)
    ids = list(researcher_ids)
    for start in range(0, len(ids), _AT_ONCE):
        wanted = col(Publication.researcher_id).in_(ids[start : start + _AT_ONCE])
        for publication in unit.exec(select(Publication).where(wanted, col(Publication.removed_at).is_(None))):
            found[publication.researcher_id].append(publication)
    for publications in found.values():
        publications.sort(key=lambda publication: (-(publication.year or 0), publication.title, publication.id))
    return found


def lock_university(unit: Unit, organisation_id: UUID) -> None:
    """Hold a university's directory to the end of the transaction, so that two imports take turns."""
    unit.exec(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update()).all()
