"""Which questions may be asked, and what is meant by what is left out."""

from datetime import UTC, date, datetime

import pytest

from service.errors import Problem
from service.throughput.periods import Period, month_number, period_of, settled_as_of
from tests.support.logs import london

NOW = london("2026-11-22 09:30")
OCTOBER = date(2026, 10, 31)
FIRST = london("2025-03-17 10:00")


def test_as_of_is_the_last_month_s_end_unless_told() -> None:
    assert settled_as_of(None, NOW) == OCTOBER
    assert settled_as_of(date(2026, 2, 28), NOW) == date(2026, 2, 28)


def test_a_month_is_over_at_midnight_in_london() -> None:
    assert settled_as_of(None, london("2026-07-01 00:00")) == date(2026, 6, 30)
    assert settled_as_of(None, london("2026-06-30 23:59")) == date(2026, 5, 31)


@pytest.mark.parametrize("asked", [date(2026, 11, 22), date(2026, 11, 30), date(2027, 1, 31), date(9999, 12, 31)])
def test_an_as_of_that_is_not_over_is_refused(asked: date) -> None:
    with pytest.raises(Problem, match="is not over yet"):
        settled_as_of(asked, NOW)


def test_an_as_of_inside_a_month_is_refused_with_the_one_meant() -> None:
    with pytest.raises(Problem, match="that would be 2026-02-28") as refused:
        settled_as_of(date(2026, 2, 14), NOW)
    assert (refused.value.status, refused.value.errors[0]["field"]) == (422, "as_of")


def test_left_out_the_cohort_runs_from_the_first_submission_to_as_of() -> None:
    assert period_of(None, None, OCTOBER, FIRST) == Period(date(2025, 3, 1), date(2026, 11, 1), OCTOBER)
    assert period_of(None, None, OCTOBER, None) == Period(date(2026, 10, 1), date(2026, 11, 1), OCTOBER)


def test_a_first_submission_just_after_midnight_belongs_to_the_month_that_began() -> None:
    assert period_of(None, None, OCTOBER, datetime(2025, 6, 30, 23, 5, tzinfo=UTC)).start == date(2025, 7, 1)


def test_a_cohort_may_reach_past_as_of() -> None:
    assert period_of(date(2026, 1, 1), date(2027, 1, 1), OCTOBER, FIRST).end == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("start", "end", "field", "sentence"),
    [
        (date(2026, 1, 2), None, "from", "not the first day of a month"),
        (None, date(2026, 10, 31), "to", "not the first day of a month"),
        (date(2026, 5, 1), date(2026, 5, 1), "from", "leaves no month"),
        (date(2026, 5, 1), date(2026, 4, 1), "from", "leaves no month"),
        (date(2026, 11, 1), None, "from", "is after as_of"),
        (None, date(2025, 3, 1), "to", "Nothing was submitted before"),
    ],
)
def test_a_period_without_whole_months_is_refused(
    start: date | None, end: date | None, field: str, sentence: str
) -> None:
    with pytest.raises(Problem, match=sentence) as refused:
        period_of(start, end, OCTOBER, FIRST)
    assert (refused.value.status, refused.value.errors[0]["field"]) == (422, field)


def test_a_period_closes_at_the_midnight_after_as_of() -> None:
    assert Period(date(2026, 6, 1), date(2026, 7, 1), date(2026, 6, 30)).closes == london("2026-07-01 00:00")


def test_consecutive_months_have_consecutive_numbers() -> None:
    assert month_number(date(2027, 1, 31)) - month_number(date(2026, 12, 1)) == 1
