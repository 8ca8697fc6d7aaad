"""CSV that a spreadsheet opens without running anything, and who is answered in it."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from service.routers.csv_answers import csv_text, prefers_csv, safe_cell
from tests.support.hostile import naughty_strings

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1",
    "＋1",
    "－1",
    "＠A1",
    '=HYPERLINK("x")',
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_run_by_a_spreadsheet(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_what_is_harmless_stays_as_it_is() -> None:
    for text in ("", "a=b", "Ann O'Neil", "'quoted", "£5", "–", "1-2"):
        assert safe_cell(text) == text


def test_values_have_one_spelling() -> None:
    moment = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    row = [None, True, False, -1, -0.5, date(2026, 11, 22), moment]
    assert csv_text(["a"] * 7, [row]).splitlines()[1] == ",true,false,-1,-0.5,2026-11-22,2026-11-22T09:30:00Z"


def test_whatever_is_written_is_read_back_with_its_apostrophe() -> None:
    texts = naughty_strings()
    assert len(texts) > 20
    written = csv_text(["text", "place"], [(text, place) for place, text in enumerate(texts)])
    read = list(csv.reader(io.StringIO(written, newline="")))[1:]
    for (text, place), original in zip(read, texts, strict=True):
        assert text.removeprefix("'") == original.removeprefix("'")
        assert not text.lstrip(" ").startswith(tuple("=+-@\t\r\n"))
        assert place.isdigit()


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (None, False),
        ("*/*", False),
        ("application/json", False),
        ("text/csv", True),
        ("TEXT/CSV; charset=utf-8", True),
        ("text/*", True),
        ("text/csv, application/json", False),
        ("text/csv;q=0.9, application/json;q=0.8", True),
        ("application/json, text/csv;q=0.5", False),
        ("text/html, */*;q=0.1", False),
        ("text/csv, */*;q=0.5", True),
        ("text/csv;q=nonsense", False),
        ("text/csv;q=7", True),
        ("", False),
    ],
)
def test_csv_is_for_those_who_prefer_it(accept: str | None, wanted: bool) -> None:  # noqa: FBT001 - the answer expected
    assert prefers_csv(accept) is wanted
