"""Texts like one another: how alike two of them are, why, and whether they ask much the same (docs/decisions/0031)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from service.matching.profiles import BriefProfile
from service.matching.query import Term, terms_of
from service.matching.synonyms import NONE, Synonyms
from service.matching.texts import SAME_MEANING, Relevance, TextIndex
from service.matching.vectors import Vector

# How likeness in words and in meaning make one number, and from where on two questions are much the same. Both were chosen
# on one half of the requests and are reported on the other in bench/results/related.md.
WORDS, SAME = 0.6, 0.9
# What a text is worth that says every word of what is asked among many others; with fewer it falls off by their square.
COVERING = 0.6
# A text that shares no word is near by its meaning alone from here on, and is worth that part of its nearness.
NEAR_ALONE, ALONE = 0.5, 0.5
# Below this a text is not shown as related at all, and below that not to somebody who looks for something.
WORTH_SHOWING, WORTH_FINDING = 0.25, 0.15
# From here on an answer is worth offering to somebody who only wants to ask: better none than one beside the point.
WORTH_OFFERING = 0.4
# Fewer telling words than these say too little to compare by.
FEWEST_WORDS = 2
# So many texts are imagined beside those there are, so that the first few do not make every new word look rare.
IMAGINED = 50
# How many of the best by each measure are compared term by term.
_LOOKED_AT = 200
_WORDS_TOLD = 5


@dataclass(frozen=True, slots=True)
class Similar:
    """One text like what was asked. `score` is in 0..1; `why` are sentences a reader can check."""

    number: int
    score: float
    near_duplicate: bool
    words: tuple[str, ...]
    """The words both have, weightiest first, each with the word that stood for it."""
    is_near_in_meaning: bool

    @property
    def why(self) -> tuple[str, ...]:
        """Why it was found, in words."""
        told = [f"Both say: {', '.join(self.words)}."] if self.words else []
        if self.is_near_in_meaning:
            told.append("Near in meaning.")
        return tuple(told)


@dataclass(frozen=True, slots=True)
class Found:
    """What is like a text, best first. `is_enough` is False for a text that says too little to go on."""

    items: tuple[Similar, ...] = ()
    is_enough: bool = True
    by_meaning: bool = False
    """Whether meaning was compared beside words."""


def similar(
    asked: str,
    index: TextIndex,
    *,
    vector: Vector | None = None,
    synonyms: Synonyms = NONE,
    fewest: int = FEWEST_WORDS,
    least: float = WORTH_SHOWING,
) -> Found:
    """The texts of `index` that are like `asked` by a score of `least`, best first; nothing but that there is not enough to go on for a text
    with fewer than `fewest` telling words, in whatever language. What is found depends on the texts present alone."""
    terms = terms_of(BriefProfile(title=asked), synonyms)
    if len(_written(terms)) < fewest:
        return Found(is_enough=False)
    relevance = index.relevance(terms, vector)
    likeness = Likeness(terms, index)
    found = (_compared(number, relevance, likeness, least) for number in _candidates(relevance))
    items = sorted((each for each in found if each is not None), key=_place)
    return Found(tuple(items), by_meaning=relevance.reads_meaning)


def _place(each: Similar) -> tuple[float, bool, tuple[str, ...], int]:
    """Best first; of level ones, what a number given by chance says comes last."""
    return -each.score, not each.near_duplicate, each.words, each.number


def _written(terms: Sequence[Term]) -> set[str]:
    """The words as written: a hyphenated one gives several terms."""
    return {term.surface.casefold() for term in terms}


def _candidates(relevance: Relevance) -> list[int]:
    """The best by words and the best by meaning, with whatever is level with the last of them."""
    found: set[int] = set()
    for shares in (relevance.shares, relevance.nearness):
        last = np.partition(shares, -_LOOKED_AT)[-_LOOKED_AT] if len(shares) > _LOOKED_AT else 0.0
        found.update(int(number) for number in np.flatnonzero((shares >= last) & (shares > 0)))
    return sorted(found)


def _compared(number: int, relevance: Relevance, likeness: "Likeness", least: float) -> Similar | None:
    alike, covered = likeness.of(number)
    meant = max(0.0, float(relevance.nearness[number]))
    is_read = bool(relevance.read[number])
    sameness = WORDS * alike + (1 - WORDS) * meant if is_read else alike
    alone = ALONE * meant if meant >= NEAR_ALONE else 0.0
    score = max(sameness if alike else 0.0, alone, COVERING * covered**2, float(relevance.shares[number]))
    if score < least:
        return None
    is_near = meant >= NEAR_ALONE
    return Similar(number, round(score, 4), sameness >= SAME, relevance.words(number, _WORDS_TOLD), is_near)


class Likeness:
    """How much of what one text says and of what another says is the same: Dice's coefficient, each term by its rarity.

    It takes both sides: a short question whose words all stand in a long text is not much the same as that text.
    """

    def __init__(self, terms: Sequence[Term], index: TextIndex) -> None:
        self._index = index
        self._terms = terms
        self._own = {term.stem for term in terms}
        self._weights = {term.stem: self._worth(index.postings.frequency(term.stem)) for term in terms}
        self._whole = sum(self._weights.values())

    def of(self, number: int) -> tuple[float, float]:
        """How alike text number `number` is, and how much of what is asked it says, each in 0..1: 1 and 1 for one that
        says the same words, whatever their order."""
        theirs = {term: self._worth(frequency) for term, frequency in self._index.postings.held(number)}
        said = stood_for = 0.0
        spoken: set[str] = set()
        for term in self._terms:
            if term.stem in theirs:
                said += self._weights[term.stem]
            elif other := next((each for each in term.others if all(part in theirs for part in each.stems)), None):
                said += SAME_MEANING * self._weights[term.stem]
                spoken.update(other.stems)
        for stem, weight in theirs.items():
            stood_for += weight if stem in self._own else SAME_MEANING * weight if stem in spoken else 0.0
        whole = self._whole + sum(theirs.values())
        return (said + stood_for) / whole if whole else 0.0, said / self._whole if self._whole else 0.0

    def _worth(self, frequency: int) -> float:
        return log(1 + (self._index.postings.count + IMAGINED) / (frequency + 1))
