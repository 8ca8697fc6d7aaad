"""Ranking by words and meaning together, with the model the service comes with: sense, nonsense, and scores that come apart."""

from dataclasses import replace

import pytest

from service.matching import BriefProfile, Index, Ranking, ResearcherProfile, build_index, rank
from service.matching.index import texts_of
from service.matching.query import text_of
from service.matching.texts import digest_of
from service.matching.vectors import Encoder
from service.sources.encoders import PACKAGE, find_encoder
from tests.support.directory import DIRECTORY, TODAY


def encoder() -> Encoder:
    found = find_encoder(PACKAGE, "").encoder
    assert found is not None
    return found


def learned(people: tuple[ResearcherProfile, ...]) -> Index:
    """An index of these people that knows what every text of theirs means."""
    index = build_index(people)
    for person in people:
        for text in texts_of(person):
            vector = encoder().encode(*text)
            assert vector is not None
            index.texts.learn(digest_of(*text), vector)
    return index


@pytest.fixture(scope="module")
def index() -> Index:
    return learned(DIRECTORY)


def asked(text: str, index: Index) -> Ranking:
    brief = BriefProfile(sections={"questions": text})
    return rank(brief, index, today=TODAY, vector=encoder().encode("", text_of(brief)))


def test_plain_words_find_papers_that_use_others(index: Index) -> None:
    found = asked("cold houses make old folk ill", index)
    assert {item.researcher.id for item in found.items} == {"ada", "ben"}
    assert found.by_meaning
    assert found.texts_waiting == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the",
        "xyzzy",
        "1234567890",
        "ما هو تأثير السكن",
        "住宅の断熱",
        "<script>alert(1)</script>",
        "'; DROP TABLE researcher; --",
        "🏠🏠",
        "Quels sont les effets de la rénovation énergétique des logements sur la santé?",
    ],
    ids=range(10),
)
def test_nothing_to_go_on_is_said_so_though_everything_has_a_vector(text: str, index: Index) -> None:
    found = asked(text, index)
    assert found.items == ()
    assert [unmet.requirement for unmet in found.unmet] == ["not_enough_to_go_on"]


def test_a_huge_brief_is_read(index: Index) -> None:
    assert [item.researcher.id for item in asked("retrofit of damp housing " * 10_000, index).items][:1] == ["ada"]


def test_contributions_add_up_and_removing_the_cited_paper_lowers_the_score(index: Index) -> None:
    question = "Do warm, dry homes keep older tenants out of hospital?"
    for item in asked(question, index).items:
        assert round(sum(reason.contribution for reason in item.reasons), 4) == item.score
        cited = next(reason for reason in item.reasons if reason.signal == "publications").evidence[0]
        kept = tuple(paper for paper in item.researcher.publications if paper.title != cited)
        poorer = learned(
            tuple(replace(one, publications=kept) if one.id == item.researcher.id else one for one in DIRECTORY)
        )
        after = {again.researcher.id: again.score for again in asked(question, poorer).items}
        assert after.get(item.researcher.id, 0.0) < item.score
