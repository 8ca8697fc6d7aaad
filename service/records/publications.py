"""What a researcher has written, who says so, and how one work is known again from another's account of it."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from service.records.database import Unit
from service.records.tables import Publication

FOUND = ("orcid", "openalex")
"""Sources that are read; everybody else says what they know of themselves or of their own."""
FACTS = ("title", "abstract", "year", "doi", "organisations")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")


@dataclass(frozen=True, slots=True)
class FoundWork:
    """A work as a source lists it."""

    title: str
    abstract: str | None = None
    year: int | None = None
    doi: str | None = None
    organisations: tuple[str, ...] = ()
    """For whom its authors worked."""


@dataclass(frozen=True, slots=True)
class FoundEmployment:
    """Where somebody works or worked, as a source lists it; the days as far as it tells them."""

    organisation: str
    since: date | None = None
    until: date | None = None


@dataclass(slots=True)
class Known:
    """A researcher's publications, to be asked which of them a work is."""

    rows: Sequence[Publication]
    _by_doi: dict[str, Publication] = field(init=False, default_factory=dict)
    _by_title: dict[str, list[Publication]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.rows:
            self.add(row)

    def add(self, row: Publication) -> None:
        """Know one more; the first with a DOI or title keeps it."""
        if doi := doi_key(row.doi):
            self._by_doi.setdefault(doi, row)
        self._by_title.setdefault(title_key(row.title), []).append(row)

    def find(
        self, title: str, year: int | None, doi: str | None, *, without: Collection[UUID] = ()
    ) -> Publication | None:
        """Return the one with this DOI, else with this title and year where DOIs do not tell them apart, or None.

        Titles are compared without case, accents and punctuation; a year that one side does not know is no difference.
        Those `without` are passed over.
        """
        key = doi_key(doi)
        same = self._by_doi.get(key) if key else None
        if same is not None and same.id not in without:
            return same
        for row in self._by_title.get(title_key(title), ()):
            own = doi_key(row.doi)
            is_other = key and own and key != own
            is_of_year = year is None or row.year is None or year == row.year
            if row.id not in without and not is_other and is_of_year:
                return row
        return None


def is_found(publication: Publication) -> bool:
    """Tell whether a source found this, so that nobody has to say it again."""
    return publication.source in FOUND


def said(publication: Publication) -> dict[str, object]:
    """Return what whoever entered a publication said of it, without what a source filled in since: lists as tuples."""
    facts = {name: None if name in publication.completed else getattr(publication, name) for name in FACTS}
    return {**facts, "organisations": tuple(facts["organisations"] or ())}


def kept(facts: Mapping[str, object]) -> dict[str, Any]:
    """Return facts as they are kept in a row: tuples as lists."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in facts.items()}


def take_back(row: Publication, names: Iterable[str]) -> None:
    """Empty these facts of a row."""
    for name in names:
        setattr(row, name, [] if name == "organisations" else None)


def every(unit: Unit, researcher_id: UUID) -> list[Publication]:
    """Return all that is recorded for a researcher, also what was said not to be theirs; people's own entries first."""
    rows = unit.exec(
        select(Publication).where(Publication.researcher_id == researcher_id).order_by(col(Publication.id))
    )
    return sorted(rows, key=is_found)


def complete(unit: Unit, researcher_id: UUID, source: str, works: Iterable[FoundWork]) -> tuple[int, int]:
    """Add the works that are not known yet and fill in what known ones lack; return how many were added and completed.

    What people entered is never changed, only completed: abstract, year and DOI where they left them empty. What the
    same source said before follows the source. What somebody said is not theirs stays away.
    """
    known = Known(every(unit, researcher_id))
    added = completed = 0
    for work in works:
        row = known.find(work.title, work.year, work.doi)
        if row is None:
            row = Publication(researcher_id=researcher_id, source=source, **_facts(work))
            unit.add(row)
            known.add(row)
            added += 1
        elif row.removed_at is None and _fill(row, source, _facts(work)):
            unit.add(row)
            known.add(row)
            completed += 1
    unit.flush()
    return added, completed


def _fill(row: Publication, source: str, facts: Mapping[str, object]) -> bool:
    """Set what `source` may set of a publication; tell whether that was anything new."""
    its_own = row.source == source
    told = {
        name: value
        for name, value in facts.items()
        if value
        and value != getattr(row, name)
        and (its_own or row.completed.get(name) == source or (name != "title" and not getattr(row, name)))
    }
    for name, value in told.items():
        setattr(row, name, value)
    if not its_own and told:
        row.completed = {**row.completed, **dict.fromkeys(told, source)}
    return bool(told)


def forget_found(unit: Unit, researcher_id: UUID) -> None:
    """Take back all that sources said of a researcher: it was read under an iD that is not theirs, or not any more."""
    for row in every(unit, researcher_id):
        if is_found(row):
            unit.delete(row)
            continue
        take_back(row, row.completed)
        row.completed = {}
        unit.add(row)
    unit.flush()


def doi_key(text: str | None) -> str | None:
    """Return a DOI as it is compared, without the address it may stand in; None for what is none."""
    match = _DOI.fullmatch((text or "").strip())
    return match[1].lower() if match else None


def title_key(title: str) -> str:
    """Return a title as it is compared: without case, accents, mark-up, punctuation and spaces."""
    plain = unicodedata.normalize("NFKD", _TAG.sub("", title).casefold())
    return "".join(character for character in plain if character.isalnum()) or title


def _facts(work: FoundWork) -> dict[str, Any]:
    return kept({name: getattr(work, name) for name in FACTS})
