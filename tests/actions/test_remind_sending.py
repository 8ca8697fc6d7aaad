"""Reminders as they leave: each once, on its day, while it is wanted; collapsed after an outage, and never two a week."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlmodel import select

from service.actions import remind
from service.actions.converse import Words, converse
from service.actions.drafting import begun
from service.actions.submit import submit
from service.context import Context
from service.errors import Problem
from service.ids import new_id
from service.principals import PUBLIC, Principal, Role
from service.records import follow_ups
from service.records.database import Database, Unit
from service.records.tables import Enquiry, FollowUp, OutboxMessage, Person
from service.states import Outcome, WaitingOn
from service.workflows import commands as c
from service.workflows.reminders import RULES
from service.working_time import opening
from tests.support.clock import HandClock
from tests.support.following import clock_at, go_to, letters, rows, standing, tick
from tests.support.journey import Journey

ANN, MO, SAL = "ann@council.example", "mo@service.example", "sal@service.example"


@pytest.fixture
def clock() -> HandClock:
    """Monday 23 November 2026."""
    return clock_at("2026-11-23")


@pytest.fixture
def journey(database: Database, clock: HandClock) -> Journey:
    return Journey(database, clock)


def asked(journey: Journey) -> Journey:
    """An enquiry in scoping, with a question to the enquirer open since the clock's day."""
    journey.submitted().accepted()
    journey.say("We spoke.", kind="call", direction="out")
    journey.act(c.Ask(body="Which years?"))
    return journey


# ---------------------------------------------------------------------------------------------------- day by day


def test_nobody_answers_a_question_and_then_somebody_does(journey: Journey) -> None:
    journey.service_lead()
    journey.submitted()
    go_to(journey, "2026-11-27")
    assert letters(journey) == [
        f"2026-11-24 {MO} task_first_response",
        f"2026-11-24 {SAL} task_first_response",
        f"2026-11-25 {MO} task_first_response",
        f"2026-11-25 {SAL} task_first_response",
        f"2026-11-26 {SAL} task_first_response_escalated",
    ]


def test_the_first_human_word_stops_the_response_clock_and_taking_it_on_does_not(journey: Journey) -> None:
    journey.submitted().accepted()
    go_to(journey, "2026-11-24")
    assert letters(journey, "task_first_response") == [f"2026-11-24 {MO} task_first_response"]
    journey.say("When may we ring you?", direction="out")
    assert standing(journey, "first_response") == ["2026-11-24 sent", "2026-11-25 cancelled", "2026-11-26 cancelled"]
    go_to(journey, "2026-11-30")
    assert len(letters(journey, "task_first_response", "task_first_response_escalated")) == 1


def test_the_enquirer_is_chased_to_the_end_and_then_counts_as_dormant(journey: Journey) -> None:
    asked(journey)
    go_to(journey, "2027-01-06")
    assert letters(journey) == [
        f"2026-11-30 {ANN} remind_information_asked",
        f"2026-12-07 {ANN} remind_information_asked",
        f"2026-12-21 {ANN} remind_information_asked",
    ]
    lapse = c.Close(outcome=Outcome.LAPSED, reason="No word.")
    with pytest.raises(Problem) as refused:
        journey.act(lapse)
    assert refused.value.extra["guards"][0]["guard"] == "chasers_spent"
    go_to(journey, "2027-01-07")
    assert letters(journey)[3:] == [f"2027-01-07 {MO} task_dormant"]
    assert journey.look(lambda unit: unit.exec(select(Enquiry.id).where(follow_ups.is_dormant())).all()) == [
        journey.enquiry_id
    ]
    assert journey.act(lapse).outcome == "lapsed"


def test_a_sign_of_life_ends_dormancy(journey: Journey) -> None:
    asked(journey)
    go_to(journey, "2027-01-07")
    journey.say("Sorry, I was ill.")
    assert journey.look(lambda unit: unit.exec(select(Enquiry.id).where(follow_ups.is_dormant())).all()) == []


