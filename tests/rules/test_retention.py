"""The schedule: until when each closed enquiry is kept, and that what is active, held or asked for again never goes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.states import EnquiryState, Outcome
from service.workflows.retention import ENQUIRIES, SCHEDULE, Category, Periods, Standing, category, is_due, kept_until

CLOSED = datetime(2024, 2, 29, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DECLINED = Standing(EnquiryState.CLOSED, Outcome.DECLINED, CLOSED)


@pytest.mark.parametrize(
    ("case", "rule", "until"),
    [
        (replace(DECLINED, outcome=Outcome.SPAM), Category.SPAM, datetime(2024, 3, 30, 12, tzinfo=UTC)),
        (DECLINED, Category.UNFUNDED, datetime(2026, 3, 1, 12, tzinfo=UTC)),
        (replace(DECLINED, has_project_record=True), Category.PROJECT, datetime(2030, 3, 1, 12, tzinfo=UTC)),
    ],
)
def test_content_goes_at_its_own_instant_after_the_last_closing(
    case: Standing, rule: Category, until: datetime
) -> None:
    assert (category(case), kept_until(case, Periods())) == (rule, until)
    assert [is_due(case, Periods(), now) for now in (until - SECOND, until)] == [False, True]


@pytest.mark.parametrize(
    "kept",
    [
        {"state": EnquiryState.SCOPING}, {"closed_at": None}, {"reopening_asked": True}, {"is_forgotten": True},
        {"is_held": True}, {"target_kept": True},
    ],
)  # fmt: skip
def test_what_is_active_held_or_gone_never_goes(kept: dict[str, object]) -> None:
    long_after = CLOSED + timedelta(days=40_000)
    assert is_due(DECLINED, Periods(), long_after)
    assert not is_due(replace(DECLINED, **kept), Periods(), long_after)  # type: ignore[arg-type]


def test_the_periods_are_settings_and_the_schedule_says_them() -> None:
    short = Periods(spam_days=1, unfunded_years=1, project_years=3)
    assert kept_until(DECLINED, short) == datetime(2025, 3, 1, 12, tzinfo=UTC)
    assert [ENQUIRIES[each].period(short) for each in Category] == ["1 day", "1 year", "3 years"]
    assert [rule.period(Periods()) for rule in SCHEDULE][:4] == ["28 days", "30 days", "2 years", "6 years"]
