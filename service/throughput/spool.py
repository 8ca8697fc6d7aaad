"""Durations put aside until they are asked for, so that what a question holds in memory does not grow with the cases."""

from collections import defaultdict
from collections.abc import Hashable
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

import numpy as np

from service.working_time import Ticks

_IN_MEMORY = 2_000_000
"""Bytes from which on a file is used; it has no name and is gone with the question."""


class Spool:
    """Rows of durations, each under a name. Close it when nothing is asked any more: it is a context of its own."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the spool
        self._end = 0
        self._found: defaultdict[Hashable, list[tuple[int, int]]] = defaultdict(list)

    def put(self, name: Hashable, durations: Ticks) -> None:
        """Put durations behind those that stand under a name."""
        if not len(durations):
            return
        self._file.seek(self._end)
        self._found[name].append((self._end, durations.nbytes))
        self._end += self._file.write(durations.tobytes())

    def take(self, name: Hashable) -> Ticks:
        """Return the durations under a name, in the order in which they came; they stay."""
        return np.frombuffer(b"".join(self._read(*where) for where in self._found.get(name, ())), np.int64)

    def _read(self, start: int, size: int) -> bytes:
        self._file.seek(start)
        return self._file.read(size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
