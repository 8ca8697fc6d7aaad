"""Texts that can be searched by word and by meaning at once, whatever they are: papers, statements, enquiries, answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.matching.postings import Postings
from service.matching.query import Term
from service.matching.text import stems
from service.matching.vectors import Vector, Vectors

# A long brief is read by its most telling words, and no one text is expected to say more than some of them: without the
# second bound a question and the full brief it became would give the same person very different scores.
MOST_TERMS, CEILING_TERMS = 64, 20
# What a word of the same meaning is worth beside the word itself.
SAME_MEANING = 0.7
# From this share of what was asked on, by words or by meaning, a text is on the subject.
ON_SUBJECT, NEAR_IN_MEANING = 0.08, 0.45


@dataclass(frozen=True, slots=True)
class Fusion:
    """How words and meaning make one share, in 0..1: `words` of the first and the rest of the second.

    `floor` is how near in meaning texts are that have little to do with each other; `near` is as near as a plain question
    and a paper that answers it come, which counts whole. The weights are reported in bench/results/matching.md.
    """

    words: float = 0.85
    floor: float = 0.1
    near: float = 0.6


class Way(NamedTuple):
    """One way in which a text can say a term: its stems, what that is worth, and the wording if it is another's."""

    stems: tuple[str, ...]
    weight: float
    also: str


@dataclass(frozen=True, eq=False)
class Relevance:
    """How well each text fits one brief: `shares[n]` in 0..1 for text n, comparable across briefs.

    By words, a share is BM25 over its ceiling, the sum of the asked terms' weights: 1 would be a text made of nothing else.
    """

    terms: tuple[Term, ...]
    ways: tuple[tuple[Way, ...], ...]
    """How a text can say each of the terms."""
    shares: NDArray[np.float64]
    by_words: NDArray[np.float64]
    by_meaning: NDArray[np.float64]
    nearness: NDArray[np.float64]
    """How near each text is in meaning, in -1..1; 0 where its vector is not known."""
    read: NDArray[np.bool_]
    """Which texts were compared by their meaning too."""
    known: int
    """How many of the terms somebody uses."""
    reads_meaning: bool
    """Whether meaning was compared at all."""
    searched: "TextIndex"

    @cached_property
    def on_subject(self) -> NDArray[np.bool_]:
        """Which texts are on the subject: below that, a text shares the brief's small change."""
        near: NDArray[np.bool_] = (self.by_words >= ON_SUBJECT) | (self.by_meaning >= NEAR_IN_MEANING)
        return near

    def words(self, number: int, most: int = 5) -> tuple[str, ...]:
        """The brief's words that earned a text its share, weightiest first, each with the word that stood for it."""
        saying = self.searched.postings.saying(number)
        earned: list[tuple[float, Term, str]] = []
        for term, ways in zip(self.terms, self.ways, strict=True):
            worth, also = 0.0, ""
            for way in ways:
                said = saying.of(way.stems)
                if said and way.weight * said > worth:
                    worth, also = way.weight * said, way.also
            if worth > 0:
                earned.append((-worth, term, also))
        earned.sort(key=lambda each: (each[0], each[1]))
        shown = dict.fromkeys(
            f"{term.surface.casefold()} (also: {also})" if also else term.surface.casefold() for _, term, also in earned
        )
        return tuple(shown)[:most]


