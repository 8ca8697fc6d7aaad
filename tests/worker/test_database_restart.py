"""The database goes away in the middle of load, three times over: nothing acknowledged is lost, and nobody has to do anything.

Two web processes with a scheduler beside one of them, over a PostgreSQL that waits for its disk; it is stopped well, cut off
as by a power cut, and kept away for a while, as a failover keeps it.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal

import httpx
import psycopg
import pytest
from sqlalchemy.engine import make_url

from service.clock import machine_now
from tests.support.clients import Acknowledged, Writer
from tests.support.clock import HandClock
from tests.support.doors import MANAGER, House
from tests.support.postgresql import Server
from tests.support.serving import Service, command, serving
from tests.support.smtp import Mailbox, mail_server

WRITERS = 4
OUTAGES: tuple[tuple[Literal["fast", "immediate"], float], ...] = (("fast", 0), ("immediate", 0), ("immediate", 2.5))
"""How the database goes, and for how many seconds it stays away."""
RECOVERY = 10.0
"""Seconds after the database's return in which the last refusal must have been given."""

pytestmark = pytest.mark.xdist_group("database restart")


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(durable=True)
    yield server
    server.stop()


def test_nothing_acknowledged_is_lost_and_service_comes_back_by_itself(server: Server, tmp_path: Path) -> None:
    with ExitStack() as stack:
        box = stack.enter_context(mail_server())
        url = _database(server)
        environment = _environment(url, box)
        command("migrate", environment=environment, folder=tmp_path)
        key = _manager_key(url)
        replicas = [
            stack.enter_context(serving({**environment, "SCHEDULER": scheduler}, folder=tmp_path))
            for scheduler in ("internal", "external")
        ]
        told, stop = Acknowledged(), threading.Event()
        writers = [Writer(number, replicas[number % 2].url, key, told, stop) for number in range(WRITERS)]
        for writer in writers:
            writer.start()
        outages = [_outage(server, how, seconds, told, replicas) for how, seconds in OUTAGES]
        seen = len(told.submitted)
        _until(lambda: len(told.submitted) >= seen + 20)
        stop.set()
        for writer in writers:
            writer.join(60)
        late = [at for at in told.refused_at if not any(begun <= at <= over + RECOVERY for begun, over in outages)]
        assert late == [], "refused when the database had long been back"
        assert [service.process.poll() for service in replicas] == [None, None], "a process did not survive"
        # What a worker held when the database went comes free with its lease, and what was put off in its own time.
        _write(url, "UPDATE outbox SET lease_until = NULL, available_at = now() WHERE status = 'queued'")
        command("work", "--once", environment=environment, folder=tmp_path)

        rows = _rows(url, "SELECT reference, version, state FROM enquiry WHERE reference IS NOT NULL")
        stored = {reference: (version, state) for reference, version, state in rows}
        assert told.submitted.keys() - stored.keys() == set()
        assert {ref: told_of for ref, told_of in told.states.items() if stored[ref][0] < told_of[0]} == {}
        receipts = Counter(address for (address,) in _rows(url, "SELECT to_address FROM outbox WHERE kind = 'receipt'"))
        assert len(receipts) == len(stored), "a repeat made a second enquiry"
        arrived = Counter(one.recipients[0] for one in box.received)
        assert {address for address in told.submitted.values() if not arrived[address]} == set()
        assert len(told.submitted) > 10 * len(OUTAGES), "the stream was too thin to prove anything"
    assert command("check", environment=environment, folder=tmp_path).strip().endswith("Everything holds.")


def _outage(
    server: Server, how: Literal["fast", "immediate"], seconds: float, told: Acknowledged, replicas: list[Service]
) -> tuple[float, float]:
    """Take the database away in the middle of load, and bring it back; return when it went and when it was back."""
    seen = len(told.submitted)
    _until(lambda: len(told.submitted) >= seen + 10)
    begun = time.monotonic()
    server.halt(how)
    if seconds:
        assert _readiness(replicas[0]) == 503
        time.sleep(seconds)  # the outage itself
    server.resume()
    over = time.monotonic()
    _until(lambda: all(_readiness(replica) == 200 for replica in replicas))
    return begun, over


def _readiness(service: Service) -> int:
    return httpx.get(f"{service.url}/readyz", timeout=60).status_code


def _until(is_so: Any) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)


def _database(server: Server) -> str:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE enquiries TEMPLATE template0")
    return make_url(server.url).set(database="enquiries").render_as_string(hide_password=False)


def _environment(url: str, box: Mailbox) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "MAIL": box.url,
        "TICK_SECONDS": "0.2",
        "SECRET_KEY": "a secret for restarts, long enough to sign with",
        "STAFF_EMAILS": MANAGER,
    }


def _manager_key(url: str) -> str:
    house = House(url, HandClock(machine_now()))
    key = house.key("manager")
    house.close()
    return key


def _write(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)


def _rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()
