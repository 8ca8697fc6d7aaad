"""Promise 1: no question is lost. Real processes are killed at any moment; whatever was acknowledged is there after."""

import random
import sqlite3
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support.clients import Acknowledged, Writer
from tests.support.keys import make_key
from tests.support.serving import Service, command, free_port, start
from tests.support.smtp import Mailbox, mail_server

KILLS = 50
WRITERS = 3

pytestmark = pytest.mark.xdist_group("crashes")


def run_under_fire(folder: Path, box: Mailbox, url: str, kills: int) -> tuple[Acknowledged, dict[str, str]]:
    """Serve, let clients write, and kill everything `kills` times; return what was acknowledged and the settings."""
    port = free_port()
    environment = {
        "DATABASE_URL": url,
        "MAIL": box.url,
        "TICK_SECONDS": "0.05",
        "SECRET_KEY": "crash-test-secret-crash-test-secret-crash",
        "STAFF_EMAILS": "manager@service.example",
    }
    command("migrate", environment=environment, folder=folder)
    key = make_key(folder, environment, role="manager", email="manager@service.example")
    told, stop = Acknowledged(), threading.Event()
    writers = [Writer(number, f"http://127.0.0.1:{port}", key, told, stop) for number in range(WRITERS)]
    chance = random.Random(20261122)  # noqa: S311 - the same moments each time, not a secret
    service: Service | None = None
    for number in range(kills):
        service = start(environment, folder=folder, port=port)
        if number == 0:
            for writer in writers:
                writer.start()
        time.sleep(chance.uniform(0.2, 1.2))  # the moment of the kill is meant to be any moment
        service.kill()
    service = start(environment, folder=folder, port=port)
    time.sleep(0.5)
    stop.set()
    for writer in writers:
        writer.join(30)
    service.stop()
    return told, environment


def test_what_was_acknowledged_survives_fifty_kills(tmp_path: Path, sqlite_url: str) -> None:
    with mail_server() as box:
        told, environment = run_under_fire(tmp_path, box, sqlite_url, KILLS)
        # Whatever was still queued or under lease goes out now: leases of killed workers run out by themselves.
        _end_leases(sqlite_url)
        command("work", "--once", environment=environment, folder=tmp_path)
        assert len(told.submitted) > KILLS // 2, "the stream was too thin to prove anything"
        assert told.unanswered > 0, "no kill fell into a request"

        rows = _rows(sqlite_url, "SELECT reference, version, state FROM enquiry WHERE reference IS NOT NULL")
        stored = {reference: (version, state) for reference, version, state in rows}
        lost = {reference for reference in told.submitted if reference not in stored}
        assert lost == set()
        behind = {
            reference: (stored[reference], seen)
            for reference, seen in told.states.items()
            if stored[reference][0] < seen[0] or (stored[reference][0] == seen[0] and stored[reference][1] != seen[1])
        }
        assert behind == {}
        assert len(stored) == len({address for (address,) in _rows(sqlite_url, _RECEIPT_ADDRESSES)}), (
            "a retry made a second enquiry"
        )

        receipts = [one for one in box.received if one.message["Subject"] and "council.example" in one.recipients[0]]
        by_address = {one.recipients[0] for one in receipts}
        assert set(told.submitted.values()) <= by_address, "an acknowledged question got no receipt"
        ids = Counter(str(one.message["Message-ID"]) for one in box.received)
        again = sum(times - 1 for times in ids.values())
        assert again <= KILLS, "more repeats than kills: something is sent twice without a crash"
        queued = {str(row[0]).replace("-", "") for row in _rows(sqlite_url, "SELECT id FROM outbox")}
        seen = {one.split("@")[0].strip("<").replace("-", "") for one in ids}
        assert seen <= queued, "mail left for something that was never recorded"
        assert queued <= seen, "a queued message never left"
    assert command("check", environment=environment, folder=tmp_path).strip().endswith("Everything holds.")


_RECEIPT_ADDRESSES = "SELECT DISTINCT to_address FROM outbox WHERE kind = 'receipt'"


def _rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        return connection.execute(query).fetchall()


def _end_leases(url: str) -> None:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute(
            "UPDATE outbox SET lease_until = NULL, available_at = '2000-01-01 00:00:00.000000' WHERE status = 'queued'"
        )
