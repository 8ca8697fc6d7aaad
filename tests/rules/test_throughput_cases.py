"""What one enquiry counts for, in working days worked out by hand on a calendar of March to May 2026."""

from collections.abc import Mapping
from datetime import date

import pytest

from service.states import ENQUIRY_STATES, PROJECT_STATES, EnquiryState
from service.throughput.spreads import CALENDAR_DAYS, WORKING_DAYS
from tests.support.counted import Shown, Stay, shown
from tests.support.logs import CALENDARS, Log, london

CLOSES = london("2026-06-01 00:00")


def counted(log: Log, closes: str = "2026-06-01 00:00") -> Shown:
    case = shown(log.rows, london(closes), CALENDARS)
    assert case is not None
    return case


def reached(case: Shown) -> Mapping[str, float]:
    return {name: time / WORKING_DAYS for name, time in case.reached.items()}


def stays(case: Shown) -> list[tuple[str, float, bool]]:
    return [(stay.state, stay.worked / WORKING_DAYS, stay.ended) for stay in case.stays]


def turns(stay: Stay) -> list[tuple[str, float, bool]]:
    return [(turn.waiting_on, turn.worked / WORKING_DAYS, turn.ended) for turn in stay.turns]


def straight() -> Log:
    """Monday 2 March 2026 to Tuesday 12 May, over Good Friday (3 April), Easter Monday (6 April) and 4 May."""
    return (
        Log("2026-03-02 09:00")
        .then("2026-03-03 13:00", "first_response", data={"occurred_at": london("2026-03-03 11:00").isoformat()})
        .then("2026-03-04 09:00", "accept", "scoping")
        .then("2026-03-09 09:00", "begin_brief", "drafting")
        .then("2026-03-11 13:00", "send_for_agreement", "sign_off")
        .then("2026-03-12 13:00", "agree", waiting_on="team")
        .then("2026-03-13 09:00", "publish", "open_call")
        .then("2026-03-27 17:00", "close_call", "selecting")
        .then("2026-03-30 17:00", "offer", waiting_on="lead")
        .then("2026-04-08 09:00", "accept_offer", "costing")
        .then("2026-04-15 09:00", "agree_costs", "funding")
        .then("2026-04-22 09:00", "confirm_funding", "contracting")
        .then("2026-04-29 09:00", "commission", "commissioned")
        .then("2026-05-12 17:00", "complete", "closed", outcome="completed")
    )


def test_milestones_count_working_days_from_submission() -> None:
    # To 3 March 11:00 a day and two hours; to 12 March 13:00 eight days and a half; to 13 March 09:00 nine. To 29 April
    # 09:00 there are 22 weekdays in March and 20 in April, less two at Easter. To 12 May 17:00 ten more, less 4 May.
    assert reached(counted(straight())) == {
        "first_response": 1.25,
        "agreed_brief": 8.5,
        "published": 9.0,
        "commissioned": 40.0,
        "closed": 49.0,
    }


def test_stays_and_turns_tile_the_time() -> None:
    case = counted(straight())
    assert stays(case) == [
        ("triage", 2.0, True),
        ("scoping", 3.0, True),
        ("drafting", 2.5, True),
        ("sign_off", 1.5, True),
        ("open_call", 11.0, True),
        ("selecting", 5.0, True),
        ("costing", 5.0, True),
        ("funding", 5.0, True),
        ("contracting", 5.0, True),
        ("commissioned", 9.0, True),
    ]
    assert sum(stay.worked for stay in case.stays) == case.watched == case.reached["closed"]
    assert turns(case.stays[3]) == [("enquirer", 1.0, True), ("team", 0.5, True)]
    assert turns(case.stays[5]) == [("team", 1.0, True), ("lead", 4.0, True)]
    assert case.stays[1].elapsed == 5 * CALENDAR_DAYS


