"""transact() is the only commit: whole or not at all, run again where that helps, and never twice without asking."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from service.errors import Problem
from service.records.database import Database, Unit
from service.records.tables import Heartbeat, RateCount, ServiceState
from tests.support.serving import free_port

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
THREADS, TIMES = 8, 20


def keep(unit: Unit, key: str) -> None:
    unit.add(ServiceState(key=key, value=""))
    unit.flush()


def keys(database: Database) -> list[str]:
    """The rows of service_state that tests add (migrating adds some of its own)."""

    def read(unit: Unit) -> list[str]:
        found = unit.connection().execute(text("SELECT key FROM service_state WHERE key LIKE 'test-%' ORDER BY key"))
        return [str(row[0]) for row in found]

    return database.read(read)


def test_what_fails_leaves_nothing(database: Database) -> None:
    def work(unit: Unit) -> None:
        keep(unit, "test-half")
        raise LookupError("in the middle")

    with pytest.raises(LookupError, match="in the middle"):
        database.transact(work)
    assert keys(database) == []


def test_work_for_the_end_runs_last_and_its_failure_takes_the_rest_with_it(database: Database) -> None:
    order: list[str] = []

    def work(unit: Unit) -> None:
        unit.before_commit(lambda: order.append("end"))
        keep(unit, "test-kept")
        order.append("work")

    database.transact(work)
    assert order == ["work", "end"]

    def failing(unit: Unit) -> None:
        keep(unit, "test-lost")
        unit.before_commit(lambda: keep(unit, "test-kept"))

    with pytest.raises(Problem) as refused:
        database.transact(failing)
    assert refused.value.status == 409
    assert keys(database) == ["test-kept"]


def test_simultaneous_increments_lose_none(database: Database) -> None:
    database.transact(lambda unit: unit.add(RateCount(door="test", window_start=NOW, hits=0)))
    faults: list[BaseException] = []

    def increment(unit: Unit) -> None:
        counter = unit.get(RateCount, ("test", NOW), with_for_update=True)
        assert counter is not None
        counter.hits += 1
        unit.add(counter)

    def often() -> None:
        try:
            for _ in range(TIMES):
                database.transact(increment)
        except BaseException as fault:  # noqa: BLE001 - told by the assertion below
            faults.append(fault)

    threads = [threading.Thread(target=often) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []

    def hits(unit: Unit) -> int:
        counter = unit.get(RateCount, ("test", NOW))
        return counter.hits if counter else 0

    assert database.read(hits) == THREADS * TIMES


def test_a_twin_that_took_the_unique_value_first_is_found_when_the_work_is_run_again(database: Database) -> None:
    attempts: list[int] = []

    def work(unit: Unit) -> str:
        attempts.append(1)
        found = unit.get(ServiceState, "test-one")
        if found is not None:
            return found.value
        if len(attempts) == 1:
            # The twin commits between our look and our write; SQLite lets no second writer in, so there we are it.
            if database.is_postgresql:
                database.transact(lambda twin: twin.add(ServiceState(key="test-one", value="the twin's")))
            else:
                unit.connection().execute(text("INSERT INTO service_state VALUES ('test-one', 'our own')"))
        unit.add(ServiceState(key="test-one", value="ours"))
        unit.flush()
        return "ours"

    assert database.transact(work) == ("the twin's" if database.is_postgresql else "ours")
    assert len(attempts) == 2
    assert keys(database) == ["test-one"]


def test_a_reader_sees_one_moment(database: Database) -> None:
    def work(unit: Unit) -> tuple[int, int]:
        before = unit.connection().execute(text("SELECT count(*) FROM heartbeat")).scalar_one()
        database.transact(lambda other: other.add(Heartbeat(name="test-late", beat_at=NOW)))
        return before, unit.connection().execute(text("SELECT count(*) FROM heartbeat")).scalar_one()

    before, after = database.read(work)
    assert before == after


def test_a_fault_of_ours_is_not_told_as_the_databases_absence(database: Database) -> None:
    with pytest.raises(DBAPIError, match="nowhere"):
        database.transact(lambda unit: unit.connection().execute(text("SELECT nothing FROM nowhere")))


def test_a_disk_without_room_is_told_as_that_and_not_tried_again(
    engine_url: str, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    full, tries = Database(engine_url), []

    def work(unit: Unit) -> None:
        tries.append(1)
        keep(unit, "test-first")
        if database.is_postgresql:
            unit.connection().execute(text("DO $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$"))
        unit.connection().execute(text("PRAGMA max_page_count = 1"))
        keep(unit, "x" * 500_000)
        unit.flush()

    with pytest.raises(Problem, match="disk is full") as refused:
        full.transact(work)
    full.dispose()
    assert (refused.value.status, tries) == (503, [1])
    assert "disk is full" in caplog.text
    assert keys(database) == []


def test_a_lost_connection_is_survived_by_running_the_whole_work_again(database: Database) -> None:
    attempts: list[int] = []

    def work(unit: Unit) -> None:
        attempts.append(1)
        keep(unit, "test-whole")
        if len(attempts) == 1 and database.is_postgresql:
            own = unit.connection().execute(text("SELECT pg_backend_pid()")).scalar_one()
            with database.engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own})
        keep(unit, "test-second")

    database.transact(work)
    assert keys(database) == ["test-second", "test-whole"]
    assert len(attempts) == (2 if database.is_postgresql else 1)


def test_a_server_that_cannot_be_reached_is_told_as_such_and_soon() -> None:
    away = Database(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing")
    with pytest.raises(Problem) as refused:
        away.read(lambda unit: unit.connection())
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (503, "5")


def test_what_became_of_a_commit_is_asked_of_postgresql(database: Database) -> None:
    if not database.is_postgresql:
        # SQLite has no such question: a commit returns, or the process is gone.
        assert database.read(lambda unit: database._transaction_id(unit.connection())) is None
        return

    def own_id(unit: Unit) -> str:
        keep(unit, "test-asked")
        found = database._transaction_id(unit.connection())
        assert found is not None
        return found

    committed = database.transact(own_id)
    assert database._was_committed(committed)
    seen: list[str] = []

    def undone(unit: Unit) -> None:
        unit.add(ServiceState(key="test-undone", value=""))
        unit.flush()
        found = database._transaction_id(unit.connection())
        assert found is not None
        seen.append(found)
        raise LookupError

    with pytest.raises(LookupError):
        database.transact(undone)
    assert not database._was_committed(seen[0])


def test_a_commit_whose_answer_was_lost_is_not_run_again_when_it_happened(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[int] = []

    def work(unit: Unit) -> None:
        attempts.append(1)
        keep(unit, "test-once")

    if database.is_postgresql:
        real = Unit.commit

        def commit_then_lose_the_line(unit: Unit) -> None:
            real(unit)
            unit.get_bind().commit()  # type: ignore[union-attr]  # the connection the unit was given
            raise OperationalError("COMMIT", {}, Exception("the line was cut"), connection_invalidated=True)

        monkeypatch.setattr(Unit, "commit", commit_then_lose_the_line)
    database.transact(work)
    assert attempts == [1]
    assert keys(database) == ["test-once"]


def test_what_is_deleted_is_written_over_in_a_file(sqlite_url: str) -> None:
    opened = Database(sqlite_url)
    with opened.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
    opened.dispose()
