"""The searchable text of a researcher directory: built once per corpus, asked once per brief."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
from bm25s import BM25
from numpy.typing import NDArray

from service.matching.profiles import Publication, ResearcherProfile
from service.matching.query import Term
from service.matching.signs import Sign, signs_in
from service.matching.text import stems

K1, B = 1.2, 0.75
# A long brief is read by its most telling words, and no one text is expected to say more than some of them: without the
# second bound a question and the full brief it became would give the same person very different scores.
MOST_TERMS, CEILING_TERMS = 64, 20

# The library sets itself to DEBUG, which would put a line per build into any log above it.
logging.getLogger("bm25s").setLevel(logging.WARNING)


class Place(NamedTuple):
    """Where one text of a person's lies: the document's number, and the publication (None: their own statement)."""

    document: int
    publication: Publication | None


@dataclass(frozen=True, eq=False)
class Relevance:
    """How well each document fits one brief: `shares[n]` in 0..1 for document n, comparable across briefs.

    A share is BM25 over its ceiling, the sum of the asked terms' weights: 1 would be a text made of nothing else.
    `per_term` holds the part each term gave, in the order of `terms`.
    """

    terms: tuple[Term, ...]
    shares: Sequence[float]
    per_term: NDArray[np.float32]
    known: int

    def words(self, document: int, most: int = 5) -> tuple[str, ...]:
        """The brief's words that earned a document its share, weightiest first."""
        parts = self.per_term[:, document]
        earned = sorted((-float(parts[place]), self.terms[place]) for place in np.flatnonzero(parts))
        surfaces = dict.fromkeys(term.surface.casefold() for _, term in earned)
        return tuple(surfaces)[:most]


@dataclass(frozen=True, eq=False)
class Index:
    """The texts of a directory, each once however many people share it, and where each person's lie."""

    signs: tuple[frozenset[Sign], ...]
    places: Mapping[str, tuple[Place, ...]]
    people: Mapping[str, ResearcherProfile]
    vocabulary: Mapping[str, int]
    frequencies: Sequence[int]
    engine: BM25 | None

    def holds(self, researcher: ResearcherProfile) -> bool:
        """Whether this person's text is indexed as it now stands; their dates, days and conflicts may differ."""
        indexed = self.people.get(researcher.id)
        return indexed is not None and _text(indexed) == _text(researcher)

    def relevance(self, terms: Sequence[Term]) -> Relevance:
        """How well every document fits the terms.

        A term nobody uses counts towards the ceiling as the rarest would: what a brief asks and no one writes about
        makes every match weaker, never stronger.
        """
        asked = self._most_telling(terms)
        count = len(self.signs)
        per_term = np.zeros((len(asked), count), dtype=np.float32)
        shares = np.zeros(count, dtype=np.float64)
        worths = sorted((term.weight * self.rarity(term.stem) for term in asked), reverse=True)
        ceiling = sum(worths[:CEILING_TERMS])
        for row, term in enumerate(asked):
            place = self.vocabulary.get(term.stem)
            if place is not None and self.engine is not None:
                per_term[row] = term.weight * self.engine.get_scores_from_ids([place])
                shares += per_term[row]
        if ceiling > 0:
            shares = np.minimum(shares / ceiling, 1.0)
        known = sum(term.stem in self.vocabulary for term in asked)
        return Relevance(asked, shares.tolist(), per_term, known)

    def rarity(self, stem: str) -> float:
        """The inverse document frequency of a term, as the engine reckons it; of an unused one, as if used nowhere."""
        place = self.vocabulary.get(stem)
        frequency = 0 if place is None else self.frequencies[place]
        return log(1 + (len(self.signs) - frequency + 0.5) / (frequency + 0.5))

    def _most_telling(self, terms: Sequence[Term]) -> tuple[Term, ...]:
        def telling(term: Term) -> tuple[bool, float, str]:
            said = term.weight * (1 + log(term.count)) * self.rarity(term.stem)
            return (term.stem not in self.vocabulary, -said, term.stem)

        chosen = sorted(terms, key=telling)[:MOST_TERMS]
        return tuple(sorted(chosen, key=lambda term: term.stem))


def build_index(researchers: Iterable[ResearcherProfile]) -> Index:
    """The index of these people's publications, statements and keywords, the same whatever order they come in.

    A publication that several people list is one text, so co-authors do not make its words look common. Titles count
    twice. Only text is indexed: capacity, dates and conflicts may change without a new index.
    """
    people = sorted(researchers, key=lambda person: person.id)
    documents: dict[tuple[str, str], int] = {}
    places: dict[str, tuple[Place, ...]] = {}
    for person in people:
        texts: list[tuple[tuple[str, str], Publication | None]] = [
            ((paper.title, paper.abstract), paper) for paper in sorted(person.publications, key=lambda paper: paper.id)
        ]
        if statement := statement_of(person):
            texts.append((("", statement), None))
        places[person.id] = tuple(Place(documents.setdefault(text, len(documents)), paper) for text, paper in texts)
    terms = [stems(f"{title}\n{title}\n{body}") for title, body in documents]
    frequencies = Counter(term for text in terms for term in set(text))
    vocabulary = {term: place for place, term in enumerate(sorted(frequencies))}
    return Index(
        tuple(signs_in(f"{title}\n{body}") for title, body in documents),
        places,
        {person.id: person for person in people},
        vocabulary,
        [frequencies[term] for term in vocabulary],
        _engine(terms, vocabulary),
    )


def statement_of(person: ResearcherProfile) -> str:
    """What a person says of themselves: their statement and keywords as one text."""
    return "\n".join(text for text in (person.statement, *person.keywords) if text)


def _engine(texts: Sequence[Sequence[str]], vocabulary: Mapping[str, int]) -> BM25 | None:
    """The library's index, or None when there is not a word to index (it cannot divide by a mean length of 0)."""
    if not vocabulary:
        return None
    engine = BM25(method="lucene", k1=K1, b=B, backend="numpy")
    numbered = [[vocabulary[term] for term in text] for text in texts]
    engine.index((numbered, dict(vocabulary)), create_empty_token=False, show_progress=False)
    return engine


def _text(person: ResearcherProfile) -> tuple[str, tuple[str, ...], tuple[Publication, ...]]:
    return person.statement, person.keywords, person.publications
