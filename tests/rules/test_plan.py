"""The backward plan: from the day it is needed back to the latest safe start of every stage and product."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.states import OPEN_STATES, EnquiryState
from service.workflows.deadlines import Asked, deadline
from service.workflows.plan import Plan, Wish, latest_safe_day, plan, verdict_of
from service.workflows.products import LADDER, PRODUCTS
from service.workflows.spells import histories
from service.workflows.stages import STAGES, stages_of
from service.working_time import Calendar, Nation, whole_working_days_between

ENGLAND = Calendar.from_library(Nation.ENGLAND_AND_WALES, range(2020, 2031))
SCOTLAND = Calendar.from_library(Nation.SCOTLAND, range(2020, 2031))
TODAY = date(2026, 3, 2)
S = EnquiryState


def wish(state: EnquiryState = S.TRIAGE, product: str | None = None, **asked: object) -> Wish:
    return Wish(state=state, today=TODAY, asked=Asked(**asked), product=product)  # type: ignore[arg-type]


def planned(made: Wish) -> Plan:
    return plan(made, ENGLAND)


# ------------------------------------------------------------------------------------------------------- the deadline
def test_the_day_it_is_needed_by_is_the_deadline_and_the_last_working_day_before_a_weekend() -> None:
    found = deadline(Asked(needed_by=date(2026, 6, 12), decision_date=date(2026, 5, 1)), ENGLAND)
    assert found is not None
    assert (found.on, found.basis) == (date(2026, 6, 12), "needed_by")
    sunday = deadline(Asked(needed_by=date(2026, 6, 14)), ENGLAND)
    assert sunday is not None
    assert sunday.on == date(2026, 6, 12)
    assert "Sunday 14 June 2026, which is not a working day" in sunday.steps[0].arithmetic


def test_a_decision_leaves_clear_days_for_the_agenda_and_time_to_clear_the_paper() -> None:
    # Five clear working days lie between Wednesday 3 June and Thursday 11 June; clearance is counted from the agenda.
    found = deadline(Asked(decision_date=date(2026, 6, 11)), ENGLAND)
    assert found is not None
    assert found.basis == "decision_date"
    assert [step.on for step in found.steps] == [date(2026, 6, 11), date(2026, 6, 3), date(2026, 5, 5)]
    assert found.on == date(2026, 5, 5)
    assert "Spring Bank Holiday" in found.steps[2].arithmetic
    assert "5 clear days lie between the agenda and the meeting." in found.steps[1].arithmetic


@pytest.mark.parametrize(
    ("clear", "clearance", "agenda", "usable"),
    [
        (0, 0, date(2026, 6, 11), date(2026, 6, 11)),
        (1, 0, date(2026, 6, 9), date(2026, 6, 9)),
        (5, 10, date(2026, 6, 3), date(2026, 5, 19)),
    ],
)
def test_each_council_has_days_of_its_own(clear: int, clearance: int, agenda: date, usable: date) -> None:
    asked = Asked(decision_date=date(2026, 6, 11), agenda_clear_days=clear, clearance_working_days=clearance)
    found = deadline(asked, ENGLAND)
    assert found is not None
    assert (found.steps[1].on, found.on) == (agenda, usable)


def test_clear_days_before_a_meeting_at_the_weekend_are_whole_working_days() -> None:
    found = deadline(Asked(decision_date=date(2026, 6, 13), clearance_working_days=0), ENGLAND)
    assert found is not None
    assert found.on == date(2026, 6, 5)  # Monday 8 to Friday 12 June lie between


def test_a_key_decision_shows_when_its_notice_appears() -> None:
    asked = Asked(decision_date=date(2026, 6, 30), is_key_decision=True)
    assert asked.notice_by == date(2026, 6, 1)  # 28 days lie between
    assert Asked(decision_date=date(2026, 6, 30)).notice_by is None
    assert Asked(is_key_decision=True).notice_by is None


def test_the_nations_calendar_counts() -> None:
    asked = Asked(decision_date=date(2026, 12, 7), agenda_clear_days=5, clearance_working_days=0)
    england, scotland = deadline(asked, ENGLAND), deadline(asked, SCOTLAND)
    assert england is not None
    assert scotland is not None
    assert (england.on, scotland.on) == (date(2026, 11, 27), date(2026, 11, 26))  # Saint Andrew's Day


# ---------------------------------------------------------------------------------------------------------- the stages
def test_every_stage_is_given_what_the_service_promises_elsewhere() -> None:
    assert {stage.state: stage.working_days for stage in STAGES} == {
        S.TRIAGE: 2, S.SCOPING: 5, S.DRAFTING: 10, S.SIGN_OFF: 10, S.OPEN_CALL: 10, S.SELECTING: 10, S.COSTING: 10,
        S.FUNDING: 20, S.CONTRACTING: 20,
    }  # fmt: skip
    assert all(str(stage.working_days) in stage.source for stage in STAGES)
    assert {stage.state for stage in STAGES} == OPEN_STATES - {S.COMMISSIONED}


def test_an_answer_needs_no_call_and_what_costs_nothing_no_money() -> None:
    assert [stage.state for stage in stages_of(PRODUCTS["advice_call"])] == [S.TRIAGE, S.SCOPING]
    assert S.FUNDING not in {stage.state for stage in stages_of(PRODUCTS["rapid_summary"])}
    assert stages_of(PRODUCTS["systematic_review"]) == stages_of(None) == STAGES
    calls = {stage.state: stage.working_days for stage in stages_of(PRODUCTS["rapid_review"], is_rapid=True)}
    assert calls[S.OPEN_CALL] == 5


def test_the_legs_touch_from_today_s_stage_to_the_deadline() -> None:
    found = planned(wish(S.DRAFTING, "evidence_map", needed_by=date(2027, 1, 29)))
    assert [leg.standing for leg in found.legs] == ["done", "done", "now", *["ahead"] * 7]
    assert [leg.state for leg in found.legs] == [*(stage.state for stage in STAGES), S.COMMISSIONED]
    for earlier, later in zip(found.legs, found.legs[1:], strict=False):
        assert earlier.ends_by == later.starts_by
    for leg in found.legs:
        assert leg.starts_by is not None
        assert leg.ends_by is not None
        assert whole_working_days_between(leg.starts_by, leg.ends_by, ENGLAND) == leg.working_days
    assert found.legs[-1].ends_by == date(2027, 1, 29)
    assert found.legs[2].ends_by == found.latest_start_on
    assert "Christmas Day" in found.legs[-1].arithmetic


# ---------------------------------------------------------------------------------------------- the latest safe day
def test_the_stage_it_is_in_can_end_when_the_rest_still_has_its_time() -> None:
    made = wish(S.CONTRACTING, "evidence_map", needed_by=date(2026, 6, 12))
    found = latest_safe_day(made, ENGLAND)
    assert found is not None
    assert whole_working_days_between(found, date(2026, 6, 12), ENGLAND) == 30
    earlier = latest_safe_day(replace(made, state=S.FUNDING), ENGLAND)
    assert earlier is not None
    assert whole_working_days_between(earlier, found, ENGLAND) == 20


def test_without_a_product_the_stages_alone_count_and_the_wanted_one_is_meant_by_its_method() -> None:
    day = date(2027, 1, 29)
    bare = planned(wish(S.CONTRACTING, needed_by=day))
    assert (bare.wanted, bare.latest_start_on) == (None, day)
    meant = latest_safe_day(replace(wish(S.CONTRACTING, needed_by=day), methods=("systematic_review",)), ENGLAND)
    assert meant is not None
    assert whole_working_days_between(meant, day, ENGLAND) == 120


def test_once_it_is_costed_the_project_s_own_dates_count() -> None:
    costed = replace(
        wish(S.FUNDING, "evidence_map", needed_by=date(2027, 1, 29)),
        starts_on=date(2026, 9, 1),
        ends_on=date(2026, 9, 15),
    )
    found = planned(costed)
    assert found.latest_start_on is not None
    assert whole_working_days_between(found.latest_start_on, date(2027, 1, 29), ENGLAND) == 10 + 20
    [rung] = [rung for rung in found.rungs if rung.is_wanted]
    assert (rung.working_days, rung.slack_if_long) == (10, None)
    assert found.legs[-1].source == "as it was costed"


@pytest.mark.parametrize("state", [S.COMMISSIONED, S.CLOSED])
def test_nothing_presses_once_the_work_has_begun_or_it_is_closed(state: EnquiryState) -> None:
    made = wish(state, "evidence_map", needed_by=date(2026, 6, 12))
    found = planned(made)
    assert (latest_safe_day(made, ENGLAND), found.latest_start_on, found.slack) == (None, None, None)
    assert found.explanation
    assert {rung.verdict for rung in found.rungs} == {None}


def test_without_a_date_or_a_calendar_the_plan_says_why() -> None:
    undated = planned(wish())
    assert undated.explanation == "Nobody has said when it is needed or decided, so no date presses."
    assert [leg.working_days for leg in undated.legs][:3] == [2, 5, 10]
    beyond = planned(wish(needed_by=date(2199, 1, 1)))
    assert "The England and Wales calendar is known" in beyond.explanation
    assert latest_safe_day(wish(needed_by=date(2199, 1, 1)), ENGLAND) is None


# ------------------------------------------------------------------------------------------------------- the products
def test_each_product_fits_is_tight_or_comes_too_late() -> None:
    assert [verdict_of(slack) for slack in (-1, 0, 5, 6)] == ["too_late", "tight", "tight", "fits"]
    found = planned(wish(S.SCOPING, "rapid_review", needed_by=date(2026, 3, 11)))
    verdicts = {rung.product.code: rung.verdict for rung in found.rungs}
    assert verdicts["advice_call"] == "tight"
    assert verdicts["rapid_summary"] == verdicts["rapid_review"] == "too_late"
    [advice] = [rung for rung in found.rungs if rung.product.code == "advice_call"]
    assert (advice.starts_by, advice.stage_ends_by, advice.slack) == (date(2026, 3, 4), date(2026, 3, 4), 2)
    assert advice.slack_if_long == -3
    assert "Wednesday 4 March 2026 is 5 working days before Wednesday 11 March 2026." in advice.arithmetic


def test_a_retired_product_is_shown_only_to_whoever_wants_it() -> None:
    ladder = tuple(replace(rung, retired=rung.code == "evidence_map") for rung in LADDER)
    someone = replace(wish(needed_by=date(2027, 1, 29)), ladder=ladder)
    assert "evidence_map" not in {rung.product.code for rung in planned(someone).rungs}
    assert "evidence_map" in {rung.product.code for rung in planned(replace(someone, product="evidence_map")).rungs}


DAYS = st.dates(date(2022, 1, 1), date(2029, 12, 31))


@given(
    DAYS,
    DAYS,
    st.sampled_from(sorted(OPEN_STATES - {S.COMMISSIONED})),
    st.none() | st.sampled_from(sorted(PRODUCTS)),
    st.sampled_from(["needed_by", "decision_date"]),
    st.integers(0, 20),
    st.integers(0, 60),
)
def test_whatever_is_asked_the_days_add_up(
    today: date, day: date, state: EnquiryState, product: str | None, basis: str, clear: int, clearance: int
) -> None:
    dated = {basis: day, "agenda_clear_days": clear, "clearance_working_days": clearance}
    asked = Asked(**dated)  # type: ignore[arg-type]
    made = Wish(state=state, today=today, asked=asked, product=product)
    found = planned(made)
    if found.explanation:  # the calendar ended
        assert found.latest_start_on is latest_safe_day(made, ENGLAND) is None
        return
    assert found.deadline is not None
    assert found.deadline.on <= day
    assert ENGLAND.is_working_day(found.deadline.on)
    assert found.latest_start_on == latest_safe_day(made, ENGLAND)
    assert found.latest_start_on is not None
    assert found.latest_start_on <= found.deadline.on
    if product is not None:
        [rung] = [rung for rung in found.rungs if rung.is_wanted]
        assert (rung.stage_ends_by, rung.slack) == (found.latest_start_on, found.slack)
    # A day later leaves at least as much time.
    later = replace(made, asked=Asked(**(dated | {basis: day + timedelta(1)})))  # type: ignore[arg-type]
    a_day_later = latest_safe_day(later, ENGLAND)
    assert a_day_later is None or a_day_later >= found.latest_start_on


# -------------------------------------------------------------------------------------------------------- own history
def test_history_speaks_once_five_projects_were_delivered() -> None:
    four = [("rapid_review", days) for days in (50, 60, 70, 80)]
    assert histories(four) == {}
    told = histories([*four, ("rapid_review", 95), ("evidence_map", 3)])
    assert {code: (each.median_working_days, each.projects) for code, each in told.items()} == {"rapid_review": (70, 5)}
