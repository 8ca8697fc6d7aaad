"""Texts like one another: how alike, why, and much the same or not; and what to say of texts that say too little."""

from random import Random

import numpy as np
import pytest

from service.matching.related import SAME, Found, similar
from service.matching.synonyms import Synonyms
from service.matching.texts import TextIndex, digest_of
from service.matching.vectors import Vector, as_whole_numbers

RETROFIT = "Does energy retrofit of council housing cut GP and A&E visits in winter?"
TEXTS = (
    RETROFIT,
    "Do breakfast clubs in primary schools improve attendance and attainment?",
    "What helps pregnant women to stop smoking?",
    "Is social prescribing worth it for people with long-term conditions?",
    "Which licensing rules lower the risks of tattooing and piercing?",
)


def vector(seed: int) -> Vector:
    return as_whole_numbers(np.random.default_rng(seed).normal(size=384))


def index_of(*texts: str) -> TextIndex:
    index = TextIndex()
    for text in texts:
        index.add("", text)
    return index


def best(found: Found, index: TextIndex, texts: tuple[str, ...] = TEXTS) -> list[str]:
    by_number = {index.number_of("", text): text for text in texts}
    return [by_number[item.number] for item in found.items]


def test_the_same_question_in_another_order_is_much_the_same_and_says_why() -> None:
    index = index_of(*TEXTS)
    found = similar("In winter, does council housing's energy retrofit cut A&E and GP visits?", index)
    assert best(found, index) == [RETROFIT]
    [item] = found.items
    assert item.near_duplicate
    assert item.score == pytest.approx(1.0)
    assert item.why[0].startswith("Both say: ")
    assert "energy" in item.why[0]


@pytest.mark.parametrize("more", [RETROFIT, f"{RETROFIT} {' '.join(TEXTS[1:])}"])
def test_a_few_of_a_longer_texts_words_are_related_and_not_the_same(more: str) -> None:
    index = index_of(more, *TEXTS[1:])
    item = similar("energy retrofit housing", index).items[0]
    assert item.number == index.number_of("", more)
    assert not item.near_duplicate


def test_a_question_on_the_same_subject_that_asks_something_else_is_not_the_same() -> None:
    index = index_of(*TEXTS)
    found = similar("What do breakfast clubs in primary schools cost, and who pays for the food?", index)
    assert best(found, index)[0] == TEXTS[1]
    assert not found.items[0].near_duplicate


def test_another_word_for_it_counts_less_than_the_word_itself() -> None:
    index = index_of("smoking in pregnancy cessation support", *TEXTS[1:])
    same = Synonyms.of([("smoking", "tobacco")])
    by_synonym = similar("tobacco in pregnancy cessation support", index, synonyms=same).items[0]
    without = similar("tobacco in pregnancy cessation support", index).items[0]
    exact = similar("smoking in pregnancy cessation support", index).items[0]
    assert without.score < by_synonym.score < exact.score
    assert any("also: smoking" in word for word in by_synonym.words)


def test_meaning_finds_what_shares_no_word_and_is_told() -> None:
    index = index_of(*TEXTS)
    for place, text in enumerate(TEXTS):
        index.learn(digest_of("", text), vector(place))
    found = similar("draughty dwellings and wheezing pensioners", index, vector=vector(0))
    assert best(found, index) == [RETROFIT]
    assert found.items[0].why == ("Near in meaning.",)
    assert not found.items[0].near_duplicate, "a model alone never says that two questions are one"


@pytest.mark.parametrize("text", ["", "   ", "?", "smoking", "the and of", "\x00", "12 345", "🙂🙂"])
def test_a_text_that_says_too_little_is_told_so(text: str) -> None:
    assert similar(text, index_of(*TEXTS, text)) == Found(is_enough=False)


@pytest.mark.parametrize(
    "text",
    [
        "Quels sont les effets de la rénovation énergétique des logements sociaux ?",
        "低所得者向け住宅 健康への影響 について教えてください",
        "<script>alert(1)</script> ' OR 1=1 -- \u202e{{7*7}} ../../etc/passwd",
        "Ｆｕｌｌｗｉｄｔｈ ﬁgures \ud800 of damp",
    ],
)
def test_a_foreign_or_hostile_text_is_a_text_like_any_other(text: str) -> None:
    assert similar(text, index_of(*TEXTS)).is_enough
    index = index_of(*TEXTS, text)
    item = similar(text, index).items[0]
    assert (item.number, item.near_duplicate) == (index.number_of("", text), True)


def test_ten_thousand_words_are_read_by_the_most_telling() -> None:
    long = " ".join([*(f"word{number}" for number in range(10_000)), RETROFIT])
    index = index_of(*TEXTS, long)
    items = similar(long, index).items
    assert items[0].number == index.number_of("", long)
    assert [item.near_duplicate for item in items] == [True] + [False] * (len(items) - 1)


def test_what_is_found_depends_on_the_texts_present_and_not_on_their_order() -> None:
    many = [f"{text} {place}" for text in TEXTS for place in ("Leeds", "Kent", "Fife", "Bath")]
    found = []
    for seed in range(3):
        index = index_of("a passing text about housing", *Random(seed).sample(many, len(many)))  # noqa: S311  (no secret)
        index.remove("", "a passing text about housing")
        by_number = {index.number_of("", text): text for text in many}
        items = similar(RETROFIT, index).items
        found.append(sorted((item.score, by_number[item.number], item.near_duplicate, item.why) for item in items))
    assert found[0] == found[1] == found[2]
    assert sum(near for _, _, near, _ in found[0]) == 4


def test_an_empty_shelf_has_nothing_and_says_so() -> None:
    assert similar(RETROFIT, TextIndex()) == Found()
    assert 0 < SAME < 1
