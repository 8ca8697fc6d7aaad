"""Values as letters write them, and hostile text as letters bear it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.delivery import phrases
from tests.support.hostile import naughty_strings


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2026-12-04T14:30:00Z", "Friday 4 December 2026 at 2:30pm"),
        ("2026-07-03T14:00:00Z", "Friday 3 July 2026 at 3pm"),  # summer time
        ("2026-07-03T11:00:00Z", "Friday 3 July 2026 at midday"),
        ("2026-07-03T23:00:00+00:00", "Saturday 4 July 2026 at midnight"),
        ("2026-12-04T00:05:00Z", "Friday 4 December 2026 at 12:05am"),
        ("2026-12-04T12:05:00Z", "Friday 4 December 2026 at 12:05pm"),
    ],
)
def test_moments_are_told_in_london_time(instant: str, said: str) -> None:
    assert phrases.moment(instant) == said


def test_an_end_on_the_same_day_is_an_hour() -> None:
    assert phrases.ending("2026-12-04T15:30:00Z", "2026-12-04T14:30:00Z") == "3:30pm"
    assert phrases.ending("2026-12-05T15:30:00Z", "2026-12-04T14:30:00Z") == "Saturday 5 December 2026 at 3:30pm"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        phrases.moment("2026-12-04T14:30:00")


@pytest.mark.parametrize(("amount", "said"), [("12000.00", "£12,000"), ("0", "£0"), ("1234567.50", "£1,234,567.50")])
def test_amounts(amount: str, said: str) -> None:
    assert phrases.pounds(amount) == said


@pytest.mark.parametrize(
    "name", ["https://spam.example", "www.spam.example", "a@b.example", "Buy at SPAM.com", " ", "x" * 90]
)
def test_a_name_that_advertises_is_not_repeated(name: str) -> None:
    assert phrases.greeting(name) == "Hello,"


@pytest.mark.parametrize("name", ["Ann", "Dr J. Smith-Jones", "Zoë O'Neill", "李"])
def test_a_name_is_greeted(name: str) -> None:
    assert phrases.greeting(name) == f"Dear {name},"


@given(st.one_of(st.text(), st.sampled_from(naughty_strings())))
def test_a_line_is_one_line(text: str) -> None:
    line = phrases.one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert len(line) <= 200
    assert "=?" not in line
    assert all(ord(character) >= 32 and not 0x7F <= ord(character) <= 0x9F for character in line)
    line.encode("utf-8")


@given(st.one_of(st.text(), st.sampled_from(naughty_strings())))
def test_plain_text_has_one_kind_of_line_and_can_be_sent(text: str) -> None:
    plain = phrases.plain(text)
    assert plain.split("\n") == plain.splitlines() + ([""] if plain.endswith("\n") or not plain else [])
    assert "\n\n\n" not in plain
    plain.encode("utf-8")


@given(st.one_of(st.text(), st.sampled_from(naughty_strings())))
def test_every_line_of_a_quotation_is_marked(text: str) -> None:
    assert all(line.startswith(">") for line in phrases.quoted(text).splitlines())


def test_what_the_reader_wrote_is_kept() -> None:
    assert phrases.plain("Zoë 😀\r\n\tthen\rmore") == "Zoë 😀\n\tthen\nmore"
    assert phrases.quoted("one\n\ntwo") == "> one\n>\n> two"
    assert phrases.quoted(None) == ""
