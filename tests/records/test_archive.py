"""Backups: what one moment held comes back on the other engine, and nothing else is ever restored."""

import gzip
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_IMODE
from typing import Any

import pytest
from sqlalchemy import event, func, inspect, text
from sqlmodel import SQLModel, select

from service.actions import restoring
from service.errors import Problem
from service.records import feed, installation, invariants, migration, outbox
from service.records.archive import writing
from service.records.archive.layout import LEFT_OUT, ArchiveProblem, columns_of, kept_tables
from service.records.archive.loading import restore
from service.records.archive.reading import verify
from service.records.database import Database, Unit
from service.records.tables import Enquiry, OutboxMessage, WebSession
from tests.support.doors import House, house
from tests.support.engines import EngineName, Engines, database_at
from tests.support.scene import OWN, Scene, set_scene, signed_in

TAKEN = datetime(2026, 3, 2, 9, tzinfo=UTC)
OTHER: dict[EngineName, EngineName] = {"sqlite": "postgresql", "postgresql": "sqlite"}
CHANGED_BY_RESTORING = {"service_state", "outbox", "audit_entry"}
FIGURES = "/api/v1/metrics/throughput"
FEED = "/api/v1/briefs/feed"


@dataclass
class Writers:
    """Threads that go on asking questions while something else happens."""

    opened: House
    asked: int = 0
    _asked: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, more: int) -> None:
        """Return once so many more questions were asked."""
        with self._asked:
            enough = self.asked + more
            assert self._asked.wait_for(lambda: self.asked >= enough, 30), "nobody wrote meanwhile"

    @contextmanager
    def at_the_first_look(self) -> Iterator[None]:
        """Have this thread wait, after its first statement, for two more: the second begins once the snapshot is there."""
        engine, reader, looks = self.opened.database.engine, threading.get_ident(), iter([self.wait_for])

        def looked(*_: object) -> None:
            if threading.get_ident() == reader and (wait_for := next(looks, None)):
                wait_for(2)

        event.listen(engine, "after_cursor_execute", looked)
        yield
        event.remove(engine, "after_cursor_execute", looked)
        assert next(looks, None) is None, "nothing was looked at"

    @contextmanager
    def writing(self) -> Iterator["Writers"]:
        stop = threading.Event()

        def write() -> None:
            client = self.opened.client("manager")
            body = {"question": "Does it go on?", "enquirer": {"name": "Pat", "email": "pat@council.example"}}
            while not stop.is_set():
                assert client.post("/api/v1/enquiries", json=body).status_code == 201
                with self._asked:
                    self.asked += 1
                    self._asked.notify_all()

        thread = threading.Thread(target=write)
        thread.start()
        try:
            self.wait_for(1)
            yield self
        finally:
            stop.set()
            thread.join(60)


@pytest.fixture
def scene(engine_url: str) -> Iterator[Scene]:
    """A service with everything that can hang on an enquiry, and somebody signed in."""
    with house(engine_url) as opened:
        yield set_scene(opened)


@pytest.fixture
def elsewhere(engine: EngineName, engines: Engines) -> Iterator[str]:
    """The address of an empty database on the other engine, not even migrated."""
    url = engines[OTHER[engine]].empty()
    yield url
    database_at(url).dispose()
    engines[OTHER[engine]].drop(url)


def begin_again(opened: House) -> Callable[[Unit], None]:
    def work(unit: Unit) -> None:
        restoring.begin_again(unit, opened.ctx(), send_queued=False)

    return work


def statuses(database: Database) -> dict[str, int]:
    return database.read(outbox.counts)


