"""Words evened out, and phrases recognised."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.matching.signs import PHRASES, Kind, Sign, sign_named, signs_in
from service.matching.text import plain_words, stems, words
from service.vocabulary import METHODS, POPULATIONS, TOPICS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("organisations", "organization"),
        ("behaviour", "behaviors"),
        ("paediatric", "pediatric"),
        ("programmes", "program"),
        ("centres", "center"),
        ("coproduction", "co-production"),
        ("co‑production", "co-production"),
        ("COVID-19", "covid19"),
        ("well-being", "wellbeing"),
        ("aging", "ageing"),
        ("children’s", "children"),
        ("café", "CAFE"),
        ("ﬁnance", "finance"),
        ("evaluating", "evaluation"),
    ],
)
def test_spellings_meet(one: str, other: str) -> None:
    assert stems(one)[0] == stems(other)[0]


@pytest.mark.parametrize(("one", "other"), [("ageing", "aged"), ("A&E", "A"), ("loneliness", "loan")])
def test_different_things_stay_apart(one: str, other: str) -> None:
    assert not set(stems(one)) & set(stems(other))


def test_a_hyphened_word_counts_whole_and_in_parts() -> None:
    assert stems("long-term") == ["longterm", "long", "term"]


@pytest.mark.parametrize(
    "text", ["", "   ", "the of and", "42 2024 3.14", "x", "–—…!?", "a" * 5000, "what do we want to know?"]
)
def test_what_says_nothing_gives_nothing(text: str) -> None:
    assert stems(text) == []


def test_words_keep_how_they_were_written() -> None:
    assert [(word.stem, word.surface) for word in words("A&E visits")] == [("a&e", "A&E"), ("visit", "visits")]


@settings(deadline=None)  # a busy machine is not a slow rule
@given(st.text(max_size=400))
def test_any_text_is_read_without_complaint(text: str) -> None:
    assert all(stem and not stem.isspace() for stem in stems(text))
    assert signs_in(text) <= {Sign(kind, code) for kind in Kind for code in PHRASES[kind]}
    assert all(plain_words(text)) or not plain_words(text)


def test_every_code_that_can_be_asked_for_can_be_recognised() -> None:
    assert set(PHRASES[Kind.METHOD]) == set(METHODS)
    assert set(PHRASES[Kind.TOPIC]) == set(TOPICS) - {"other"}
    assert set(PHRASES[Kind.POPULATION]) >= set(POPULATIONS) - {"whole_population"}


@pytest.mark.parametrize(
    ("text", "kind", "codes"),
    [
        ("A meta‑analysis and Scoping Reviews", Kind.METHOD, {"systematic_review"}),
        ("a randomized controlled trial", Kind.METHOD, {"outcome_evaluation", "quantitative"}),
        ("cost effectiveness of a socio-economic index", Kind.METHOD, {"economic"}),
        ("socioeconomic and economic conditions", Kind.METHOD, set()),
        ("gene regulation in regular smokers", Kind.TOPIC, {"tobacco_alcohol_drugs"}),
        ("people of a certain age", Kind.POPULATION, set()),
        ("Older adults in a care home", Kind.POPULATION, {"older_people", "care_homes"}),
        ("home", Kind.TOPIC, set()),
        ("co-produced with residents", Kind.TOGETHER, {"co_production"}),
    ],
)
def test_phrases_show_what_they_should_and_no_more(text: str, kind: Kind, codes: set[str]) -> None:
    assert {sign.code for sign in signs_in(text) if sign.kind is kind} == codes


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("economic", "economic"),
        ("Systematic review", "systematic_review"),
        ("mixed-methods", "mixed_methods"),
        ("Cost-effectiveness analysis", "economic"),
        ("Interviews", "qualitative"),
        ("Dream reading", "dream_reading"),
    ],
)
def test_a_method_named_in_own_words_is_understood(name: str, code: str) -> None:
    assert sign_named(Kind.METHOD, name) == Sign(Kind.METHOD, code)
