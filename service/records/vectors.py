"""What is known of the meaning of texts."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

import numpy as np
from sqlalchemy import delete
from sqlmodel import col, select

from service.matching.texts import digest_of
from service.matching.vectors import Vector
from service.records.database import Unit
from service.records.tables import TextVector

_AT_ONCE = 500  # parameters in one statement


def of(unit: Unit, model: str, digests: Collection[str]) -> dict[str, Vector]:
    """Return the vectors of these texts by this model, as far as they are known."""
    found: dict[str, Vector] = {}
    for some in _in_parts(digests):
        rows = unit.exec(
            select(TextVector.digest, TextVector.vector).where(
                TextVector.model == model, col(TextVector.digest).in_(some)
            )
        )
        found |= {digest: _read(vector) for digest, vector in rows}
    return found


def of_text(unit: Unit, model: str, text: str) -> Vector | None:
    """Return the vector of a text that has no title, or None while it is not known."""
    digest = digest_of("", text)
    return of(unit, model, [digest]).get(digest)


def every(unit: Unit, model: str) -> Iterator[tuple[str, Vector]]:
    """Yield each text's digest and vector by this model."""
    rows = unit.exec(
        select(TextVector.digest, TextVector.vector).where(TextVector.model == model).execution_options(yield_per=2_000)
    )
    return ((digest, _read(vector)) for digest, vector in rows)


def known(unit: Unit, model: str, digests: Collection[str]) -> set[str]:
    """Return which of these texts have a vector by this model."""
    return {
        digest
        for some in _in_parts(digests)
        for digest in unit.exec(
            select(TextVector.digest).where(TextVector.model == model, col(TextVector.digest).in_(some))
        )
    }


def keep(unit: Unit, model: str, vectors: dict[str, Vector], now: datetime) -> int:
    """Write down the vectors that are not known yet and return how many: whoever was first stands."""
    new = vectors.keys() - known(unit, model, vectors)
    unit.add_all(
        TextVector(model=model, digest=digest, vector=vectors[digest].tobytes(), made_at=now) for digest in sorted(new)
    )
    return len(new)


def forget(unit: Unit, in_use: Collection[str], made_before: datetime) -> int:
    """Take out the vectors, by any model, of texts that are no longer in use, if they are that old; return how many."""
    used = set(in_use)
    rows = unit.exec(select(TextVector.digest).where(col(TextVector.made_at) < made_before).distinct())
    unused = [digest for digest in rows if digest not in used]
    for some in _in_parts(unused):
        unit.exec(delete(TextVector).where(col(TextVector.digest).in_(some), col(TextVector.made_at) < made_before))
    return len(unused)


def _in_parts(digests: Iterable[str]) -> Iterator[list[str]]:
    every_one = list(digests)
    return (every_one[start : start + _AT_ONCE] for start in range(0, len(every_one), _AT_ONCE))


def _read(vector: bytes) -> Vector:
    return np.frombuffer(vector, dtype=np.int8)
