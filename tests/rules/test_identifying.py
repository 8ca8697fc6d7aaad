"""Finding and striking out what tells a person from others, however it is written."""

import json
import re

import pytest

from service.workflows.identifying import Identifiers, Likely, passage

ANNE = Identifiers(
    names=frozenset({"Anne-Zoë O'Quirk", "Anne"}),
    emails=frozenset({"anne.quirk@council.example"}),
    phones=frozenset({"0191 498 0123"}),
)


@pytest.mark.parametrize(
    "written",
    [
        "anne-zoë o'quirk", "Anne-Zoë\n  O'Quirk", "Anne.Quirk@Council.Example", "0191 498 0123", "(0191) 498-0123", "+44 191 498 0123",
        "+44 (0)191 4980123", "01914980123", "ANNE-ZOË O'QUIRK", "0191\u00a0498\u20110123", json.dumps("Anne-Zoë O'Quirk"), json.dumps("Anne-Zoë\nO'Quirk"),
    ],
)  # fmt: skip
def test_it_is_struck_out_however_it_is_written(written: str) -> None:
    text = f"Ask {written}, she knows."
    assert ANNE.is_in(text)
    assert "[gone]" in ANNE.strike(text, "[gone]")
    assert not ANNE.is_in(ANNE.strike(text, "[gone]"))
    assert any(_is_likely(each, text) for each in ANNE.likenesses())


@pytest.mark.parametrize(
    "other",
    [
        "Anne was there",
        "Joanne-Zoë O'Quirk",
        "xanne.quirk@council.example",
        "1 0191 498 01234",
        "anne.quirk@council.example-hall",
    ],
)
def test_what_is_somebody_elses_stays(other: str) -> None:
    assert not ANNE.is_in(other)
    assert ANNE.strike(other, "[gone]") == other


def test_documents_are_struck_inside_and_lists_lose_the_line() -> None:
    told = {
        "to": "Anne-Zoë O'Quirk",
        "lines": ["anne.quirk@council.example Anne", "other"],
        "deep": [{"said": "by Anne-Zoë O'Quirk"}],
        "n": 3,
    }
    assert ANNE.strike(told, "-") == {"to": "-", "lines": ["other"], "deep": [{"said": "by -"}], "n": 3}


def test_a_name_that_others_bear_can_be_left_out_and_nobody_is_found_nowhere() -> None:
    assert not ANNE.without(["ANNE-ZOË  o'quirk"]).is_in("Anne-Zoë O'Quirk")
    assert ANNE.without(["ANNE-ZOË  o'quirk"]).is_in("anne.quirk@council.example")
    assert Identifiers().strike("anything", "-") == "anything"
    assert Identifiers().likenesses() == ()


@pytest.mark.parametrize(
    "query",
    ["O'Quirk", "housing O\u2019QUIRK", '"Anne-Zoë O\'Quirk"', "quirk, housing", "zoë", "(quirk)", "<anne.quirk@council.example>", "anne.q", "0191 4980123 rent", "498 0123"],
)  # fmt: skip
def test_a_search_may_have_been_for_them(query: str) -> None:
    assert ANNE.is_sought(query)


@pytest.mark.parametrize(
    "query", ["housing", "O'Brien", "quirky", "bob@council.example", "0191 498", "0191 498 4444", ""]
)
def test_a_search_was_for_somebody_else(query: str) -> None:
    assert not ANNE.is_sought(query)


def test_a_passage_says_what_stands_around() -> None:
    assert passage("a" * 300 + " here " + "b" * 300, 301, 305, 5) == "…aaaa here bbbb…"


def _is_likely(likely: Likely, text: str) -> bool:
    """Tell whether SQLite lets a text through: it overlooks the case of plain letters only."""
    pattern, expression = likely
    parts = [re.escape(re.sub(r"\\(.)", r"\1", part)) for part in re.split(r"(?<!\\)%", pattern)]
    liked = re.fullmatch(".*".join(parts), text, re.IGNORECASE | re.DOTALL | re.ASCII)
    return liked is not None and (expression is None or re.search(expression, text) is not None)