@dataclass(eq=False)
class TextIndex:
    """Each text once, however often it is added; what it answers depends on the texts present and on nothing else."""

    fusion: Fusion = field(default_factory=Fusion)
    postings: Postings = field(default_factory=Postings)
    vectors: Vectors = field(default_factory=Vectors)
    _numbers: dict[str, int] = field(default_factory=dict)
    _uses: dict[str, int] = field(default_factory=dict)
    unlearned: set[str] = field(default_factory=set)
    """The digests of texts whose vector is not known."""

    def add(self, title: str, body: str) -> int:
        """Take a text in and return its number. A title counts twice."""
        digest = digest_of(title, body)
        if digest not in self._numbers:
            terms = stems(f"{title}\n{title}\n{body}")
            self._numbers[digest] = self.postings.add(terms)
            if terms:
                self.unlearned.add(digest)
        self._uses[digest] = self._uses.get(digest, 0) + 1
        return self._numbers[digest]

    def remove(self, title: str, body: str) -> bool:
        """Take a text out that was added, and tell whether it is gone; it stays while others added the same."""
        digest = digest_of(title, body)
        self._uses[digest] -= 1
        if self._uses[digest]:
            return False
        number = self._numbers.pop(digest)
        del self._uses[digest]
        self.postings.remove(number)
        self.vectors.drop(number)
        self.unlearned.discard(digest)
        return True

    def number_of(self, title: str, body: str) -> int:
        """The number of a text that is here; KeyError for any other."""
        return self._numbers[digest_of(title, body)]

    def learn(self, digest: str, vector: Vector) -> None:
        """Keep the vector of a text; one that is not here (any more) is passed over."""
        number = self._numbers.get(digest)
        if number is not None:
            self.vectors.put(number, vector)
            self.unlearned.discard(digest)

    @property
    def has_learned(self) -> bool:
        """Whether the meaning of any text is known."""
        return len(self.unlearned) < len(self._numbers)

    def relevance(self, terms: Sequence[Term], vector: Vector | None = None) -> Relevance:
        """How well every text fits.

        A term nobody uses counts towards the ceiling as the rarest would: what a brief asks and no one writes about
        makes every match weaker, never stronger. A text whose vector is not known is judged by its words alone.
        """
        asked = self._most_telling(terms)
        ways = tuple(self._ways(term) for term in asked)
        by_words = self._by_words(asked, ways)
        by_meaning, near_by = np.zeros_like(by_words), np.zeros_like(by_words)
        learned = np.zeros(len(by_words), dtype=np.bool_)
        shares = by_words
        reads_meaning = vector is not None and self.has_learned
        if vector is not None and reads_meaning:
            floor, near = self.fusion.floor, self.fusion.near
            near_by = self.vectors.nearness(vector, len(by_words))
            by_meaning = np.clip((near_by - floor) / (near - floor), 0.0, 1.0)
            known = self.vectors.known[: len(by_words)]
            learned[: len(known)] = known
            fused = self.fusion.words * by_words + (1 - self.fusion.words) * by_meaning
            shares = np.where(learned, fused, by_words)
        known_terms = sum(any(self.postings.knows(word) for word in term.every_stem()) for term in asked)
        return Relevance(asked, ways, shares, by_words, by_meaning, near_by, learned, known_terms, reads_meaning, self)

    def _ways(self, term: Term) -> tuple[Way, ...]:
        own = self.rarity(term.stem)
        others = [
            Way(other.stems, SAME_MEANING * term.weight * min(own, self._rarity_together(other.stems)), other.wording)
            for other in term.others
        ]
        return (Way((term.stem,), term.weight * own, ""), *others)

    def rarity(self, stem: str) -> float:
        """The inverse document frequency of a term; of an unused one, as if used nowhere."""
        return self.postings.rarity(self.postings.frequency(stem))

    def _rarity_together(self, terms: tuple[str, ...]) -> float:
        return max(self.rarity(term) for term in terms)

    def _by_words(self, asked: Sequence[Term], every_way: Sequence[Sequence[Way]]) -> NDArray[np.float64]:
        shares = np.zeros(self.postings.size, dtype=np.float64)
        worths = sorted((term.weight * self.rarity(term.stem) for term in asked), reverse=True)
        ceiling = sum(worths[:CEILING_TERMS])
        if ceiling <= 0:
            return shares
        for ways in every_way:
            if len(ways) == 1:
                numbers, says = self.postings.holding(ways[0].stems)
                shares[numbers] += ways[0].weight * says
                continue
            best = np.zeros_like(shares)
            for way in ways:
                numbers, says = self.postings.holding(way.stems)
                best[numbers] = np.maximum(best[numbers], way.weight * says)
            shares += best
        return np.minimum(shares / ceiling, 1.0)

    def _most_telling(self, terms: Sequence[Term]) -> tuple[Term, ...]:
        def telling(term: Term) -> tuple[bool, float, str]:
            said = term.weight * term.emphasis * self.rarity(term.stem)
            return (not any(self.postings.knows(word) for word in term.every_stem()), -said, term.stem)

        chosen = sorted(terms, key=telling)[:MOST_TERMS]
        return tuple(sorted(chosen, key=lambda term: term.stem))


def digest_of(title: str, body: str) -> str:
    """What a text is known by: the SHA-256 of what is encoded of it."""
    return sha256(encoded_text(title, body).encode("utf-8", "surrogatepass")).hexdigest()


def encoded_text(title: str, body: str) -> str:
    """A text as its vector is worked out from it."""
    return f"{title}\n{body}".strip()
