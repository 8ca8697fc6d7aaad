"""What is kept no longer than it is of use, and what is kept as long as that; and heartbeats, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from service.clock import machine_now
from service.context import Context
from service.ids import new_id, new_reference
from service.jobs import purge
from service.records import accounts, drafts, expiry, heartbeats, links, outbox, sending, sessions
from service.records.database import Database, Unit
from service.records.tables import (
    Attachment,
    DeliveryAttempt,
    Enquiry,
    IdempotencyRecord,
    OutboxMessage,
    Person,
    RateCount,
    SignInLink,
    WebSession,
)
from service.workflows.retention import Periods

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Standing:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


@pytest.fixture
def person_id(database: Database) -> UUID:
    def work(unit: Unit) -> UUID:
        person = Person(name="Ann", created_at=NOW)
        unit.add(person)
        unit.flush()
        return person.id

    return database.transact(work)


def draft(unit: Unit, saved_at: datetime, *, state: str = "draft") -> UUID:
    enquiry = Enquiry(
        state=state,
        reference=None if state == "draft" else new_reference(),
        waiting_on="enquirer",
        waiting_since=saved_at,
        state_since=saved_at,
        created_at=NOW - timedelta(days=90),
        updated_at=saved_at,
        form_email="ann@council.example",
    )
    unit.add(enquiry)
    unit.flush()
    return enquiry.id


def remaining(database: Database) -> set[UUID]:
    return set(database.read(lambda unit: list(unit.exec(select(Enquiry.id)))))


def test_a_draft_is_forgotten_28_days_after_it_was_last_saved(database: Database) -> None:
    def work(unit: Unit) -> tuple[UUID, UUID, UUID]:
        due = NOW - drafts.KEPT
        return draft(unit, due), draft(unit, due + SECOND), draft(unit, due, state="triage")

    old, young, sent = database.transact(work)

    assert purge.run(database, Standing()) == 1
    assert purge.run(database, Standing()) == 0

    assert remaining(database) == {young, sent}
    assert old not in remaining(database)


def test_a_draft_goes_with_its_files_and_the_mail_about_it_even_after_a_try(database: Database) -> None:
    def work(unit: Unit) -> None:
        draft_id = draft(unit, NOW - timedelta(days=40))
        unit.add(
            Attachment(
                enquiry_id=draft_id,
                filename="a.txt",
                media_type="text/plain",
                size=1,
                sha256="0",
                visibility="enquirer",
                content=b"a",
                uploaded_at=NOW,
            )
        )
        outbox.queue(
            unit, Context(now=NOW), kind="draft_link", to_address="a@b.example", params={}, enquiry_id=draft_id
        )

    database.transact(work)
    database.transact(lambda unit: sending.claim(unit, machine_now(), timedelta(minutes=1), 5))

    assert purge.run(database, Standing()) == 1

    assert remaining(database) == set()
    assert database.read(lambda unit: unit.exec(select(OutboxMessage)).all()) == []
    assert database.read(lambda unit: unit.exec(select(Attachment)).all()) == []


def test_more_drafts_than_a_batch_are_forgotten_batch_by_batch(database: Database) -> None:
    database.transact(lambda unit: [draft(unit, NOW - timedelta(days=40)) for _ in range(purge.BATCH + 1)])

    assert [purge.run(database, Standing()) for _ in range(3)] == [purge.BATCH, 1, 0]


def test_letters_about_no_enquiry_go_once_they_left_or_were_given_up_and_others_stay(
    database: Database, person_id: UUID
) -> None:
    due = NOW - timedelta(days=9)

    def work(unit: Unit) -> UUID:
        about = draft(unit, NOW, state="triage")
        for kind, at, status, enquiry_id in (
            ("sign_in", due, "sent", None),
            ("digest", due - SECOND, "failed", None),
            ("sign_in_gone", due, "cancelled", None),
            ("young", due + SECOND, "sent", None),
            ("waits", due - SECOND, "queued", None),
            ("held", due - SECOND, "held", None),
            ("about", due - SECOND, "sent", about),
        ):
            letter = outbox.queue(
                unit, Context(now=at - SECOND), kind=kind, to_address="ann@council.example", to_person_id=person_id,
                params={}, enquiry_id=enquiry_id,
            )  # fmt: skip
            letter.status, letter.sent_at = status, at if status == "sent" else None
            unit.add(letter)
            unit.flush()
            unit.add(DeliveryAttempt(outbox_id=letter.id, number=1, started_at=at))
        return about

    database.transact(work)
    periods = Periods(letters_days=9)
    assert database.read(lambda unit: outbox.count_old(unit, due)) == 3

    assert purge.run(database, Standing(), periods) == 3
    assert purge.run(database, Standing(), periods) == 0

    left = database.read(lambda unit: unit.exec(select(OutboxMessage.kind).order_by(OutboxMessage.kind)).all())
    assert left == ["about", "held", "waits", "young"]
    assert len(database.read(lambda unit: unit.exec(select(DeliveryAttempt)).all())) == 4


def test_links_are_kept_four_weeks_beyond_their_hour(database: Database, person_id: UUID) -> None:
    def work(unit: Unit) -> None:
        for ended in (NOW - expiry.LINKS_KEPT, NOW - expiry.LINKS_KEPT + SECOND):
            links.make(unit, person_id, "/", ended - links.GOOD_FOR)

    database.transact(work)

    assert database.transact(lambda unit: expiry.old_links(unit, NOW)) == 1
    [kept] = database.read(lambda unit: unit.exec(select(SignInLink)).all())
    assert kept.expires_at == NOW - expiry.LINKS_KEPT + SECOND


def test_sessions_are_forgotten_a_day_after_they_ended(database: Database, person_id: UUID) -> None:
    def work(unit: Unit) -> None:
        person = unit.get_one(Person, person_id)
        sessions.begin(unit, person, "too old", NOW - sessions.LASTS - expiry.SESSIONS_KEPT)
        sessions.begin(unit, person, "just over", NOW - sessions.LASTS - expiry.SESSIONS_KEPT + SECOND)
        sessions.begin(unit, person, "signed out", NOW - timedelta(days=2))
        sessions.begin(unit, person, "current", NOW)
        unit.flush()
        sessions.end(unit, "signed out", NOW - expiry.SESSIONS_KEPT)

    database.transact(work)

    assert database.transact(lambda unit: expiry.old_sessions(unit, NOW)) == 2
    kept = database.read(lambda unit: unit.exec(select(WebSession.digest).order_by(WebSession.digest)).all())
    assert kept == ["current", "just over"]


def test_answers_to_repeated_requests_are_forgotten_after_a_week(database: Database) -> None:
    def work(unit: Unit) -> None:
        for key, made in (("old", NOW - timedelta(days=7)), ("young", NOW - timedelta(days=7) + SECOND)):
            unit.add(
                IdempotencyRecord(
                    caller="c", key=key, method="POST", path="/", body_digest="d", status=201, body="", created_at=made
                )
            )

    database.transact(work)

    assert database.transact(lambda unit: expiry.old_answers(unit, NOW)) == 1
    assert database.read(lambda unit: unit.exec(select(IdempotencyRecord.key)).all()) == ["young"]


def test_knocks_are_forgotten_after_a_day_of_machine_time(database: Database) -> None:
    def work(unit: Unit) -> None:
        for door, start in (("old", NOW - timedelta(days=1)), ("young", NOW - timedelta(days=1) + SECOND)):
            unit.add(RateCount(door=door, window_start=start, hits=1))

    database.transact(work)

    assert database.transact(lambda unit: expiry.old_rates(unit, NOW)) == 1
    assert database.read(lambda unit: unit.exec(select(RateCount.door)).all()) == ["young"]


def test_a_sign_in_at_the_provider_comes_back_once_and_is_forgotten_after_a_day(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        spent = list(
            pool.map(lambda _: database.transact(lambda unit: accounts.spend(unit, "state", machine_now())), range(4))
        )
    assert sorted(spent) == [False, False, False, True]
    tomorrow = machine_now() + expiry.FLOWS_KEPT
    assert database.transact(lambda unit: expiry.old_flows(unit, machine_now())) == 0
    assert database.transact(lambda unit: expiry.old_flows(unit, tomorrow)) == 1


def test_a_heartbeat_is_one_row_and_never_goes_back(database: Database) -> None:
    assert database.read(lambda unit: heartbeats.last_beat(unit, "worker")) is None
    for at in (NOW, NOW + SECOND, NOW):
        database.transact(lambda unit, at=at: heartbeats.beat(unit, "worker", at))  # type: ignore[misc]  # mypy cannot type a default in a lambda
    assert database.read(lambda unit: heartbeats.last_beat(unit, "worker")) == NOW + SECOND


def test_first_heartbeats_at_once_do_not_trip_over_each_other(database: Database) -> None:
    name = str(new_id())
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: database.transact(lambda unit: heartbeats.beat(unit, name, NOW)), range(12)))
    assert database.read(lambda unit: heartbeats.last_beat(unit, name)) == NOW
