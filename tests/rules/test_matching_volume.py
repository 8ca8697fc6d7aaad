"""Newcomers are not buried by volume: what many papers of middling fit add is bounded, and one that fits comes before them."""

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.matching import BriefProfile, ResearcherProfile, build_index, rank
from service.matching.reading import Crowd, read
from tests.support.directory import TODAY, paper, researcher

SUBJECT = "housing damp heating insulation tenants asthma admissions retrofit".split()
OTHER = """school breakfast pupils walking cycling loneliness befriending dementia carers alcohol licensing tobacco vaping suicide
violence probation allotments parks debt benefits midwives breastfeeding sleep playgrounds libraries buses flooding""".split()
BRIEF = BriefProfile(
    sections={"questions": "Does insulation and retrofit of heating in damp housing cut asthma admissions of tenants?"},
    needed_by=date(2027, 6, 1),
)
FIFTY = 2 ** (2 / 3)
"""As much better as one paper has to be so that no number of others comes before it: papers count to the power 1.5, each half
the one before."""


def with_papers(key: str, texts: list[str], **facts: object) -> ResearcherProfile:
    return researcher(key, *[paper(text, key=f"{key}-{place}") for place, text in enumerate(texts)], **facts)


@given(st.integers(1, 80), st.floats(0.01, 1 / FIFTY), st.floats(FIFTY, 3))
def test_no_number_of_papers_comes_before_one_that_fits_enough_better(
    many: int, middling: float, better: float
) -> None:
    texts = [" ".join(SUBJECT)] * many
    index = build_index([with_papers("ada", texts[:1]), with_papers("ben", texts)])
    crowd = Crowd(read(BRIEF, index, TODAY), index, index.table)
    shares = np.where(crowd.table.owners == crowd.table.place_of["ada"], min(1.0, middling * better), middling)
    ada, ben = (crowd.fading(shares)[crowd.table.place_of[key]] for key in ("ada", "ben"))
    assert ada >= ben - 1e-9
    assert ben < middling * FIFTY + 1e-9, "however many, they count as one paper of that fit at most"
    assert ben >= middling - 1e-9, "and more never count for less"


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([5, 20, 50, 120]), st.sampled_from([2, 3]))
def test_a_newcomer_with_one_paper_on_the_subject_comes_before_fifty_beside_it(
    seed: int, many: int, words: int
) -> None:
    chance = Random(seed)  # noqa: S311 - the same people each time
    beside = [" ".join(chance.sample(SUBJECT, words) + chance.sample(OTHER, 8 - words)) for _ in range(many)]
    crowd = [with_papers(f"x{number}", [" ".join(chance.sample(OTHER, 6)) for _ in range(3)]) for number in range(25)]
    people = [*crowd, with_papers("old", beside, career_stage="senior"), with_papers("new", [" ".join(SUBJECT)])]
    found = rank(BRIEF, people, today=TODAY)
    assert [item.researcher.id for item in found.items][:2] == ["new", "old"]
    assert found.items[0].researcher.is_newcomer
    assert found.newcomers >= 1


@pytest.mark.parametrize("many", [1, 3, 50])
def test_papers_done_with_those_who_use_them_count_each_half_the_one_before(many: int) -> None:
    texts = [f"{' '.join(SUBJECT)} co-produced with residents {number}" for number in range(many)]
    people = [with_papers("one", texts[:1], topics=("homes",)), with_papers("many", texts, topics=("homes",))]
    found = rank(replace(BRIEF, topics=("homes",)), people, today=TODAY)
    parts = {item.researcher.id: item.reasons for item in found.items}
    shown = {key: next(part for part in found if part.signal == "co_production") for key, found in parts.items()}
    one, others = shown["one"].contribution, shown["many"].contribution
    assert one <= others <= 1.5 * one + 0.0002
    assert others < shown["many"].weight / 2 + 0.0001, "less than one project with a council, however many"
