"""Entries of the directory that may be about one person: found by what identifies people, never by a name alone."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from service.records import publications, researchers
from service.records.database import Unit
from service.records.publications import doi_key, title_key
from service.records.researchers import ResearcherRow
from service.records.tables import Interest, Publication, Researcher, ResearcherMerge, ToldApart

_TITLES = frozenset("dr prof professor mr mrs ms miss mx sir dame lord lady rev revd".split())
_TELLING = 12
"""Letters of a title that tell one work from another: “Editorial” is written by many."""
COMPARED = (
    "name", "email", "orcid", "statement", "keywords", "methods", "topics", "conflicts", "employers", "capacity_days", "available_from",
    "career_stage", "external_id",
)  # fmt: skip
"""What is shown of both side by side."""


Place = tuple[int, UUID, UUID]
"""How sure a pair is, and which it is."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries, the older first, and why they may be one person."""

    first: ResearcherRow
    second: ResearcherRow
    reasons: Sequence[str]

    @property
    def is_across(self) -> bool:
        """Tell whether two universities list them."""
        return self.first.university.id != self.second.university.id

    @property
    def differing(self) -> list[str]:
        """Return the fields in which they differ."""
        one, other = self.first.researcher, self.second.researcher
        return [name for name in COMPARED if getattr(one, name) != getattr(other, name)]


def pairs(unit: Unit, limit: int, after: Place | None = None) -> tuple[list[Pair], int]:
    """Return the pairs that nobody has decided on, the surest first, at most `limit` after a place; and how many there are."""
    reasons = _reasons(unit, unit.exec(_listed()).all())
    apart = set(unit.exec(select(ToldApart.first_id, ToldApart.second_id)).all())
    places = sorted((_rank(why), *key) for key, why in reasons.items() if key not in apart)
    wanted = [place for place in places if after is None or place > after][:limit]
    rows = researchers.rows(unit, {each for _, *key in wanted for each in key})
    return [Pair(rows[one], rows[other], reasons[one, other]) for _, one, other in wanted], len(places)


def place_of(pair: Pair) -> Place:
    """Return where a pair stands among those proposed."""
    return _rank(pair.reasons), pair.first.researcher.id, pair.second.researcher.id


def pair(unit: Unit, one: UUID, other: UUID) -> Pair | None:
    """Return two entries as a pair, with reasons or without; None where one of them is none, or was merged."""
    first, second = sorted((one, other))
    rows = researchers.rows(unit, {first, second})
    if first == second or len(rows) < 2 or any(row.researcher.merged_into_id for row in rows.values()):
        return None
    both = [rows[first].researcher, rows[second].researcher]
    return Pair(rows[first], rows[second], _reasons(unit, [_told(each) for each in both]).get((first, second), []))


def tell_apart(unit: Unit, row: ToldApart) -> bool:
    """Keep the word that two entries are two people; False where that was said before."""
    known = select(ToldApart).where(ToldApart.first_id == row.first_id, ToldApart.second_id == row.second_id)
    if unit.exec(known).first() is not None:
        return False
    unit.add(row)
    unit.flush()
    return True