def test_an_as_of_in_the_middle_cuts_the_last_stay_and_its_turn() -> None:
    case = counted(straight(), closes="2026-04-01 00:00")
    assert (case.is_decided, case.outcome) == (False, None)
    assert set(case.reached) == {"first_response", "agreed_brief", "published"}
    assert stays(case)[-1] == ("selecting", 2.0, False)
    assert turns(case.stays[-1]) == [("team", 1.0, True), ("lead", 1.0, False)]
    assert case.watched == 22 * WORKING_DAYS


def test_what_happens_at_the_closing_instant_is_after_it() -> None:
    log = Log("2026-03-02 09:00").close("2026-06-01 00:00", "answered")
    assert counted(log).is_closed is False
    assert shown(Log("2026-06-01 00:00").rows, CLOSES, CALENDARS) is None


def test_a_draft_that_was_never_sent_is_no_case() -> None:
    rows = [row._replace(to_state="draft", event="save") for row in Log("2026-03-02 09:00").rows]
    assert shown(rows, CLOSES, CALENDARS) is None
    assert shown([], CLOSES, CALENDARS) is None


def test_rows_in_any_order_count_the_same() -> None:
    rows = straight().rows
    assert shown(rows[::-1], CLOSES, CALENDARS) == shown(rows, CLOSES, CALENDARS)


def test_time_on_hold_is_apart_and_elapsed_days_hold_it() -> None:
    log = (
        Log("2026-03-02 09:00")
        .then("2026-03-03 09:00", "hold", on_hold=True)
        .then("2026-03-05 09:00", "ask", waiting_on="enquirer")
        .then("2026-03-06 09:00", "resume", on_hold=False)
        .then("2026-03-06 13:00", "reply", waiting_on="team")
        .close("2026-03-09 09:00", "answered")
    )
    [stay] = counted(log).stays
    assert (stay.worked, stay.held, stay.was_held) == (2 * WORKING_DAYS, 3 * WORKING_DAYS, True)
    assert stay.elapsed == 7 * CALENDAR_DAYS
    # Only the first day, the Friday morning and the Friday afternoon were worked.
    assert turns(stay) == [("team", 1.0, True), ("enquirer", 0.5, True), ("team", 0.5, True)]
    assert reached(counted(log)) == {"closed": 2.0}


def test_a_hold_does_not_break_a_turn() -> None:
    log = Log("2026-03-02 09:00").then("2026-03-03 09:00", "hold", on_hold=True)
    log.then("2026-03-05 09:00", "resume", on_hold=False).close("2026-03-06 09:00", "answered")
    [stay] = counted(log).stays
    assert turns(stay) == [("team", 2.0, True)]


def test_a_milestone_after_a_hold_leaves_it_out() -> None:
    log = Log("2026-03-02 09:00").then("2026-03-03 09:00", "hold", on_hold=True)
    log.then("2026-03-05 09:00", "resume", on_hold=False).then("2026-03-05 13:00", "first_response")
    assert reached(counted(log)) == {"first_response": 1.5}


def test_a_contact_logged_late_counts_from_when_it_took_place() -> None:
    log = Log("2026-03-02 09:00").close("2026-03-04 09:00", "answered")
    log.then("2026-03-06 09:00", "first_response", data={"occurred_at": london("2026-03-03 09:00").isoformat()})
    assert reached(counted(log)) == {"first_response": 1.0, "closed": 2.0}
    assert "first_response" not in counted(log, closes="2026-03-05 00:00").reached


def test_a_contact_before_the_submission_counts_as_at_once() -> None:
    log = Log("2026-03-02 09:00")
    log.then("2026-03-03 09:00", "first_response", data={"occurred_at": london("2026-02-27 09:00").isoformat()})
    assert reached(counted(log)) == {"first_response": 0.0}


def test_a_contact_after_the_closing_is_no_response() -> None:
    log = Log("2026-03-02 09:00").close("2026-03-04 09:00", "withdrawn").then("2026-03-05 09:00", "first_response")
    assert set(counted(log).reached) == {"closed"}


