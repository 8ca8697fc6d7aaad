"""Encode: the meaning of what researchers wrote is worked out a little at a time, so that no request waits for it."""

import threading

from service.actions import encoding
from service.clock import Clock
from service.context import Context
from service.matching.index import texts_of
from service.matching.texts import digest_of
from service.matching.vectors import Encoder
from service.records import corpus, vectors
from service.records.database import Database, Unit
from service.records.following import Following

_BATCH = 8


class Encoding:
    """What one worker knows of the directory's texts: which of them still lack a vector. Workers may do the same twice."""

    def __init__(self, database: Database, clock: Clock, encoder: Encoder | None) -> None:
        self._database = database
        self._clock = clock
        self._encoder = encoder
        self._lock = threading.Lock()
        """Its two jobs run beside each other."""
        self._following = Following()
        self._held: dict[str, tuple[str, ...]] = {}
        """The digests of what each researcher wrote."""
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

        The whole directory is read again for it, so that a text that another worker's tidying robbed of its vector is
        noticed here.
        """
        encoder = self._encoder
        if encoder is None:
            return 0
        with self._lock:
            self._following, self._held = Following(), {}
            self._database.read(lambda unit: self._look(unit, encoder.model))
            in_use = {digest for held in self._held.values() for digest in held}
        ctx = Context(now=self._clock.now())
        return self._database.transact(lambda unit: encoding.forget(unit, ctx, in_use))

    def _look(self, unit: Unit, model: str) -> None:
        """Take in what is new in the directory, and note which of its texts lack a vector."""
        changes = self._following.changes(unit)
        if changes is None:
            return
        written: dict[str, tuple[str, str]] = {}
        for person in corpus.profiles(unit, changes.changed):
            texts = {digest_of(*text): text for text in texts_of(person)}
            self._held[person.id] = tuple(texts)
            written |= texts
        for researcher_id in changes.gone:
            self._held.pop(str(researcher_id), None)
        known = vectors.known(unit, model, written)
        self._lacking |= {digest: text for digest, text in written.items() if digest not in known}
        self._following.followed(changes)
