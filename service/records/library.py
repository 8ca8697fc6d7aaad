"""The published answers as one process remembers them. Only what is published is here: it serves everybody."""

import threading
from dataclasses import dataclass
from uuid import UUID

from service.matching.related import WORTH_FINDING, Similar
from service.matching.vectors import Vector
from service.records import published
from service.records.database import Unit
from service.records.shelf import Shelf, Text


@dataclass(frozen=True, slots=True)
class Hit:
    """A published answer that was found, and how it fits."""

    answer: published.Answer
    fit: Similar


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, best first. `is_enough` is False for words that say nothing to a search."""

    hits: list[Hit]
    is_enough: bool
    by_meaning: bool


class Library:
    """Follows every change and answers as one read afresh would: in every process, in whatever order things came.

    `model` names whose vectors are used; None for words alone.
    """

    def __init__(self, model: str | None = None) -> None:
        self._lock = threading.RLock()
        self._shelf = Shelf(model)
        self._stamp: tuple[int, int] | None = None
        self._kept: set[UUID] = set()

    def follow(self, unit: Unit) -> None:
        """Take in what was published, changed or withdrawn, as this transaction sees it."""
        with self._lock:
            stamp = published.stamp(unit)
            if is_new := stamp != self._stamp:
                standing = published.texts(unit)
                for gone in self._kept - standing.keys():
                    self._shelf.drop(gone)
                for key, (title, body) in standing.items():
                    self._shelf.put(key, texts_of(title, body))
                self._kept, self._stamp = set(standing), stamp
            self._shelf.learn(unit, at_once=is_new)

    def search(
        self, unit: Unit, asked: str, vector: Vector | None, *, fewest: int = 1, least: float = WORTH_FINDING
    ) -> Search:
        """Return the published answers that fit what is asked, as this transaction sees them: by words alone without a vector."""
        with self._lock:
            self.follow(unit)
            found, best = self._shelf.search(asked, vector, fewest=fewest, least=least)
        standing = published.of(unit, list(best)[:_MOST])
        hits = [Hit(standing[key], fit) for key, fit in best.items() if key in standing]
        return Search(hits, found.is_enough, found.by_meaning)

    @property
    def reads_meaning(self) -> bool:
        """Whether a vector of what is asked would be of use."""
        return self._shelf.reads_meaning


_MOST = 200


def texts_of(title: str, body: str) -> tuple[Text, ...]:
    """Return the texts by which a published answer is found: its question alone, and all of it."""
    return tuple(dict.fromkeys((Text("", title), Text(title, body))))
