"""One brief read against one directory, and everybody's standing in it: what every signal looks at."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.matching.index import DECLARED, SHOWN, Index, Place, Row, Table
from service.matching.profiles import BriefProfile, ResearcherProfile
from service.matching.query import terms_of
from service.matching.signs import BITS, Kind, Sign, bits_of, sign_named, signs_in
from service.matching.texts import Relevance
from service.matching.vectors import Vector

SHARPNESS = 1.5

Values = NDArray[np.float64]
Choice = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Reading:
    """What a brief wants, recognised: its relevance to every text, and the signs it asks for."""

    brief: BriefProfile
    relevance: Relevance
    methods: tuple[Sign, ...]
    populations: tuple[Sign, ...]
    topics: tuple[Sign, ...]
    today: date

    @property
    def says_something(self) -> bool:
        """Whether there is anything to match on: words, or a topic."""
        return self.has_words or bool(self.topics)

    @property
    def has_words(self) -> bool:
        """Whether it says something in words: one that somebody uses, or such as somebody writes of in other words."""
        return self.relevance.known > 0 or bool(self.relevance.on_subject.any())

    @property
    def needs(self) -> tuple[Sign, ...]:
        """What a team should cover between them."""
        return self.topics + self.methods


def read(brief: BriefProfile, index: Index, today: date, vector: Vector | None = None) -> Reading:
    """The brief against this index. Methods and populations come from the codes and from their sections' wording."""

    def wanted(kind: Kind, codes: tuple[str, ...], section: str = "") -> tuple[Sign, ...]:
        named = {sign_named(kind, code) for code in codes if code not in {"other", "whole_population"}}
        found = {sign for sign in signs_in(brief.sections.get(section, "")) if sign.kind is kind}
        return tuple(sorted(named | found))

    return Reading(
        brief,
        index.texts.relevance(terms_of(brief, index.synonyms), vector),
        wanted(Kind.METHOD, brief.methods, "methods"),
        wanted(Kind.POPULATION, brief.populations, "population_setting_place"),
        wanted(Kind.TOPIC, brief.topics),
        today,
    )


@dataclass(frozen=True)
class Fit:
    """How well one publication fits, in 0..1, and whether it is on the subject."""

    share: float
    place: Place
    is_near: bool


@dataclass(frozen=True, eq=False)
class Crowd:
    """Everybody in the light of one brief, in columns: a signal measures all of them at once.

    Person number n is `table.rows[n]`. What is said of one person reads the same columns, so that the numbers shown are
    the numbers ranked by.
    """

    reading: Reading
    index: Index
    table: Table
    _strengths: dict[Sign, Values] = field(default_factory=dict)

    @cached_property
    def shares(self) -> Values:
        """How well each publication fits, in the order of the table."""
        return _taken(self.reading.relevance.shares, self.table.documents)

    @cached_property
    def statement_shares(self) -> Values:
        """How well what each person says of themselves fits; 0 for those who say nothing."""
        said = self.table.statements
        return np.where(said >= 0, _taken(self.reading.relevance.shares, np.maximum(said, 0)), 0.0)

    @cached_property
    def on_subject(self) -> Choice:
        """Whether a text of theirs shares the subject, or they work on one of the topics."""
        on_subject, said = self.reading.relevance.on_subject, self.table.statements
        near = np.zeros(len(self.table.rows), dtype=np.bool_)
        if len(on_subject):
            near = np.bincount(self.table.owners, on_subject[self.table.documents], minlength=len(near)) > 0
            near |= (said >= 0) & on_subject[np.maximum(said, 0)]
        for topic in self.reading.topics:
            near |= self._has(self.table.works_on, topic)
        return near

    def strength(self, sign: Sign) -> Values:
        """How surely each has a thing wanted: 1 said by themselves, less when only a publication shows it, else 0."""
        if sign not in self._strengths:
            said, shown = self._has(self.table.declared, sign), self._has(self.table.shown, sign)
            self._strengths[sign] = np.where(said, DECLARED, np.where(shown, SHOWN, 0.0))
        return self._strengths[sign]

    def fading(self, shares: Values) -> Values:
        """Each person's shares, best first, each counting half the one before ("geosum"); below 2 for shares up to 1.

        They are added up to the power 1.5, so that one paper on the subject is worth more than several beside it
        (bench/results/matching.md), which is then undone. Only those on the subject are added up: nobody else is shown.
        After the sixteenth a share no longer shows.
        """
        held = np.flatnonzero((shares > 0) & self.on_subject[self.table.owners])
        owners, sharp = self.table.owners[held], shares[held] * np.sqrt(shares[held])
        order = np.argsort(2.0 * owners - sharp, kind="stable")
        owners, sharp = owners[order], sharp[order]
        place = np.arange(len(owners)) - np.searchsorted(owners, owners)
        total = np.zeros(len(self.table.rows), dtype=np.float64)
        for step in range(16):
            at = place == step
            total[owners[at]] += sharp[at] * 0.5**step
        added: Values = total ** (1 / SHARPNESS)
        return added

    def row(self, number: int) -> Row:
        """One person."""
        return self.table.rows[number]

    def profile(self, number: int) -> ResearcherProfile:
        """One person with what they have taken on."""
        return self.index.profile(self.table.rows[number])

    def fits(self, number: int) -> list[Fit]:
        """One person's publications that share anything with the brief, best first."""
        shares, near = self.reading.relevance.shares, self.reading.relevance.on_subject
        found = [
            Fit(float(shares[place.document]), place, bool(near[place.document])) for place in self.row(number).places
        ]
        return sorted((fit for fit in found if fit.share > 0), key=lambda fit: (-fit.share, fit.place.publication.id))

    def titles_showing(self, number: int, signs: Sequence[Sign]) -> list[str]:
        """Titles of one person's publications that show any of `signs`, best fitting first."""
        wanted, shares = frozenset(signs), self.reading.relevance.shares
        showing = [place for place in self.row(number).places if self.index.signs(place.document) & wanted]
        showing.sort(key=lambda place: (-shares[place.document], place.publication.id))
        return [place.publication.title for place in showing]

    def _has(self, column: NDArray[np.uint64], sign: Sign) -> Choice:
        if sign in BITS:
            found: Choice = (column & np.uint64(bits_of([sign]))) != 0
            return found
        if column is self.table.shown:
            return np.zeros(len(column), dtype=np.bool_)
        return np.fromiter((sign in row.own for row in self.table.rows), np.bool_, len(column))


def _taken(values: Values, places: NDArray[np.int32]) -> Values:
    return values[places] if len(values) else np.zeros(len(places), dtype=np.float64)
