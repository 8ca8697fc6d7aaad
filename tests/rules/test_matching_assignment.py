"""Several briefs shared out: never beyond a limit, never worse than could be, the same in any order, and with reasons."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product
from random import Random
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from service.matching import BriefProfile, ResearcherProfile, build_index
from service.matching.assignment import Assignment, assign
from service.matching.candidates import Candidate, candidates
from service.matching.flow import ANOTHER_BRIEF, FIRST_PERSON, UNIVERSITYS_NEXT, Network, best_flow, heaviest_load
from service.matching.sharing import OpenBrief, Terms
from tests.support.directory import DIRECTORY, RETROFIT, TODAY, researcher

HOUSING = BriefProfile(
    sections={"questions": "Does energy retrofit of social housing cut emergency admissions?"},
    topics=("homes",),
    needed_by=date(2027, 6, 1),
    commissioner=("Gateshead Council",),
)


def ranked(*people: tuple[ResearcherProfile, float]) -> tuple[Candidate, ...]:
    found = [Candidate(person, score) for person, score in people]
    return tuple(sorted(found, key=lambda each: (-each.score, each.researcher.name, each.researcher.id)))


def brief(key: str, *people: tuple[ResearcherProfile, float], **facts: Any) -> OpenBrief:
    return OpenBrief(key, key.upper(), ranked(*people), **facts)


def taken(found: Assignment) -> dict[str, list[str]]:
    return {each.brief.id: [person.researcher.id for person in each.people] for each in found.proposals}


# -------------------------------------------------------------------------------------------------- against brute force


def worth(network: Network, chosen: tuple[int, ...]) -> int | None:
    """What a choice of edges is worth; None where it breaks a limit. Written from the rule, not from the program."""
    edges = [
        (int(network.brief[n]), int(network.person[n]), int(network.university[network.person[n]])) for n in chosen
    ]
    people, briefs = Counter(p for _, p, _ in edges), Counter(b for b, _, _ in edges)
    universities = Counter(u for _, _, u in edges)
    limits = [
        all(times <= network.slots[person] for person, times in people.items()),
        all(times <= network.per_brief for times in briefs.values()),
        network.per_university is None or all(times <= network.per_university for times in universities.values()),
        len({(b, u) for b, _, u in edges}) == len(edges),
    ]
    if not all(limits):
        return None
    fit = sum(int(network.score[n]) for n in chosen) + FIRST_PERSON * len(briefs) + heaviest_load(network) * len(edges)
    on_people = sum(ANOTHER_BRIEF * (int(network.has[p]) + k) for p, times in people.items() for k in range(times))
    on_universities = sum(UNIVERSITYS_NEXT * k for times in universities.values() for k in range(times))
    return fit - on_people - on_universities


@st.composite
def networks(draw: st.DrawFn) -> Network:
    briefs, people = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    pairs = draw(st.sets(st.tuples(st.integers(0, briefs - 1), st.integers(0, people - 1)), min_size=1, max_size=9))
    columns = np.array(sorted(pairs))
    few = st.sampled_from([0, 100, 1_000, 3_000, 3_100, 6_000, 9_999])

    def some(count: int, values: st.SearchStrategy[int]) -> NDArray[np.int64]:
        return np.array(draw(st.lists(values, min_size=count, max_size=count)), dtype=np.int64)

    return Network(
        brief=columns[:, 0],
        person=columns[:, 1],
        score=some(len(pairs), few),
        university=some(people, st.integers(0, 2)),
        slots=some(people, st.integers(0, 3)),
        has=some(people, st.integers(0, 12)),
        briefs=briefs,
        per_brief=draw(st.integers(1, 3)),
        per_university=draw(st.none() | st.integers(0, 3)),
    )


@settings(max_examples=150, deadline=None)
@given(networks())
def test_no_way_of_sharing_out_is_better_and_of_equals_the_earlier_people_take_the_earlier_briefs(net: Network) -> None:
    def earlier(chosen: tuple[int, ...]) -> int:
        return sum((int(net.person[n]) + 1) * (net.briefs - int(net.brief[n])) for n in chosen)

    edges = len(net.brief)
    ways = [tuple(n for n in range(edges) if way[n]) for way in product((False, True), repeat=edges)]
    allowed = {way: value for way in ways if (value := worth(net, way)) is not None}
    best = max(allowed.values())
    found = tuple(np.flatnonzero(best_flow(net)).tolist())
    assert allowed.get(found) == best
    assert earlier(found) == min(earlier(way) for way, value in allowed.items() if value == best)


# ---------------------------------------------------------------------------------------------------------- by example

ADA = researcher("ada", university="Tyne", capacity_days=20)
BEN = researcher("ben", university="Wear", capacity_days=5)
CAT = researcher("cat", university="Tees", capacity_days=5)


def test_somebody_goes_where_nobody_else_fits_and_the_brief_that_wanted_them_first_says_so() -> None:
    one = brief("one", (replace(ADA, capacity_days=5), 0.9), (BEN, 0.7))
    two = brief("two", (replace(ADA, capacity_days=5), 0.8))
    found = assign([one, two], Terms())
    assert taken(found) == {"one": ["ben"], "two": ["ada"]}
    [passed] = found.proposals[0].passed_up
    assert (passed.researcher.id, passed.score) == ("ada", 0.9)
    assert passed.text == "Their days allow no more than TWO (where they rank first and nobody else who fits is free)."
    assert (found.proposals[0].people[0].place, found.fit) == (2, 1.5)


def test_a_second_brief_goes_to_somebody_else_unless_they_fit_much_better() -> None:
    close = [brief("one", (ADA, 0.70), (BEN, 0.62)), brief("two", (ADA, 0.70), (CAT, 0.62))]
    found = assign(close, Terms())
    assert Counter(len(each) for each in taken(found).values()) == {1: 2}
    assert len({person for each in taken(found).values() for person in each}) == 2
    assert "one more would load them more than the better fit is worth" in " ".join(
        passed.text for each in found.proposals for passed in each.passed_up
    )
    far = [brief("one", (ADA, 0.70), (BEN, 0.40)), brief("two", (ADA, 0.70), (CAT, 0.40))]
    assert taken(assign(far, Terms())) == {"one": ["ada"], "two": ["ada"]}


def test_what_somebody_leads_already_counts_against_more() -> None:
    wanted = [brief("one", (ADA, 0.70), (BEN, 0.62))]
    assert taken(assign(wanted, Terms())) == {"one": ["ada"]}
    found = assign(wanted, Terms(has={"ada": 1}))
    assert taken(found) == {"one": ["ben"]}
    assert (
        found.proposals[0].passed_up[0].text
        == "Leads 1 live offer or project already, which counts against the better fit."
    )


def test_load_spreads_over_people_and_universities_at_little_cost_in_fit() -> None:
    random = Random(3)  # noqa: S311 - the same each time is wanted
    people = [researcher(f"p{n:02}", university=f"U{n % 4}", capacity_days=30) for n in range(24)]
    star = {person.id: 0.03 * (person.university == "U0") + 0.03 * (person.id == "p00") for person in people}
    briefs = [
        brief(f"b{n:02}", *((person, round(0.5 + star[person.id] + random.random() / 25, 4)) for person in people))
        for n in range(20)
    ]
    found = assign(briefs, Terms())
    best_first = sum(each.people[0].score for each in briefs)
    favourite = Counter(each.people[0].researcher.id for each in briefs)
    assert max(favourite.values()) > 10, "without fairness one person would be asked for most"
    assert max(len(load.briefs) for load in found.people) <= 2
    assert len(found.universities[0].briefs) <= 10
    assert found.fit > 0.93 * best_first


def test_days_and_a_universitys_limit_hold_and_who_is_left_without_says_why() -> None:
    far = researcher("far", university="Tyne", capacity_days=9)
    briefs = [
        brief("one", (BEN, 0.9)),
        brief("two", (BEN, 0.8), (CAT, 0.1), (far, 0.05)),
        brief("tri", (CAT, 0.9), (ADA, 0.1)),
    ]
    found = assign(briefs, Terms(per_university=1))
    assert taken(found) == {"one": ["ben"], "two": ["far"], "tri": ["cat"]}
    found = assign([*briefs, brief("xtra", (ADA, 0.9), (BEN, 0.5))], Terms(per_university=1))
    assert taken(found) == {"one": ["ben"], "two": [], "tri": ["cat"], "xtra": ["ada"]}
    assert found.proposals[1].short == (
        "Of those who fit: Ben takes ONE and Cat takes TRI, as much as their days allow; "
        "Tyne has as many briefs as you allow."
    )
    nobody = assign([brief("none", why_nobody="Nobody listed works on this subject.")], Terms())
    assert nobody.proposals[0].short == "Nobody listed works on this subject."
    assert (nobody.people, nobody.universities, nobody.fit) == ((), (), 0.0)
    assert assign([], Terms()).proposals == ()


def test_several_people_for_a_brief_come_from_several_universities_with_others_who_could_stand_in() -> None:
    eve = researcher("eve", university="Tyne", capacity_days=8)
    dan = researcher("dan", university="Usk", capacity_days=4)
    wanted = brief("one", (ADA, 0.9), (eve, 0.8), (BEN, 0.7), (CAT, 0.6), (dan, 0.65))
    found = assign([wanted], Terms(per_brief=2)).proposals[0]
    assert [person.researcher.id for person in found.people] == ["ada", "ben"]
    assert [[other.researcher.id for other in person.alternates] for person in found.people] == [
        ["eve", "cat"],
        ["cat"],
    ]
    assert found.passed_up[0].text == "A colleague at Tyne is proposed, and each person comes from another university."
    assert assign([brief("one", (ADA, 0.9), (eve, 0.8))], Terms(per_brief=2)).proposals[0].short == (
        "Everybody else who fits is at the same university, and each person comes from another."
    )


def test_any_order_gives_the_same_answer_and_names_decide_between_equals() -> None:
    random = Random(1)  # noqa: S311
    people = [researcher(f"p{n}", name=f"Same {n // 2}", university=f"U{n % 3}", capacity_days=10) for n in range(8)]
    briefs = [brief(f"b{n}", *((person, 0.5) for person in people)) for n in range(4)]
    first = taken(assign(briefs, Terms()))
    assert first == {"b0": ["p0"], "b1": ["p1"], "b2": ["p2"], "b3": ["p3"]}
    for _ in range(5):
        shuffled = [replace(each, people=tuple(random.sample(each.people, len(people)))) for each in briefs]
        random.shuffle(shuffled)
        assert dict(sorted(taken(assign(shuffled, Terms())).items())) == first


def test_load_decides_who_takes_a_brief_and_never_that_nobody_does() -> None:
    alone = [brief(f"b{n:02}", (replace(ADA, capacity_days=500), 0.1)) for n in range(60)]
    found = assign(alone, Terms(has={"ada": 40}))
    assert all(each.people for each in found.proposals)
    assert (len(found.people[0].briefs), found.people[0].has, found.people[0].days_left) == (60, 40, 200)


# ---------------------------------------------------------------------------------------------------------- candidates


def test_only_those_are_candidates_who_could_take_it_and_the_others_are_shown() -> None:
    crowd = [
        *DIRECTORY,
        researcher("hid", RETROFIT, hidden=True),
        researcher("con", RETROFIT, declared_conflicts=("Gateshead Council",)),
        researcher("few", RETROFIT, capacity_days=9, committed_days=5),
        researcher("late", RETROFIT, available_from=HOUSING.needed_by),
        researcher("out", RETROFIT, university="Usk"),
    ]
    allowed = replace(HOUSING, universities=frozenset({"tyne", "wear", "tees"}))
    found = candidates(allowed, build_index(crowd), today=TODAY, days=5, most=10)
    assert [each.researcher.id for each in found.people] == ["ada", "ben"]
    assert {each.researcher.id: each.reasons for each in found.left_out} == {
        "con": ("Has declared a conflict of interest with Gateshead Council.",),
        "hid": ("Has asked not to be suggested.",),
    }
    assert (found.why_nobody, found.excluded) == ("", 2)
    few = candidates(allowed, build_index(crowd), today=TODAY, days=11, most=10)
    assert few.why_nobody == "3 people fit, and none of them has 11 days left."
    nowhere = candidates(replace(HOUSING, universities=frozenset()), build_index(crowd), today=TODAY, days=5, most=10)
    assert nowhere.why_nobody == "4 people fit, and none of them is at a university that the brief can go to."
