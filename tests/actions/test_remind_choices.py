"""What people choose about reminders: a date of their own, no more of this one, ask me later."""

from datetime import date
from uuid import UUID

import pytest

from service.actions import remind
from service.errors import Problem
from service.principals import Principal, Role
from service.records.database import Database
from service.records.tables import FollowUp
from service.states import Outcome
from service.workflows import commands as c
from tests.support.clock import HandClock
from tests.support.following import clock_at, go_to, letters, rows, standing
from tests.support.journey import Journey

ANN, MO, SAL = "ann@council.example", "mo@service.example", "sal@service.example"


@pytest.fixture
def clock() -> HandClock:
    """Monday 23 November 2026."""
    return clock_at("2026-11-23")


@pytest.fixture
def asked(database: Database, clock: HandClock) -> Journey:
    """An enquiry in scoping whose enquirer was asked something."""
    journey = Journey(database, clock)
    journey.submitted().accepted()
    journey.say("We spoke.", kind="call", direction="out")
    journey.act(c.Ask(body="Which years?"))
    return journey


def later(journey: Journey, follow_up_id: UUID, until: str) -> FollowUp:
    ann = Principal(role=Role.ENQUIRER, person_id=journey.enquiry().enquirer_id, name="Ann")
    return journey.database.transact(
        lambda unit: remind.ask_me_later(unit, journey.ctx(ann), follow_up_id, date.fromisoformat(until))
    )


def set_date(journey: Journey, on: str, actor: Principal | None = None) -> FollowUp:
    return journey.database.transact(
        lambda unit: remind.set_staff_date(
            unit, journey.ctx(actor), journey.enquiry(), date.fromisoformat(on), "Ring about the cabinet paper."
        )
    )


# ------------------------------------------------------------------------------------------------------- ask me later


def test_ask_me_later_comes_back_then_and_the_rest_follows_as_far_apart_as_before(asked: Journey) -> None:
    go_to(asked, "2026-12-01")
    again = later(asked, rows(asked, "information_asked")[0].id, "2026-12-12")
    assert (again.status, again.due_on) == ("due", date(2026, 12, 14))  # the 12th is a Saturday
    go_to(asked, "2027-01-19")
    assert letters(asked) == [
        f"2026-11-30 {ANN} remind_information_asked",
        f"2026-12-14 {ANN} remind_information_asked",
        f"2026-12-21 {ANN} remind_information_asked",  # Friday the 18th, but a week has to pass
        f"2027-01-06 {ANN} remind_information_asked",
    ]
    go_to(asked, "2027-01-20")
    assert letters(asked, "task_dormant") == [f"2027-01-20 {MO} task_dormant"]


def test_asking_again_through_the_old_link_moves_the_same_reminder(asked: Journey) -> None:
    go_to(asked, "2026-12-01")
    first = rows(asked, "information_asked")[0].id
    once = later(asked, first, "2026-12-08")
    twice = later(asked, first, "2026-12-15")
    assert once.id == twice.id
    assert twice.due_on == date(2026, 12, 15)
    go_to(asked, "2026-12-16")
    third = later(asked, first, "2026-12-22")
    assert third.id != once.id
    go_to(asked, "2026-12-23")
    assert letters(asked, "remind_information_asked") == [
        f"2026-11-30 {ANN} remind_information_asked",
        f"2026-12-15 {ANN} remind_information_asked",
        f"2026-12-22 {ANN} remind_information_asked",
    ]


def test_one_still_to_come_is_put_off(asked: Journey) -> None:
    put_off = later(asked, rows(asked, "information_asked")[0].id, "2026-12-04")
    assert (put_off.due_on, put_off.deferred_from) == (date(2026, 12, 4), date(2026, 11, 30))
    go_to(asked, "2026-12-04")
    assert letters(asked) == [f"2026-12-04 {ANN} remind_information_asked"]


def test_a_reply_ends_what_was_to_come_later(asked: Journey) -> None:
    go_to(asked, "2026-12-01")
    sent = rows(asked, "information_asked")[0].id
    later(asked, sent, "2026-12-14")
    asked.say("From 2019 on.")
    go_to(asked, "2027-01-31")
    assert len(letters(asked)) == 1
    with pytest.raises(Problem) as refused:
        later(asked, sent, "2027-02-15")
    assert (refused.value.status, refused.value.detail) == (409, "There is nothing left to remind you of.")