def test_a_real_reply_stops_the_chasing_and_an_automatic_one_does_not(journey: Journey) -> None:
    asked(journey)
    go_to(journey, "2026-11-25")
    journey.say("I am out of the office.", automatic=True)
    assert journey.enquiry().waiting_on == WaitingOn.ENQUIRER
    go_to(journey, "2026-12-01")
    assert letters(journey) == [f"2026-11-30 {ANN} remind_information_asked"]
    journey.say("From 2019 on.")
    go_to(journey, "2027-02-01")
    assert len(letters(journey, "remind_information_asked", "task_dormant")) == 1
    assert standing(journey, "information_asked") == [
        "2026-11-30 sent", "2026-12-07 cancelled", "2026-12-21 cancelled", "2027-01-07 cancelled",
    ]  # fmt: skip


def test_whoever_comments_on_a_brief_is_not_chased_as_if_silent(journey: Journey) -> None:
    journey.sent()
    go_to(journey, "2026-11-26")
    journey.say("I shall show it to my director.")
    assert [line for line in standing(journey, "sign_off", addressee="enquirer") if "due" in line] == [
        "2026-12-03 due",
        "2026-12-10 due",
    ]
    go_to(journey, "2026-12-03")
    assert letters(journey, "remind_sign_off") == [f"2026-12-03 {ANN} remind_sign_off"]


def test_nine_in_the_morning_in_london_on_either_side_of_a_clock_change(database: Database) -> None:
    before = Journey(database, clock_at("2027-03-22"))
    asked(before)
    due = {row.due_on: row.due_at for row in rows(before, "information_asked")}
    assert due[date(2027, 3, 31)] == datetime(2027, 3, 31, 8, tzinfo=UTC)
    autumn = Journey(database, clock_at("2027-10-25"))
    asked(autumn)
    due = {row.due_on: row.due_at for row in rows(autumn, "information_asked")}
    assert due[date(2027, 11, 1)] == datetime(2027, 11, 1, 9, tzinfo=UTC)


# ------------------------------------------------------------------------------------------------------- catching up


def test_after_an_outage_only_the_newest_step_is_sent(journey: Journey) -> None:
    asked(journey)
    go_to(journey, "2026-12-22", ticking=False)
    tick(journey)
    assert letters(journey, "remind_information_asked") == [f"2026-12-22 {ANN} remind_information_asked"]
    assert standing(journey, "information_asked", addressee="enquirer") == [
        "2026-11-30 collapsed", "2026-12-07 collapsed", "2026-12-21 sent",
    ]  # fmt: skip
    # Each addressee has a newest of their own: the owner's day has not come yet.
    assert standing(journey, "information_asked", addressee="owner") == ["2027-01-07 due"]
    assert tick(journey) == 0


def test_a_missed_day_is_made_up_for(journey: Journey) -> None:
    asked(journey)
    go_to(journey, "2026-12-02", ticking=False)
    tick(journey)
    assert letters(journey, "remind_information_asked") == [f"2026-12-02 {ANN} remind_information_asked"]


def test_what_ended_during_the_outage_is_not_sent(journey: Journey) -> None:
    asked(journey)
    go_to(journey, "2026-12-01", ticking=False)
    journey.database.transact(lambda unit: _reply_behind_the_planners_back(unit, journey.enquiry_id))
    tick(journey)
    assert letters(journey, "remind_information_asked") == []
    assert set(standing(journey, "information_asked")) == {
        "2026-11-30 cancelled", "2026-12-07 cancelled", "2026-12-21 cancelled", "2027-01-07 cancelled",
    }  # fmt: skip


def _reply_behind_the_planners_back(unit: Unit, enquiry_id: UUID) -> None:
    enquiry = unit.get(Enquiry, enquiry_id)
    assert enquiry is not None
    enquiry.waiting_on = WaitingOn.TEAM


# ---------------------------------------------------------------------------------------------------- once a week