@dataclass(frozen=True, slots=True)
class Moved:
    """What a merge moved, by id, and what of the kept entry's publications it completed: each field with its source."""

    publications: Sequence[UUID]
    interests: Sequence[UUID]
    entries: Sequence[UUID]
    """Those that were merged into the other one before."""
    completed: Mapping[UUID, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class MovedBack:
    """How many went back when a merge was undone, and how many publications are there no more."""

    publications: int
    interests: int
    gone: int


def move(unit: Unit, other_id: UUID, kept_id: UUID) -> Moved:
    """Move publications and interests from one entry to another, and what was merged into it; return what went.

    A work that the kept entry has already is completed by the other's account of it, which stays where it is.
    """
    known = publications.Known(publications.every(unit, kept_id))
    moved: list[UUID] = []
    completed: dict[UUID, dict[str, str]] = {}
    for row in publications.every(unit, other_id):
        same = known.find(row.title, row.year, row.doi)
        if same is None:
            row.researcher_id = kept_id
            known.add(row)
            moved.append(row.id)
        elif same.removed_at is None:
            lacking = [name for name in publications.FACTS if not getattr(same, name) and getattr(row, name)]
            for name in lacking:
                setattr(same, name, getattr(row, name))
            filled = {name: row.completed.get(name, row.source) for name in lacking}
            same.completed = {**same.completed, **filled}
            completed |= {same.id: {**completed.get(same.id, {}), **filled}} if filled else {}
            unit.add(same)
        unit.add(row)
    interests = unit.exec(select(Interest.id).where(Interest.lead_researcher_id == other_id)).all()
    entries = unit.exec(select(Researcher.id).where(Researcher.merged_into_id == other_id)).all()
    _point(unit, interests, entries, other_id, kept_id)
    return Moved(moved, interests, entries, completed)


def newest_merge(unit: Unit, other_id: UUID) -> ResearcherMerge | None:
    """Return the merge that took an entry into another and was not undone, where it was written down."""
    return unit.exec(
        select(ResearcherMerge)
        .where(ResearcherMerge.other_id == other_id, col(ResearcherMerge.undone_at).is_(None))
        .order_by(col(ResearcherMerge.merged_at).desc(), col(ResearcherMerge.id).desc())
    ).first()


def move_back(unit: Unit, merge: ResearcherMerge) -> MovedBack:
    """Move back what a merge moved and is still where it went; what has gone elsewhere since stays there."""
    ids = {name: [UUID(each) for each in merge.moved[name]] for name in ("publications", "interests", "entries")}
    here = [row for row in publications.every(unit, merge.kept_id) if row.id in set(ids["publications"])]
    for row in here:
        row.researcher_id = merge.other_id
        unit.add(row)
    interests = _point(unit, ids["interests"], ids["entries"], merge.kept_id, merge.other_id)
    return MovedBack(len(here), interests, len(ids["publications"]) - len(here))


def _point(unit: Unit, interests: Sequence[UUID], entries: Sequence[UUID], was: UUID, now: UUID) -> int:
    """Let interests and merged entries that lead to one entry lead to another; return how many interests did."""
    led = unit.exec(
        update(Interest)
        .where(col(Interest.id).in_(interests), col(Interest.lead_researcher_id) == was)
        .values(lead_researcher_id=now)
    )
    unit.exec(
        update(Researcher)
        .where(col(Researcher.id).in_(entries), col(Researcher.merged_into_id) == was)
        .values(merged_into_id=now)
    )
    unit.flush()
    return led.rowcount


def name_key(name: str) -> str:
    """Return a name as it is compared: without titles, case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall(r"\w+", "".join(character for character in plain if not unicodedata.combining(character)))
    return " ".join(word for word in words if word not in _TITLES)


_Told = tuple[UUID, str, str, str | None]


def _listed() -> Any:
    return select(Researcher.id, Researcher.name, Researcher.email, Researcher.orcid).where(
        col(Researcher.merged_into_id).is_(None)
    )


def _told(researcher: Researcher) -> _Told:
    return researcher.id, researcher.name, researcher.email, researcher.orcid


def _reasons(unit: Unit, people: Iterable[_Told]) -> dict[tuple[UUID, UUID], list[str]]:
    """Return why each of the pairs among these people may be one person."""
    reasons: defaultdict[tuple[UUID, UUID], list[str]] = defaultdict(list)
    by_orcid, by_email, by_name = (defaultdict[str, list[UUID]](list) for _ in range(3))
    for identity, name, email, orcid in people:
        by_email[email].append(identity)
        by_name[name_key(name)].append(identity)
        if orcid:
            by_orcid[orcid].append(identity)
    for groups, words in ((by_orcid, "the same ORCID iD"), (by_email, "the same email address")):
        for ids in groups.values():
            for key in combinations(sorted(ids), 2):
                reasons[key].append(words)
    namesakes = [ids for name, ids in by_name.items() if name and len(ids) > 1]
    written = researchers.publications_of(unit, [each for ids in namesakes for each in ids])
    for ids in namesakes:
        for key in combinations(sorted(ids), 2):
            shared = _shared(written, *key)
            if shared:
                more = f" and {len(shared) - 1} more" if len(shared) > 1 else ""
                reasons[key].append(f"the same name, and both wrote “{shared[0]}”{more}")
    return dict(reasons)


def _shared(written: Mapping[UUID, Sequence[Publication]], one: UUID, other: UUID) -> list[str]:
    """Return the titles of the works that both have: the same DOI, or the same telling title."""
    keys = {key for work in written.get(one, ()) for key in _keys(work)}
    return [work.title for work in written.get(other, ()) if keys.intersection(_keys(work))]


def _keys(work: Publication) -> list[str]:
    title = title_key(work.title)
    return [key for key in (doi_key(work.doi), title if len(title) >= _TELLING else None) if key]


def _rank(reasons: Sequence[str]) -> int:
    return next(
        place for place, words in enumerate(("ORCID", "email", "name")) if any(words in each for each in reasons)
    )
