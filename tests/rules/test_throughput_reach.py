"""Whom the service has reached: what an area is told, and that nothing withheld follows from it."""

from collections import defaultdict
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.throughput.access import AREAS, area_of
from service.throughput.reach import Body, Reach, reach

SOME = AREAS[:5]
Sizes = dict[str, tuple[int, int]]
"""By area, how many councils asked and how many never did."""


def bodies(sizes: Sizes) -> list[Body]:
    return [
        Body(UUID(int=place), f"Council {place}", area, is_heard=place < heard)
        for area, (heard, never) in sizes.items()
        for place in range(heard + never)
    ]


sizes = st.dictionaries(st.sampled_from(SOME), st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=5)


@given(sizes, st.integers(2, 5))
def test_no_small_number_is_told_and_none_follows(found: Sizes, threshold: int) -> None:
    total, areas = reach(bodies(found), threshold)
    assert (total.heard_from, total.never) == (sum(h for h, _ in found.values()), sum(n for _, n in found.values()))
    assert total.suppressed is False
    told = {area.key: area for area in areas if not area.suppressed and area.on_register}
    for key, area in told.items():
        assert (area.heard_from, area.never) == found[key]
        assert min(found[key]) >= threshold
    withheld = [area for area in areas if area.suppressed]
    assert all((area.heard_from, area.never) == (None, None) for area in withheld)
    for area in withheld if len(withheld) <= 3 else ():
        # Another world behind the same answer: the same totals over the withheld areas, another number here.
        worlds = _worlds(withheld, (total.heard_from or 0) - sum(each.heard_from or 0 for each in told.values()))
        assert len({world[area.key] for world in worlds}) > 1 or not told, (found, area)


def _worlds(withheld: list[Reach], heard: int) -> list[dict[str, int]]:
    choices = product(*(range(area.on_register + 1) for area in withheld))
    return [
        dict(zip((area.key for area in withheld), choice, strict=True)) for choice in choices if sum(choice) == heard
    ]


@pytest.mark.parametrize(
    ("registers", "threshold"),
    [((1, 6, 7), 3), ((3, 7, 9), 3), ((2, 8, 9), 4), ((1, 3, 7, 9), 3), ((2, 2, 7, 9), 2), ((6, 7, 8), 3)],
)
def test_whoever_knows_the_rule_as_well_learns_no_small_number(registers: tuple[int, ...], threshold: int) -> None:
    """Every way in which councils may have asked: those that are told the same never agree on a small number."""
    alike: defaultdict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
    for asked in product(*(range(held + 1) for held in registers)):
        found = {area: (heard, held - heard) for area, heard, held in zip(SOME, asked, registers, strict=False)}
        total, areas = reach(bodies(found), threshold)
        told = {area.key: area.heard_from for area in areas}
        alike[(total.heard_from, *(told[area] for area in found))].append(asked)
    for (total_heard, *told_of), worlds in alike.items():
        if total_heard in {0, sum(registers)}:
            continue  # None, or all of them: the total tells it of each, and is never withheld.
        for place in range(len(registers)):
            seen = {world[place] for world in worlds}
            assert told_of[place] is not None or len(seen) > 1, (told_of, seen)
    assert any(number is not None for _, *told_of in alike for number in told_of)


@given(sizes)
def test_where_nothing_is_small_everything_is_told(found: Sizes) -> None:
    _, areas = reach(bodies(found), 1)
    assert {area.key: (area.heard_from, area.never) for area in areas if area.on_register} == {
        area: size for area, size in found.items() if any(size)
    }


def test_every_area_is_listed_and_one_that_holds_nobody_is_told_so() -> None:
    total, areas = reach([], 5)
    assert total == Reach("", 0, 0, 0)
    assert [area.key for area in areas] == list(AREAS)
    assert {(area.heard_from, area.never, area.suppressed) for area in areas} == {(0, 0, False)}


@pytest.mark.parametrize(
    ("area", "key"), [(None, "not_known"), ("", "not_known"), ("wales", "wales"), ("mars", "elsewhere")]
)
def test_areas_are_named_as_elsewhere(area: str | None, key: str) -> None:
    assert area_of(area) == key
