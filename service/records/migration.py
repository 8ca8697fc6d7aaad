"""The schema's own history: bring a database to head, and tell whether this code can run with what is there.

A newer schema may be run with as long as no revision that takes something away (`contracting = True` in its file) has
been applied beyond those this code knows: the database says which was the last (docs/decisions/0051).
"""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from service.records import feed
from service.records.database import Database, Unit, no_room
from service.records.tables import ServiceState

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]

FLOOR = "schema_floor"
"""Under which name the database keeps the last contracting revision that was applied to it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a revision waits for a table that somebody reads, and how often it asks again.

    While it waits everybody else queues behind it, so it waits briefly and lets them through in between.
    """

    lock_seconds: float = 3.0
    tries: int = 100
    pause_seconds: float = 2.0


_PATIENT = Patience()


class Busy(Exception):
    """The tables to be changed were in use all the while; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Schema:
    """Where a database's schema is, and where this code expects it."""

    current: str | None
    expected: str | None
    is_ahead: bool = False
    """A newer version made it."""
    is_usable: bool = True
    """This code runs with it."""

    @property
    def is_current(self) -> bool:
        return self.current == self.expected


def configuration() -> Config:
    """Return Alembic's configuration for the scripts that ship beside the package."""
    config = Config()
    config.set_main_option("script_location", str(_ROOT / "alembic"))
    return config


def upgrade(database: Database, revision: str = "head", patience: Patience = _PATIENT) -> None:
    """Bring the schema to `revision`, creating a SQLite file's folder where it is missing.

    A database at head has its feed epoch: nobody can poll before it does, so no cursor was ever given out under none.
    Raises Busy when somebody held what is to be changed for as long as `patience` lasts.
    """
    make_folder(database)
    _patiently(database, patience, lambda connection: move_up(connection, revision, patience))
    if revision == "head":
        database.transact(feed.ensure_epoch)


def downgrade(database: Database, revision: str, patience: Patience = _PATIENT) -> None:
    """Take the schema back to `revision` (`base` for none)."""
    _patiently(database, patience, lambda connection: move_down(connection, revision, patience))


def move_up(connection: Connection, revision: str, patience: Patience = _PATIENT) -> None:
    """Upgrade within a transaction of the caller's, begun by `altering`."""
    command.upgrade(_handed(connection, patience), revision)


def move_down(connection: Connection, revision: str, patience: Patience = _PATIENT) -> None:
    """Downgrade within a transaction of the caller's, begun by `altering`."""
    command.downgrade(_handed(connection, patience), revision)


@contextmanager
def altering(database: Database) -> Iterator[Connection]:
    """Begin one transaction in which tables may be changed; it commits at the end, and leaves nothing if that fails.

    SQLite alters a table by copying and dropping it, which its references would forbid, and they can be let go of only
    outside a transaction: whoever changes something checks them before the end.
    """
    with database.engine.connect().execution_options(writing=True) as connection:
        sqlite = not database.is_postgresql
        if sqlite:
            _pragma(connection, "foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
        finally:
            if sqlite:
                _pragma(connection, "foreign_keys=ON")


def current_revision(database: Database) -> str | None:
    """Return the revision the database is at, or None before the first."""
    with database.engine.connect() as connection:
        return revision_of(connection)


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the database behind a connection, or None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    """Return the revision this code expects."""
    known = revisions()
    return known[-1] if known else None


def is_current(database: Database) -> bool:
    """Tell whether the database is at the revision this code expects."""
    return current_revision(database) == head_revision()


def revisions() -> tuple[str, ...]:
    """Return every revision of this code, the oldest first."""
    return tuple(known for known, _ in _known())


def is_known(revision: str) -> bool:
    """Tell whether this code has that revision: one it does not have was made by a newer version."""
    return revision in revisions()


def is_older(revision: str, other: str) -> bool:
    """Tell whether one known revision comes before another."""
    order = revisions()
    return order.index(revision) < order.index(other)


def floor_at(revision: str) -> str:
    """Return the last revision up to this one that takes something away: code older than that cannot run with it."""
    floor = revision
    for known, contracting in _known():
        if contracting or floor == revision:
            floor = known
        if known == revision:
            break
    return floor


def schema_of(unit: Unit) -> Schema:
    """Return where the schema is, and whether this code runs with it."""
    current, expected = revision_of(unit.connection()), head_revision()
    if current is None or is_known(current):
        return Schema(current, expected, is_usable=current == expected)
    floor = unit.exec(select(ServiceState.value).where(ServiceState.key == FLOOR)).first()
    return Schema(current, expected, is_ahead=True, is_usable=floor is not None and is_known(floor))


def make_folder(database: Database) -> None:
    """Create a SQLite file's folder where it is missing."""
    path = database.engine.url.database
    if not database.is_postgresql and path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)


@cache
def _known() -> tuple[tuple[str, bool], ...]:
    """Return the revisions of this code from the oldest to the newest, and whether each takes something away."""
    walked = ScriptDirectory.from_config(configuration()).walk_revisions()
    newest_first = [(one.revision, bool(getattr(one.module, "contracting", False))) for one in walked]
    return tuple(reversed(newest_first))


def _handed(connection: Connection, patience: Patience) -> Config:
    config = configuration()
    config.attributes["connection"] = connection
    config.attributes["lock_seconds"] = patience.lock_seconds
    return config


def _patiently(database: Database, patience: Patience, step: Callable[[Connection], None]) -> None:
    for attempt in range(1, patience.tries + 1):
        try:
            with altering(database) as connection:
                step(connection)
        except DBAPIError as problem:
            if not _is_busy(problem):
                if (full := no_room(problem)) is not None:
                    raise full from problem
                raise
            logger.warning("a table to be changed is in use; attempt %d of %d", attempt, patience.tries)
        else:
            return
        # So long everybody who queued behind us goes first.
        time.sleep(patience.pause_seconds * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
    raise Busy("The tables to be changed were in use all the while. Nothing was changed; look for a long query.")


def _is_busy(problem: DBAPIError) -> bool:
    return getattr(problem.orig, "sqlstate", None) in {"55P03", "40P01"} or "database is locked" in str(problem.orig)


def _pragma(connection: Connection, pragma: str) -> None:
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
