"""A team by exact search: the best of every team there could be, and cheap enough to come with each ranking."""

from dataclasses import replace
from itertools import combinations
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.matching import BriefProfile, rank
from service.matching.cover import MOST_NEEDS, fewest_who_cover
from tests.support.directory import RETROFIT, TODAY, researcher

METHODS = ("economic", "modelling", "participatory", "qualitative", "realist", "systematic_review")
RETROFITS = BriefProfile(sections={"questions": "Does energy retrofit of social housing cut emergency admissions?"})


@st.composite
def crowds(draw: st.DrawFn) -> tuple[np.ndarray, list[int], list[int]]:
    """Who covers what, where they are and their scores, best first; the lead, who comes first, covers nothing more."""
    needs, people = draw(st.integers(1, 5)), draw(st.integers(1, 9))
    covering = np.array([draw(st.lists(st.booleans(), min_size=people, max_size=people)) for _ in range(needs)])
    covering[:, 0] = False
    universities = draw(st.lists(st.integers(0, 3), min_size=people, max_size=people))
    totals = draw(st.lists(st.integers(0, 6), min_size=people, max_size=people))
    return covering, universities, sorted(totals, reverse=True)


@settings(max_examples=200, deadline=None)
@given(crowds(), st.integers(1, 3))
def test_no_team_is_better_than_the_one_found(crowd: tuple[np.ndarray, list[int], list[int]], most: int) -> None:
    covering, universities, totals = crowd

    def worth(team: tuple[int, ...]) -> tuple[int, int, int, int, tuple[int, ...]]:
        covered = int(covering[:, list(team)].any(axis=1).sum())
        together = len({universities[place] for place in (0, *team)})
        return covered, -len(team), together, sum(totals[place] for place in team), tuple(sorted(-n for n in team))

    teams = [team for size in range(most + 1) for team in combinations(range(1, len(totals)), size)]
    found = fewest_who_cover(covering, universities, totals, 0, most)
    assert worth(tuple(found)) == max(worth(team) for team in teams)


def test_a_team_is_no_larger_than_it_need_be_where_taking_the_most_first_would_make_it_so() -> None:
    crowd = [
        researcher("lead", RETROFIT, statement="Energy retrofit of social housing cuts emergency admissions."),
        researcher("most", RETROFIT, methods=METHODS[:4]),  # covers most, and leaves two that nobody else has together
        researcher("odd", RETROFIT, methods=(METHODS[0], METHODS[1], METHODS[4])),
        researcher("even", RETROFIT, methods=(METHODS[2], METHODS[3], METHODS[5])),
    ]
    team = rank(replace(RETROFITS, methods=METHODS), crowd, today=TODAY).team
    assert team is not None
    assert sorted(member.researcher.id for member in team.members[1:]) == ["even", "odd"]
    assert team.uncovered == ()
    assert team.free_days == 30


def test_a_full_team_covers_what_taking_the_most_first_would_leave_out() -> None:
    wanted = (*METHODS, "data_analysis", "process_evaluation")
    crowd = [
        researcher("lead", RETROFIT, statement="Energy retrofit of social housing cuts emergency admissions."),
        researcher("most", RETROFIT, methods=(wanted[0], wanted[1], wanted[3], wanted[4])),
        researcher("one", RETROFIT, methods=(wanted[0], wanted[1], wanted[2])),
        researcher("two", RETROFIT, methods=(wanted[3], wanted[4], wanted[5])),
        researcher("three", RETROFIT, methods=(wanted[6], wanted[7])),
    ]
    team = rank(replace(RETROFITS, methods=wanted), crowd, today=TODAY).team
    assert team is not None
    assert sorted(member.researcher.id for member in team.members[1:]) == ["one", "three", "two"]
    assert team.uncovered == ()


def test_those_who_could_stand_in_are_several_in_order_and_a_first_comes_before_any_second() -> None:
    crowd = [
        researcher("lead", RETROFIT, methods=("economic",), statement="Energy retrofit of social housing."),
        researcher("member", RETROFIT, methods=("qualitative",), university="Wear"),
        *(researcher(f"money{n}", RETROFIT, methods=("economic",), capacity_days=9 - n) for n in range(4)),
        researcher("spoken", RETROFIT, methods=("qualitative",), capacity_days=4, committed_days=4),
        researcher("talks", RETROFIT, methods=("qualitative",), capacity_days=2),
    ]
    ranking = rank(replace(RETROFITS, methods=("economic", "qualitative")), crowd, today=TODAY)
    assert ranking.team is not None
    lead, other = ranking.team.members
    assert [one.id for one in lead.alternates] == ["money0", "money1", "money2"]
    assert [one.id for one in other.alternates] == ["talks"]  # who has no days left stands in for nobody
    assert lead.alternate == lead.alternates[0]


@pytest.mark.parametrize(
    ("allowed", "leads"), [(None, "tyne"), ({"wear", "tees"}, "tees"), ({"wear"}, "wear"), (set(), None)]
)
def test_a_team_is_made_of_universities_that_the_brief_can_go_to(allowed: set[str] | None, leads: str | None) -> None:
    crowd = [
        researcher("tyne", RETROFIT, methods=("economic",), statement="Energy retrofit of social housing."),
        researcher("wear", RETROFIT, methods=("economic",), university="Wear"),
        researcher("tees", RETROFIT, methods=("realist",), university="Tees"),
    ]
    to = None if allowed is None else frozenset(allowed)
    ranking = rank(replace(RETROFITS, methods=("economic", "realist"), universities=to), crowd, today=TODAY)
    assert len(ranking.items) == 3, "everybody is ranked"
    people = [member.researcher for member in ranking.team.members] if ranking.team else []
    assert (people[0].id if people else None) == leads
    assert allowed is None or {person.university_id for person in people} <= allowed


def test_however_much_a_brief_names_a_team_is_found_at_once() -> None:
    random = np.random.default_rng(7)
    covering = random.random((30, 4_000)) < 0.2
    covering[:, 0] = False
    started = process_time()
    found = fewest_who_cover(covering, random.integers(0, 140, 4_000).tolist(), list(range(4_000, 0, -1)), 0, 3)
    assert process_time() - started < 2
    assert covering[:MOST_NEEDS, found].any(axis=1).all()
