"""Which rung a group stands on: alone on none, and never beside a remainder that is too small."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise

import pytest

from service.throughput.telling import FACTS, Rung, Seen, Sightings, Stretches, ladder

END = 2027 * 12


def rungs(
    groups: Mapping[str, Iterable[tuple[int, str]]], *, several_apply: bool = False, keys: Iterable[str] = ()
) -> Mapping[str, Rung]:
    """Return the rungs of groups given as how many are decided, or something more, in the last year."""
    found = {key: Counter[Seen]() for key in (*groups, *keys)}
    for key, told in groups.items():
        for count, facts in told:
            found[key][END - 3, frozenset(facts.split())] += count
    everybody = sum(found.values(), Counter[Seen]())
    found.pop("nobody", None)
    return Sightings(everybody, found).rungs(END, 5, several_apply=several_apply)


def test_groups_that_share_a_division_are_told_as_finely_as_it_goes() -> None:
    told = rungs({key: [(9, "open"), (7, "decided")] for key in ("nhs", "council", "police")})
    assert {key: rung.facts for key, rung in told.items()} == dict.fromkeys(("nhs", "council", "police"), FACTS[0])


def test_a_group_alone_on_its_rung_goes_down_to_one_that_it_shares() -> None:
    told = rungs({"nhs": [(9, "open"), (7, "decided")], "council": [(9, "open"), (2, "decided")]})
    assert not any(rung.facts & {"open", "decided"} for rung in told.values())
    assert set(told) == {"nhs", "council"}


def test_one_group_that_is_everybody_is_told_nothing() -> None:
    assert rungs({"nhs": [(40, "open")]}, keys=["council", "police"]) == {}


def test_a_remainder_under_the_threshold_takes_the_smallest_group_along() -> None:
    told = rungs({"nhs": [(20, "open")], "council": [(9, "open")], "police": [(30, "open")], "other": [(3, "open")]})
    assert set(told) == {"nhs", "police"}


def test_two_that_are_left_go_together() -> None:
    assert rungs({"nhs": [(20, "open")], "council": [(9, "open")], "other": [(3, "open")]}) == {}


def test_a_remainder_of_nobody_gives_nobody_away() -> None:
    assert set(rungs({"nhs": [(20, "open")], "council": [(9, "open")]}, keys=["police"])) == {"nhs", "council"}


def test_whoever_knows_the_rule_as_well_learns_no_small_size() -> None:
    """Every service of three to five groups and few enquiries: those that are told the same never agree on a small size."""
    worlds = ((groups, total) for groups, most in ((3, 16), (4, 14), (5, 11)) for total in range(1, most))
    for groups, total in worlds:
        alike: defaultdict[tuple[int | None, ...], list[Sequence[int]]] = defaultdict(list)
        for bars in combinations(range(total + groups - 1), groups - 1):
            sizes = [after - before - 1 for before, after in pairwise((-1, *bars, total + groups - 1))]
            alike[told_of(sizes)].append(sizes)
        for told, services in alike.items():
            for place in range(groups):
                seen = {sizes[place] for sizes in services}
                assert told[place] is not None or seen not in ({1}, {2}), (told, place, seen)


def told_of(sizes: Sequence[int]) -> tuple[int | None, ...]:
    """Return what is told of groups of these sizes where three is enough."""
    kind = END - 3, frozenset({"open"})
    groups = {str(place): +Counter({kind: size}) for place, size in enumerate(sizes)}
    told = Sightings(Counter({kind: sum(sizes)}), groups).rungs(END, 3, several_apply=False)
    return tuple(size if str(place) in told else None for place, size in enumerate(sizes))


@pytest.mark.parametrize(("outside", "is_told"), [(4, False), (5, True)])
def test_where_several_apply_as_many_are_outside_as_inside(*, outside: int, is_told: bool) -> None:
    told = rungs({"homes": [(20, "open")], "nobody": [(outside, "open")]}, several_apply=True)
    assert ("homes" in told) == is_told


def test_stretches_are_years_that_end_with_the_as_of_and_the_oldest_takes_the_rest() -> None:
    every = Stretches(END - 30, END, cuts=1)
    assert [every.of(END - back) for back in (1, 12, 13, 24, 25, 30)] == [0, 0, 1, 1, 1, 1]
    assert every.make_up(END - 12, END)
    assert every.make_up(END - 99, END - 12)
    assert every.make_up(END - 30, END + 7)
    assert not every.make_up(END - 24, END)
    assert not every.make_up(END - 13, END - 1)
    assert not every.make_up(END, END + 12)
    assert not Stretches(END - 30, END, cuts=0).make_up(END - 12, END)


def test_the_ladder_goes_from_every_year_and_all_facts_to_everything_so_far_and_none() -> None:
    steps = ladder(END - 40, END)
    assert (steps[0].stretches.cuts, steps[0].facts) == (2, FACTS[0])
    assert (steps[-1].stretches.cuts, steps[-1].facts) == (0, frozenset())
    assert len(set(steps)) == len(steps) == 3 * len(FACTS)
    assert len(ladder(END - 3, END)) == len(FACTS)
