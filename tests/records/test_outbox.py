"""The outbox on both engines: what is queued is claimed once, settled once, and never forgotten."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from uuid import UUID

import pytest
from sqlmodel import select

from service.context import Context
from service.errors import Problem
from service.ids import new_id
from service.principals import Principal, Role
from service.records import outbox, sending
from service.records.database import Database, Unit
from service.records.sending import Claimed
from service.records.tables import AuditEntry, DeliveryAttempt, OutboxMessage, Person

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""Business time."""
MACHINE = datetime(2031, 1, 1, tzinfo=UTC)
"""Machine time, far from business time on purpose: neither may stand in for the other."""
LEASE = timedelta(minutes=1)
CTX = Context(now=NOW, actor=Principal(role=Role.MANAGER, name="Mo Manager"), request_id="r1")


def queued(
    database: Database,
    count: int = 1,
    *,
    params: Mapping[str, object] | None = None,
    to_person_id: UUID | None = None,
    held: bool = False,
) -> list[UUID]:
    def work(unit: Unit) -> list[UUID]:
        return [
            outbox.queue(
                unit,
                CTX,
                kind="receipt",
                to_address="a@example.org",
                to_person_id=to_person_id,
                params=params or {},
                held=held,
            ).id
            for _ in range(count)
        ]

    return database.transact(work)


def page(database: Database, before: UUID | None = None) -> list[UUID]:
    return [each.id for each in database.read(lambda unit: outbox.page(unit, before=before, limit=3))]


def cancel(database: Database, message_id: UUID) -> None:
    database.transact(lambda unit: outbox.cancel(unit, CTX, message_id))


def claim(database: Database, at: datetime = MACHINE, limit: int = 10) -> list[Claimed]:
    return database.transact(lambda unit: sending.claim(unit, at, LEASE, limit))


def look(database: Database, message_id: UUID) -> OutboxMessage:
    message = database.read(lambda unit: outbox.get(unit, message_id))
    assert message is not None
    return message


def tries(database: Database, message_id: UUID) -> list[DeliveryAttempt]:
    return database.read(lambda unit: outbox.attempts(unit, message_id))


def settle_sent(database: Database, claimed: Claimed, at: datetime = MACHINE) -> bool:
    return database.transact(lambda unit: sending.record_sent(unit, claimed, machine_now=at, sent_at=NOW))


def defer(database: Database, claimed: Claimed, at: datetime = MACHINE, error: str = "451 later") -> bool:
    return database.transact(
        lambda unit: sending.record_deferred(unit, claimed, machine_now=at, error=error, draw=lambda _, most: most)
    )


def test_what_is_queued_leaves_only_with_its_transaction(database: Database) -> None:
    def work(unit: Unit) -> None:
        outbox.queue(unit, CTX, kind="receipt", to_address="a@example.org", params={})
        raise LookupError("the change failed")

    with pytest.raises(LookupError):
        database.transact(work)

    assert claim(database) == []


def test_params_are_kept_as_json_writes_them(database: Database) -> None:
    subject = new_id()
    [message_id] = queued(
        database, params={"on": date(2026, 12, 4), "at": NOW, "total": Decimal("12.50"), "id": subject, "names": ("a",)}
    )

    assert look(database, message_id).params == {
        "on": "2026-12-04",
        "at": "2026-11-23T09:30:00Z",
        "total": "12.50",
        "id": str(subject),
        "names": ["a"],
    }


def test_the_oldest_is_claimed_first_and_nothing_twice(database: Database) -> None:
    ids = queued(database, 5)

    first, second, third = claim(database, limit=3), claim(database, limit=3), claim(database, limit=3)

    assert [each.message.id for each in first] == ids[:3]
    assert [each.message.id for each in second] == ids[3:]
    assert third == []
    assert {each.lease_until for each in first} == {MACHINE + LEASE}


def test_what_is_new_goes_before_what_could_not_be_sent(database: Database) -> None:
    [stuck] = queued(database)
    [claimed] = claim(database)
    defer(database, claimed)
    [fresh] = queued(database)

    later = MACHINE + timedelta(hours=1)
    assert [claim(database, later, limit=1)[0].message.id for _ in range(2)] == [fresh, stuck]


