"""Conflicts, exclusions, availability, why nobody, and the team."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.matching import BriefProfile, Ranking, ResearcherProfile, rank
from service.matching.constraints import availability, conflicts
from tests.support.directory import ADVERTS, COLD_HOMES, DIRECTORY, RETROFIT, SCHOOL_FOOD, TODAY, WARM_COSTS, researcher

HOUSING = BriefProfile(
    sections={"questions": "Does energy retrofit of damp social housing cut emergency admissions?"},
    topics=("homes",),
    methods=("economic", "qualitative"),
    needed_by=date(2027, 3, 1),
    commissioner=("Gateshead Council", "org-7"),
)


def unmet(ranking: Ranking) -> list[tuple[str, int]]:
    return [(one.requirement, one.would_return) for one in ranking.unmet]


@pytest.mark.parametrize(
    "declared", ["Gateshead Council", "gateshead  COUNCIL", "Gateshead Metropolitan Borough Council", "org-7"]
)
def test_a_declared_conflict_is_shown_and_keeps_out(declared: str) -> None:
    torn = researcher("torn", RETROFIT, WARM_COSTS, declared_conflicts=("Someone else", declared))
    ranking = rank(HOUSING, [torn, *DIRECTORY], today=TODAY)
    last = ranking.items[-1]
    assert last.researcher is torn
    assert last.excluded
    assert last.conflicts == (f"Has declared a conflict of interest with {declared}.",)
    assert last.score > ranking.items[0].score / 2  # it would have ranked high, and one can see so
    assert ranking.excluded == 1
    assert not any(item.excluded for item in ranking.items[:-1])


@pytest.mark.parametrize(
    ("asking", "declared"),
    [
        ("Durham County Council", "Durham University"),
        ("Newcastle City Council", "Newcastle-under-Lyme Borough Council"),
        ("", ""),
        ("Council", "City Council of"),
    ],
)
def test_other_organisations_are_no_conflict(asking: str, declared: str) -> None:
    brief = replace(HOUSING, commissioner=(asking,))
    assert conflicts(brief, researcher("free", RETROFIT, declared_conflicts=(declared,))) == ()


def test_those_left_out_are_shown_with_the_reason() -> None:
    shy = researcher("shy", RETROFIT, hidden=True)
    brief = replace(HOUSING, exclusions={"ada": "declined this brief on Monday"})
    ranking = rank(brief, [shy, *DIRECTORY], today=TODAY)
    assert {item.researcher.id: item.conflicts for item in ranking.items} == {
        "ben": (),
        "ada": ("Left out by the team: declined this brief on Monday",),
        "shy": ("Has asked not to be suggested.",),
    }


# ---------------------------------------------------------------------------------------------------- availability


@pytest.mark.parametrize(
    ("facts", "needed_by", "available"),
    [
        ({}, None, True),
        ({}, date(2027, 3, 1), True),
        ({"available_from": date(2027, 2, 28)}, date(2027, 3, 1), True),
        ({"available_from": date(2027, 3, 1)}, date(2027, 3, 1), False),
        ({"available_from": date(2030, 1, 1)}, None, True),
        ({"available_from": date(2020, 1, 1)}, date(2027, 3, 1), True),
        ({"committed_days": 10}, None, False),
        ({"committed_days": 11}, None, False),
        ({"capacity_days": 0}, date(2027, 3, 1), False),
        ({}, TODAY, False),
        ({}, TODAY - timedelta(days=1), False),
    ],
)
def test_available_is_days_left_and_a_start_in_time(
    facts: dict[str, object], needed_by: date | None, *, available: bool
) -> None:
    person = researcher("one", RETROFIT, **facts)
    assert availability(person, needed_by, TODAY).available is available
    ranking = rank(replace(HOUSING, needed_by=needed_by), [person], today=TODAY)
    assert [item.available for item in ranking.items] == [available]
    assert (ranking.team is not None) is available


def test_sooner_and_freer_ranks_higher() -> None:
    def scores(one: ResearcherProfile, other: ResearcherProfile) -> list[str]:
        return [item.researcher.id for item in rank(HOUSING, [one, other], today=TODAY).items]

    free = researcher("z free", RETROFIT)
    assert scores(free, researcher("later", RETROFIT, available_from=date(2027, 1, 15))) == ["z free", "later"]
    assert scores(free, researcher("busy", RETROFIT, committed_days=8)) == ["z free", "busy"]
    late = researcher("late", RETROFIT, available_from=date(2027, 9, 1))
    assert scores(researcher("later", RETROFIT, available_from=date(2027, 2, 15)), late) == ["later", "late"]


def test_unavailable_people_stay_in_view() -> None:
    late = researcher(
        "late",
        RETROFIT,
        WARM_COSTS,
        available_from=date(2027, 9, 1),
        methods=("economic", "qualitative"),
        topics=("homes",),
    )
    ranking = rank(HOUSING, [late, *DIRECTORY], today=TODAY)
    found = next(item for item in ranking.items if item.researcher is late)
    assert not found.available
    assert not found.excluded
    text = next(reason.text for reason in found.reasons if reason.signal == "availability")
    assert text == "Could start from 1 September 2027, too late for 1 March 2027; 10 of 10 days free."


# ------------------------------------------------------------------------------------------------------ why nobody


def test_why_nobody_names_what_would_bring_people_back() -> None:
    late = date(2027, 9, 1)
    crowd = [
        researcher("one", RETROFIT, available_from=late),
        researcher("two", RETROFIT, available_from=late),
        researcher("three", RETROFIT, declared_conflicts=("Gateshead Council",)),
        researcher("four", RETROFIT, available_from=late, committed_days=10),  # two hurdles: not among the smallest
        researcher("five", SCHOOL_FOOD),  # free, but on another subject
    ]
    ranking = rank(HOUSING, crowd, today=TODAY)
    assert ranking.team is None
    assert unmet(ranking) == [("needed_by", 2), ("conflict", 1)]
    assert ranking.unmet[0].text == "2 people would come back without the needed-by date (1 March 2027)."
    assert ranking.unmet[1].text == "1 person would come back without their conflict with the organisation that asks."
    for requirement, back, brief, cured in (
        ("needed_by", 2, replace(HOUSING, needed_by=None), crowd),
        ("conflict", 1, replace(HOUSING, commissioner=()), crowd),
    ):
        again = rank(brief, cured, today=TODAY)
        assert len([item for item in again.items if item.available and not item.excluded]) == back, requirement


def test_two_hurdles_together_are_named_together() -> None:
    stuck = researcher("stuck", RETROFIT, committed_days=10, hidden=True)
    ranking = rank(HOUSING, [stuck], today=TODAY)
    assert unmet(ranking) == [("exclusion+capacity", 1)]
    assert "being left out, by their own wish or by the team and needing days" in ranking.unmet[0].text


def test_nobody_on_the_subject() -> None:
    brief = BriefProfile(
        sections={"questions": "A retrofit of knitting, crochet, macramé and quilting for cathedral vergers"}
    )
    nobody = rank(brief, DIRECTORY, today=TODAY)
    assert unmet(nobody) == [("subject", 5)]
    assert nobody.unmet[0].text == "Nobody listed works on this subject: 5 people in the directory work on others."


def test_a_gap_in_the_list_is_named() -> None:
    late = researcher("late", COLD_HOMES, available_from=date(2027, 9, 1))
    ranking = rank(HOUSING, [researcher("ada", RETROFIT, methods=("economic",), topics=("homes",)), late], today=TODAY)
    assert unmet(ranking) == [("method:qualitative", 1)]
    assert (
        ranking.unmet[0].text == "Nobody in the list covers qualitative research; 1 person kept out of the list would."
    )
    alone = rank(HOUSING, [researcher("ada", RETROFIT, topics=("homes",), methods=("economic",))], today=TODAY)
    assert alone.unmet[0].text == "Nobody in the list covers qualitative research; neither does anyone kept out of it."


# ------------------------------------------------------------------------------------------------------------ team


def test_a_team_covers_the_brief_across_universities_with_alternates() -> None:
    crowd = [
        researcher("lead", RETROFIT, WARM_COSTS, topics=("homes",), methods=("economic",)),
        researcher("near", COLD_HOMES, methods=("qualitative",)),
        researcher("far", COLD_HOMES, university="Wear", methods=("qualitative",)),
        researcher("spare", WARM_COSTS, university="Tees", topics=("homes",)),
    ]
    team = rank(HOUSING, crowd, today=TODAY).team
    assert team is not None
    lead, other = team.members
    assert (lead.researcher.id, lead.role, lead.covers) == ("lead", "lead", ("topic:homes", "method:economic"))
    assert (other.researcher.id, other.role, other.covers) == ("far", "member", ("method:qualitative",))
    assert lead.alternate is not None
    assert lead.alternate.id == "spare"
    assert other.alternate is not None
    assert other.alternate.id == "near"
    assert team.universities == ("Tyne", "Wear")
    assert team.uncovered == ()


def test_a_team_says_what_it_does_not_cover() -> None:
    brief = replace(HOUSING, methods=("economic", "modelling"))
    team = rank(brief, DIRECTORY, today=TODAY).team
    assert team is not None
    assert team.uncovered == ("method:modelling",)


def test_a_team_stays_small() -> None:
    wanted = ("realist", "economic", "qualitative", "modelling", "participatory", "data_analysis")
    crowd = [researcher(f"r{method}", RETROFIT, methods=(method,)) for method in wanted]
    team = rank(replace(HOUSING, methods=wanted, topics=()), crowd, today=TODAY).team
    assert team is not None
    assert len(team.members) == 4
    assert team.uncovered


def test_a_brief_without_needs_gets_a_lead_and_an_alternate() -> None:
    crowd = [researcher("one", ADVERTS), researcher("two", replace(ADVERTS, id="copy"), university="Wear")]
    team = rank(BriefProfile(sections={"questions": "advertising of unhealthy food"}), crowd, today=TODAY).team
    assert team is not None
    assert [(member.researcher.id, member.alternate.id if member.alternate else None) for member in team.members] == [
        ("one", "two")
    ]
