"""Filled databases on both engines, each copied from one that is kept where it can be.

SQLite's are files under `.cache/bench`. PostgreSQL's are kept only on a server of one's own (TEST_POSTGRESQL_URL): the one
that is started for a run goes with it.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from bench.support.multiply import CACHE, Size, fill, migrated, stamp
from tests.support.engines import EngineName, Engines


@contextmanager
def stocked(engines: Engines, engine: EngineName, size: Size) -> Iterator[str]:
    """Lend the DATABASE_URL of a database of this size, to be written in and thrown away."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="enquiries-bench-", dir=CACHE.parent) as folder:
            file = Path(folder) / "bench.db"
            shutil.copyfile(_kept_file(size), file)
            yield f"sqlite:///{file}"
        return
    server = os.environ.get("TEST_POSTGRESQL_URL")
    if server is None:
        url = engines[engine].empty()
        _fill(url, size)
    else:
        url = _copied(server, _kept_database(server, size))
    yield url
    engines[engine].drop(url)


def _kept_file(size: Size) -> Path:
    kept = CACHE / f"{size}_{stamp()}.db"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(".unfinished")
        for left in CACHE.glob(f"{unfinished.name}*"):
            left.unlink()
        _fill(f"sqlite:///{unfinished}", size)
        unfinished.rename(kept)
    migrated(f"sqlite:///{kept}").dispose()
    return kept


def _kept_database(server: str, size: Size) -> str:
    name = f"bench_{size}_{stamp()}"
    with psycopg.connect(server, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            unfinished = f"{name}_unfinished"
            for statement in ("DROP DATABASE IF EXISTS {}", "CREATE DATABASE {} TEMPLATE template0"):
                connection.execute(sql.SQL(statement).format(sql.Identifier(unfinished)))
            _fill(_named(server, unfinished), size)
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name))
            )
    migrated(_named(server, name)).dispose()
    return name


def _copied(server: str, kept: str) -> str:
    name = f"{kept}_copy"
    with psycopg.connect(server, autocommit=True) as connection:
        for statement in (
            "DROP DATABASE IF EXISTS {0} WITH (FORCE)",
            "CREATE DATABASE {0} TEMPLATE {1} STRATEGY FILE_COPY",
        ):
            connection.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(kept)))
    return _named(server, name)


def _named(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def _fill(url: str, size: Size) -> None:
    database = migrated(url)
    fill(database, size)
    database.dispose()