def test_an_enquirer_with_two_enquiries_hears_from_us_once_a_week(database: Database, clock: HandClock) -> None:
    first = asked(Journey(database, clock))
    clock.move(days=1)
    second = asked(Journey(database, clock, question="And another thing?"))
    go_to(second, "2026-12-31")
    # Asked on Monday and Tuesday: one is due on Mondays, the other on Tuesdays and has to wait for its turn.
    assert letters(second, "remind_information_asked") == [
        f"{day} {ANN} remind_information_asked"
        for day in ("2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21", "2026-12-29")
    ]
    waited = {row.step: row for row in rows(second, "information_asked", addressee="enquirer")}
    assert waited[5].status == "collapsed"
    assert (waited[10].status, waited[10].deferred_from) == ("sent", date(2026, 12, 8))
    assert waited[10].due_on == date(2026, 12, 14)
    assert (waited[20].status, waited[20].deferred_from) == ("sent", date(2026, 12, 22))
    assert "It was put off until Tuesday 29 December 2026." in waited[20].arithmetic
    assert [row.status for row in rows(first, "information_asked", addressee="enquirer")] == ["sent"] * 3


def test_an_address_not_confirmed_waits_and_is_written_to_once_it_is(database: Database, clock: HandClock) -> None:
    journey = Journey(database, clock)
    journey.enquiry_id = _sent_by_form(database, clock)
    journey.act(c.Accept())
    journey.say("We spoke.", kind="call", direction="out")
    journey.act(c.Ask(body="Which years?"))
    go_to(journey, "2026-12-09")
    assert letters(journey, "remind_information_asked") == []
    journey.database.transact(_confirm)
    go_to(journey, "2026-12-11")
    assert letters(journey, "remind_information_asked") == ["2026-12-10 fay@council.example remind_information_asked"]
    assert standing(journey, "information_asked", addressee="enquirer")[:2] == [
        "2026-12-07 collapsed",
        "2026-12-10 sent",
    ]


def _saved(unit: Unit, clock: HandClock) -> Enquiry:
    """A form that Fay has begun and not sent."""
    draft = Enquiry(
        **begun(clock.now()), question="What helps?", form_name="Fay", form_email="fay@council.example",
        form_token=new_id().hex,
    )  # fmt: skip
    unit.add(draft)
    unit.flush()
    remind.draft_saved(unit, Context(now=clock.now(), actor=PUBLIC), draft)
    return draft


def _sent_by_form(database: Database, clock: HandClock) -> UUID:
    def work(unit: Unit) -> UUID:
        return submit(unit, Context(now=clock.now(), actor=PUBLIC), _saved(unit, clock).id).id

    return database.transact(work)


def _confirm(unit: Unit) -> None:
    person = unit.exec(select(Person).where(Person.email == "fay@council.example")).one()
    person.confirmed_at = person.created_at


@pytest.mark.parametrize("why", ["they asked us not to remind them", "there is no address to write to"])
def test_who_cannot_or_would_not_be_written_to_is_let_be(journey: Journey, why: str) -> None:
    asked(journey)

    def change(unit: Unit) -> None:
        person = unit.exec(select(Person).where(Person.email == ANN)).one()
        if "address" in why:
            person.email, person.phone = None, "0191 498 0000"
        else:
            person.reminders_stopped_at = person.created_at

    journey.database.transact(change)
    go_to(journey, "2026-12-01")
    assert letters(journey, "remind_information_asked") == []
    settled = rows(journey, "information_asked")[0]
    assert (settled.status, settled.settled_why) == ("suppressed", why)


def test_a_colleague_takes_the_place_of_an_enquirer_without_an_address(journey: Journey) -> None:
    from service.records.tables import Participation  # noqa: PLC0415 - only this test puts a colleague in by hand

    asked(journey)
    bea = journey.person("bea@council.example", name="Bea")

    def change(unit: Unit) -> None:
        unit.exec(select(Person).where(Person.email == ANN)).one().email = None
        unit.add(
            Participation(enquiry_id=journey.enquiry_id, person_id=bea, role="colleague", added_at=journey.clock.now())
        )

    journey.database.transact(change)
    go_to(journey, "2026-11-30")
    assert letters(journey, "remind_information_asked") == ["2026-11-30 bea@council.example remind_information_asked"]


# ------------------------------------------------------------------------------------------------- what it says


