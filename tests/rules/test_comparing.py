"""Two versions compared: every word is in one of the pieces, and long or strange texts take no time."""

import random
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.workflows.comparing import Piece, compare, compare_texts

WORDS = st.lists(st.sampled_from(["a", "b", " ", "\n", "warm ", "homes ", "?", "’", "é"]), max_size=60).map("".join)


def without(kind: str, pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces if piece.kind != kind)


@given(WORDS, WORDS)
def test_nothing_is_lost_or_made_up(before: str, after: str) -> None:
    pieces = compare_texts(before, after)
    assert (without("added", pieces), without("removed", pieces)) == (before, after)


def test_a_change_is_told_in_words() -> None:
    pieces = compare_texts("Do warmer homes mean fewer visits?", "Do warmer homes lead to fewer visits to A&E?")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "Do warmer homes "), ("removed", "mean"), ("added", "lead to"), ("same", " fewer visits"),
        ("added", " to A&E"), ("same", "?"),
    ]  # fmt: skip


def test_a_section_is_the_same_changed_new_or_left_out() -> None:
    before = {"purpose": "A.", "scope": "B.", "methods": "C.", "users": " "}
    after = {"purpose": " A.\n", "scope": "D.", "known": "E."}
    assert [(each.code, each.change) for each in compare(before, after)] == [
        ("purpose", "same"), ("scope", "changed"), ("known", "added"), ("methods", "removed"),
    ]  # fmt: skip


@pytest.mark.parametrize("words", [1, 2, 7, 100, 3000])
def test_long_texts_are_compared_at_once(words: int) -> None:
    draw = random.Random(words)  # noqa: S311 - texts for a test
    before, after = (
        "".join(f"w{draw.randrange(words)}{draw.choice([' ', '. ', chr(10)])}" for _ in range(4_000)) for _ in range(2)
    )
    began = perf_counter()
    pieces = compare_texts(before, after)
    assert perf_counter() - began < 5
    assert (without("added", pieces), without("removed", pieces)) == (before, after)


def test_a_word_in_a_long_text_is_found() -> None:
    lines = [f"Line {number} says what line {number} says, and no more." for number in range(300)]
    changed = [*lines[:10], "Line 10 says something else.", *lines[11:200], *lines[201:]]
    pieces = compare_texts("\n".join(lines), "\n".join(changed))
    removed = "".join(piece.text for piece in pieces if piece.kind == "removed")
    assert len(removed) < 120
    assert "Line 200" in removed
