"""The estimators against another library's: Kaplan-Meier and cumulative incidence, with ties, censoring and competition."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from service.throughput.survival import Observed
from tests.support.counted import Rises, incidence, quantile

durations = st.lists(st.integers(0, 12), max_size=20)
QUANTILES = (0.5, 0.75, 0.9)


def same(ours: Rises, theirs: Sequence[tuple[float, float]]) -> None:
    """Compare the curves where they rise, and the smallest times by which half, three quarters and nine tenths are there."""
    risen = [
        (time, share) for place, (time, share) in enumerate(theirs) if share > (theirs[place - 1][1] if place else 0)
    ]
    assert [time for time, _ in ours] == [time for time, _ in risen]
    assert [share for _, share in ours] == pytest.approx([share for _, share in risen], abs=1e-9)
    for share in QUANTILES:
        assert quantile(ours, share) == next((time for time, up in theirs if up >= share - 1e-9), None)


@settings(max_examples=60, deadline=None)
@given(durations, durations)
@example([3, 3, 3], [3, 3])
@example([], [1, 2])
@example([4], [])
@example([1, 2, 3], [])
def test_kaplan_meier(reached: list[int], unfinished: list[int]) -> None:
    ours = incidence(Observed.of(reached, unfinished=unfinished))
    if not reached:
        # The library has no curve where nobody got there; ours is empty.
        assert (ours, quantile(ours, 0.5)) == ((), None)
        return
    with np.errstate(all="ignore"):
        theirs = SurvfuncRight(
            np.array([*reached, *unfinished], float), np.repeat([1, 0], [len(reached), len(unfinished)])
        )
    same(ours, [(time, 1 - left) for time, left in zip(theirs.surv_times, theirs.surv_prob, strict=True)])


@settings(max_examples=60, deadline=None)
@given(durations.filter(bool), durations.filter(bool), durations)
@example([60] * 38, [10] * 62, [])
@example([5], [5], [5])
@example([0], [0], [])
def test_aalen_johansen(reached: list[int], overtaken: list[int], unfinished: list[int]) -> None:
    sizes = [len(reached), len(overtaken), len(unfinished)]
    times = np.array([*reached, *overtaken, *unfinished], float)
    with np.errstate(all="ignore"):
        theirs = CumIncidenceRight(times, np.repeat([1, 2, 0], sizes))
    same(incidence(Observed.of(reached, overtaken, unfinished)), list(zip(theirs.times, theirs.cinc[0], strict=True)))
    same(incidence(Observed.of(overtaken, reached, unfinished)), list(zip(theirs.times, theirs.cinc[1], strict=True)))
