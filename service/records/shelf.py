"""Things of the database that are found by their texts, as one process remembers them: by word and by meaning."""

import time
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from service.matching.related import Found, Similar, similar
from service.matching.synonyms import Synonyms
from service.matching.texts import TextIndex, digest_of
from service.matching.vectors import Vector
from service.records import synonyms, vectors
from service.records.database import Unit

_FEW = 500  # texts whose vectors are looked for one by one
_SECONDS_BETWEEN = 30


class Text(NamedTuple):
    """A text as it is kept, and as its vector is worked out."""

    title: str
    body: str

    @property
    def digest(self) -> str:
        return digest_of(self.title, self.body)


class Learner:
    """Takes in the vectors of an index that were worked out since. `model` names whose; None for words alone."""

    def __init__(self, model: str | None) -> None:
        self._model = model
        self._read_at: float | None = None

    def learn(self, unit: Unit, texts: TextIndex, *, at_once: bool) -> None:
        """Read what is new. While many texts lack a vector all are read at once, but only now and then."""
        if self._model is None or not texts.unlearned:
            return
        if len(texts.unlearned) <= _FEW:
            for digest, vector in vectors.of(unit, self._model, sorted(texts.unlearned)).items():
                texts.learn(digest, vector)
        elif at_once or self._read_at is None or time.monotonic() - self._read_at > _SECONDS_BETWEEN:
            for digest, vector in vectors.every(unit, self._model):
                if digest in texts.unlearned:
                    texts.learn(digest, vector)
            self._read_at = time.monotonic()


class Shelf:
    """Keyed things, each with its texts. What is found depends on what stands here, not on the order it came in."""

    def __init__(self, model: str | None) -> None:
        self.model = model
        self._index = TextIndex()
        self._texts: dict[UUID, tuple[Text, ...]] = {}
        self._holders: dict[int, set[UUID]] = {}
        self._learner = Learner(model)
        self._synonyms = Synonyms.of(())
        self._words: int | None = None

    def put(self, key: UUID, texts: tuple[Text, ...]) -> None:
        """Let a thing have these texts, whatever it had before; none takes it off the shelf."""
        if texts == self._texts.get(key, ()):
            return
        self.drop(key)
        for text in texts:
            self._holders.setdefault(self._index.add(*text), set()).add(key)
        if texts:
            self._texts[key] = texts

    def drop(self, key: UUID) -> None:
        """Take a thing off the shelf, if it is there."""
        for text in self._texts.pop(key, ()):
            number = self._index.number_of(*text)
            self._holders[number].discard(key)
            if self._index.remove(*text):
                del self._holders[number]

    def clear(self) -> None:
        """Take everything off."""
        self._index, self._texts, self._holders = TextIndex(), {}, {}

    def learn(self, unit: Unit, *, at_once: bool) -> None:
        """Take in vectors worked out since, and words of the same meaning that were changed."""
        words = synonyms.stamp(unit)
        if words != self._words:
            self._synonyms = Synonyms.of(synonyms.in_force(unit).values())
            self._words = words
        self._learner.learn(unit, self._index, at_once=at_once)

    def search(
        self, asked: str, vector: Vector | None, *, fewest: int, least: float
    ) -> tuple[Found, Mapping[UUID, Similar]]:
        """Return how the search went, and everything found by its best text, best first, level ones by key."""
        found = similar(asked, self._index, vector=vector, synonyms=self._synonyms, fewest=fewest, least=least)
        best: dict[UUID, Similar] = {}
        for item in found.items:
            for key in self._holders[item.number]:
                best.setdefault(key, item)
        return found, dict(sorted(best.items(), key=lambda each: (-each[1].score, each[0])))

    @property
    def reads_meaning(self) -> bool:
        """Whether the meaning of any text here is known, so that it can be compared."""
        return self.model is not None and bool(self._texts) and self._index.has_learned

    @property
    def waiting(self) -> int:
        """How many texts are read by their words alone, their vectors not being known yet."""
        return len(self._index.unlearned) if self.model else 0