def test_a_reopening_leaves_the_old_result() -> None:
    log = Log("2026-03-02 09:00").close("2026-03-04 09:00", "answered")
    before = counted(log)
    log.then("2026-03-10 09:00", "reopen", "triage").commission("2026-03-20 09:00")
    log.then("2026-04-20 09:00", "complete", "closed", outcome="completed")
    after = counted(log)
    assert (after.outcome, after.is_commissioned, after.stays) == ("answered", False, before.stays)
    assert (before.reopened, after.reopened) == (False, True)


def test_states_are_visited_more_than_once_and_a_milestone_is_its_first_time() -> None:
    log = (
        Log("2026-03-02 09:00")
        .then("2026-03-02 09:00", "accept", "scoping")
        .then("2026-03-02 09:00", "begin_brief", "drafting")
        .then("2026-03-03 09:00", "send_for_agreement", "sign_off")
        .then("2026-03-04 09:00", "agree", waiting_on="team")
        .then("2026-03-05 09:00", "publish", "open_call")
        .then("2026-03-06 09:00", "pull", "drafting")
        .then("2026-03-09 09:00", "send_for_agreement", "sign_off")
        .then("2026-03-10 09:00", "agree", waiting_on="team")
        .then("2026-03-11 09:00", "publish", "open_call")
    )
    case = counted(log, closes="2026-04-01 00:00")
    assert [(state, worked) for state, worked, _ in stays(case)[:6]] == [
        ("triage", 0.0),
        ("scoping", 0.0),
        ("drafting", 1.0),
        ("sign_off", 2.0),
        ("open_call", 1.0),
        ("drafting", 1.0),
    ]
    assert reached(case) == {"agreed_brief": 2.0, "published": 3.0}


def test_a_project_s_own_events_move_the_ball_but_not_the_state() -> None:
    log = Log("2026-03-02 09:00").commission("2026-03-03 09:00")
    log.then("2026-03-10 09:00", "deliver", waiting_on="enquirer")
    last = log.rows.pop()
    assert "delivered" in PROJECT_STATES
    log.rows.append(last._replace(machine="project", to_state="delivered"))
    case = counted(log, closes="2026-04-01 00:00")
    assert [stay.state for stay in case.stays] == ["triage", "commissioned"]
    assert turns(case.stays[1]) == [("lead", 5.0, True), ("enquirer", 16.0, False)]


@pytest.mark.parametrize(
    ("area", "days"),
    [
        (None, 2.0),
        ("north_east", 2.0),
        ("wales", 2.0),
        ("elsewhere", 2.0),
        ("scotland", 3.0),
        ("northern_ireland", 2.0),
    ],
)
def test_working_days_are_those_of_the_area_s_nation(area: str | None, days: float) -> None:
    # Thursday 2 April to Wednesday 8 April 2026: Easter Monday is worked in Scotland, as far as the national list goes.
    log = Log("2026-04-02 09:00", area=area).close("2026-04-08 09:00", "answered")
    assert reached(counted(log)) == {"closed": days}


def test_saint_patrick_s_day_is_northern_ireland_s_own() -> None:
    def days(area: str) -> float:
        return reached(counted(Log("2026-03-16 09:00", area=area).close("2026-03-18 09:00", "answered")))["closed"]

    assert (days("northern_ireland"), days("north_east")) == (1.0, 2.0)


@pytest.mark.parametrize(
    ("when", "day"), [("2026-03-31 23:59", date(2026, 3, 31)), ("2026-04-01 00:00", date(2026, 4, 1))]
)
def test_months_begin_at_midnight_in_london(when: str, day: date) -> None:
    # British Summer Time began on 29 March: 1 April began at 23:00 UTC on 31 March.
    assert counted(Log(when)).submitted_on == day


def test_every_open_state_has_a_place_in_the_figures() -> None:
    log = Log("2026-03-02 09:00")
    for state in ENQUIRY_STATES:
        if state not in {EnquiryState.DRAFT, EnquiryState.CLOSED}:
            log.then("2026-03-03 09:00", "moved", state)
    assert len(counted(log).stays) == len(ENQUIRY_STATES) - 2
