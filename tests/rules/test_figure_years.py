"""Which periods a reader of figures may choose, and how an address says them."""

from datetime import date, timedelta

import pytest

from service.routers.figure_answers import Question
from service.routers.figures.kept import MOST, Kept
from service.routers.figures.years import Year, choices, period_in_words, query_of, year_called, years_over

FIRST, LATEST = date(2024, 11, 1), date(2026, 2, 28)


@pytest.mark.parametrize(
    ("code", "start", "last", "label"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "2025"),
        ("2025-26", date(2025, 4, 1), date(2026, 3, 31), "April 2025 to March 2026"),
        ("2099-00", date(2099, 4, 1), date(2100, 3, 31), "April 2099 to March 2100"),
    ],
)
def test_a_year_has_one_code(code: str, start: date, last: date, label: str) -> None:
    year = year_called(code)
    assert year is not None
    assert (year.start, year.last_day, year.label, year.code) == (start, last, label, code)
    assert year.question == Question(start, last + timedelta(days=1), last)


@pytest.mark.parametrize("code", ["", "25", "02025", "2025-27", "2025-6", "2025-026", "1989", "9999", "２０２５", "2025\n", "x"])  # fmt: skip
def test_what_is_no_year_has_no_report(code: str) -> None:
    assert year_called(code) is None


def test_years_that_are_over_and_had_begun_may_be_chosen() -> None:
    assert [year.code for year in years_over(FIRST, LATEST)] == ["2025", "2024-25", "2024"]
    assert years_over(FIRST, date(2024, 11, 30)) == []
    assert years_over(None, LATEST) == []
    assert len(years_over(date(1990, 1, 1), LATEST)) == 72


def test_what_is_on_the_page_is_marked_once() -> None:
    for shown in (
        Question(None, None, None),
        Question(None, None, LATEST),
        Question(date(2025, 3, 1), date(2026, 3, 1), LATEST),
        Year(date(2025, 1, 1)).question,
    ):
        assert sum(choice.is_shown for choice in choices(FIRST, LATEST, shown)) == 1, shown
    offered = choices(FIRST, LATEST, Question(date(2025, 1, 1), date(2025, 2, 1), LATEST))
    assert not any(choice.is_shown for choice in offered)
    assert [choice.label for choice in offered] == ["Everything so far", "The last 12 months", "2025", "April 2024 to March 2025", "2024"]  # fmt: skip
    assert [choice.query for choice in offered][:3] == [
        "",
        "?from=2025-03-01&to=2026-03-01&as_of=2026-02-28",
        "?from=2025-01-01&to=2026-01-01&as_of=2025-12-31",
    ]
    assert [choice.label for choice in choices(None, LATEST, Question(None, None, None))] == ["Everything so far"]


def test_a_question_and_a_period_in_words() -> None:
    assert query_of(Question(None, None, date(2026, 2, 28))) == "?as_of=2026-02-28"
    assert period_in_words(date(2025, 4, 1), date(2026, 4, 1)) == "1 April 2025 to 31 March 2026"


def test_answers_are_kept_for_a_moment_and_not_without_end() -> None:
    made: list[int] = []

    def make(number: int) -> int:
        made.append(number)
        return number

    kept = Kept()
    assert [kept.get("a", lambda: make(1)), kept.get("a", lambda: make(2))] == [1, 1]
    for number in range(MOST):
        kept.get(number, lambda number=number: number)  # type: ignore[misc]
    assert kept.get("a", lambda: make(3)) == 3, "the least used goes first"
    kept.lasts = timedelta(0)
    assert kept.get("a", lambda: make(4)) == 4
    assert made == [1, 3, 4]
