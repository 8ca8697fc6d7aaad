"""Where a text is cut."""

import pytest

from service.shortening import cut_short

QUESTION = "Do warm home packs bring down winter admissions among people over 75 in our district?"


@pytest.mark.parametrize(
    ("line", "longest", "said"),
    [
        ("As it is", 8, "As it is"),
        (QUESTION, 80, "Do warm home packs bring down winter admissions among people over 75 in our…"),
        ("one two three", 8, "one two…"),  # the cut falls between two words
        ("one two three", 9, "one two…"),
        ("a" * 20, 10, "a" * 9 + "…"),
        (
            "so " + "a" * 20,
            10,
            "so aaaaaa…",
        ),  # a word as long as the place: better a part of it than a third of the place
    ],
)
def test_a_long_line_ends_with_a_whole_word(line: str, longest: int, said: str) -> None:
    assert cut_short(line, longest) == said
    assert len(said) <= longest
    assert line.startswith(said.removesuffix("…"))
