"""Fresh databases on both engines: migrated once for each test process, then copied for each test.

The addresses of databases that were dropped are given to new ones, and `database_at` returns the same `Database` for the
same address: it remembers the statements it has compiled, which otherwise takes a quarter of a test's time.
"""

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal, LiteralString, Protocol, get_args
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from service.records import migration
from service.records.database import Database
from tests.support.postgresql import Server

EngineName = Literal["sqlite", "postgresql"]
ENGINE_NAMES: tuple[EngineName, ...] = get_args(EngineName)


# In memory where the machine has such a folder with room for them: these databases are thrown away, and need not wait for a
# disk. Containers often have one of 64 megabytes, which is too small.
MEMORY, ENOUGH_BYTES = Path("/dev/shm"), 4 * 2**30  # noqa: S108 - mkdtemp makes folders of its own in it
SCRATCH = (
    MEMORY if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES else None
)


@cache
def database_at(url: str) -> Database:
    """Return this process's Database for an address; `dispose()` closes its connections and leaves it usable."""
    return Database(url)


class Engine(Protocol):
    """One database engine that hands out databases nobody else uses."""

    def empty(self) -> str:
        """Return the DATABASE_URL of a new database without a schema."""

    def migrated(self) -> str:
        """Return the DATABASE_URL of a new database with the schema at head and no rows."""

    def copied(self, url: str) -> str:
        """Return the DATABASE_URL of a new database with everything that is in another one, which nobody is connected to."""

    def drop(self, url: str) -> None:
        """Remove a database handed out before, whoever is still connected to it."""

    def close(self) -> None:
        """Remove everything this engine made."""

    # ---------------------------------------------------------------- for tests/support/recall.py
    copies_dearly: ClassVar[bool]
    keeps: ClassVar[int]
    """How many copies it may keep: so many that they are no burden."""

    def refill(self, url: str, source: str) -> None:
        """Let a database that nobody is connected to hold what another holds."""

    def looks(self, url: str) -> object:
        """Return something that is another thing after every commit that wrote to the database, whoever wrote."""

    def is_left_alone(self, url: str) -> bool:
        """Tell whether nobody is connected to a database. Its own connections must have been closed."""

    def is_meant(self, url: str, arguments: Any, named: Any) -> bool:
        """Tell whether a driver that is called with these arguments would connect to a database."""


@dataclass
class Handed:
    """A migrated database in a test's hands: it holds `content` while it looks as `seen`, or once `awaited` is copied to it."""

    engine: Engine
    url: str
    seen: object
    content: int = 0
    awaited: str | None = None


handed_out: dict[str, Handed] = {}
"""By `address`."""


def address(url: str | URL) -> str:
    """Return an address as the engines write it, whichever driver it names."""
    parsed = make_url(url)
    return parsed.set(drivername=parsed.get_backend_name()).render_as_string(hide_password=False)


class Sqlite:
    """SQLite files in a folder of this process."""

    copies_dearly: ClassVar[bool] = False
    keeps: ClassVar[int] = 150  # of a megabyte each

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="enquiries-sqlite-", dir=SCRATCH))
        self._template: Path | None = None
        self._free: list[Path] = []

    def empty(self) -> str:
        return _sqlite_url(self._path())

    def migrated(self) -> str:
        if self._template is None:
            template = self._folder / "template.db"
            _migrate(_sqlite_url(template))
            self._template = template
        copy = self._path()
        _copy(self._template, copy)
        url = _sqlite_url(copy)
        handed_out[address(url)] = Handed(self, url, self.looks(url))
        return url

    def copied(self, url: str) -> str:
        copy = self._path()
        _copy(self._file(url), copy)
        return _sqlite_url(copy)

    def drop(self, url: str) -> None:
        handed_out.pop(address(url), None)
        path = self._file(url)
        for file in (path, *_beside(path)):
            file.unlink(missing_ok=True)
        self._free.append(path)

    def refill(self, url: str, source: str) -> None:
        _copy(self._file(source), self._file(url))

    def looks(self, url: str) -> object:
        # Until the log of writes is taken over into the file, its index tells the newest commit; see the file format of WAL.
        path = self._file(url)
        log, index = _beside(path)
        found = path.stat()
        head = b""
        if log.exists() and log.stat().st_size:
            with index.open("rb") as opened:
                head = opened.read(48)
        return (found.st_mtime_ns, found.st_size, head)

    def is_left_alone(self, url: str) -> bool:
        return not any(file.exists() for file in _beside(self._file(url)))

    def is_meant(self, url: str, arguments: Any, named: Any) -> bool:
        return bool(arguments) and arguments[0] == str(self._file(url))

    def close(self) -> None:
        shutil.rmtree(self._folder)

    def _file(self, url: str) -> Path:
        return self._folder / Path(url).name

    def _path(self) -> Path:
        return self._free.pop() if self._free else self._folder / f"{_name()}.db"


