"""The digest: each working day at nine one mail a person, with every task once, however many workers and whatever dies."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlmodel import col, select

from service.actions import remind
from service.context import Context
from service.delivery.render import render
from service.jobs import digest
from service.jobs import remind as reminding
from service.records import digests
from service.records.database import Database, Unit
from service.records.tables import Digest, OutboxMessage, Person
from service.working_time import opening
from tests.support.clock import HandClock
from tests.support.following import ENGLAND, clock_at, go_to, kinds_in, letters, rows, tick
from tests.support.journey import Journey
from tests.support.letters import LETTERHEAD

MO, SAL = "mo@service.example", "sal@service.example"


@pytest.fixture
def clock() -> HandClock:
    """Monday 23 November 2026."""
    return clock_at("2026-11-23")


@pytest.fixture
def journey(database: Database, clock: HandClock) -> Journey:
    return Journey(database, clock)


def mails(journey: Journey, address: str = MO) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.kind == "digest", OutboxMessage.to_address == address)
    return journey.look(lambda unit: list(unit.exec(query.order_by(col(OutboxMessage.queued_at)))))


def at(journey: Journey, day: str, hour: int = 9) -> None:
    assert isinstance(journey.clock, HandClock)
    journey.clock.set(opening(date.fromisoformat(day)).replace(hour=hour, minute=0))


def owned(database: Database, clock: HandClock, question: str) -> Journey:
    """An enquiry of Mo's that nobody has answered yet."""
    return Journey(database, clock, question=question).submitted().accepted()


def test_one_mail_tells_every_task_in_its_own_words_and_what_waits_with_links(
    journey: Journey, database: Database, clock: HandClock
) -> None:
    other = owned(database, clock, "And does it pay?")
    journey.submitted().accepted()
    go_to(journey, "2026-11-25")
    [first, second] = mails(journey)
    assert [kinds_in(each) for each in (first, second)] == [["task_first_response"] * 2] * 2
    said = render(second, LETTERHEAD)
    assert said.subject.startswith("First response due Wednesday 25 November 2026: ")
    assert said.subject.endswith(", and 1 more reminder")
    for each in (journey, other):
        assert f"https://ask.example.org/manage/enquiries/{each.reference}\n" in said.text
    assert said.text.count("Why today: Wednesday 25 November 2026 is 2 working days after") == 2
    assert "\n- Due today: 2\nhttps://ask.example.org/manage/queue?owner=me&flag=due_today\n" in said.text
    assert said.text.endswith("\nhttps://ask.example.org/manage\n")


def test_a_broken_promise_heads_the_list_and_the_subject(
    journey: Journey, database: Database, clock: HandClock
) -> None:
    journey.service_lead()
    journey.submitted()
    clock.move(days=1)
    owned(database, clock, "And does it pay?")
    go_to(journey, "2026-11-26")
    newest = mails(journey, SAL)[-1]
    assert kinds_in(newest)[0] == "task_first_response_escalated"
    said = render(newest, LETTERHEAD)
    assert said.subject.startswith("First response overdue since Wednesday 25 November 2026")
    assert "In the whole team:" in said.text
    assert "In the whole team:" not in render(mails(journey)[-1], LETTERHEAD).text


def test_workers_at_once_write_each_person_one(journey: Journey, database: Database, clock: HandClock) -> None:
    journey.service_lead()
    journey.submitted()
    at(journey, "2026-11-24")
    ready = threading.Barrier(4)

    def work() -> None:
        ready.wait(30)
        while reminding.run(database, clock, ENGLAND) or digest.run(database, clock, ENGLAND):
            pass

    with ThreadPoolExecutor(4) as pool:
        for one in [pool.submit(work) for _ in range(4)]:
            one.result()
    assert letters(journey) == [f"2026-11-24 {address} task_first_response" for address in (MO, SAL)]
    assert (len(mails(journey)), len(mails(journey, SAL))) == (1, 1)


class Killed(BaseException):
    """Stands for a process that ends before its commit."""


