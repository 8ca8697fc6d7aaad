"""Rules that are new, stopped or rehearsed; calendars that change or end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from service.actions import remind
from service.actions.calendars import add_day, remove_day
from service.context import Context
from service.errors import Problem
from service.records import calendars
from service.records.database import Database, Unit
from service.records.tables import CalendarDay, FollowUp, ReminderSetting
from service.workflows import commands as c
from service.workflows.reminders import CODES
from service.working_time import Nation
from tests.support.clock import HandClock
from tests.support.following import clock_at, go_to, letters, rows, standing, tick
from tests.support.journey import Cast, Journey

ANN, MO, SAL = "ann@council.example", "mo@service.example", "sal@service.example"


@pytest.fixture
def clock() -> HandClock:
    """Monday 23 November 2026."""
    return clock_at("2026-11-23")


def asked(database: Database, clock: HandClock, **told: str) -> Journey:
    journey = Journey(database, clock, **told)
    journey.submitted().accepted()
    journey.say("We spoke.", kind="call", direction="out")
    journey.act(c.Ask(body="Which years?"))
    return journey


# --------------------------------------------------------------------------------------- new, stopped and rehearsed rules


def test_a_rule_takes_effect_when_it_is_first_met_and_writes_about_nothing_older(
    database: Database, clock: HandClock
) -> None:
    journey = Journey(database, clock)
    journey.submitted().accepted()
    # As if information_asked were added by a release that is installed a day after the question.
    journey.act(c.Ask(body="Which years?"))
    clock.move(days=1)
    database.transact(lambda unit: _as_if_new(unit, "information_asked"))
    journey.say("Just to add: we are in no hurry.", direction="out")
    settings = database.read(lambda unit: {row.rule: row.effective_from for row in unit.exec(select(ReminderSetting))})
    assert set(settings) == set(CODES)
    assert settings["information_asked"] == clock.now()
    assert settings["sign_off"] == clock.now() - timedelta(days=1)
    go_to(journey, "2027-02-01")
    assert letters(journey, "remind_information_asked", "task_dormant") == []
    journey.act(c.Ask(body="And which wards?"))
    go_to(journey, "2027-02-08")
    assert letters(journey, "remind_information_asked") == [f"2027-02-08 {ANN} remind_information_asked"]


def _as_if_new(unit: Unit, rule: str) -> None:
    unit.delete(unit.get(ReminderSetting, rule))
    for row in unit.exec(select(FollowUp).where(FollowUp.rule == rule)):
        unit.delete(row)


def test_what_was_planned_before_a_later_effective_date_is_not_sent(database: Database, clock: HandClock) -> None:
    journey = asked(database, clock)
    later = datetime(2026, 11, 25, tzinfo=UTC)
    database.transact(lambda unit: remind.take_effect_from(unit, journey.ctx(), "information_asked", later))
    go_to(journey, "2026-12-31")
    assert letters(journey, "remind_information_asked") == []
    assert rows(journey, "information_asked")[0].settled_why == "the rule took effect later"


def test_a_stopped_rule_is_silent_until_it_is_let_loose_again(database: Database, clock: HandClock) -> None:
    journey = asked(database, clock)
    since = clock.now() - timedelta(days=1)

    def stop(unit: Unit) -> None:
        remind.take_effect_from(unit, journey.ctx(), "information_asked", since, stopped=True)

    database.transact(stop)
    go_to(journey, "2026-12-01")
    database.transact(lambda unit: remind.take_effect_from(unit, journey.ctx(), "information_asked", since))
    go_to(journey, "2026-12-08")
    assert letters(journey, "remind_information_asked") == [f"2026-12-07 {ANN} remind_information_asked"]
    assert standing(journey, "information_asked")[0] == "2026-11-30 suppressed"
    with pytest.raises(Problem) as refused:
        database.transact(lambda unit: remind.take_effect_from(unit, journey.ctx(), "chase_everybody", since))
    assert refused.value.status == 404


def test_a_dry_run_says_whom_it_would_write_to_and_writes_nothing(database: Database, clock: HandClock) -> None:
    first = asked(database, clock)
    clock.move(days=7)
    second = asked(database, clock, enquirer_email="bob@council.example")
    database.transact(lambda unit: _as_if_new(unit, "information_asked"))
    clock.move(days=10)
    found = database.read(lambda unit: remind.dry_run(unit, first.ctx(), "information_asked"))
    assert [(one.addressee, one.reference, one.due_on.isoformat()) for one in found] == [
        # Of the first enquiry's two overdue steps the newest, today; of the second's one.
        (addressee, reference, day)
        for addressee, reference, day in sorted(
            [
                (ANN, first.reference, "2026-12-10"),
                (ANN, first.reference, "2026-12-21"),
                (MO, first.reference, "2027-01-07"),
                ("bob@council.example", second.reference, "2026-12-10"),
                ("bob@council.example", second.reference, "2026-12-14"),
                ("bob@council.example", second.reference, "2026-12-30"),
                (MO, second.reference, "2027-01-14"),
            ],
            key=lambda one: (one[2], one[1], one[0]),
        )
    ]
    assert rows(first, "information_asked") == []
    with pytest.raises(Problem):
        database.read(lambda unit: remind.dry_run(unit, first.ctx(), "staff_date"))


def test_a_dry_run_leaves_out_what_was_sent(database: Database, clock: HandClock) -> None:
    journey = asked(database, clock)
    go_to(journey, "2026-12-01")
    found = database.read(lambda unit: remind.dry_run(unit, journey.ctx(), "information_asked"))
    assert [one.due_on for one in found] == [date(2026, 12, 7), date(2026, 12, 21), date(2027, 1, 7)]


# -------------------------------------------------------------------------------------------------------------- calendars


@pytest.fixture
def prepared(database: Database, clock: HandClock) -> Database:
    """A database with its bank holidays written in."""
    database.transact(lambda unit: remind.prepare(unit, Context(now=clock.now())))
    return database


def test_preparing_writes_bank_holidays_once_and_as_the_library_has_them(prepared: Database, clock: HandClock) -> None:
    def count(unit: Unit) -> int:
        return len(calendars.days(unit))

    before = prepared.read(count)
    prepared.transact(lambda unit: remind.prepare(unit, Context(now=clock.now())))
    assert prepared.read(count) == before
    for nation in Nation:
        calendar = prepared.read(lambda unit, nation=nation: calendars.calendar_for(unit, nation))  # type: ignore[misc]
        assert calendar.known_until == date(2028, 12, 31)
        assert calendar.reason_off(date(2026, 12, 28)) == "Boxing Day, substitute day"
    scotland = prepared.read(lambda unit: calendars.calendar_for(unit, "scotland"))
    assert scotland.reason_off(date(2026, 11, 30)) == "Saint Andrew's Day"


def test_the_calendar_grows_with_the_years(prepared: Database) -> None:
    later = Context(now=datetime(2027, 3, 1, 9, tzinfo=UTC))
    prepared.transact(lambda unit: remind.prepare(unit, later))
    assert set(prepared.read(calendars.known_until).values()) == {date(2029, 12, 31)}


def test_a_day_proclaimed_in_scotland_moves_scottish_dates_alone(prepared: Database, clock: HandClock) -> None:
    Cast(prepared, clock).organisation("Fife Council", nation="scotland")
    fife = asked(prepared, clock, organisation="Fife Council")
    gateshead = asked(prepared, clock, enquirer_email="bob@council.example")
    # Monday 30 November is St Andrew's Day.
    assert [row.due_on for row in rows(fife, "information_asked", addressee="enquirer")] == [
        date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 22),
    ]  # fmt: skip
    proclaimed = prepared.transact(
        lambda unit: add_day(unit, fife.ctx(), "scotland", date(2026, 12, 1), "A royal wedding")
    )
    moved = rows(fife, "information_asked", addressee="enquirer")
    assert [row.due_on for row in moved] == [date(2026, 12, 2), date(2026, 12, 9), date(2026, 12, 23)]
    assert "1 December 2026 (A royal wedding)" in moved[0].arithmetic
    assert fife.enquiry().due_on == date(2026, 12, 2)
    assert "A royal wedding" in (fife.enquiry().due_arithmetic or "")
    assert rows(gateshead, "information_asked")[0].due_on == date(2026, 11, 30)
    go_to(fife, "2026-12-02")
    assert f"2026-12-02 {ANN} remind_information_asked" in letters(fife)
    prepared.transact(lambda unit: remove_day(unit, fife.ctx(), proclaimed.id))
    assert standing(fife, "information_asked", addressee="enquirer") == [
        "2026-12-02 sent", "2026-12-08 due", "2026-12-22 due",
    ]  # fmt: skip


def test_a_day_proclaimed_here_moves_the_teams_dates_and_the_promise(prepared: Database, clock: HandClock) -> None:
    journey = Journey(prepared, clock)
    journey.submitted()
    assert journey.enquiry().due_on == date(2026, 11, 25)
    prepared.transact(
        lambda unit: add_day(unit, journey.ctx(), "england_and_wales", date(2026, 11, 24), "A state funeral")
    )
    assert journey.enquiry().due_on == date(2026, 11, 26)
    assert standing(journey, "first_response") == ["2026-11-25 due", "2026-11-26 due", "2026-11-27 due"]


def test_a_university_in_scotland_is_reminded_on_its_own_working_days(prepared: Database, clock: HandClock) -> None:
    university = Cast(prepared, clock).organisation("University of Fife", "university", partner=True, nation="scotland")
    Cast(prepared, clock).person("calls@fife.example", name="Fi", organisation_id=university, is_contact=True)
    journey = Journey(prepared, clock)
    journey.universities.append(university)
    journey.published(reply_by=date(2026, 12, 7))
    prepared.transact(lambda unit: add_day(unit, journey.ctx(), "scotland", date(2026, 12, 4), "A royal wedding"))
    go_to(journey, "2026-12-07")
    sent = letters(journey, "remind_reply_by")
    assert [line for line in sent if "fife" in line] == [
        "2026-11-26 calls@fife.example remind_reply_by",
        "2026-12-03 calls@fife.example remind_reply_by",
    ]
    assert {line.split()[0] for line in sent if "fife" not in line} == {"2026-11-30", "2026-12-04"}


def test_service_leads_are_warned_once_before_a_calendar_ends(prepared: Database, clock: HandClock) -> None:
    journey = Journey(prepared, clock)
    journey.service_lead()
    clock.set(datetime(2028, 7, 3, 9, tzinfo=UTC))
    assert tick(journey) == 0
    clock.set(datetime(2028, 7, 4, 9, tzinfo=UTC))  # 180 days before the end of 2028
    assert tick(journey) == len(Nation)
    clock.set(datetime(2028, 9, 1, 9, tzinfo=UTC))
    assert tick(journey) == 0
    assert letters(journey, "task_calendar_runs_out") == [f"2028-07-04 {SAL} task_calendar_runs_out"] * len(Nation)


def test_a_date_beyond_the_calendar_is_planned_once_it_is_loaded(prepared: Database, clock: HandClock) -> None:
    clock.set(datetime(2028, 12, 4, 9, tzinfo=UTC))
    journey = asked(prepared, clock)
    assert standing(journey, "information_asked", addressee="enquirer") == ["2028-12-11 due", "2028-12-18 due"]
    prepared.transact(lambda unit: remind.prepare(unit, journey.ctx()))
    assert standing(journey, "information_asked", addressee="enquirer") == [
        "2028-12-11 due", "2028-12-18 due", "2029-01-04 due",
    ]  # fmt: skip


def test_old_counts_do_not_move_when_a_day_is_added(prepared: Database, clock: HandClock) -> None:
    known_before = clock.now()
    clock.move(days=10)
    journey = Journey(prepared, clock)
    prepared.transact(lambda unit: add_day(unit, journey.ctx(), "scotland", date(2026, 11, 25), "Found out late"))
    before = prepared.read(lambda unit: calendars.calendar_for(unit, "scotland", as_of=known_before))
    after = prepared.read(lambda unit: calendars.calendar_for(unit, "scotland"))
    assert before.is_working_day(date(2026, 11, 25))
    assert not after.is_working_day(date(2026, 11, 25))
    assert not before.is_working_day(date(2026, 11, 30))
    long_ago = prepared.read(
        lambda unit: calendars.calendar_for(unit, "scotland", as_of=datetime(2020, 1, 1, tzinfo=UTC))
    )
    assert not long_ago.is_working_day(date(2026, 11, 30)), "bank holidays were known before we were installed"


def test_a_day_whose_adding_was_rolled_back_is_not_remembered(prepared: Database, clock: HandClock) -> None:
    journey = Journey(prepared, clock)

    def add_and_fail(unit: Unit) -> None:
        add_day(unit, journey.ctx(), "scotland", date(2026, 12, 1), "Never")
        assert not calendars.calendar_for(unit, "scotland").is_working_day(date(2026, 12, 1))
        raise LookupError

    with pytest.raises(LookupError):
        prepared.transact(add_and_fail)
    prepared.transact(lambda unit: add_day(unit, journey.ctx(), "scotland", date(2026, 12, 2), "Really"))
    scotland = prepared.read(lambda unit: calendars.calendar_for(unit, "scotland"))
    assert scotland.is_working_day(date(2026, 12, 1))
    assert not scotland.is_working_day(date(2026, 12, 2))


def test_a_day_taken_out_is_not_written_in_again(prepared: Database, clock: HandClock) -> None:
    journey = Journey(prepared, clock)
    row = prepared.read(lambda unit: calendars.standing(unit, "scotland", date(2027, 11, 30)))
    assert isinstance(row, CalendarDay)
    prepared.transact(lambda unit: remove_day(unit, journey.ctx(), row.id))
    prepared.transact(lambda unit: remind.prepare(unit, journey.ctx()))
    assert prepared.read(lambda unit: calendars.standing(unit, "scotland", date(2027, 11, 30))) is None
