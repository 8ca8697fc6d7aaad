"""Encode: the meaning of what researchers wrote, enquirers asked and we published is worked out a little at a time, so that no request waits for it."""

import threading
from collections.abc import Iterable

from service.actions import encoding
from service.clock import Clock
from service.context import Context
from service.matching.index import texts_of
from service.matching.texts import digest_of
from service.matching.vectors import Encoder
from service.records import corpus, library, matters, published, vectors
from service.records.database import Database, Unit
from service.records.following import Following

_BATCH = 8


class Encoding:
    """What one worker knows of the texts there are: which of them still lack a vector. Workers may do the same twice."""

    def __init__(self, database: Database, clock: Clock, encoder: Encoder | None) -> None:
        self._database = database
        self._clock = clock
        self._encoder = encoder
        self._lock = threading.Lock()
        """Its two jobs run beside each other."""
        self._following = Following()
        self._log = matters.Log()
        self._published: tuple[int, int] | None = None
        self._held: dict[str, tuple[str, ...]] = {}
        """The digests of what each researcher wrote, each enquiry asked and each answer says."""
        self._lacking: dict[str, tuple[str, str]] = {}
        """Texts without a vector, by digest."""

    def run(self) -> int:
        """Encode a small batch outside any transaction, write it down, and return how many texts it was."""
        encoder = self._encoder
        if encoder is None:
            return 0
        with self._lock:
            if not self._lacking:
                self._database.read(lambda unit: self._look(unit, encoder.model))
            some = list(self._lacking.items())[:_BATCH]
        found = {digest: vector for digest, text in some if (vector := encoder.encode(*text)) is not None}
        if found:
            ctx = Context(now=self._clock.now())
            self._database.transact(lambda unit: encoding.keep(unit, ctx, encoder.model, found))
        with self._lock:
            for digest, _ in some:
                self._lacking.pop(digest, None)
        return len(some)

    def tidy(self) -> int:
        """Forget the vectors of texts that have long been out of use, and return how many.

        Everything is read again for it, so that a text that another worker's tidying robbed of its vector is
        noticed here.
        """
        encoder = self._encoder
        if encoder is None:
            return 0
        with self._lock:
            self._start_over()
            self._database.read(lambda unit: self._look(unit, encoder.model))
            in_use = {digest for held in self._held.values() for digest in held}
        ctx = Context(now=self._clock.now())
        return self._database.transact(lambda unit: encoding.forget(unit, ctx, in_use))

    def _look(self, unit: Unit, model: str) -> None:
        """Take in what is new, and note which of the texts lack a vector."""
        written: dict[str, tuple[str, str]] = {}
        changes, step, standing = self._following.changes(unit), self._log.step(unit), published.stamp(unit)
        if changes is not None:
            for person in corpus.profiles(unit, changes.changed):
                self._hold(person.id, texts_of(person), written)
            for researcher_id in changes.gone:
                self._held.pop(str(researcher_id), None)
        if step is not None:
            for key, matter in matters.read(unit, step.changed):
                self._hold(str(key), matter.texts, written)
        if standing != self._published:
            for key, answer in published.texts(unit).items():
                self._hold(str(key), library.texts_of(*answer), written)
        known = vectors.known(unit, model, written)
        self._lacking |= {digest: text for digest, text in written.items() if digest not in known}
        self._published = standing
        if changes is not None:
            self._following.followed(changes)
        if step is not None:
            self._log.followed(step)

    def _hold(self, key: str, texts: Iterable[tuple[str, str]], written: dict[str, tuple[str, str]]) -> None:
        found = {digest_of(*text): text for text in texts}
        self._held[key] = tuple(found)
        written |= found

    def _start_over(self) -> None:
        self._following, self._log, self._published, self._held = Following(), matters.Log(), None, {}