def test_what_one_moment_held_comes_back_on_the_other_engine(scene: Scene, elsewhere: str, tmp_path: Path) -> None:
    opened, path = scene.opened, tmp_path / "backup.eea"
    signed_in(opened, "ann@council.example")
    opened.clock.move(days=40)
    asked = {"as_of": f"{opened.clock.now() - timedelta(days=2):%Y-%m-%d}"}
    figures = opened.client("funder").get(FIGURES, params=asked)
    assert figures.status_code == 200, figures.text
    university = opened.client("university", organisation=OWN)
    cursor = university.get(FEED).json()["next_cursor"]
    opened.clock.move(minutes=1)

    with Writers(opened).writing() as writers, writers.at_the_first_look():
        summary = writing.write(opened.database, path, TAKEN)

    assert S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["backup.eea"]
    target = database_at(elsewhere)
    restore(target, path, begin_again(opened))
    again = writing.write(target, tmp_path / "again.eea", TAKEN)
    kept = summary.digests.keys() - CHANGED_BY_RESTORING
    assert {name: again.digests[name] for name in kept} == {name: summary.digests[name] for name in kept}
    assert again.counts["outbox"] == summary.counts["outbox"]
    assert target.read(invariants.find_broken) == []
    assert statuses(target).get("queued", 0) == 0
    assert target.read(lambda unit: unit.exec(select(func.count()).select_from(WebSession)).one()) == 0

    with house(elsewhere, opened.clock) as restored:
        assert restored.client("funder").get(FIGURES, params=asked).content == figures.content
        with_old_key = restored.visitor(university.headers["authorization"].removeprefix("Bearer "))
        gone = with_old_key.get(FEED, params={"cursor": cursor})
        assert (gone.status_code, gone.json()["type"]) == (410, "/problems/cursor-gone")
        assert with_old_key.get(gone.json()["resync"]).status_code == 200
        assert with_old_key.get(FEED).json()["items"] == university.get(FEED).json()["items"]
        manager = restored.client("manager")
        assert manager.get(f"/api/v1/enquiries/{scene.journey.reference}").status_code == 200
        set_aside = manager.get("/api/v1/outbox", params={"status": "failed"}).json()["items"]
        assert set_aside[0]["last_error"] == restoring.NOT_SENT_AGAIN
        new = manager.post(
            "/api/v1/enquiries",
            json={"question": "And now?", "enquirer": {"name": "Pat", "email": "p@council.example"}},
        )
        assert new.status_code == 201


def _lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def _sealed(lines: list[Any]) -> bytes:
    """Return an archive of these lines whose last line fits them, as the one who wrote them would have made it."""
    texts = [json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines[:-1]]
    last = lines[-1] | {"sha256": hashlib.sha256(b"".join(texts)).hexdigest()}
    return gzip.compress(b"".join((*texts, json.dumps(last).encode(), b"\n")))


def _another_word(whole: bytes) -> bytes:
    return gzip.compress(gzip.decompress(whole).replace(b"warm", b"cold", 1))


def _one_row_less(whole: bytes) -> bytes:
    lines = gzip.decompress(whole).splitlines(keepends=True)
    lines.remove(next(line for line in lines if line.startswith(b"[")))
    return gzip.compress(b"".join(lines))


def _flipped(whole: bytes) -> bytes:
    middle = len(whole) // 2
    return whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda whole: whole[:-20],
    "cut in the middle": lambda whole: whole[: len(whole) // 2],
    "its last line missing": lambda whole: gzip.compress(
        b"".join(gzip.decompress(whole).splitlines(keepends=True)[:-1])
    ),
    "a bit turned": _flipped,
    "a word changed": _another_word,
    "a row taken out": _one_row_less,
    "something behind it": lambda whole: gzip.compress(gzip.decompress(whole) + b"[]\n"),
    "another file": lambda _: b"PK\x03\x04 no such thing",
    "nothing": lambda _: b"",
}


def test_nothing_but_a_whole_archive_is_restored(scene: Scene, elsewhere: str, tmp_path: Path) -> None:
    path, damaged = tmp_path / "backup.eea", tmp_path / "damaged.eea"
    writing.write(scene.opened.database, path, TAKEN)
    target = database_at(elsewhere)
    for what, damage in DAMAGES.items():
        damaged.write_bytes(damage(path.read_bytes()))
        with pytest.raises(ArchiveProblem):
            restore(target, damaged, begin_again(scene.opened))
        assert inspect(target.engine).get_table_names() == [], what

    first, *others = _lines(path)
    more = first["tables"] | {"no_such_table": [["id", "uuid"]]}
    refusals: dict[str, dict[str, object]] = {
        "newer version": {"revision": "9999"},
        "format 2": {"version": 2},
        "no backup of this service": {"format": "another"},
        "does not fit": {"tables": more},
    }
    for words, change in refusals.items():
        sealed = _sealed([first | change, *others])
        if "tables" in change:
            rows = [{"table": "no_such_table"}, {"rows": 0, "sha256": hashlib.sha256().hexdigest()}]
            sealed = _sealed([first | change, *others[:-1], *rows, others[-1]])
        damaged.write_bytes(sealed)
        with pytest.raises(ArchiveProblem) as refused:
            restore(target, damaged, begin_again(scene.opened))
        assert words in str(refused.value)
        assert inspect(target.engine).get_table_names() == [], words


