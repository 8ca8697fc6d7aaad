"""Which text holds which term, and how often: counts that stay exact while texts come and go."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

K1, B = 1.2, 0.75
# What came or went since the postings were last laid in order is looked up apart; beyond this share they are laid anew.
MOST_LOOSE, LOOSE_AT_EASE = 0.125, 100_000

Numbers = NDArray[np.int32]
Amounts = NDArray[np.float64]


class Postings:
    """BM25 (Lucene's form, k1 1.2, b 0.75) over texts that can be added and taken out one by one.

    Every number is worked out from counts when it is asked for, so what a text scores depends on the texts present and
    on nothing that happened before. A text is known by the number it was given; a number may serve again later.
    """

    def __init__(self) -> None:
        self.count = 0
        self._words = 0
        self._vocabulary: dict[str, int] = {}
        self._terms: list[str] = []
        self._frequencies: list[int] = []
        self._texts: list[tuple[Numbers, Numbers] | None] = []
        self._free: list[int] = []
        self._gone: list[int] = []
        self._lengths = np.zeros(0, dtype=np.int32)
        self._present = np.zeros(0, dtype=np.bool_)
        self._loose = 0
        self._laid = 0
        self._recent: dict[int, list[tuple[int, int]]] = {}
        self._starts = np.zeros(1, dtype=np.int64)
        self._in_text = np.zeros(0, dtype=np.int32)
        self._times = np.zeros(0, dtype=np.int32)
        self._damping: Amounts | None = None

    @property
    def size(self) -> int:
        """One more than the highest number given: how long an array with a place for every text must be."""
        return len(self._texts)

    def add(self, terms: Iterable[str]) -> int:
        """Take in a text and return its number."""
        counts = Counter(terms)
        known = self._vocabulary
        for term in counts:
            if term not in known:
                known[term] = len(known)
                self._terms.append(term)
                self._frequencies.append(0)
        held = np.fromiter((known[term] for term in counts), np.int32, len(counts))
        times = np.fromiter(counts.values(), np.int32, len(counts))
        number = self._number()
        self._texts[number] = (held, times)
        self._lengths[number] = length = sum(counts.values())
        self._present[number] = True
        self.count += 1
        self._words += length
        for place in held.tolist():
            self._frequencies[place] += 1
        if self._laid:
            for place, often in zip(held.tolist(), times.tolist(), strict=True):
                self._recent.setdefault(place, []).append((number, often))
        self._loose += len(counts)
        self._damping = None
        return number

    def remove(self, number: int) -> None:
        """Take a text out; KeyError when there is none of that number."""
        held = self._texts[number] if 0 <= number < len(self._texts) else None
        if held is None:
            raise KeyError(number)
        for place in held[0].tolist():
            self._frequencies[place] -= 1
        self.count -= 1
        self._words -= int(self._lengths[number])
        self._loose += len(held[0])
        self._texts[number] = None
        self._present[number] = False
        self._lengths[number] = 0
        self._gone.append(number)
        self._damping = None

    def knows(self, term: str) -> bool:
        """Whether any text present holds the term."""
        return self.frequency(term) > 0

    def frequency(self, term: str) -> int:
        """How many texts hold the term."""
        place = self._vocabulary.get(term)
        return 0 if place is None else self._frequencies[place]

    def rarity(self, frequency: int) -> float:
        """The inverse document frequency of what so many texts hold."""
        return log(1 + (self.count - frequency + 0.5) / (frequency + 0.5))

    def holding(self, terms: Sequence[str]) -> tuple[Numbers, Amounts]:
        """The texts that hold every one of `terms`, and how much that says of each, in 0..1 (BM25 without its idf).

        A text that holds several words says as much as by the one it says least often.
        """
        self._lay_in_order()
        numbers, times = self._of(terms[0])
        for term in terms[1:]:
            others, often = self._of(term)
            numbers, here, there = np.intersect1d(numbers, others, assume_unique=True, return_indices=True)
            times = np.minimum(times[here], often[there])
        return numbers, times / (times + self._damped()[numbers])

    def held(self, number: int) -> Iterator[tuple[str, int]]:
        """The terms that one text holds, each with how many texts hold it; nothing where there is no such text."""
        text = self._texts[number]
        for place in () if text is None else text[0].tolist():
            yield self._terms[place], self._frequencies[place]

    def saying(self, number: int) -> "Saying":
        """What `holding` says of one text, whatever terms one asks for."""
        held = self._texts[number]
        counts = {} if held is None else dict(zip(held[0].tolist(), held[1].tolist(), strict=True))
        return Saying(self._vocabulary, counts, float(self._damped()[number]))

    def _of(self, term: str) -> tuple[Numbers, Numbers]:
        place = self._vocabulary.get(term)
        if place is None:
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
        numbers, times = self._in_text[:0], self._times[:0]
        if place < len(self._starts) - 1:
            whole = slice(self._starts[place], self._starts[place + 1])
            numbers, times = self._in_text[whole], self._times[whole]
        if recent := self._recent.get(place):
            added = np.array(recent, dtype=np.int32)
            numbers, times = np.concatenate([numbers, added[:, 0]]), np.concatenate([times, added[:, 1]])
        if self._gone:
            here = self._present[numbers]
            numbers, times = numbers[here], times[here]
        return numbers, times

    def _damped(self) -> Amounts:
        if self._damping is None:
            mean = self._words / self.count if self.count else 0.0
            relative = self._lengths[: self.size].astype(np.float64) / (mean or 1.0)
            self._damping = K1 * (1 - B + B * relative)
        return self._damping

    def _number(self) -> int:
        if self._free:
            return self._free.pop()
        number = len(self._texts)
        self._texts.append(None)
        if number == len(self._lengths):
            room = max(1024, number)
            self._lengths = np.concatenate([self._lengths, np.zeros(room, dtype=np.int32)])
            self._present = np.concatenate([self._present, np.zeros(room, dtype=np.bool_)])
        return number

    def _lay_in_order(self) -> None:
        """Lay all postings term by term, once enough is loose; the numbers of texts long gone may then serve again."""
        if self._loose <= (max(LOOSE_AT_EASE, MOST_LOOSE * self._laid) if self._laid else 0):
            return
        present = [(number, held) for number, held in enumerate(self._texts) if held is not None]
        numbers, held = [number for number, _ in present], [held for _, held in present]
        sizes = np.fromiter((len(each[0]) for each in held), np.int64, len(held))
        places = np.concatenate([each[0] for each in held]) if held else np.zeros(0, dtype=np.int32)
        times = np.concatenate([each[1] for each in held]) if held else np.zeros(0, dtype=np.int32)
        order = np.argsort(places, kind="stable")
        self._in_text = np.repeat(np.array(numbers, dtype=np.int32), sizes)[order]
        self._times = times[order]
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=len(self._vocabulary)))])
        self._recent = {}
        self._free += self._gone
        self._gone = []
        self._laid, self._loose = len(places), 0


@dataclass(frozen=True, slots=True)
class Saying:
    """One text's counts."""

    vocabulary: Mapping[str, int]
    counts: Mapping[int, int]
    damping: float

    def of(self, terms: Sequence[str]) -> float:
        """How much the text says of these terms, in 0..1; 0 when it does not hold them all."""
        times = 0
        for term in terms:
            place = self.vocabulary.get(term)
            held = 0 if place is None else self.counts.get(place, 0)
            if not held:
                return 0.0
            times = min(times, held) if times else held
        return times / (times + self.damping)
