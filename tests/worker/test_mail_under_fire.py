"""Promises 3 and 4 under fire: three workers on PostgreSQL, killed at any moment, over a mail server in every mood.

Each letter arrives; one arrives twice only where a worker could not know that it had; and what is reminded of is what one
undisturbed worker reminds of over the same records.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from service.context import Context
from service.records import outbox
from service.records.database import Database
from tests.support.clock import MONDAY, HandClock
from tests.support.engines import Engines
from tests.support.journey import Journey
from tests.support.serving import command, settings_of
from tests.support.smtp import Mailbox, Mood, mail_server
from tests.support.warm import Forked

ENQUIRIES, WORKERS = 8, 3
MOODS: Sequence[Mood] = (
    "accepting", "forgetful", "losing", "hanging", "postponing", "refusing", "forgetful", "accepting", "losing", "forgetful",
)  # fmt: skip
"""What the mail server does while the workers of one round live."""
LATER = MONDAY + timedelta(days=9)
"""By then a call has been out for more than a week, and reminders of every kind of reader are due."""
NAMED = "SELECT rule, subject_id, anchor_event_id, step, addressee, status FROM follow_up"
WRITTEN = "SELECT kind, to_address, enquiry_id FROM outbox"

pytestmark = pytest.mark.xdist_group("mail under fire")


@pytest.fixture
def urls(engines: Engines, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Two databases with the same records, whose reminders are due."""
    engine = engines["postgresql"]
    url = engine.migrated()
    database = Database(url)
    for number in range(ENQUIRIES):
        journey = Journey(database, HandClock(), enquirer_email=f"ann{number}@council.example")
        # On the second day some are being scoped, some wait for their brief to be agreed, some are with universities.
        (journey.accepted, journey.sent, journey.published)[number % 3]()
    database.dispose()
    command("migrate", environment=_environment(url, "file:mail", tmp_path), folder=tmp_path)
    calm = engine.copied(url)
    yield url, calm
    engine.drop(calm)
    engine.drop(url)


def test_every_letter_arrives_and_every_reminder_is_one(urls: tuple[str, str], tmp_path: Path) -> None:
    url, calm = urls
    with mail_server() as box:
        fired = _environment(url, box.url, tmp_path)
        unknown = _under_fire(fired, box, url, tmp_path)
        _work_calmly(fired, tmp_path)
        _replay_dead_letters(url)
        _time_passes(url)
        _work_calmly(fired, tmp_path)
        _work_calmly(_environment(calm, f"file:{tmp_path / 'mail'}", tmp_path), tmp_path)

        received = Counter(str(one.message["Message-ID"]).strip("<>").partition("@")[0] for one in box.received)
        texts = {(str(one.message["Message-ID"]), one.subject, one.text) for one in box.received}
    assert _rows(url, NAMED) == _rows(calm, NAMED), "a reminder was dropped, repeated or settled otherwise"
    assert _rows(url, WRITTEN) == _rows(calm, WRITTEN), "a letter was dropped or written twice"
    assert _rows(url, "SELECT 1 FROM follow_up WHERE status = 'sent'").total() > ENQUIRIES

    assert set(received) == {str(found) for (found,) in _rows(url, "SELECT id FROM outbox WHERE status = 'sent'")}
    assert _rows(url, "SELECT 1 FROM outbox WHERE status <> 'sent'") == Counter(), "a letter never left"
    assert len(texts) == len(received), "a repeat says the same as the first"
    again = {outbox_id: times - 1 for outbox_id, times in received.items() if times > 1}
    doubtful = Counter(str(found) for (found,) in _rows(url, DOUBTFUL).elements())
    assert {outbox_id: times for outbox_id, times in again.items() if times > doubtful[outbox_id]} == {}
    assert again, "the mail server forgot to answer, and nothing came of it"
    assert unknown > 0, "no kill fell into the sending of a letter"


DOUBTFUL = """
SELECT outbox_id FROM delivery_attempt
WHERE result IS NULL OR (result = 'deferred' AND detail LIKE 'the mail server cannot be reached%')
"""
"""Tries of which nobody can say whether the letter was taken: the worker died, or the server hung up after the letter."""


def _under_fire(environment: dict[str, str], box: Mailbox, url: str, folder: Path) -> int:
    """Kill workers in every mood of the mail server; return how many tries were cut off."""
    chance = random.Random(20261129)  # noqa: S311 - the same moments each time, not a secret
    for mood in MOODS:
        box.mood = mood
        workers = [_worker(environment, folder) for _ in range(WORKERS)]
        seen = box.attempts
        deadline = time.monotonic() + 20
        while box.attempts < seen + 3 and time.monotonic() < deadline:
            time.sleep(0.01)  # until they are in the midst of it
        for worker in chance.sample(workers, WORKERS):
            worker.send_signal(9)
            worker.wait(20)
            time.sleep(chance.uniform(0, 0.2))  # the moment of a kill is meant to be any moment
        _time_passes(url)
    box.mood = "accepting"
    return _rows(url, "SELECT 1 FROM delivery_attempt WHERE result IS NULL").total()


def _worker(environment: dict[str, str], folder: Path) -> Forked:
    return Forked(("work",), environment=settings_of(environment), folder=folder, output=folder / "workers.log")


def _environment(url: str, mail: str, folder: Path) -> dict[str, str]:
    clock = folder / "clock"
    clock.write_text(LATER.isoformat(), encoding="utf-8")
    return {
        "DATABASE_URL": url,
        "MAIL": mail,
        "CLOCK": f"file:{clock}",
        "TICK_SECONDS": "0.05",
        "SECRET_KEY": "a secret under fire, long enough to sign with",
        "STAFF_EMAILS": "mo@service.example",
    }


def _work_calmly(environment: dict[str, str], folder: Path) -> None:
    command("work", "--once", environment=environment, folder=folder)


def _time_passes(url: str) -> None:
    """Nobody holds a lease any more, and every back-off is over: hours later, in machine time."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE outbox SET lease_until = NULL, available_at = '2000-01-01Z' WHERE status = 'queued'")


def _replay_dead_letters(url: str) -> None:
    database = Database(url)
    failed = [found for (found,) in _rows(url, "SELECT id FROM outbox WHERE status = 'failed'")]
    assert failed, "a server that refuses makes dead letters"
    for message_id in failed:
        database.transact(lambda unit, one=message_id: outbox.replay(unit, Context(now=LATER), one))  # type: ignore[misc]
    database.dispose()


def _rows(url: str, query: str) -> Counter[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return Counter(connection.execute(query).fetchall())