def test_a_database_in_use_is_left_alone_and_a_furnished_one_is_not_in_use(
    scene: Scene, engine: EngineName, engines: Engines, tmp_path: Path
) -> None:
    database, path = scene.opened.database, tmp_path / "backup.eea"
    summary = writing.write(database, path, TAKEN)
    epoch = database.read(feed.epoch)
    with pytest.raises(ArchiveProblem, match="in use"):
        restore(database, path, begin_again(scene.opened))
    assert database.read(feed.epoch) == epoch

    url = engines[engine].migrated()
    with house(url, staff_emails="new@service.example") as furnished:
        restore(furnished.database, path, begin_again(scene.opened))
        assert furnished.database.read(installation.has_enquiries)
        assert furnished.database.read(feed.epoch) not in {epoch, ""}
        found = furnished.database.read(lambda unit: unit.exec(select(func.count()).select_from(Enquiry)).one())
        assert found == summary.counts["enquiry"]
    engines[engine].drop(url)


def test_an_archive_of_an_older_schema_is_brought_to_this_one(
    engine: EngineName, engines: Engines, elsewhere: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last revision is taken back first, as if the backup had been made by the version before it."""
    url = engines[engine].migrated()
    database = Database(url)
    with house(url) as opened:
        opened.client("manager").post(
            "/api/v1/enquiries", json={"question": "Old?", "enquirer": {"name": "Pat", "email": "p@council.example"}}
        )
        older = migration.revisions()[-2]
        migration.downgrade(database, older)
        then = set(inspect(database.engine).get_table_names())
        columns = {name: {column["name"] for column in inspect(database.engine).get_columns(name)} for name in then}

        def kept_then() -> Any:
            return tuple(table for table in kept_tables() if table.name in then)

        def columns_then(table: Any) -> Any:
            return tuple(column for column in columns_of(table) if column[0] in columns[table.name])

        monkeypatch.setattr(writing, "kept_tables", kept_then)
        monkeypatch.setattr(writing, "columns_of", columns_then)
        path = tmp_path / "old.eea"
        assert writing.write(database, path, TAKEN).description.revision == older
        monkeypatch.undo()

        target = database_at(elsewhere)
        restore(target, path, begin_again(opened))
        assert migration.is_current(target)
        assert target.read(lambda unit: unit.exec(select(Enquiry.state)).one()) == "triage"
    database.dispose()
    engines[engine].drop(url)


def test_what_fails_on_the_way_leaves_nothing(scene: Scene, elsewhere: str, tmp_path: Path) -> None:
    path, target = tmp_path / "backup.eea", database_at(elsewhere)
    writing.write(scene.opened.database, path, TAKEN)

    def fail(unit: Unit) -> None:
        assert unit.exec(select(func.count()).select_from(OutboxMessage)).one() > 0
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        restore(target, path, fail)
    if not target.is_postgresql:
        narrow = Database(elsewhere)
        event.listen(narrow.engine, "connect", lambda raw, _: raw.execute("PRAGMA max_page_count = 200"))
        with pytest.raises(Problem, match="disk is full"):
            restore(narrow, path, begin_again(scene.opened))
        narrow.dispose()
    assert inspect(target.engine).get_table_names() == []
    restore(target, path, begin_again(scene.opened))
    with target.engine.connect() as connection:
        if target.is_postgresql:
            held = connection.execute(text("SELECT count(*) FROM pg_constraint WHERE contype = 'f'")).scalar_one()
            assert held == sum(len(table.foreign_keys) for table in SQLModel.metadata.tables.values())


def test_a_backup_without_room_leaves_the_one_before(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "backup.eea"
    path.write_bytes(b"the one before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        writing.write(scene.opened.database, path, TAKEN)
    assert path.read_bytes() == b"the one before"
    assert len(list(tmp_path.iterdir())) == 1


def test_every_column_has_its_kind() -> None:
    assert {table.name for table in kept_tables()} | set(LEFT_OUT) == set(SQLModel.metadata.tables)
    assert all(columns_of(table) for table in kept_tables())
    with pytest.raises(OSError, match="No such file"):
        verify(Path("there/is/no/such.eea"))
