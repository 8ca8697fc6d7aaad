"""A researcher directory as matching searches it: its texts, and what is told of each person, in columns."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.matching.constraints import known_as
from service.matching.names import marks_of, sought
from service.matching.profiles import Publication, ResearcherProfile
from service.matching.signs import BITS, TOGETHER, Kind, Sign, bits_of, sign_named, signs_in
from service.matching.synonyms import NONE, Synonyms
from service.matching.texts import TextIndex
from service.matching.ties import names_of

# Someone who says they do a thing counts whole; a paper that shows it without their saying so counts in part.
DECLARED, SHOWN = 1.0, 0.6
_NEVER = 0
_NO_TEXT = -1


class Commitment(NamedTuple):
    """What a person has taken on through this service: days that live offers and projects take, and projects done."""

    days: int = 0
    projects: tuple[str, ...] = ()


NOTHING = Commitment()


class Place(NamedTuple):
    """One publication of a person's and the number of its text."""

    document: int
    publication: Publication


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One person with what is worked out once from what they wrote and declared."""

    profile: ResearcherProfile
    places: tuple[Place, ...]
    statement: int
    """The number of their statement's text; -1 for none."""
    declared: int
    shown: int
    works_on: int
    """The topics they say they work on, or that a third of their publications show: everybody touches on most things once."""
    own: frozenset[Sign]
    """What they declared that is in no vocabulary."""
    together: int
    """How many of their publications were done together with those who use them."""
    bodies: frozenset[str]
    """The organisations that their publications and employers name."""
    conflicts: tuple[str, ...]
    """What they declared a conflict with, as names are compared."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Everybody in columns, in the order of name and id, and their publications in the same order."""

    rows: tuple[Row, ...]
    place_of: Mapping[str, int]
    owners: NDArray[np.int32]
    documents: NDArray[np.int32]
    years: NDArray[np.int32]
    """0 where it is not known."""
    papers: NDArray[np.int32]
    statements: NDArray[np.int32]
    declared: NDArray[np.uint64]
    shown: NDArray[np.uint64]
    works_on: NDArray[np.uint64]
    together: NDArray[np.int32]
    capacity: NDArray[np.int64]
    committed: NDArray[np.int64]
    projects: NDArray[np.int64]
    starts: NDArray[np.int64]
    """The day from which they could start, as a number; 0 for at once."""
    universities: NDArray[np.int32]
    university_ids: tuple[str, ...]
    hidden: NDArray[np.bool_]
    with_conflicts: tuple[int, ...]


@dataclass(eq=False)
class Index:
    """The people of a directory, who come and go one by one; what it answers depends on those present alone."""

    texts: TextIndex = field(default_factory=TextIndex)
    synonyms: Synonyms = NONE
    _rows: dict[str, Row] = field(default_factory=dict)
    _signs: dict[int, frozenset[Sign]] = field(default_factory=dict)
    _commitments: dict[str, Commitment] = field(default_factory=dict)
    _tied: dict[str, set[str]] = field(default_factory=dict)
    """Who is tied to each organisation named, by id."""
    _marked: dict[str, set[str]] = field(default_factory=dict)
    """The organisations named that bear each mark."""
    _table: Table | None = None

    def put(self, person: ResearcherProfile) -> None:
        """Take a person in, in place of what was known of them."""
        known = self._rows.get(person.id)
        # what is kept of them is added before the rest is taken out, so that no text is read twice
        row = self._read(person)
        if known is not None:
            self._forget(known)
        self._rows[person.id] = row
        self._tie(row)
        self._commitments.pop(person.id, None)
        if person.committed_days or person.past_projects:
            self._commitments[person.id] = Commitment(person.committed_days, person.past_projects)
        self._table = None

    def drop(self, researcher_id: str) -> None:
        """Take a person out; KeyError when they are not here."""
        self._forget(self._rows.pop(researcher_id))
        self._commitments.pop(researcher_id, None)
        self._table = None

    def commit(self, commitments: Mapping[str, Commitment]) -> None:
        """Note what everybody has taken on: nothing, for those who are not named."""
        told = {key: taken for key, taken in commitments.items() if key in self._rows}
        if told != self._commitments:
            self._commitments = told
            if self._table is not None:
                taken = [told.get(row.profile.id, NOTHING) for row in self._table.rows]
                self._table = replace(self._table, committed=_days(taken), projects=_projects(taken))

    def tied_to(self, names: Iterable[str]) -> frozenset[str]:
        """The ids of those whose publications or employers name an organisation that is, or looks like, one of these."""
        bodies = {body for name in names for mark in sought(name) for body in self._marked.get(mark, ())}
        return frozenset(person for body in bodies for person in self._tied[body])

    def people(self) -> Collection[str]:
        """The ids of those present."""
        return self._rows.keys()

    def profile(self, row: Row) -> ResearcherProfile:
        """A person with what they have taken on."""
        days, projects = self._commitments.get(row.profile.id, NOTHING)
        person = row.profile
        if (person.committed_days, person.past_projects) == (days, projects):
            return person
        return replace(person, committed_days=days, past_projects=projects)

    def signs(self, document: int) -> frozenset[Sign]:
        """What a text shows."""
        return self._signs.get(document, frozenset())

    @property
    def table(self) -> Table:
        """Everybody in columns."""
        if self._table is None:
            rows = sorted(self._rows.values(), key=lambda row: (row.profile.name, row.profile.id))
            self._table = _table(rows, [self._commitments.get(row.profile.id, NOTHING) for row in rows])
        return self._table

    def _read(self, person: ResearcherProfile) -> Row:
        papers = sorted(person.publications, key=lambda paper: paper.id)
        places = tuple(Place(self._add(paper.title, paper.abstract), paper) for paper in papers)
        said = statement_of(person)
        statement = self._add("", said) if said else _NO_TEXT
        declared = {sign_named(Kind.METHOD, name) for name in person.methods}
        declared |= {sign_named(Kind.TOPIC, name) for name in person.topics}
        declared |= self.signs(statement)
        shown = [self.signs(place.document) for place in places]
        counted = {sign: sum(sign in signs for signs in shown) for sign in frozenset[Sign]().union(*shown)}
        mostly = {sign for sign, times in counted.items() if 3 * times >= len(places)}
        return Row(
            person,
            places,
            statement,
            bits_of(declared),
            bits_of(counted),
            bits_of(declared | mostly),
            frozenset(sign for sign in declared if sign not in BITS),
            counted.get(TOGETHER, 0),
            names_of(person),
            tuple(known_as(name) for name in person.declared_conflicts),
        )

    def _add(self, title: str, body: str) -> int:
        number = self.texts.add(title, body)
        if number not in self._signs:
            self._signs[number] = signs_in(f"{title}\n{body}")
        return number

    def _tie(self, row: Row) -> None:
        for body in row.bodies:
            if body not in self._tied:
                self._tied[body] = set()
                for mark in marks_of(body):
                    self._marked.setdefault(mark, set()).add(body)
            self._tied[body].add(row.profile.id)

    def _untie(self, row: Row) -> None:
        for body in row.bodies:
            self._tied[body].discard(row.profile.id)
            if not self._tied[body]:
                del self._tied[body]
                for mark in marks_of(body):
                    self._marked[mark].discard(body)
                    if not self._marked[mark]:
                        del self._marked[mark]

    def _forget(self, row: Row) -> None:
        self._untie(row)
        for place in row.places:
            self._remove(place.document, place.publication.title, place.publication.abstract)
        if row.statement != _NO_TEXT:
            self._remove(row.statement, "", statement_of(row.profile))

    def _remove(self, number: int, title: str, body: str) -> None:
        if self.texts.remove(title, body):
            del self._signs[number]


