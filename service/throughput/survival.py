"""How long things take when some are not finished and some end another way.

Dropping unfinished cases makes a service look fast; counting only those that got there makes it look faster still.
The estimator here keeps every case for as long as it was watched.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

_CLOSE_ENOUGH = 1e-9
"""Shares closer than this are equal: it absorbs rounding, and is far below one case in any service."""

Curve = tuple[tuple[int, float], ...]
"""Each time at which the share that had got there rose, with the share from then on; times ascend."""


def _times() -> "array[int]":
    return array("q")


@dataclass(frozen=True, slots=True)
class Observed:
    """Durations from each case's own start, in any one whole unit, by how its watch ended.

    `reached` got there; `overtaken` ended another way first and can get there no more; `unfinished` was still on its
    way when the watch ended (censored).
    """

    reached: "array[int]" = field(default_factory=_times)
    overtaken: "array[int]" = field(default_factory=_times)
    unfinished: "array[int]" = field(default_factory=_times)

    @classmethod
    def of(
        cls, reached: Iterable[int] = (), overtaken: Iterable[int] = (), unfinished: Iterable[int] = ()
    ) -> "Observed":
        """Return the observations of these durations."""
        return cls(array("q", reached), array("q", overtaken), array("q", unfinished))

    def note(self, duration: int, *, ended: bool) -> None:
        """Add one duration that got there, or was still on its way."""
        (self.reached if ended else self.unfinished).append(duration)


def incidence(observed: Observed) -> Curve:
    """Return the share of cases that had got there by each time: F(t).

    The Aalen-Johansen estimator of the cumulative incidence: F(t) is the sum, over times u ≤ t, of S(u-)·d(u)/n(u),
    where n(u) cases were still watched just before u, d(u) of them got there at u, and S is the Kaplan-Meier estimate
    of having ended in neither way. With nothing overtaken it is one minus the Kaplan-Meier estimate. At equal times
    endings come before unfinished watches, as is usual. Source: Aalen and Johansen (1978), An empirical transition
    matrix for non-homogeneous Markov chains based on censored observations, Scand. J. Statist. 5, 141-150.
    """
    watched = len(observed.reached) + len(observed.overtaken) + len(observed.unfinished)
    going, share = 1.0, 0.0
    curve: list[tuple[int, float]] = []
    for time, reached, overtaken, unfinished in _endings(observed):
        if reached:
            share += going * reached / watched
            curve.append((time, share))
        going *= 1 - (reached + overtaken) / watched
        watched -= reached + overtaken + unfinished
    return tuple(curve)


def quantile(curve: Curve, share: float) -> int | None:
    """Return the smallest time t with F(t) ≥ `share`, or None when the curve never gets that high."""
    return next((time for time, risen in curve if risen >= share - _CLOSE_ENOUGH), None)


def _endings(observed: Observed) -> Iterator[tuple[int, int, int, int]]:
    """Yield each time, ascending, with how many got there, were overtaken and were last watched then."""
    marks = [
        (time, kind)
        for kind, times in enumerate((observed.reached, observed.overtaken, observed.unfinished))
        for time in times
    ]
    for time, at_once in groupby(sorted(marks), key=lambda mark: mark[0]):
        counts = [0, 0, 0]
        for _, kind in at_once:
            counts[kind] += 1
        yield time, counts[0], counts[1], counts[2]
