"""The worker only ticks: each job drains what the database says is due, alone, and a failure stays its own."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from service.clock import clock_from, machine_now
from service.context import Context
from service.records import heartbeats, outbox
from service.records.database import Database, Unit
from service.settings import Settings
from service.worker import HEARTBEAT, Job, jobs_of, run_until_idle, run_until_stopped, work
from tests.support.letters import COMMON, SAMPLES
from tests.support.serving import ROOT

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.dispose()


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    clock = tmp_path / "clock"
    clock.write_text(NOW.isoformat())
    return Settings(
        database_url=sqlite_url,
        mail=f"file:{tmp_path}/mail",
        secret_key="a secret for these tests only, long enough",
        base_url="https://ask.example.org",
        clock=f"file:{clock}",
        tick_seconds=0.1,
    )


def queue(database: Database, count: int) -> list[UUID]:
    told = COMMON | {"respond_by_text": SAMPLES["respond_by_text"], "who": SAMPLES["who"]}

    def put(unit: Unit) -> list[UUID]:
        ctx = Context(now=NOW)
        return [
            outbox.queue(unit, ctx, kind="receipt", to_address="ann@council.example", params=told).id
            for _ in range(count)
        ]

    return database.transact(put)


def last_beat(database: Database, name: str) -> datetime | None:
    return database.read(lambda unit: heartbeats.last_beat(unit, name))


def eventually(condition: Callable[[], bool], patience: float = 20) -> bool:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def counting(amounts: list[int], calls: list[str], name: str) -> Callable[[], int]:
    """A job that has so much to do each time, and then nothing more."""

    def run() -> int:
        calls.append(name)
        return amounts.pop(0) if amounts else 0

    return run


def test_once_goes_round_until_no_job_finds_anything(database: Database) -> None:
    calls: list[str] = []
    handed: list[int] = []

    def late() -> int:
        calls.append("late")
        # What the later job does gives the earlier one work again, once.
        if not handed:
            handed.append(1)
            left.append(2)
            return 1
        return 0

    left = [5, 5]
    jobs = (
        Job("early", HOUR, counting(left, calls, "early")),
        Job("late", HOUR, late),
        Job("check", HOUR, counting([7, 7, 7], calls, "check"), drains=False),
    )

    assert run_until_idle(database, jobs, threading.Event())

    assert left == []
    assert calls[:3] == ["early"] * 3
    assert calls[-2:] == ["early", "late"]
    assert calls.count("check") == 1


def test_a_job_that_fails_stops_no_other_and_is_told(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> int:
        raise ZeroDivisionError("planted")

    calls: list[str] = []
    jobs = (Job("broken", HOUR, broken), Job("sound", HOUR, counting([1], calls, "sound")))

    assert not run_until_idle(database, jobs, threading.Event())

    assert len(calls) >= 2
    assert "broken failed" in caplog.text
    assert last_beat(database, "broken") is None
    assert last_beat(database, "sound") is not None


def test_a_job_that_always_finds_more_holds_up_nobody_for_ever(
    database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.worker._MOST_BATCHES", 10)
    stop = threading.Event()
    calls: list[str] = []

    def greedy() -> int:
        calls.append("greedy")
        if len(calls) == 25:
            stop.set()
        return 1

    assert run_until_idle(database, (Job("greedy", HOUR, greedy),), stop)
    assert len(calls) == 25
    assert "10 times in a row" in caplog.text


def test_ticks_beat_and_come_again_until_told_to_stop(database: Database) -> None:
    stop, calls, before = threading.Event(), list[str](), machine_now()
    jobs = (Job("often", timedelta(seconds=0.05), counting([], calls, "often")), Job("seldom", HOUR, lambda: 0))
    worker = threading.Thread(target=run_until_stopped, args=(database, jobs, timedelta(seconds=0.05), stop))
    worker.start()
    try:
        assert eventually(lambda: len(calls) >= 5)
        beat = last_beat(database, HEARTBEAT)
        assert beat is not None
        assert before <= beat
        assert eventually(lambda: (last_beat(database, HEARTBEAT) or before) > beat)
        assert eventually(lambda: last_beat(database, "seldom") is not None)
    finally:
        stop.set()
        worker.join(20)
    assert not worker.is_alive()


def test_a_slow_job_is_not_begun_twice_and_is_awaited(database: Database) -> None:
    stop, running, most, ended = threading.Event(), list[int](), list[int](), list[int]()
    go_on = threading.Event()

    def slow() -> int:
        running.append(1)
        most.append(len(running))
        go_on.wait(20)
        running.pop()
        ended.append(1)
        return 0

    others: list[str] = []
    jobs = (
        Job("slow", timedelta(seconds=0.02), slow),
        Job("other", timedelta(seconds=0.02), counting([], others, "other")),
    )
    worker = threading.Thread(target=run_until_stopped, args=(database, jobs, HOUR, stop))
    worker.start()
    assert eventually(lambda: len(others) >= 10)
    stop.set()
    go_on.set()
    worker.join(20)

    assert not worker.is_alive()
    assert set(most) == {1}
    assert running == []
    assert ended


def test_no_scheduler_outlives_its_server(database: Database) -> None:
    not_our_parent = os.getpid()
    run_until_stopped(database, (), HOUR, threading.Event(), parent=not_our_parent)
    assert last_beat(database, HEARTBEAT) is not None


def test_work_once_sends_everything_that_is_queued_and_nothing_twice(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    ids = queue(database, 12)

    assert work(settings, once=True) == 0

    written = {file.stem: file.stat().st_mtime_ns for file in (tmp_path / "mail").glob("*.eml")}
    assert set(written) == {str(message_id) for message_id in ids}
    assert work(settings, once=True) == 0
    assert {file.stem: file.stat().st_mtime_ns for file in (tmp_path / "mail").glob("*.eml")} == written
    message = database.read(lambda unit: outbox.get(unit, ids[0]))
    assert message is not None
    assert message.sent_at == NOW
    for name in (HEARTBEAT, *(job.name for job in jobs_of(settings, database, clock_from(settings.clock)))):
        assert last_beat(database, name) is not None


def test_a_worker_told_to_stop_ends_what_it_is_doing_and_leaves(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    script = (
        "import sys; from service.settings import Settings; from service.worker import work; "
        "sys.exit(work(Settings.model_validate_json(sys.argv[1])))"
    )
    command = [sys.executable, "-c", script, settings.model_dump_json()]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        ids = queue(database, 3)
        mail = tmp_path / "mail"
        is_sent = eventually(lambda: len(list(mail.glob("*.eml"))) == len(ids), 60)
        process.send_signal(signal.SIGTERM if is_sent else signal.SIGKILL)
        _, complaint = process.communicate(timeout=30)
    assert is_sent, complaint
    assert process.returncode == 0, complaint
    assert "Traceback" not in complaint
