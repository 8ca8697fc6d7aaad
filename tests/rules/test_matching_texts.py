"""The text engine: exact counts that follow what comes and goes, meaning in whole numbers, and both together."""

from random import Random

import numpy as np
import pytest
from bm25s import BM25
from hypothesis import given, settings
from hypothesis import strategies as st

from service.matching import BriefProfile
from service.matching.postings import K1, B, Postings
from service.matching.query import terms_of, text_of
from service.matching.synonyms import Synonyms
from service.matching.text import stems
from service.matching.texts import Fusion, TextIndex, digest_of
from service.matching.vectors import LONGEST, Vector, Vectors, as_whole_numbers
from service.matching.wordings import DEFAULTS, merged

WORDS = "housing damp heating tenants asthma school pupils obesity walking alcohol debt parks".split()
some_texts = st.lists(st.lists(st.sampled_from(WORDS), max_size=12), min_size=1, max_size=12)


def vector(seed: int, size: int = 384) -> Vector:
    return as_whole_numbers(np.random.default_rng(seed).normal(size=size))


def asked(text: str, **facts: str) -> BriefProfile:
    return BriefProfile(sections={"questions": text, **facts})


# ------------------------------------------------------------------------------------------------------------ words


@settings(deadline=None)  # a busy machine is not a slow rule
@given(some_texts, st.randoms(use_true_random=False))
def test_what_a_text_scores_is_what_a_known_library_says(texts: list[list[str]], random: Random) -> None:
    """And depends on the texts present alone: others came and went before, and the numbering is another."""
    postings = Postings()
    passing = [postings.add(random.choices(WORDS, k=5)) for _ in range(3)]
    postings.holding(["damp"])  # lays what is there in order, so that the rest comes loose
    for number in passing:
        postings.remove(number)
    numbers = [postings.add(text) for text in texts]
    assert postings.count == len(texts)
    vocabulary = {word: place for place, word in enumerate(WORDS)}
    if not any(texts):
        return
    library = BM25(method="lucene", k1=K1, b=B, backend="numpy")
    library.index(
        ([[vocabulary[word] for word in text] for text in texts], vocabulary),
        create_empty_token=False,
        show_progress=False,
    )
    for word in WORDS:
        holding, says = postings.holding([word])
        ours = dict(zip(holding.tolist(), says * postings.rarity(postings.frequency(word)), strict=True))
        theirs = library.get_scores_from_ids([vocabulary[word]])
        assert [ours.get(number, 0.0) for number in numbers] == pytest.approx(theirs.tolist(), rel=1e-5)


def test_postings_stay_exact_when_they_are_laid_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.matching.postings.LOOSE_AT_EASE", 20)
    random = Random(2)  # noqa: S311  (no secret)
    postings = Postings()
    held: dict[int, list[str]] = {}
    for turn in range(300):
        if held and turn % 3 == 0:
            gone = random.choice(sorted(held))
            postings.remove(gone)
            del held[gone]
        else:
            text = random.choices(WORDS, k=random.randint(1, 9))
            held[postings.add(text)] = text
        word = random.choice(WORDS)
        numbers, says = postings.holding([word])
        assert sorted(numbers.tolist()) == sorted(number for number, text in held.items() if word in text)
        assert postings.frequency(word) == len(numbers)
        assert all(postings.saying(int(number)).of([word]) == said for number, said in zip(numbers, says, strict=True))
    assert postings.size < 150  # numbers of texts long gone serve again
    with pytest.raises(KeyError):
        postings.remove(10_000)


# ----------------------------------------------------------------------------------------------------------- meaning


def test_nearness_is_the_same_on_every_machine_and_in_every_order() -> None:
    """Whole numbers add up to the same whatever the order, as long as a float holds them exactly."""
    assert LONGEST * 127**2 <= 2**24
    one, other = Vectors(), Vectors()
    found = [vector(seed, 384) for seed in range(40)]
    for number, each in enumerate(found):
        one.put(number, each)
    other.put(3, vector(99, 384))
    for number, each in reversed(list(enumerate(found))):
        other.put(39 - number, each)
    near, mirrored = one.nearness(found[7], 40), other.nearness(found[7], 40)
    assert near.tolist() == mirrored[::-1].tolist()
    assert near.argmax() == 7
    assert near[7] == pytest.approx(1)


def test_what_all_texts_have_in_common_tells_nothing() -> None:
    common = np.zeros(16)
    common[0] = 3
    vectors = Vectors()
    for seed in range(400):
        vectors.put(seed, as_whole_numbers(common + np.random.default_rng(seed).normal(size=16) / 3))
    near = vectors.nearness(as_whole_numbers(common + np.random.default_rng(7).normal(size=16) / 3), 400)
    assert abs(float(np.median(near))) < 0.2
    assert near[7] == near.max() > 0.9


@pytest.mark.parametrize("wrong", [[], [0.0, 0.0], [float("nan"), 1.0], [float("inf")], [1.0] * 2000])
def test_a_vector_without_a_direction_is_refused(wrong: list[float]) -> None:
    with pytest.raises(ValueError, match="between 1 and"):
        as_whole_numbers(wrong)


