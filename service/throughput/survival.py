"""How long things take when some are not finished and some end another way.

Dropping unfinished cases makes a service look fast; counting only those that got there makes it look faster still.
The estimator here keeps every case for as long as it was watched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_CLOSE_ENOUGH = 1e-9
"""Shares closer than this are equal: it absorbs rounding, and is far below one case in any service."""

Times = NDArray[np.int64]


class Curve(NamedTuple):
    """Each time at which the share that had got there rose, with the share from then on; times ascend."""

    times: Times
    shares: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Observed:
    """Durations from each case's own start, in any one whole unit, by how its watch ended.

    `reached` got there; `overtaken` ended another way first and can get there no more; `unfinished` was still on its
    way when the watch ended (censored).
    """

    reached: Times
    overtaken: Times
    unfinished: Times

    @classmethod
    def of(
        cls,
        reached: Sequence[int] | Times = (),
        overtaken: Sequence[int] | Times = (),
        unfinished: Sequence[int] | Times = (),
    ) -> "Observed":
        """Return the observations of these durations."""
        return cls(*(np.asarray(times, np.int64) for times in (reached, overtaken, unfinished)))

    @classmethod
    def split(cls, durations: Times, ended: NDArray[np.bool_]) -> "Observed":
        """Return the observations of durations that got there, or were still on their way."""
        return cls.of(durations[ended], (), durations[~ended])


def incidence(observed: Observed) -> Curve:
    """Return the share of cases that had got there by each time: F(t).

    The Aalen-Johansen estimator of the cumulative incidence: F(t) is the sum, over times u ≤ t, of S(u-)·d(u)/n(u),
    where n(u) cases were still watched just before u, d(u) of them got there at u, and S is the Kaplan-Meier estimate
    of having ended in neither way. With nothing overtaken it is one minus the Kaplan-Meier estimate. At equal times
    endings come before unfinished watches, as is usual. Source: Aalen and Johansen (1978), An empirical transition
    matrix for non-homogeneous Markov chains based on censored observations, Scand. J. Statist. 5, 141-150.
    """
    reached, overtaken, unfinished = (
        np.sort(times) for times in (observed.reached, observed.overtaken, observed.unfinished)
    )
    times = _distinct(np.sort(np.concatenate([reached, overtaken])))
    arrived, lost = _at(reached, times), _at(overtaken, times)
    gone = sum(np.searchsorted(done, times, side="left") for done in (reached, overtaken, unfinished))
    watched = len(reached) + len(overtaken) + len(unfinished) - gone
    going = np.cumprod(1 - (arrived + lost) / watched)
    before = np.concatenate([np.ones(min(len(times), 1)), going[:-1]])
    shares = np.cumsum(before * arrived / watched)
    return Curve(times[arrived > 0], shares[arrived > 0])


def quantile(curve: Curve, share: float) -> int | None:
    """Return the smallest time t with F(t) ≥ `share`, or None when the curve never gets that high."""
    place = int(np.searchsorted(curve.shares, share - _CLOSE_ENOUGH))
    return int(curve.times[place]) if place < len(curve.times) else None


def _distinct(ascending: Times) -> Times:
    found: Times = ascending[np.diff(ascending, prepend=-1) != 0]
    return found


def _at(ascending: Times, times: Times) -> NDArray[np.int64]:
    """Return how many of the durations end at each time."""
    return np.searchsorted(ascending, times, side="right") - np.searchsorted(ascending, times, side="left")
