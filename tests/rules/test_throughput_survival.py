"""The estimators against examples worked by hand, against exact fractions, and against each other."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.throughput.survival import Observed
from tests.support.counted import incidence, quantile

durations = st.lists(st.integers(0, 12), max_size=25)
shares = st.sampled_from([0.5, 0.75, 0.9])


def test_62_answered_on_day_10_and_38_commissioned_on_day_60_is_no_median_of_60() -> None:
    curve = incidence(Observed.of(reached=[60] * 38, overtaken=[10] * 62))
    assert [(time, round(risen, 9)) for time, risen in curve] == [(60, 0.38)]
    assert quantile(curve, 0.38) == 60
    assert quantile(curve, 0.5) is None


def test_the_same_cases_counted_among_the_commissioned_alone_would_say_60() -> None:
    assert quantile(incidence(Observed.of(reached=[60] * 38)), 0.5) == 60


def test_kaplan_meier_as_in_the_textbook() -> None:
    # Freireich's leukaemia trial (1963), the 21 patients given 6-MP, as worked in Cox and Oakes (1984), section 1.1.
    relapsed = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    still_well = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = incidence(Observed.of(reached=relapsed, unfinished=still_well))
    survival = {time: round(1 - risen, 4) for time, risen in curve}
    assert survival == {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}
    assert quantile(curve, 0.5) == 23
    assert quantile(curve, 0.75) is None


def test_cumulative_incidence_by_hand() -> None:
    # Six cases. Day 1: one of 6 gets there, F = 1/6, S = 5/6. Day 2: one is overtaken, S = 5/6 · 4/5 = 2/3.
    # Day 3: one is last watched. Day 4: one of 3 gets there, F = 1/6 + 2/3 · 1/3 = 7/18, S = 4/9.
    # Day 5: one overtaken, S = 2/9. Day 6: the last gets there, F = 7/18 + 2/9 = 11/18.
    curve = incidence(Observed.of(reached=[1, 4, 6], overtaken=[2, 5], unfinished=[3]))
    assert [time for time, _ in curve] == [1, 4, 6]
    assert [risen for _, risen in curve] == pytest.approx([1 / 6, 7 / 18, 11 / 18])
    assert (quantile(curve, 0.5), quantile(curve, 0.75)) == (6, None)


def test_at_equal_times_endings_come_before_unfinished_watches() -> None:
    assert incidence(Observed.of(reached=[5], unfinished=[5])) == ((5, 0.5),)


def test_all_unfinished_reach_nothing() -> None:
    assert incidence(Observed.of(unfinished=[1, 2, 3])) == ()
    assert quantile((), 0.5) is None


def test_nothing_observed() -> None:
    assert incidence(Observed.of()) == ()


def test_one_case() -> None:
    curve = incidence(Observed.of(reached=[7]))
    assert curve == ((7, 1.0),)
    assert [quantile(curve, share) for share in (0.5, 0.75, 0.9)] == [7, 7, 7]


def test_one_case_at_once() -> None:
    assert quantile(incidence(Observed.of(reached=[0], unfinished=[0])), 0.5) == 0


@pytest.mark.parametrize("count", [2, 4, 10, 20, 1000, 4000])
def test_rounding_never_moves_a_quantile(count: int) -> None:
    curve = incidence(Observed.of(reached=range(1, count + 1)))
    assert quantile(curve, 0.5) == count / 2
    assert curve[-1][1] == pytest.approx(1)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=25), shares)
def test_with_every_case_finished_a_quantile_is_a_place_in_the_sorted_list(reached: list[int], share: float) -> None:
    place = -(-Fraction(str(share)) * len(reached) // 1)
    assert quantile(incidence(Observed.of(reached=reached)), share) == sorted(reached)[int(place) - 1]


@given(durations, durations, durations)
def test_it_is_the_share_each_case_ends_up_with_when_unfinished_ones_hand_theirs_on(
    reached: list[int], overtaken: list[int], unfinished: list[int]
) -> None:
    curve = incidence(Observed.of(reached, overtaken, unfinished))
    assert dict(curve) == pytest.approx(
        {time: float(risen) for time, risen in handed_on(reached, overtaken, unfinished).items()}
    )


@given(durations, durations, durations)
def test_both_ways_of_ending_together_are_one_minus_the_survival_of_all(
    one: list[int], other: list[int], unfinished: list[int]
) -> None:
    def at(curve: Sequence[tuple[int, float]], time: int) -> float:
        return max((risen for when, risen in curve if when <= time), default=0.0)

    first = incidence(Observed.of(one, other, unfinished))
    second = incidence(Observed.of(other, one, unfinished))
    either = incidence(Observed.of([*one, *other], [], unfinished))
    for time in {*one, *other}:
        assert at(first, time) + at(second, time) == pytest.approx(at(either, time))


@given(durations, durations, durations, st.randoms(use_true_random=False))
def test_the_order_of_cases_changes_nothing(
    reached: list[int], overtaken: list[int], unfinished: list[int], chance: Random
) -> None:
    before = incidence(Observed.of(reached, overtaken, unfinished))
    for times in (reached, overtaken, unfinished):
        chance.shuffle(times)
    assert incidence(Observed.of(reached, overtaken, unfinished)) == before


def handed_on(reached: list[int], overtaken: list[int], unfinished: list[int]) -> dict[int, Fraction]:
    """Efron's way (1967), in exact fractions: each case starts with an equal share, and one last watched hands its
    share on to those still watched, in equal parts. What has arrived at a time is F there."""
    cases = sorted(
        [(time, 0, True) for time in reached]
        + [(time, 0, False) for time in overtaken]
        + [(time, 1, False) for time in unfinished]
    )
    shares = [Fraction(1, len(cases)) for _ in cases]
    arrived: dict[int, Fraction] = {}
    total = Fraction(0)
    for place, (time, is_unfinished, got_there) in enumerate(cases):
        if is_unfinished:
            left = len(cases) - place - 1
            for later in range(place + 1, len(cases)):
                shares[later] += shares[place] / left
        elif got_there:
            total += shares[place]
            arrived[time] = total
    return arrived
