"""Fresh databases on both engines: migrated once for each test process, then copied for each test.

The addresses of databases that were dropped are given to new ones, and `database_at` returns the same `Database` for the
same address: it remembers the statements it has compiled, which otherwise takes a quarter of a test's time.
"""

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Literal, Protocol, get_args
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

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


class Sqlite:
    """SQLite files in a folder of this process."""

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
        shutil.copyfile(self._template, copy)
        return _sqlite_url(copy)

    def copied(self, url: str) -> str:
        copy = self._path()
        shutil.copyfile(self._folder / Path(url).name, copy)
        return _sqlite_url(copy)

    def drop(self, url: str) -> None:
        path = self._folder / Path(url).name
        for file in self._folder.glob(path.name + "*"):
            file.unlink(missing_ok=True)
        self._free.append(path)

    def close(self) -> None:
        shutil.rmtree(self._folder)

    def _path(self) -> Path:
        return self._free.pop() if self._free else self._folder / f"{_name()}.db"


class Postgresql:
    """Databases on a server of our own, or on the one that TEST_POSTGRESQL_URL names."""

    def __init__(self) -> None:
        given = os.environ.get("TEST_POSTGRESQL_URL")
        own = None if given else Server(SCRATCH)
        self._server, self._stop = (make_url(own.url), own.stop) if own else (make_url(given or ""), _nothing)
        self._made: set[str] = set()
        self._template: str | None = None
        self._free: list[str] = []

    def empty(self) -> str:
        return self._create(self._next())

    def migrated(self) -> str:
        if self._template is None:
            template = _name()
            _migrate(self._create(template))
            self._template = template
        return self._create(self._next(), self._template)

    def copied(self, url: str) -> str:
        return self._create(self._next(), str(make_url(url).database))

    def drop(self, url: str) -> None:
        name = str(make_url(url).database)
        self._drop(name)
        self._free.append(name)

    def close(self) -> None:
        for name in tuple(self._made):
            self._drop(name)
        self._stop()

    def _next(self) -> str:
        return self._free.pop() if self._free else _name()

    def _create(self, name: str, template: str = "template0") -> str:
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        self._made.add(name)
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _drop(self, name: str) -> None:
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        self._made.discard(name)

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._server.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


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


def _sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def _name() -> str:
    return f"enquiries_{uuid4().hex[:16]}"


def _nothing() -> None:
    """A server that is not ours is left running."""