def test_satisfaction_can_be_asked_later_though_it_is_asked_once(asked: Journey) -> None:
    asked.act(c.Close(outcome=Outcome.ANSWERED, reason="Known.", answer="Yes."))
    go_to(asked, "2026-12-07")
    later(asked, rows(asked, "satisfaction")[0].id, "2027-01-04")
    go_to(asked, "2027-03-01")
    assert letters(asked, "satisfaction_asked") == [
        f"2026-12-07 {ANN} satisfaction_asked",
        f"2027-01-04 {ANN} satisfaction_asked",
    ]


@pytest.mark.parametrize("until", ["2026-11-22", "2026-11-23", "2027-11-25"])
def test_later_is_after_today_and_within_a_year(asked: Journey, until: str) -> None:
    with pytest.raises(Problem) as refused:
        later(asked, rows(asked, "information_asked")[0].id, until)
    assert refused.value.status == 422
    assert refused.value.errors[0]["field"] == "until"


def test_only_what_was_sent_to_an_enquirer_is_theirs_to_put_off(asked: Journey) -> None:
    for follow_up_id in (rows(asked, "information_asked", addressee="owner")[0].id, UUID(int=5)):
        with pytest.raises(Problem) as refused:
            later(asked, follow_up_id, "2026-12-14")
        assert refused.value.status == 404


# --------------------------------------------------------------------------------------------------------- staff dates


def test_a_date_of_ones_own_comes_with_the_next_digest_whatever_happens(asked: Journey) -> None:
    made = set_date(asked, "2026-12-05")  # a Saturday
    asked.say("From 2019 on.")
    asked.act(c.Hold(until=date(2027, 1, 29), reason="An election."))
    go_to(asked, "2026-12-07")
    assert letters(asked, "staff_date") == [f"2026-12-07 {MO} staff_date"]
    assert rows(asked, "staff_date")[0].id == made.id


def test_a_date_goes_to_whoever_set_it(asked: Journey) -> None:
    set_date(asked, "2026-12-08", asked.service_lead())
    asked.act(c.Close(outcome=Outcome.ANSWERED, reason="Known.", answer="Yes."))
    go_to(asked, "2026-12-08")
    assert letters(asked, "staff_date") == [f"2026-12-08 {SAL} staff_date"]


def test_a_date_lies_ahead_and_says_what_for(asked: Journey) -> None:
    with pytest.raises(Problem) as refused:
        set_date(asked, "2026-11-23")
    assert refused.value.errors[0]["field"] == "on"
    with pytest.raises(Problem) as refused:
        asked.database.transact(
            lambda unit: remind.set_staff_date(unit, asked.ctx(), asked.enquiry(), date(2026, 12, 1), "  ")
        )
    assert refused.value.errors[0]["field"] == "note"


# ---------------------------------------------------------------------------------------------------------- cancelling


def test_what_a_manager_cancelled_stays_cancelled(asked: Journey) -> None:
    row = rows(asked, "information_asked")[0]
    cancelled = asked.database.transact(lambda unit: remind.cancel(unit, asked.ctx(), row.id))
    assert (cancelled.status, cancelled.settled_by_id) == ("cancelled", asked.owner.person_id)
    asked.act(c.Hold(until=date(2026, 11, 25), reason="An election."))
    asked.act(c.Resume())
    go_to(asked, "2026-12-04")
    assert letters(asked, "remind_information_asked") == []
    with pytest.raises(Problem) as refused:
        asked.database.transact(lambda unit: remind.cancel(unit, asked.ctx(), row.id))
    assert refused.value.status == 409
    with pytest.raises(Problem) as refused:
        asked.database.transact(lambda unit: remind.cancel(unit, asked.ctx(), UUID(int=5)))
    assert refused.value.status == 404


def test_what_stopped_by_itself_stands_again_when_it_is_wanted_again(asked: Journey, clock: HandClock) -> None:
    asked.act(c.Close(outcome=Outcome.ANSWERED, reason="Known.", answer="Yes."))
    clock.move(days=1)
    asked.act(c.Reopen(reason="There is more to it."))
    assert set(standing(asked, "satisfaction")) == {"2026-12-07 cancelled"}
    clock.move(days=1)
    asked.act(c.Close(outcome=Outcome.ANSWERED, reason="Known.", answer="Yes."))
    assert standing(asked, "satisfaction") == ["2026-12-07 cancelled", "2026-12-09 due"]
