"""An attacker who asks for every period and subtracts learns no small count that whole years do not tell anyway."""

from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from service.throughput.suppression import Windows

THRESHOLD = 5
JANUARY = 2025 * 12


def windows(*counts: int, first: int = JANUARY) -> Windows:
    """Return the windows over months that begin with one that has a submission."""
    return Windows(
        Counter({first + place: count for place, count in enumerate(counts) if count}), first + len(counts), THRESHOLD
    )


def told(asked: Windows) -> list[tuple[int, int]]:
    boundaries = range(asked.first, asked.end + 1)
    return [pair for pair in combinations(boundaries, 2) if asked.tells_submitted(*pair)]


def never_withheld(asked: Windows) -> list[tuple[int, int]]:
    boundaries = range(asked.first, asked.end + 1)
    return [pair for pair in combinations(boundaries, 2) if asked.is_never_withheld(*pair)]


def following_from(pairs: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return every window whose count can be had from these by adding and subtracting."""
    group = {place: place for pair in pairs for place in pair}
    for start, end in pairs:
        kept, gone = group[start], group[end]
        group = {place: kept if member == gone else member for place, member in group.items()}
    return {pair for pair in combinations(sorted(group), 2) if group[pair[0]] == group[pair[1]]}


@given(st.integers(0, 11), st.integers(1, 12), st.lists(st.integers(0, 12), max_size=40))
def test_nothing_small_follows_but_what_follows_from_whole_years(start: int, one: int, others: list[int]) -> None:
    asked = windows(one, *others, first=JANUARY + start)
    for window in following_from(told(asked)) - following_from(never_withheld(asked)):
        assert sum(asked.submitted.get(month, 0) for month in range(*window)) >= THRESHOLD


@given(st.lists(st.integers(5, 12), min_size=1, max_size=40))
def test_with_every_month_up_to_the_threshold_every_period_is_told(counts: list[int]) -> None:
    asked = windows(*counts)
    assert told(asked) == list(combinations(range(asked.first, asked.end + 1), 2))


def test_everything_so_far_is_told_however_little_it_is() -> None:
    asked = windows(1, 0, 2)
    assert told(asked) == [(asked.first, asked.end)]
    assert asked.is_never_withheld(asked.first - 40, asked.end + 40)


def test_whole_years_are_told_however_little_they_are() -> None:
    asked = windows(1, *[0] * 10, 1, 2, *[0] * 11)
    assert asked.is_never_withheld(asked.first + 5, asked.first + 17)
    assert not asked.tells_submitted(asked.first + 5, asked.first + 16)


def test_twelve_months_that_begin_before_the_first_submission_are_no_whole_year() -> None:
    asked = windows(2, *[0] * 20)
    assert not asked.tells_submitted(asked.first - 11, asked.first + 1)


def test_months_after_as_of_do_not_make_a_year_whole() -> None:
    asked = windows(20, *[0] * 14, 1)
    assert not asked.tells_submitted(asked.end - 1, asked.end + 11)


def test_a_period_without_months_that_count_is_told() -> None:
    asked = windows(1, 2)
    assert asked.is_never_withheld(asked.end, asked.end + 3)
    assert Windows({}, JANUARY, THRESHOLD).is_never_withheld(JANUARY - 3, JANUARY)


def test_a_large_month_is_withheld_where_its_small_neighbour_would_follow() -> None:
    asked = windows(20, 2, 30)
    assert (asked.first + 1, asked.first + 2) not in told(asked)
    assert len({(asked.first, asked.first + 2), (asked.first, asked.first + 1)} & set(told(asked))) == 1


def test_quarters_come_before_other_months() -> None:
    asked = windows(*[2] * 12)
    quarters = range(asked.first, asked.first + 13, 3)
    assert told(asked) == list(combinations(quarters, 2))


def test_a_threshold_of_nothing_withholds_nothing() -> None:
    asked = Windows(Counter({JANUARY: 1}), JANUARY + 3, 0)
    assert asked.tells_submitted(JANUARY + 1, JANUARY + 2)
