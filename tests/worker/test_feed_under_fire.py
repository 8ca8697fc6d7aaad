"""Promise 5 under fire: two web processes over PostgreSQL, writers whose commits dawdle, pollers that crash with a page in hand.

Whatever happens in between, every poller ends with exactly what its university's feed holds, in its order; and the feed holds
exactly what the writers' acknowledged acts sent there.
"""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy.engine import make_url

from service.clock import machine_now
from tests.support.clock import HandClock
from tests.support.doors import House
from tests.support.engines import Engines
from tests.support.journey import SECTIONS, Journey
from tests.support.serving import serving

WRITERS, POLLERS, UNIVERSITIES = 8, 6, 60
ROUNDS = 2
"""Times each writer publishes, extends, revises and pulls: six entries for each university every time."""
EXTENSIONS = 3
LEAST_ENTRIES = 5000
PAUSE = 0.1
"""Seconds that a poller waits after it was told that nothing is new."""
CRASHES = 0.3
"""Of pages that a poller read and did not get to save."""
TYPES = {"publish": "published", "extend": "extended", "revise": "revised", "pull": "withdrawn"}

# A trigger that is put off until the commit: the transaction has its numbers and waits, as on a loaded server.
DAWDLE = """
CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(random() * 0.03); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION dawdle();
"""

pytestmark = pytest.mark.xdist_group("feed under fire")


@dataclass
class Writer:
    """A manager who publishes, extends, revises and pulls the brief of one enquiry, at whichever process comes next."""

    client: httpx.Client
    replicas: list[str]
    reference: str
    universities: list[str]
    drawn: random.Random
    sent: Counter[str] = field(default_factory=Counter)
    """Entries by type that acknowledged acts sent to each university."""
    etag: str = ""
    turns: int = 0

    def run(self) -> None:
        reply_by = date.today() + timedelta(days=60)  # noqa: DTZ011 - any day ahead will do
        for turn in range(ROUNDS):
            if turn:
                self.agree_anew(turn, again=True)
            self.act("publish", recipients=self.universities, reply_by=reply_by.isoformat())
            for _ in range(EXTENSIONS):
                reply_by += timedelta(days=1)
                self.act("extend", reply_by=reply_by.isoformat(), reason="More time.")
            self.agree_anew(turn, again=False)
            self.act("revise", reason="Clearer words.")
            self.act("pull", reason="The question has changed.")

    def agree_anew(self, turn: int, *, again: bool) -> None:
        """Write another version and record that the enquirer agreed it."""
        sections = {**SECTIONS, "timescale": f"Turn {turn}, {'again' if again else 'revised'}."}
        brief = self.ask("GET", "/brief")
        self.ask("PUT", "/brief", {"sections": sections}, {"If-Match": brief.headers["etag"]})
        self.act("send_for_agreement")
        version = self.ask("GET", "/brief").json()
        said = {"kind": "call", "visibility": "enquirer", "direction": "in", "body": "Yes, that is what we want."}
        entry = self.ask("POST", "/conversation", said).json()["id"]
        self.act("agree", version=version["version"], hash=version["hash"], entry=entry)

    def act(self, event: str, **members: Any) -> None:
        headers = {"If-Match": self.etag or self.ask("GET", "").headers["etag"]}
        answer = self.ask("POST", "/events", {"event": event, **members}, headers)
        self.etag = answer.headers["etag"]
        if event in TYPES:
            self.sent[TYPES[event]] += 1

    def ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        self.turns += 1
        url = f"{self.replicas[self.turns % len(self.replicas)]}/api/v1/enquiries/{self.reference}{path}"
        answer = self.client.request(method, url, json=body, headers=headers)
        assert answer.is_success, f"{method} {path} {body}: {answer.text}"
        return answer