class Postgresql:
    """Databases on a server of our own, or on the one that TEST_POSTGRESQL_URL names."""

    copies_dearly: ClassVar[bool] = True
    keeps: ClassVar[int] = 25  # of ten megabytes each

    def __init__(self) -> None:
        given = os.environ.get("TEST_POSTGRESQL_URL")
        own = None if given else Server(SCRATCH)
        self._server, self._stop = (make_url(own.url), own.stop) if own else (make_url(given or ""), _nothing)
        self._made: set[str] = set()
        self._template: str | None = None
        self._free: list[str] = []
        self._connection: psycopg.Connection | None = None

    def empty(self) -> str:
        return self._create(self._next())

    def migrated(self) -> str:
        if self._template is None:
            template = _name()
            _migrate(self._create(template))
            self._template = template
        url = self._create(self._next(), self._template)
        handed_out[address(url)] = Handed(self, url, self.looks(url))
        return url

    def copied(self, url: str) -> str:
        return self._create(self._next(), str(make_url(url).database))

    def drop(self, url: str) -> None:
        handed_out.pop(address(url), None)
        name = str(make_url(url).database)
        self._drop(name)
        self._free.append(name)

    def close(self) -> None:
        for name in tuple(self._made):
            self._drop(name)
        if self._connection is not None:
            self._connection.close()
        self._stop()

    def refill(self, url: str, source: str) -> None:
        name = str(make_url(url).database)
        self._drop(name)
        self._create(name, str(make_url(source).database))

    def looks(self, url: str) -> object:
        # The number that the next transaction that writes will have, in whichever database of the server.
        return self._one("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")

    def is_left_alone(self, url: str) -> bool:
        # A connection that was closed is over a moment later.
        until = time.monotonic() + 0.2
        while self._one("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", str(make_url(url).database)):
            if time.monotonic() > until:
                return False
            time.sleep(0.001)
        return True

    def is_meant(self, url: str, arguments: Any, named: Any) -> bool:
        return bool(named.get("dbname") == make_url(url).database)

    def _next(self) -> str:
        return self._free.pop() if self._free else _name()

    def _create(self, name: str, template: str = "template0") -> str:
        self._execute("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
        self._made.add(name)
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _drop(self, name: str) -> None:
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._made.discard(name)

    def _execute(self, statement: str, *names: str) -> None:
        self._connected().execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _one(self, query: LiteralString, *values: str) -> Any:
        row = self._connected().execute(query, values).fetchone()
        return row[0] if row else None

    def _connected(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            url = self._server.render_as_string(hide_password=False)
            self._connection = psycopg.connect(url, autocommit=True)
        return self._connection


class Engines:
    """Both engines, each started when a test first asks for it."""

    def __init__(self) -> None:
        self._started: dict[EngineName, Engine] = {}

    def __getitem__(self, name: EngineName) -> Engine:
        if name not in self._started:
            self._started[name] = Sqlite() if name == "sqlite" else Postgresql()
        return self._started[name]

    def close(self) -> None:
        for engine in self._started.values():
            engine.close()
        self._started.clear()


def _migrate(url: str) -> None:
    database = Database(url)
    try:
        migration.upgrade(database)
    finally:
        database.dispose()


def _copy(source: Path, target: Path) -> None:
    """Copy a file that nobody has open, and give it an age that no file has that was written to."""
    shutil.copyfile(source, target)
    os.utime(target, (1, 1))


def _beside(path: Path) -> tuple[Path, Path]:
    """Return the files that SQLite keeps beside an open one: the log of writes, and its index."""
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def _sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def _name() -> str:
    return f"enquiries_{uuid4().hex[:16]}"


def _nothing() -> None:
    """A server that is not ours is left running."""