def test_workers_at_once_never_claim_the_same_message(database: Database) -> None:
    ids = queued(database, 60)
    start = Barrier(8)

    def worker(_: int) -> list[UUID]:
        start.wait()
        taken: list[UUID] = []
        for _round in range(20):
            taken += [each.message.id for each in claim(database, limit=3)]
        return taken

    with ThreadPoolExecutor(8) as pool:
        taken = [message_id for each in pool.map(worker, range(8)) for message_id in each]

    assert sorted(taken) == sorted(ids)
    assert all(len(tries(database, message_id)) == 1 for message_id in ids)


def test_workers_at_once_take_over_an_expired_lease_once(database: Database) -> None:
    ids = queued(database, 20)
    claim(database, limit=20)
    later = MACHINE + LEASE
    start = Barrier(6)

    def worker(_: int) -> list[UUID]:
        start.wait()
        return [each.message.id for _round in range(10) for each in claim(database, later, limit=3)]

    with ThreadPoolExecutor(6) as pool:
        taken = [message_id for each in pool.map(worker, range(6)) for message_id in each]

    assert sorted(taken) == sorted(ids)


def test_a_lease_frees_its_message_only_when_it_has_run_out(database: Database) -> None:
    [message_id] = queued(database)
    claim(database)

    assert claim(database, MACHINE + LEASE - timedelta(milliseconds=1)) == []
    assert [each.message.id for each in claim(database, MACHINE + LEASE)] == [message_id]


def test_a_sent_message_is_settled_in_both_times(database: Database) -> None:
    [message_id] = queued(database)
    [claimed] = claim(database)

    assert settle_sent(database, claimed, MACHINE + timedelta(seconds=2))

    message = look(database, message_id)
    assert (message.status, message.sent_at, message.lease_token) == ("sent", NOW, None)
    [attempt] = tries(database, message_id)
    assert (attempt.result, attempt.number) == ("sent", 1)
    assert (attempt.started_at, attempt.finished_at) == (MACHINE, MACHINE + timedelta(seconds=2))
    assert claim(database, MACHINE + timedelta(days=1)) == []


def test_a_lost_lease_settles_nothing_but_its_own_try(database: Database) -> None:
    [message_id] = queued(database)
    [slow] = claim(database)
    [quick] = claim(database, MACHINE + LEASE)

    assert not settle_sent(database, slow)
    assert not defer(database, slow)
    assert not database.transact(
        lambda unit: sending.record_failed(unit, slow, machine_now=MACHINE, error="550 no such mailbox")
    )
    assert not database.transact(lambda unit: sending.put_back(unit, slow))
    assert look(database, message_id).status == "queued"
    assert claim(database, MACHINE + LEASE) == []

    assert settle_sent(database, quick)
    assert look(database, message_id).status == "sent"


def test_a_temporary_failure_backs_off_and_comes_again(database: Database) -> None:
    [message_id] = queued(database)
    at = MACHINE
    for tried, wait in enumerate((30, 60, 120, 240), start=1):
        [claimed] = claim(database, at)
        assert claimed.message.attempts == tried
        assert defer(database, claimed, at)
        assert claim(database, at + timedelta(seconds=wait, milliseconds=-1)) == []
        at += timedelta(seconds=wait)

    [claimed] = claim(database, at)
    assert look(database, message_id).last_error == "451 later"
    assert settle_sent(database, claimed)
    assert look(database, message_id).last_error is None
    assert [each.result for each in tries(database, message_id)] == ["deferred"] * 4 + ["sent"]


def test_the_last_try_makes_a_dead_letter(database: Database) -> None:
    [message_id] = queued(database)
    at = MACHINE
    for _ in range(sending.MAX_TRIES):
        [claimed] = claim(database, at)
        assert defer(database, claimed, at)
        at += sending.LONGEST_BACK_OFF

    assert claim(database, at + timedelta(days=30)) == []
    message = look(database, message_id)
    assert message.status == "failed"
    assert "451 later" in str(message.last_error)


def test_a_message_whose_worker_always_dies_becomes_a_dead_letter(database: Database) -> None:
    [message_id] = queued(database)
    at = MACHINE
    for _ in range(sending.MAX_TRIES):
        assert len(claim(database, at)) == 1
        at += LEASE

    assert claim(database, at) == []
    assert look(database, message_id).status == "failed"
    assert [each.result for each in tries(database, message_id)] == [None] * sending.MAX_TRIES


def test_a_message_put_back_was_never_tried(database: Database) -> None:
    [message_id] = queued(database)
    [claimed] = claim(database)

    assert database.transact(lambda unit: sending.put_back(unit, claimed))

    assert tries(database, message_id) == []
    [again] = claim(database)
    assert again.message.attempts == 1