@dataclass
class Poller:
    """A university's system: it saves a page and its cursor together, or crashes before and begins again from what it saved."""

    client: httpx.Client
    replicas: list[str]
    drawn: random.Random
    cursor: str = ""
    items: list[Any] = field(default_factory=list)
    crashes: int = 0
    unchanged: int = 0

    def run(self, done: threading.Event) -> None:
        tag: str | None = None
        while True:
            over = done.is_set()
            answer = self.poll(None if over else tag)
            if answer.status_code == 304:
                self.unchanged += 1
                done.wait(PAUSE)
                continue
            page = answer.json()
            if over and not page["items"]:
                return
            if page["items"] and self.drawn.random() < CRASHES:
                self.crashes += 1
                tag = None
                continue
            self.items += page["items"]
            tag = answer.headers["etag"] if page["next_cursor"] == self.cursor else None
            self.cursor = page["next_cursor"]

    def poll(self, tag: str | None) -> httpx.Response:
        headers = {"If-None-Match": tag} if tag else {}
        parameters: dict[str, str | int] = {"cursor": self.cursor, "limit": self.limit()}
        answer = self.client.get(
            f"{self.drawn.choice(self.replicas)}/api/v1/briefs/feed", params=parameters, headers=headers
        )
        assert answer.status_code in {200, 304}, answer.text
        return answer

    def limit(self) -> int:
        """A system has one limit, mostly; a tag is for a page of that limit."""
        return 20 if self.unchanged % 7 else self.drawn.randint(1, 40)


@pytest.fixture
def url(engines: Engines) -> Iterator[str]:
    url = engines["postgresql"].migrated()
    yield url
    engines["postgresql"].drop(url)


def test_every_walk_equals_the_truth_while_writers_dawdle_and_pollers_crash(url: str, tmp_path: Path) -> None:
    names = [f"University {number}" for number in range(UNIVERSITIES)]
    house = House(url, HandClock(machine_now()))
    journeys = [
        Journey(house.database, house.clock, universities=names[: None if number == 0 else 1]).agreed()
        for number in range(WRITERS)
    ]
    manager = house.key("manager")
    keys = [house.key("university", organisation=name) for name in names[:POLLERS]]
    house.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(DAWDLE)

    environment = {
        "DATABASE_URL": url,
        "SCHEDULER": "off",
        "SECRET_KEY": "a secret under fire, long enough to sign with",
    }
    with ExitStack() as stack:
        replicas = [stack.enter_context(serving(environment, folder=tmp_path)).url for _ in range(2)]

        def client(key: str) -> httpx.Client:
            headers = {"Authorization": f"Bearer {key}"}
            return stack.enter_context(httpx.Client(headers=headers, timeout=60))

        universities = [str(each) for each in journeys[0].universities]
        writers = [
            Writer(client(manager), replicas, journey.reference, universities, random.Random(number))  # noqa: S311 - no secret
            for number, journey in enumerate(journeys)
        ]
        pollers = [Poller(client(key), replicas, random.Random(key)) for key in keys]  # noqa: S311 - no secret
        _run(writers, pollers)

    truth = _truth(url)
    assert sum(len(items) for items in truth.values()) >= LEAST_ENTRIES
    sent = sum((writer.sent for writer in writers), Counter[str]())
    for university, items in truth.items():
        assert Counter(item["type"] for item in items) == sent, university
        assert [item["seq"] for item in items] == list(range(1, len(items) + 1)), "no gaps"
    for poller, university in zip(pollers, universities, strict=False):
        assert poller.items == truth[university]
        assert poller.crashes > 0
    assert sum(poller.unchanged for poller in pollers) > 0, "nobody was ever told that nothing is new"


def _run(writers: list[Writer], pollers: list[Poller]) -> None:
    faults: list[BaseException] = []
    done = threading.Event()

    def guarded(run: Any, *arguments: object) -> None:
        try:
            run(*arguments)
        except BaseException as fault:  # noqa: BLE001 - raised again below, in the test's own thread
            faults.append(fault)
            done.set()

    writing = [threading.Thread(target=guarded, args=(writer.run,)) for writer in writers]
    polling = [threading.Thread(target=guarded, args=(poller.run, done)) for poller in pollers]
    for thread in (*writing, *polling):
        thread.start()
    for thread in writing:
        thread.join()
    done.set()
    for thread in polling:
        thread.join()
    if faults:
        raise faults[0]


def _truth(url: str) -> dict[str, list[Any]]:
    query = "SELECT organisation_id::text, item::json FROM feed_entry ORDER BY organisation_id, seq"
    found: dict[str, list[Any]] = {}
    with psycopg.connect(make_url(url).render_as_string(hide_password=False)) as connection:
        for university, item in connection.execute(query):
            found.setdefault(university, []).append(item)
    return found
