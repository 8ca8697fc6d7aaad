"""Words that mean the same here: acronyms and what they stand for, and what councils and papers call one thing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from service.matching.text import stems

MOST_WORDS = 6


class Wording(NamedTuple):
    """One way to say a thing: how it is written and the stems it is found by."""

    wording: str
    stems: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Synonyms:
    """Groups of wordings, each of which is found by the others."""

    groups: tuple[tuple[Wording, ...], ...]
    _by_first: dict[str, list[tuple[Wording, int]]]

    @classmethod
    def of(cls, groups: Iterable[Sequence[str]]) -> "Synonyms":
        """The groups as they are written. A wording that says nothing to a search, or too much, is passed over."""
        read: list[tuple[Wording, ...]] = []
        by_first: dict[str, list[tuple[Wording, int]]] = {}
        for group in groups:
            wordings = dict.fromkeys(Wording(each, tuple(stems(each))) for each in sorted(group))
            kept = tuple(each for each in wordings if 0 < len(each.stems) <= MOST_WORDS)
            for each in kept:
                by_first.setdefault(each.stems[0], []).append((each, len(read)))
            read.append(kept)
        return cls(tuple(read), by_first)

    def others_in(self, said: Sequence[str]) -> Iterator[tuple[str, Wording]]:
        """Each stem of what is said that is part of a wording, with each other wording of that group."""
        for place, stem in enumerate(said):
            for wording, group in self._by_first.get(stem, ()):
                if tuple(said[place : place + len(wording.stems)]) == wording.stems:
                    for other in self.groups[group]:
                        if other.stems != wording.stems:
                            yield from ((part, other) for part in wording.stems)


NONE = Synonyms((), {})