def test_a_worker_that_dies_before_its_commit_tells_nothing_and_loses_nothing(
    journey: Journey, database: Database, clock: HandClock
) -> None:
    journey.submitted()
    at(journey, "2026-11-24")
    while reminding.run(database, clock, ENGLAND):
        pass

    def die(unit: Unit) -> None:
        assert remind.write_digests(unit, Context(now=clock.now())) == 1
        raise Killed

    with pytest.raises(Killed):
        database.transact(die)
    assert mails(journey) == []
    tick(journey)
    tick(journey)
    assert letters(journey) == [f"2026-11-24 {MO} task_first_response"]
    [mail] = mails(journey)
    assert rows(journey, "first_response")[0].outbox_id == mail.id


def test_a_missed_day_is_not_made_up_for_and_nothing_is_lost(
    journey: Journey, database: Database, clock: HandClock
) -> None:
    journey.submitted().accepted()
    second = owned(database, clock, "And does it pay?")
    at(journey, "2026-11-24")
    while reminding.run(database, clock, ENGLAND):
        pass  # settled, and then the worker is away for a day
    second.say("We spoke.", kind="call", direction="out")
    at(journey, "2026-11-25", 16)
    tick(journey)
    [mail] = mails(journey)
    # The first one's step of the 24th and that of the 25th; the second one needs nothing any more.
    assert kinds_in(mail) == ["task_first_response"] * 2
    assert second.reference not in render(mail, LETTERHEAD).text
    assert [row.status for row in rows(second, "first_response")] == ["cancelled"] * 3
    assert tick(journey) == 0
    assert len(mails(journey)) == 1


def test_what_came_due_after_the_days_digest_is_told_by_the_next(journey: Journey, database: Database) -> None:
    journey.submitted().accepted()
    at(journey, "2026-11-24")
    assert digest.run(database, journey.clock, ENGLAND) == 0  # there was nothing to tell yet
    tick(journey)
    assert letters(journey) == []
    go_to(journey, "2026-11-25")
    assert letters(journey) == [f"2026-11-25 {MO} task_first_response"] * 2


@pytest.mark.parametrize(
    ("instant", "nation"),
    [
        (datetime(2026, 11, 28, 12, tzinfo=UTC), ENGLAND),  # a Saturday
        (datetime(2026, 12, 28, 12, tzinfo=UTC), ENGLAND),  # Boxing Day's substitute
        (datetime(2026, 11, 30, 12, tzinfo=UTC), "scotland"),  # St Andrew's Day
        (datetime(2026, 11, 24, 8, 59, tzinfo=UTC), ENGLAND),
    ],
)
def test_nothing_is_written_before_nine_nor_on_a_day_off(
    journey: Journey, database: Database, instant: datetime, nation: str
) -> None:
    journey.submitted().accepted()
    assert isinstance(journey.clock, HandClock)
    journey.clock.set(instant)
    assert digest.run(database, journey.clock, nation) == 0
    assert journey.look(lambda unit: unit.exec(select(Digest)).all()) == []


def test_who_has_nothing_to_be_told_gets_nothing(journey: Journey, database: Database) -> None:
    kim = journey.person("kim@service.example", name="Kim", staff_role="manager")
    journey.submitted().accepted()
    journey.say("We spoke.", kind="call", direction="out")
    at(journey, "2026-11-24")
    assert digest.run(database, journey.clock, ENGLAND) == 0
    [written] = journey.look(lambda unit: digests.written(unit, kim))
    assert (written.day, written.outbox_id) == (date(2026, 11, 24), None)
    at(journey, "2026-11-24", 17)
    journey.person("new@service.example", name="New", staff_role="manager")
    assert digest.run(database, journey.clock, ENGLAND) == 0
    journey.say("And which wards?")
    at(journey, "2026-11-25")
    assert digest.run(database, journey.clock, ENGLAND) == 1
    assert len(mails(journey)) == 1


def test_whoever_left_is_not_written_to_and_the_team_is(journey: Journey, database: Database) -> None:
    journey.service_lead()
    journey.submitted().accepted()
    at(journey, "2026-11-24")
    database.transact(lambda unit: _without_address(unit, journey.owner.person_id))
    tick(journey)
    assert letters(journey) == [f"2026-11-24 {SAL} task_first_response"]


def _without_address(unit: Unit, person_id: UUID | None) -> None:
    person = unit.get_one(Person, person_id)
    person.email, person.phone = None, "0191 498 0000"
    unit.add(person)
