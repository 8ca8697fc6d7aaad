"""Vectors that a benchmark compares by, kept between runs: working them out takes longer than comparing them."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from service.matching.texts import digest_of
from service.matching.vectors import Encoder, Vector


def kept(encoder: Encoder, texts: Iterable[tuple[str, str]]) -> dict[str, Vector]:
    """Return the vectors of texts by digest, from the last run where it worked them out."""
    path = Path(".cache", "bench", f"{encoder.model}.npz")
    path.parent.mkdir(parents=True, exist_ok=True)
    found = dict(np.load(path)) if path.is_file() else {}
    new = {digest_of(*text): text for text in texts if digest_of(*text) not in found}
    for digest, text in new.items():
        if (vector := encoder.encode(*text)) is not None:
            found[digest] = vector
    if new:
        np.savez(path, **found)
    return found