# -------------------------------------------------------------------------------------------------------------- both


def test_a_text_is_found_by_meaning_though_it_shares_no_word() -> None:
    index = TextIndex()
    near, far = index.add("Cold homes", "Fuel poverty"), index.add("Knife crime", "Policing")
    both = index.add("Draughty dwellings", "")
    for title, body, seed in (("Cold homes", "Fuel poverty", 1), ("Knife crime", "Policing", 2)):
        index.learn(digest_of(title, body), vector(seed))
    index.learn(digest_of("not", "here"), vector(3))
    assert index.unlearned == {digest_of("Draughty dwellings", "")}
    found = index.relevance(terms_of(asked("draughty dwellings")), vector(1))
    assert found.shares[near] > 0 == found.shares[far]
    assert found.words(near) == ()
    # a text whose vector is not known yet is judged by its words alone
    assert found.shares[both] == found.by_words[both] > 0
    assert found.words(both) == ("draughty", "dwellings")


def test_words_and_meaning_make_a_share_between_nothing_and_all() -> None:
    fusion = Fusion()
    assert 0.5 < fusion.words < 1
    assert 0 < fusion.floor < fusion.near < 1
    index = TextIndex()
    number = index.add("damp", "")
    index.learn(digest_of("damp", ""), vector(1))
    assert 0 < index.relevance(terms_of(asked("damp")), vector(1)).shares[number] <= 1


def test_a_text_stays_while_anybody_holds_it() -> None:
    index = TextIndex()
    number = index.add("Damp", "homes")
    assert index.add("Damp", "homes") == number
    assert not index.remove("Damp", "homes")
    assert index.relevance(terms_of(asked("damp"))).shares[number] > 0
    assert index.remove("Damp", "homes")
    assert index.unlearned == set()
    assert index.relevance(terms_of(asked("damp"))).known == 0


def test_what_is_encoded_of_a_brief_says_most_first_and_nothing_twice() -> None:
    brief = BriefProfile({"questions": "Damp?", "purpose": "Grants", "scope": "Not roads", "known": "Damp?"}, "Damp?")
    assert text_of(brief) == "Damp?\nGrants"
    assert text_of(BriefProfile()) == ""


# ---------------------------------------------------------------------------------------------------------- synonyms


@pytest.mark.parametrize(
    ("question", "text", "shown"),
    [
        ("Fewer A&E visits", "Emergency department attendance", "a&e (also: emergency department)"),
        ("Emergency department visits", "A&E attendance", "emergency (also: A&E)"),
        ("Support for SEND", "Children with special educational needs", "send (also: special educational needs)"),
        ("The cost of ACEs", "Adverse childhood experiences and debt", "aces (also: adverse childhood experiences)"),
        ("Vapes near schools", "E-cigarettes and teenagers", "vapes (also: e-cigarettes)"),
        ("Social housing", "Warm homes", "housing (also: homes)"),
    ],
)
def test_another_word_for_it_is_found_and_shown(question: str, text: str, shown: str) -> None:
    index = TextIndex()
    number = index.add("", text)
    index.add("", "Parks and libraries")
    synonyms = Synonyms.of(DEFAULTS.values())
    found = index.relevance(terms_of(asked(question), synonyms))
    assert found.shares[number] > 0
    assert found.known
    assert shown in found.words(number)
    assert shown not in index.relevance(terms_of(asked(question))).words(number)


def test_the_word_itself_is_worth_more_than_another_for_it() -> None:
    index = TextIndex()
    said, other = index.add("", "Housing and debt"), index.add("", "Homes and debt")
    shares = index.relevance(terms_of(asked("housing"), Synonyms.of([("housing", "homes")]))).shares
    assert shares[said] > shares[other] > 0


def test_part_of_a_wording_is_not_the_wording() -> None:
    index = TextIndex()
    index.add("", "A&E attendance")
    found = index.relevance(terms_of(asked("Emergency planning"), Synonyms.of(DEFAULTS.values())))
    assert not found.shares.any()


def test_every_default_group_says_something_to_a_search() -> None:
    read = Synonyms.of(DEFAULTS.values())
    assert [len(group) for group in read.groups] == [len(group) for group in DEFAULTS.values()]
    assert all(len({each.stems for each in group}) > 1 for group in read.groups)


def test_wordings_that_say_nothing_do_no_harm() -> None:
    read = Synonyms.of([("", "the", "damp"), (), ("x" * 5000, "damp cold mould heat debt rent shops parks")])
    assert [[each.wording for each in group] for group in read.groups] == [["damp"], [], []]
    assert list(read.others_in(stems("damp homes"))) == []


def test_groups_of_an_installation_stand_in_for_the_defaults() -> None:
    found = merged({"housing": None, "own": ("bins", "refuse"), "smoking": ("smoking", "fags")})
    assert "housing" not in found
    assert (found["own"], found["smoking"]) == (("bins", "refuse"), ("smoking", "fags"))
    assert list(found) == sorted(found)
