"""JSON that says each thing once: where a member stands that is there twice, and what it costs to tell."""

import tracemalloc

import pytest

from service.sources.strict_json import SaidTwice, parse


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ('{"a": 1, "a": 2}', "/a"),
        ('[0, {"b": [{}, {"c": 1, "c": 1}]}]', "/1/b/1/c"),
        ('{"a": {"b": 1, "b": 2}, "c": {"d": 1, "d": 2}}', "/c/d"),
        ('{"a": {"b": 1, "b": 2}, "a": 3}', "/a"),
    ],
)
def test_the_member_is_named_by_where_it_stands(text: str, pointer: str) -> None:
    with pytest.raises(SaidTwice) as found:
        parse(text)
    assert found.value.pointer == pointer


def test_telling_where_it_stands_costs_no_more_than_reading_did() -> None:
    deep = '{"d":' * 400 + "[" + ",".join(["[]"] * 10_000) + "]" + "}" * 400
    tracemalloc.start()
    try:
        parse(f'{{"z": {{"x": 1, "y": 2}}, "a": {deep}}}')
        _, reading = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        with pytest.raises(SaidTwice, match="/z/x is there twice"):
            parse(f'{{"z": {{"x": 1, "x": 2}}, "a": {deep}}}')
        _, telling = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert telling < 5 * reading, "not the depth times the breadth"