def test_a_reminder_says_why_today_and_offers_to_come_back_later(journey: Journey) -> None:
    asked(journey)
    go_to(journey, "2026-11-30")
    told = _params(journey, "remind_information_asked")
    row = rows(journey, "information_asked")[0]
    assert told["later_path"] == f"/enquiries/{journey.reference}/later/{row.id}"
    assert told["path"] == f"/enquiries/{journey.reference}"
    assert told["due_on"] == "2026-11-30"
    assert str(told["arithmetic"]).startswith(
        "Monday 30 November 2026 is 5 working days after Monday 23 November 2026."
    )
    assert row.outbox_id is not None


def test_a_reminder_to_universities_names_the_brief_and_its_date(journey: Journey) -> None:
    journey.published(reply_by=date(2026, 12, 11))
    go_to(journey, "2026-12-04")
    told = _params(journey, "remind_reply_by")
    assert told["deadline"] == "2026-12-11"
    assert told["brief_title"] == "Do warmer homes mean fewer visits to A&E?"
    assert "later_path" not in told
    assert [line.split()[1] for line in letters(journey, "remind_reply_by")] == [
        "calls@durham.example", "calls@newcastle.example", "calls@northumbria.example",
    ]  # fmt: skip


def _params(journey: Journey, kind: str) -> dict[str, object]:
    return journey.look(lambda unit: unit.exec(select(OutboxMessage).where(OutboxMessage.kind == kind)).first()).params  # type: ignore[union-attr]


# ------------------------------------------------------------------------------------------- through the whole work


def test_the_call_reminds_those_who_have_not_answered(journey: Journey) -> None:
    journey.published(reply_by=date(2026, 12, 11))
    journey.interested(journey.universities[0])
    journey.database.transact(lambda unit: _fetch(unit, journey, journey.universities[1]))
    go_to(journey, "2026-12-18")
    assert letters(journey, "remind_brief_not_fetched", "task_brief_not_fetched") == [
        "2026-11-25 calls@durham.example remind_brief_not_fetched",
        f"2026-11-30 {MO} task_brief_not_fetched",
    ]
    assert letters(journey, "remind_reply_by", "task_call_due") == [
        "2026-12-04 calls@durham.example remind_reply_by",
        "2026-12-04 calls@newcastle.example remind_reply_by",
        "2026-12-10 calls@durham.example remind_reply_by",
        "2026-12-10 calls@newcastle.example remind_reply_by",
        f"2026-12-11 {MO} task_call_due",
        f"2026-12-16 {MO} task_call_due",
    ]


def _fetch(unit: Unit, journey: Journey, university: UUID) -> None:
    from service.records import calls  # noqa: PLC0415 - only this test fetches by hand

    recipient = calls.recipient(unit, journey.enquiry_id, university)
    assert recipient is not None
    recipient.fetched_at = journey.clock.now()


def test_extending_a_call_moves_its_reminders_and_pulling_ends_them(journey: Journey) -> None:
    journey.submitted().accepted()
    journey.say("We spoke.", kind="call", direction="out")
    journey.published(reply_by=date(2026, 12, 11))
    journey.act(c.Extend(reply_by=date(2026, 12, 18), reason="A holiday."))
    assert {line for line in standing(journey, "reply_by") if "due" in line} == {"2026-12-11 due", "2026-12-17 due"}
    assert journey.enquiry().due_on == date(2026, 12, 18)
    journey.act(c.Pull(reason="The question changed."))
    assert not [line for line in standing(journey, "reply_by") + standing(journey, "call_due") if "due" in line]
    assert journey.enquiry().due_on == date(2026, 12, 7)  # ten working days to write it anew


