"""The first enquiry of each body, or of each body in each area, found while cases go by."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.throughput.packing import HEAD, differs


class Firsts:
    """Of each kind the first head, whatever the order in which they are added."""

    def __init__(self, of: Sequence[str], by: Sequence[str] = ()) -> None:
        """Tell kinds apart by some members of a head; the first has the least of the other ones, in their order."""
        self._of, self._members = of, [*of, *by]
        self.heads: NDArray[Any] = np.empty(0, [(name, HEAD[name]) for name in self._members])
        """Of those that were added, these members."""

    def add(self, heads: NDArray[Any]) -> None:
        """Add some heads."""
        known = np.concatenate([self.heads, heads[self._members].astype(self.heads.dtype)])
        known = known[np.lexsort([known[name] for name in reversed(self._members)])]
        self.heads = known[_begins(known, self._of)]

    def count_apart(self, of: Sequence[str]) -> int:
        """Return how many kinds there are by the foremost of the members that tell them apart."""
        return int(np.count_nonzero(_begins(self.heads, of)))


def _begins(heads: NDArray[Any], of: Sequence[str]) -> NDArray[np.bool_]:
    """Tell of each head whether it is of another kind than the one before it."""
    begins: NDArray[np.bool_] = np.logical_or.reduce([differs(heads[name]) for name in of])
    return begins
