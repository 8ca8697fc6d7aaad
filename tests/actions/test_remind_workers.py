"""Several workers at once, and one that dies: each reminder leaves exactly once all the same."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from sqlmodel import func, select

from service.actions import remind
from service.context import Context
from service.jobs import remind as job
from service.records import enquiries, follow_ups
from service.records.database import Database, Unit
from service.records.tables import FollowUp, OutboxMessage
from service.workflows import commands as c
from service.working_time import opening
from tests.support.clock import HandClock
from tests.support.following import ENGLAND, clock_at, go_to, letters, standing, tick
from tests.support.journey import Journey

WORKERS = 6


@pytest.fixture
def clock() -> HandClock:
    """Monday 23 November 2026."""
    return clock_at("2026-11-23")


def asked(database: Database, clock: HandClock, email: str) -> Journey:
    journey = Journey(database, clock, enquirer_email=email)
    journey.submitted().accepted()
    journey.say("We spoke.", kind="call", direction="out")
    journey.act(c.Ask(body="Which years?"))
    return journey


def at_once(work: Callable[[], object], times: int = WORKERS) -> None:
    """Run the same work in several threads that start together, and raise what any of them raises."""
    ready = threading.Barrier(times)

    def run() -> None:
        ready.wait(30)
        work()

    with ThreadPoolExecutor(times) as pool:
        for one in [pool.submit(run) for _ in range(times)]:
            one.result()


def test_overlapping_workers_send_each_reminder_once(database: Database, clock: HandClock) -> None:
    journeys = [asked(database, clock, f"ann{number}@council.example") for number in range(6)]
    clock.set(opening(date(2026, 11, 30)))
    at_once(lambda: job.run(database, clock, ENGLAND))
    tick(journeys[0])
    assert letters(journeys[0]) == [
        f"2026-11-30 ann{number}@council.example remind_information_asked" for number in range(6)
    ]


def test_one_enquirer_is_reminded_once_a_week_by_however_many_workers(database: Database, clock: HandClock) -> None:
    journeys = [asked(database, clock, "ann@council.example") for _ in range(4)]
    clock.set(opening(date(2026, 11, 30)))
    at_once(lambda: job.run(database, clock, ENGLAND))
    tick(journeys[0])
    assert len(letters(journeys[0])) == 1
    first = sorted(
        line for journey in journeys for line in standing(journey, "information_asked", addressee="enquirer")
    )
    # The others wait a week, where each finds its next step due as well.
    assert first[:4] == ["2026-11-30 sent", *["2026-12-07 due"] * 3]


def test_planning_twice_at_once_makes_each_row_once(database: Database, clock: HandClock) -> None:
    journey = asked(database, clock, "ann@council.example")
    database.transact(lambda unit: _forget_rows(unit, journey.enquiry_id))

    def plan(unit: Unit) -> None:
        remind.refresh(unit, journey.ctx(), enquiries.lock(unit, journey.enquiry_id))

    at_once(lambda: database.transact(plan))
    count, distinct = database.read(
        lambda unit: (
            unit.exec(select(func.count()).select_from(FollowUp)).one(),
            len(set(unit.exec(select(FollowUp.rule, FollowUp.step, FollowUp.addressee)).all())),
        )
    )
    assert count == distinct == 4


def _forget_rows(unit: Unit, enquiry_id: UUID) -> None:
    for row in follow_ups.of_enquiries(unit, [enquiry_id]):
        unit.delete(row)


def test_a_row_that_is_there_is_left_as_it_is(database: Database, clock: HandClock) -> None:
    journey = asked(database, clock, "ann@council.example")
    go_to(journey, "2026-11-30")
    rows = database.read(lambda unit: follow_ups.of_enquiries(unit, [journey.enquiry_id]))
    copies = [FollowUp(**row.model_dump(exclude={"id", "status"})) for row in rows]
    database.transact(lambda unit: follow_ups.add_missing(unit, copies))
    assert not database.transact(lambda unit: follow_ups.add_one(unit, copies[0]))
    fresh = FollowUp(**copies[0].model_dump(exclude={"id", "step"}), step=7)
    assert database.transact(lambda unit: follow_ups.add_one(unit, fresh))
    again = database.read(lambda unit: follow_ups.of_enquiries(unit, [journey.enquiry_id]))
    assert {(row.id, row.status) for row in again} == {(row.id, row.status) for row in [*rows, fresh]}


class Killed(BaseException):
    """Stands for a process that ends before its commit."""


def test_a_worker_that_dies_before_its_commit_leaves_no_mail_and_loses_no_reminder(
    database: Database, clock: HandClock
) -> None:
    journey = asked(database, clock, "ann@council.example")
    clock.set(opening(date(2026, 11, 30)))
    due = database.read(lambda unit: follow_ups.due_ids(unit, clock.now(), 10))

    def die(unit: Unit) -> None:
        assert remind.send_due(unit, Context(now=clock.now()), due[0])
        assert unit.exec(select(OutboxMessage).where(OutboxMessage.kind == "remind_information_asked")).first()
        raise Killed

    with pytest.raises(Killed):
        database.transact(die)
    assert letters(journey) == []
    tick(journey)
    tick(journey)
    assert letters(journey) == ["2026-11-30 ann@council.example remind_information_asked"]


def test_one_that_fails_holds_up_no_other_and_is_told(
    database: Database, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    broken = asked(database, clock, "bob@council.example")
    sound = asked(database, clock, "ann@council.example")
    database.transact(lambda unit: _break(unit, broken.enquiry_id))
    clock.set(opening(date(2026, 11, 30)))
    assert tick(sound) == 1
    assert letters(sound) == ["2026-11-30 ann@council.example remind_information_asked"]
    assert "could not be settled" in caplog.text
    assert standing(broken, "information_asked")[0] == "2026-11-30 due"


def _break(unit: Unit, enquiry_id: UUID) -> None:
    """Plant a state that the rules do not know."""
    enquiry = enquiries.lock(unit, enquiry_id)
    enquiry.waiting_on = "somebody"
    unit.add(enquiry)


def test_what_is_gone_or_settled_is_nothing_to_do(database: Database, clock: HandClock) -> None:
    journey = asked(database, clock, "ann@council.example")
    go_to(journey, "2026-11-30")
    rows = database.read(lambda unit: follow_ups.of_enquiries(unit, [journey.enquiry_id]))
    for follow_up_id in (rows[0].id, rows[1].id, UUID(int=9)):
        assert not database.transact(
            lambda unit, follow_up_id=follow_up_id: remind.send_due(unit, journey.ctx(), follow_up_id)  # type: ignore[misc]
        )