def test_an_offer_a_costing_and_the_money_are_chased(journey: Journey) -> None:
    journey.offered()
    lead = f"lee.{journey.universities[0].hex[-6:]}@university.example"
    go_to(journey, "2026-12-01")
    assert letters(journey, "remind_offer_unanswered") == [
        f"2026-11-26 {lead} remind_offer_unanswered",
        f"2026-12-01 {lead} remind_offer_unanswered",
    ]
    journey.costing()
    assert journey.enquiry().due_on == date(2026, 12, 15)
    go_to(journey, "2026-12-08")
    assert letters(journey, "remind_costing") == [
        "2026-12-08 calls@northumbria.example remind_costing",
        f"2026-12-08 {lead} remind_costing",
    ]
    journey.funding()
    assert journey.enquiry().due_on == date(2027, 1, 8)
    go_to(journey, "2027-04-08")
    assert letters(journey, "task_funding_review", "task_funding_exit_proposed") == [
        f"2027-01-08 {MO} task_funding_review",
        f"2027-02-05 {MO} task_funding_review",
        f"2027-03-05 {MO} task_funding_exit_proposed",
        f"2027-04-06 {MO} task_funding_exit_proposed",
    ]
    assert not letters(journey, "task_offer_lapse")


def test_a_contract_without_signatures_is_chased_and_escalated(journey: Journey) -> None:
    journey.service_lead()
    journey.contracting()
    go_to(journey, "2027-01-07")
    assert letters(journey, "remind_contract", "task_contract_escalated") == [
        f"2026-12-07 {ANN} remind_contract",
        "2026-12-07 calls@northumbria.example remind_contract",
        f"2026-12-21 {ANN} remind_contract",
        "2026-12-21 calls@northumbria.example remind_contract",
        f"2027-01-07 {SAL} task_contract_escalated",
    ]


def test_a_project_is_reminded_of_its_deliverable_and_its_reports_and_then_of_its_use(journey: Journey) -> None:
    journey.commissioned()
    lead = f"lee.{journey.universities[0].hex[-6:]}@university.example"
    # It starts on Wednesday 23 December 2026; its only deliverable is due on Tuesday 23 March 2027, as the first
    # report is. Good Friday is 26 March and Easter Monday the 29th.
    assert journey.enquiry().due_on == date(2027, 3, 23)
    go_to(journey, "2027-04-12")
    days = ("2027-03-09", "2027-03-19", "2027-03-24", "2027-04-08")
    for kind in ("remind_deliverable", "remind_report"):
        assert letters(journey, kind) == [f"{day} {lead} {kind}" for day in days]
    for kind in ("task_deliverable", "task_report"):
        assert letters(journey, kind) == [f"{day} {MO} {kind}" for day in days]
    journey.delivery_accepted()
    go_to(journey, "2027-07-20")
    assert len(letters(journey, "remind_deliverable", "remind_report")) == 8
    # Sixty working days after Monday 12 April 2027: 3 and 31 May are holidays.
    assert letters(journey, "outcome_asked") == [
        f"2027-07-07 {ANN} outcome_asked",
        f"2027-07-07 {lead} outcome_asked",
    ]


def test_closing_cancels_everything_and_asks_how_it_was(journey: Journey) -> None:
    asked(journey)
    journey.act(c.Close(outcome=Outcome.ANSWERED, reason="Known.", answer="Yes, it works."))
    assert journey.enquiry().due_on is None
    due = journey.look(
        lambda unit: unit.exec(
            select(FollowUp.rule).where(FollowUp.enquiry_id == journey.enquiry_id, FollowUp.status == "due")
        ).all()
    )
    assert list(due) == ["satisfaction"]
    go_to(journey, "2026-12-08")
    assert letters(journey) == [f"2026-12-07 {ANN} satisfaction_asked"]


def test_spam_is_not_asked_how_it_was(journey: Journey) -> None:
    journey.submitted()
    journey.act(c.Close(outcome=Outcome.SPAM, reason="An advertisement."))
    go_to(journey, "2026-12-31")
    assert letters(journey) == []


def test_two_silences_about_use_are_respected(journey: Journey) -> None:
    journey.delivery_accepted()
    go_to(journey, "2027-12-31")
    asking = letters(journey, "outcome_asked", "outcome_nudge")
    assert [line for line in asking if ANN in line] == [
        f"2027-02-18 {ANN} outcome_asked",
        f"2027-05-25 {ANN} outcome_nudge",
    ]
    assert len(asking) == 4


# ------------------------------------------------------------------------------------------------------ holding still