def build_index(researchers: Iterable[ResearcherProfile], synonyms: Synonyms = NONE) -> Index:
    """The index of these people, the same whatever order they come in.

    A publication that several people list is one text, so co-authors do not make its words look common. Titles count
    twice.
    """
    index = Index(synonyms=synonyms)
    for person in researchers:
        index.put(person)
    return index


def statement_of(person: ResearcherProfile) -> str:
    """What a person says of themselves: their statement and keywords as one text."""
    return "\n".join(text for text in (person.statement, *person.keywords) if text)


def texts_of(person: ResearcherProfile) -> Iterator[tuple[str, str]]:
    """Every text of a person that is searched, as title and body."""
    yield from ((paper.title, paper.abstract) for paper in person.publications)
    if said := statement_of(person):
        yield "", said


def day_number(day: date | None) -> int:
    """A day as a number; 0 for none."""
    return _NEVER if day is None else day.toordinal()


def _table(rows: Sequence[Row], taken: Sequence[Commitment]) -> Table:
    people = [row.profile for row in rows]
    papers = np.fromiter((len(row.places) for row in rows), np.int32, len(rows))
    places = [place for row in rows for place in row.places]
    codes = {key: code for code, key in enumerate(sorted({person.university_id for person in people}))}
    return Table(
        rows=tuple(rows),
        place_of={person.id: place for place, person in enumerate(people)},
        owners=np.repeat(np.arange(len(rows), dtype=np.int32), papers),
        documents=np.fromiter((place.document for place in places), np.int32, len(places)),
        years=np.fromiter((place.publication.year or 0 for place in places), np.int32, len(places)),
        papers=papers,
        statements=np.fromiter((row.statement for row in rows), np.int32, len(rows)),
        declared=np.fromiter((row.declared for row in rows), np.uint64, len(rows)),
        shown=np.fromiter((row.shown for row in rows), np.uint64, len(rows)),
        works_on=np.fromiter((row.works_on for row in rows), np.uint64, len(rows)),
        together=np.fromiter((row.together for row in rows), np.int32, len(rows)),
        capacity=np.fromiter((person.capacity_days for person in people), np.int64, len(rows)),
        starts=np.fromiter((day_number(person.available_from) for person in people), np.int64, len(rows)),
        universities=np.fromiter((codes[person.university_id] for person in people), np.int32, len(rows)),
        university_ids=tuple(codes),
        hidden=np.fromiter((person.hidden for person in people), np.bool_, len(rows)),
        with_conflicts=tuple(place for place, row in enumerate(rows) if row.conflicts),
        committed=_days(taken),
        projects=_projects(taken),
    )


def _days(taken: Sequence[Commitment]) -> NDArray[np.int64]:
    return np.fromiter((each.days for each in taken), np.int64, len(taken))


def _projects(taken: Sequence[Commitment]) -> NDArray[np.int64]:
    return np.fromiter((len(each.projects) for each in taken), np.int64, len(taken))