def test_a_dead_letter_is_replayed_with_all_its_tries_before_it(database: Database) -> None:
    [message_id] = queued(database)
    [claimed] = claim(database)
    database.transact(lambda unit: sending.record_failed(unit, claimed, machine_now=MACHINE, error="550 5.1.1 none"))
    assert look(database, message_id).last_error == "550 5.1.1 none"
    assert claim(database, MACHINE + timedelta(days=30)) == []

    database.transact(lambda unit: outbox.replay(unit, CTX, message_id))

    [again] = claim(database)
    assert again.message.id == message_id
    assert again.message.attempts == 1
    assert [each.number for each in tries(database, message_id)] == [1, 2]
    [entry] = database.read(lambda unit: list(unit.exec(select(AuditEntry))))
    assert (entry.action, entry.subject, entry.actor_role) == ("replay", f"outbox:{message_id}", "manager")


def test_only_a_dead_letter_is_replayed(database: Database) -> None:
    [message_id] = queued(database)

    with pytest.raises(Problem, match="queued") as refusal:
        database.transact(lambda unit: outbox.replay(unit, CTX, message_id))
    assert refusal.value.status == 409
    with pytest.raises(Problem) as missing:
        database.transact(lambda unit: outbox.replay(unit, CTX, new_id()))
    assert missing.value.status == 404


def test_a_cancelled_message_stays(database: Database) -> None:
    [message_id] = queued(database)

    cancel(database, message_id)

    assert claim(database) == []
    assert look(database, message_id).status == "cancelled"


def test_cancelling_what_is_already_leaving_is_told_as_it_was(database: Database) -> None:
    [gone, stopped] = queued(database, 2)
    [claimed, failing] = claim(database)
    for message_id in (gone, stopped):
        cancel(database, message_id)

    assert settle_sent(database, claimed)
    assert not defer(database, failing)

    assert look(database, gone).status == "sent"
    assert look(database, stopped).status == "cancelled"
    with pytest.raises(Problem, match="left already"):
        cancel(database, gone)


def test_what_is_held_for_a_person_leaves_once_their_address_is_confirmed(database: Database) -> None:
    def two_people(unit: Unit) -> tuple[UUID, UUID]:
        people = [Person(name=name, created_at=NOW) for name in ("Ann", "Bob")]
        unit.add_all(people)
        unit.flush()
        return people[0].id, people[1].id

    ann, bob = database.transact(two_people)
    [for_ann] = queued(database, to_person_id=ann, held=True)
    queued(database, to_person_id=bob, held=True)
    assert claim(database) == []

    assert database.transact(lambda unit: outbox.release(unit, ann)) == 1

    assert [each.message.id for each in claim(database)] == [for_ann]


def test_pages_walk_over_every_message_once_newest_first(database: Database) -> None:
    ids = queued(database, 7)
    walked: list[UUID] = []
    before: UUID | None = None
    while found := page(database, before):
        walked += found
        before = walked[-1]

    assert walked == ids[::-1]


def test_pages_and_counts_by_status(database: Database) -> None:
    ids = queued(database, 3)
    [claimed] = claim(database, limit=1)
    settle_sent(database, claimed)

    assert [each.id for each in database.read(lambda unit: outbox.page(unit, status="sent"))] == ids[:1]
    assert database.read(lambda unit: outbox.page(unit, enquiry_id=new_id())) == []
    assert database.read(outbox.counts) == {"queued": 2, "sent": 1}


def test_an_error_from_outside_is_kept_short_and_on_one_line(database: Database) -> None:
    [message_id] = queued(database)
    [claimed] = claim(database)

    assert defer(database, claimed, error="451 \0later\r\nplease " + "x" * 9_000)

    kept = str(look(database, message_id).last_error)
    assert kept.startswith("451 later please xxx")
    assert len(kept) == 500


def test_back_off_grows_is_capped_and_draws_from_nought() -> None:
    ceilings = [sending.back_off(tries, lambda _, most: most) for tries in range(1, sending.MAX_TRIES + 1)]
    assert ceilings[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert ceilings == sorted(ceilings)
    assert ceilings[-1] == sending.LONGEST_BACK_OFF
    assert sending.back_off(9, lambda least, _: least) == timedelta(0)
    assert all(timedelta(0) <= sending.back_off(3) <= timedelta(seconds=120) for _ in range(200))