def test_a_hold_stops_the_clock_and_the_days_left_are_granted_again(journey: Journey) -> None:
    asked(journey)
    go_to(journey, "2026-11-25")
    journey.act(c.Hold(until=date(2026, 12, 4), reason="An election."))
    assert (journey.enquiry().due_on, journey.enquiry().due_arithmetic) == (
        date(2026, 12, 4), "It is on hold until Friday 4 December 2026.",
    )  # fmt: skip
    go_to(journey, "2026-12-07")
    assert letters(journey) == [f"2026-12-02 {MO} task_hold_ends", f"2026-12-04 {MO} task_hold_ends"]
    journey.act(c.Resume())
    assert journey.enquiry().due_on == date(2026, 12, 10)
    go_to(journey, "2026-12-18")
    assert letters(journey, "remind_information_asked") == [
        f"2026-12-10 {ANN} remind_information_asked",
        f"2026-12-17 {ANN} remind_information_asked",
    ]


def test_a_hold_that_nobody_ends_keeps_everything_waiting(journey: Journey) -> None:
    asked(journey)
    journey.act(c.Hold(until=date(2026, 11, 27), reason="An election."))
    go_to(journey, "2027-03-01")
    assert letters(journey, "remind_information_asked", "task_dormant") == []
    assert len(letters(journey, "task_hold_ends")) == 2
    assert {row.status for row in rows(journey, "information_asked")} == {"due"}


def test_renewing_a_hold_gives_it_a_new_end(journey: Journey) -> None:
    asked(journey)
    journey.act(c.Hold(until=date(2026, 12, 4), reason="An election."))
    journey.act(c.Hold(until=date(2026, 12, 11), reason="It takes longer."))
    assert sorted(standing(journey, "hold_ends")) == [
        "2026-12-02 cancelled", "2026-12-04 cancelled", "2026-12-09 due", "2026-12-11 due",
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------------- unsent forms


def test_an_unsent_form_is_nudged_and_warned_of_at_its_own_address(database: Database, clock: HandClock) -> None:
    journey = Journey(database, clock)
    journey.enquiry_id = database.transact(lambda unit: _saved(unit, clock).id)
    go_to(journey, "2026-12-20")
    assert letters(journey) == [
        "2026-11-26 fay@council.example remind_draft_nudge",
        "2026-12-07 fay@council.example remind_draft_nudge",
        "2026-12-14 fay@council.example remind_draft_purge_warning",
    ]
    told = _params(journey, "remind_draft_purge_warning")
    assert told["draft_id"] == str(journey.enquiry_id)
    assert told["deadline"] == "2026-12-21"


def test_sending_the_form_ends_the_nudges(database: Database, clock: HandClock) -> None:
    journey = Journey(database, clock)
    journey.enquiry_id = database.transact(lambda unit: _saved(unit, clock).id)
    database.transact(lambda unit: submit(unit, Context(now=clock.now(), actor=PUBLIC), journey.enquiry_id))
    assert {row.status for row in rows(journey, "draft_nudge")} == {"cancelled"}


# ----------------------------------------------------------------------------------------------------------- by people


def test_a_reply_on_the_page_counts_like_one_that_was_logged(journey: Journey) -> None:
    asked(journey)
    ann = Principal(role=Role.ENQUIRER, person_id=journey.enquiry().enquirer_id, name="Ann")
    words = Words(kind="message", visibility="enquirer", direction="in", body="2019.")
    journey.database.transact(lambda unit: converse(unit, journey.ctx(ann), journey.enquiry_id, words))
    assert {row.status for row in rows(journey, "information_asked")} == {"cancelled"}


def test_nothing_is_due_before_nine(journey: Journey, clock: HandClock) -> None:
    asked(journey)
    early = opening(date(2026, 11, 30)).replace(hour=8, minute=59)
    clock.set(early)
    assert tick(journey) == 0
    clock.set(opening(date(2026, 11, 30)))
    assert tick(journey) == 1


def test_every_rule_with_an_enquiry_has_a_row_somewhere_in_these_journeys() -> None:
    assert len(RULES) == 19
