"""Ties with the organisation that asks: what is sure keeps out and names the paper, what is alike is a hint and no more."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.matching import BriefProfile, Employer, Index, ResearcherProfile, build_index, rank
from service.matching.names import LIKE, SAME, sureness
from service.matching.ties import RECENT_YEARS, ties
from tests.support.directory import DIRECTORY, RETROFIT, TODAY, paper, researcher

DURHAM = "Durham County Council"
BRIEF = BriefProfile(
    sections={"questions": "Does energy retrofit of social housing cut emergency admissions?"},
    commissioner=(DURHAM, "0193533f-3d0c-7a53-8f42-0b8a6a1c0a01"),
)


@pytest.mark.parametrize(
    ("asking", "found", "expected"),
    [
        (DURHAM, "DURHAM county council", SAME),
        (DURHAM, "Public Health, The Durham County Council, County Hall, Durham", SAME),
        ("Barnardo’s Trust & Homes", "Barnardo's Trust and Homes", SAME),
        (DURHAM, "County Durham Council", LIKE),
        (DURHAM, "Durham City Council", LIKE),
        (DURHAM, "Public Health Directorate of Durham County Council", LIKE),
        ("Gateshead Council", "Gateshead Metropolitan Borough Council", LIKE),
        ("Mencap", "Mencap", LIKE),
        ("Gateshead", "Queen Elizabeth Hospital, Gateshead, UK", None),
        ("Gateshead Council", "Queen Elizabeth Hospital, Gateshead, UK", None),
        ("Newcastle City Council", "Newcastle-under-Lyme Borough Council", None),
        (DURHAM, "Durham University", None),
        (DURHAM, "County Council", None),
        ("Council", "City Council of", None),
        ("", "", None),
    ],
)
def test_names_are_the_same_alike_or_another(asking: str, found: str, expected: str | None) -> None:
    assert sureness([asking], found) == expected


def written(year: int | None, name: str = DURHAM) -> str:
    """Return what is told of one paper of that year, and whether it is sure."""
    one = replace(paper("Warm homes", year=year), organisations=("Durham University", name))
    told = ties(BRIEF, researcher("ada", one), TODAY)
    return "; ".join(f"{'sure' if tie.is_sure else 'perhaps'}: {tie.text}" for tie in told)


def test_a_paper_of_the_last_years_is_sure_one_at_the_edge_is_not_and_an_older_one_is_nothing() -> None:
    assert RECENT_YEARS == 3
    for year in (2024, 2026):
        assert written(year) == f"sure: Wrote lately with somebody of {DURHAM}: “Warm homes” ({year})."
    edge = written(2023)
    assert edge.startswith("perhaps: ")
    assert "“Warm homes” (2023)" in edge
    assert written(2022) == written(None) == ""
    assert written(2026, "County Durham Council").startswith("perhaps: ")


def test_who_works_there_now_is_kept_out_and_who_did_is_told() -> None:
    def told(**facts: object) -> list[tuple[bool, str]]:
        person = researcher("ada", employers=(Employer(DURHAM, **facts),))  # type: ignore[arg-type]  # days
        return [(tie.is_sure, tie.text) for tie in ties(BRIEF, person, TODAY)]

    now = f"Works for the organisation that asks too: {DURHAM}, as ORCID has it."
    assert told(source="orcid", since=date(2019, 9, 1)) == [(True, now)]
    assert told(until=TODAY)[0][0] is True
    assert told(until=date(2025, 3, 12)) == [(False, f"Worked for {DURHAM} until 12 March 2025, as their entry says.")]
    assert told(until=date(2019, 3, 12)) == told(since=date(2027, 1, 1)) == []


def test_the_ranking_keeps_out_what_is_sure_with_the_paper_named_and_hints_at_the_rest() -> None:
    one = replace(RETROFIT, id="x", year=2025, organisations=(DURHAM,))
    other = replace(RETROFIT, id="y", year=2025, organisations=("County Durham Council",))
    found = rank(BRIEF, [*DIRECTORY, researcher("kim", one), researcher("lou", other)], today=TODAY)
    items = {item.researcher.id: item for item in found.items}
    assert items["kim"].conflicts == (f"Wrote lately with somebody of {DURHAM}: “{one.title}” (2025).",)
    assert found.items[-1] is items["kim"]
    assert not items["lou"].excluded
    assert items["lou"].warnings == (
        f"Perhaps wrote lately with somebody of the organisation that asks, named County Durham Council: “{one.title}” (2025).",
    )
    assert (items["ada"].conflicts, items["ada"].warnings, found.excluded) == ((), (), 1)


bodies = st.sampled_from([DURHAM, "County Durham Council", "Durham University", "Gateshead Council", "Mencap"])


@given(st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.lists(bodies, max_size=3)), max_size=10))
def test_who_comes_changes_and_goes_leaves_the_ties_of_those_present(steps: list[tuple[str, list[str] | None]]) -> None:
    index = Index()
    present: dict[str, ResearcherProfile] = {}
    for key, names in steps:
        if names is None:
            if present.pop(key, None) is not None:
                index.drop(key)
            continue
        one = replace(paper("Warm homes", year=2026, key=key), organisations=tuple(names[1:]))
        present[key] = researcher(key, one, employers=tuple(map(Employer, names[:1])))
        index.put(present[key])
    for asking in ([DURHAM], ["Mencap", "Gateshead Council"], [""]):
        tied = {
            key for key, person in present.items() if ties(replace(BRIEF, commissioner=tuple(asking)), person, TODAY)
        }
        assert index.tied_to(asking) == build_index(present.values()).tied_to(asking) == tied
    if not present:
        assert (index._tied, index._marked) == ({}, {})
