"""Numbers in commit order: publishers and pollers at once, and what a cursor over early numbers would lose."""

import itertools
import json
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier, Event, Lock
from uuid import UUID

import pytest
from sqlmodel import col, select

from service.context import Context
from service.ids import new_id
from service.records import feed
from service.records.database import Database, Unit
from service.records.tables import Enquiry, FeedEntry
from service.states import EnquiryState, WaitingOn
from tests.support.clock import MONDAY
from tests.support.engines import Engines
from tests.support.journey import UNIVERSITIES, Cast

CTX = Context(now=MONDAY)
PUBLISHERS, ENTRIES, POLLERS = 8, 12, 2
LONGEST_DELAY = 0.012
"""Seconds between drawing a number and committing it: what a loaded server does to a transaction now and then."""

Publish = Callable[[Unit, Enquiry, list[UUID], str], None]
Poll = Callable[[Unit, UUID, int], tuple[list[str], int]]


@dataclass
class Crowd:
    """Publishers and pollers at the same feeds. `published` is the truth: what was committed, by university."""

    database: Database
    universities: list[UUID]
    enquiries: list[Enquiry]
    published: dict[UUID, set[str]] = field(default_factory=dict)
    walks: list[tuple[UUID, list[str]]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def run(self, publish: Publish, poll: Poll) -> None:
        """Let every publisher publish to everybody or to some, while pollers follow each feed to its end."""
        start, done = Barrier(PUBLISHERS + POLLERS * len(self.universities)), Event()
        with ThreadPoolExecutor(PUBLISHERS + POLLERS * len(self.universities)) as pool:
            publishers = [pool.submit(self._publish, number, publish, start) for number in range(PUBLISHERS)]
            pollers = [
                pool.submit(self._walk, university, poll, start, done)
                for university in self.universities
                for _ in range(POLLERS)
            ]
            for publisher in publishers:
                publisher.result()
            done.set()
            self.walks = [poller.result() for poller in pollers]

    def lost(self) -> int:
        """Return how many entries were missing from the walks."""
        return sum(len(self.published[university] - set(seen)) for university, seen in self.walks)

    def _publish(self, number: int, publish: Publish, start: Barrier) -> None:
        drawn = random.Random(number)  # noqa: S311 - the same delays in every run, not a secret
        start.wait()
        for turn in range(ENTRIES):
            name = f"{number}.{turn}"
            chosen = drawn.sample(self.universities, drawn.randint(1, len(self.universities)))
            delay = drawn.uniform(0, LONGEST_DELAY)

            def work(unit: Unit, name: str = name, chosen: list[UUID] = chosen, delay: float = delay) -> None:
                publish(unit, self.enquiries[number], chosen, name)
                unit.before_commit(unit.flush)
                unit.before_commit(lambda: time.sleep(delay))

            self.database.transact(work)
            with self._lock:
                for university in chosen:
                    self.published.setdefault(university, set()).add(name)

    def _walk(self, university: UUID, poll: Poll, start: Barrier, done: Event) -> tuple[UUID, list[str]]:
        seen: list[str] = []
        cursor = 0
        start.wait()
        while True:
            last_round = done.is_set()
            names, cursor = self.database.read(lambda unit, after=cursor: poll(unit, university, after))  # type: ignore[misc]
            seen += names
            if last_round and not names:
                return university, seen


def stage(unit: Unit, enquiry: Enquiry, universities: list[UUID], name: str) -> None:
    for university in universities:
        feed.stage(unit, CTX, enquiry, university, "extended", 1, {"name": name})


def page(unit: Unit, university: UUID, after: int) -> tuple[list[str], int]:
    found = feed.page(unit, university, after, 7)
    return [json.loads(item)["payload"]["name"] for item in found.items], found.last_seq


def page_by_instant(unit: Unit, university: UUID, after: int) -> tuple[list[str], int]:
    found = unit.exec(
        select(FeedEntry.item, FeedEntry.occurred_at)
        .where(FeedEntry.organisation_id == university, FeedEntry.occurred_at > MONDAY + timedelta(microseconds=after))
        .order_by(col(FeedEntry.occurred_at))
        .limit(7)
    ).all()
    last = (found[-1][1] - MONDAY) // timedelta(microseconds=1) if found else after
    return [json.loads(item)["payload"]["name"] for item, _ in found], last


def gathered(database: Database) -> Crowd:
    cast = Cast(database)
    universities = [cast.university(name) for name in UNIVERSITIES]
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
    database.transact(lambda unit: unit.add_all(enquiries))
    return Crowd(database, universities, enquiries)


@pytest.fixture
def crowd(database: Database) -> Crowd:
    return gathered(database)


@pytest.fixture
def postgresql_crowd(engines: Engines) -> Iterator[Crowd]:
    """On the engine whose transactions really overlap; SQLite has one writer at a time, so nothing can be late there."""
    url = engines["postgresql"].migrated()
    database = Database(url)
    yield gathered(database)
    database.dispose()
    engines["postgresql"].drop(url)


def test_every_walk_equals_the_truth(crowd: Crowd) -> None:
    crowd.run(stage, page)

    assert crowd.lost() == 0
    for university in crowd.universities:
        walks = [seen for whose, seen in crowd.walks if whose == university]
        assert all(len(seen) == len(set(seen)) for seen in walks), "nothing twice"
        assert all(seen == walks[0] for seen in walks), "one order for everybody"
        whole = crowd.database.read(lambda unit, one=university: feed.page(unit, one, 0, 1000))  # type: ignore[misc]
        assert [json.loads(item)["seq"] for item in whole.items] == list(range(1, len(whole.items) + 1)), "no gaps"
        assert crowd.database.read(lambda unit, one=university: feed.head(unit, one)) == whole.last_seq  # type: ignore[misc]


@pytest.mark.parametrize("naive", ["id", "updated_at"])
def test_a_cursor_over_what_is_drawn_early_loses_entries(postgresql_crowd: Crowd, naive: str) -> None:
    """The same crowd with what feeds are often made of: an autoincrement number, or the instant of the change."""
    drawn = itertools.count(1)

    def insert(unit: Unit, enquiry: Enquiry, universities: list[UUID], name: str) -> None:
        for university in universities:
            number = next(drawn)
            unit.add(
                FeedEntry(
                    id=new_id(),
                    organisation_id=university,
                    seq=number,
                    type="extended",
                    enquiry_id=enquiry.id,
                    brief_id=enquiry.brief_id,
                    brief_version=1,
                    occurred_at=MONDAY + timedelta(microseconds=number),
                    item=json.dumps({"payload": {"name": name}}),
                )
            )

    postgresql_crowd.run(insert, page if naive == "id" else page_by_instant)

    assert postgresql_crowd.lost() > 0
    rows = postgresql_crowd.database.read(lambda unit: list(unit.exec(select(FeedEntry))))
    assert len(rows) == sum(len(names) for names in postgresql_crowd.published.values()), "all of them are there"


def test_a_change_that_fails_leaves_no_gap(database: Database) -> None:
    cast = Cast(database)
    university = cast.university(UNIVERSITIES[0])
    enquiry = gathered(database).enquiries[0]

    def fail(unit: Unit) -> None:
        stage(unit, enquiry, [university], "never")
        unit.before_commit(_refuse)

    database.transact(lambda unit: stage(unit, enquiry, [university], "first"))
    with pytest.raises(LookupError):
        database.transact(fail)
    database.transact(lambda unit: stage(unit, enquiry, [university], "second"))

    names, last = database.read(lambda unit: page(unit, university, 0))
    assert (names, last) == (["first", "second"], 2)


def test_entries_of_one_change_keep_their_order(database: Database) -> None:
    enquiry = gathered(database).enquiries[0]
    university = Cast(database).university(UNIVERSITIES[0])

    def work(unit: Unit) -> None:
        for name in ("one", "two", "three"):
            stage(unit, enquiry, [university], name)

    database.transact(work)
    names, _ = database.read(lambda unit: page(unit, university, 0))
    assert names == ["one", "two", "three"]


def _refuse() -> None:
    raise LookupError("the change failed at the last moment")
