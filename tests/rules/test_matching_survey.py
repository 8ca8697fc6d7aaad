"""What is written down of a ranking: the same ranks as people are shown, as if nobody had been passed over."""

from dataclasses import replace

from service.matching import BriefProfile, build_index, rank
from service.matching.scoring import EDITION
from service.matching.survey import FIRST, Standing, survey
from tests.support.directory import DIRECTORY, TODAY, paper, researcher

BRIEF = BriefProfile(
    sections={"questions": "Does insulation of damp housing cut emergency admissions?"},
    topics=("homes",),
    commissioner=("Gateshead Council",),
)
EVERYBODY = (
    *DIRECTORY,
    researcher("fay", paper("Damp housing and admissions"), declared_conflicts=("Gateshead Council",)),
    researcher("gus", paper("Damp housing, insulation and admissions"), hidden=True),
)
KEYS = [person.id for person in EVERYBODY]


def test_a_survey_gives_everybody_the_rank_and_score_they_are_shown_with() -> None:
    index = build_index(EVERYBODY)
    shown = rank(BRIEF, index, today=TODAY)
    found = survey(BRIEF, index, [*KEYS, "nobody"], today=TODAY)
    suggested = [item for item in shown.items if not item.excluded]
    assert [each.researcher_id for each in found.first] == [item.researcher.id for item in suggested]
    assert (found.suitable, found.left_out) == (shown.suitable, shown.excluded)
    for place, item in enumerate(suggested, start=1):
        stands = found.places[item.researcher.id]
        assert (stands.standing, stands.rank, stands.score) == (Standing.RANKED, place, round(item.score * 10_000))
    assert {key: found.place(key).standing for key in ("fay", "gus", "eve", "nobody")} == {
        "fay": Standing.LEFT_OUT, "gus": Standing.LEFT_OUT, "eve": Standing.OFF_SUBJECT, "nobody": Standing.UNLISTED,
    }  # fmt: skip
    weights = found.inputs["weights"]
    assert isinstance(weights, dict)
    assert sum(weights.values()) == 10_000
    assert found.inputs["edition"] == EDITION


def test_passing_the_best_over_betters_nobodys_rank_that_is_kept() -> None:
    index = build_index(EVERYBODY)
    best, second, *_ = rank(BRIEF, index, today=TODAY).items
    without = replace(BRIEF, exclusions={best.researcher.id: "Too busy"})
    assert rank(without, index, today=TODAY).items[0].researcher.id == second.researcher.id
    kept = survey(without, index, KEYS, today=TODAY)
    assert kept == survey(BRIEF, index, KEYS, today=TODAY)
    assert (kept.place(best.researcher.id).rank, kept.place(second.researcher.id).rank) == (1, 2)


def test_no_more_are_kept_than_are_shown_and_a_brief_that_says_nothing_ranks_nobody() -> None:
    crowd = build_index(researcher(f"r{number:02}", paper("Damp housing", key=f"p{number}")) for number in range(30))
    assert len(survey(BRIEF, crowd, [], today=TODAY).first) == FIRST
    silent = survey(BriefProfile(), crowd, ["r01"], today=TODAY)
    assert (silent.suitable, silent.first, silent.place("r01").standing) == (0, (), Standing.OFF_SUBJECT)


def test_these_people_have_this_order_in_this_edition_of_the_rules() -> None:
    """Where a change of the rules is meant to move scores, raise EDITION with it, and write the new scores here."""
    shown = rank(BRIEF, build_index(EVERYBODY), today=TODAY).items
    assert (EDITION, [(item.researcher.id, item.score) for item in shown]) == (
        1,
        [("ada", 0.4539), ("ben", 0.2164), ("gus", 0.3897), ("fay", 0.3181)],
    )
