"""Pokes under fire: publishers and workers at once, and the last thing a system hears is always how far its feed goes."""

import random
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Event, Lock
from uuid import UUID

from sqlmodel import select

from service.clock import machine_now
from service.context import Context
from service.records import feed, sending, webhooks
from service.records.database import Database, Unit
from service.records.tables import Enquiry, OutboxMessage, Webhook
from service.states import EnquiryState, WaitingOn
from tests.support.clock import MONDAY
from tests.support.journey import UNIVERSITIES, Cast

CTX = Context(now=MONDAY)
PUBLISHERS, ENTRIES, WORKERS = 4, 8, 3


class Systems:
    """What the universities' systems heard: by poke, the numbers it told, and by webhook, all of them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.said: dict[UUID, set[int]] = defaultdict(set)
        self.heard: dict[UUID, set[int]] = defaultdict(set)
        self.early: list[int] = []
        self._lock = Lock()

    def work(self, number: int, done: Event) -> None:
        """Deliver until everything is published and nothing waits; one delivery in four fails and is tried again."""
        drawn = random.Random(number)  # noqa: S311 - the same failures in every run, not a secret
        while True:
            was_done = done.is_set()
            batch = self.database.transact(
                lambda unit: sending.claim(unit, machine_now(), timedelta(minutes=1), 2, pokes=True)
            )
            for claimed in batch:
                self.deliver(claimed, fails=drawn.random() < 0.25)
            if was_done and not batch:
                return

    def deliver(self, claimed: sending.Claimed, *, fails: bool) -> None:
        message = claimed.message
        seq, webhook_id = int(str(message.params["seq"])), message.webhook_id
        assert webhook_id is not None
        known = self.database.read(lambda unit: feed.head(unit, webhooks.of_poke(unit, message).organisation_id))
        with self._lock:
            self.said[message.id].add(seq)
            self.early += [seq] if seq > known else []
            if not fails:
                self.heard[webhook_id].add(seq)

        def settle(unit: Unit) -> None:
            now = machine_now()
            if fails:
                sending.record_deferred(unit, claimed, machine_now=now, error="answered 500", draw=lambda *_: 0.0)
            else:
                sending.record_sent(unit, claimed, machine_now=now, sent_at=MONDAY)
                webhooks.supersede(unit, message)

        self.database.transact(settle)


def test_no_advance_is_told_early_or_not_at_all(database: Database) -> None:
    cast = Cast(database)
    universities = [cast.university(name) for name in UNIVERSITIES[:2]]

    def prepare(unit: Unit) -> tuple[list[Enquiry], dict[UUID, UUID]]:
        enquiries = [
            Enquiry(
                state=EnquiryState.OPEN_CALL,
                waiting_on=WaitingOn.UNIVERSITIES,
                waiting_since=MONDAY,
                state_since=MONDAY,
                created_at=MONDAY,
                updated_at=MONDAY,
            )
            for _ in range(PUBLISHERS)
        ]
        made = [
            Webhook(organisation_id=university, name="hook", url="https://hooks.example/", created_at=MONDAY)
            for university in universities
        ]
        unit.add_all([*enquiries, *made])
        unit.flush()
        return enquiries, {webhook.id: webhook.organisation_id for webhook in made}

    enquiries, hooks = database.transact(prepare)
    systems, done = Systems(database), Event()

    def publish(number: int) -> None:
        def advance(unit: Unit) -> None:
            for university in universities:
                feed.stage(unit, CTX, enquiries[number], university, "extended", 1, {})

        for _ in range(ENTRIES):
            database.transact(advance)

    with ThreadPoolExecutor(PUBLISHERS + WORKERS) as pool:
        working = [pool.submit(systems.work, number, done) for number in range(WORKERS)]
        for publishing in [pool.submit(publish, number) for number in range(PUBLISHERS)]:
            publishing.result()
        done.set()
        for each in working:
            each.result()

    assert systems.early == []
    assert [said for said in systems.said.values() if len(said) > 1] == [], "one poke always says the same"
    for webhook_id, university in hooks.items():
        head = database.read(partial(feed.head, organisation_id=university))
        assert head == PUBLISHERS * ENTRIES
        assert max(systems.heard[webhook_id]) == head
    left = database.read(lambda unit: unit.exec(select(OutboxMessage.status).distinct()).all())
    assert set(left) <= {"sent", "cancelled"}
