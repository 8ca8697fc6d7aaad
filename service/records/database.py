"""The database as the rest of the house sees it: `transact(work)`, the only commit, and `read(work)`."""

import logging
import random
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import Session

from service import meters
from service.errors import Problem

logger = logging.getLogger(__name__)

T = TypeVar("T")

_ATTEMPTS = 8
_RETRYABLE_SQLSTATES = frozenset({"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "08000", "08003", "08006"})
_FULL = "53100"
"""PostgreSQL's word for a disk that is full; SQLite says it in English."""
_FILE_TROUBLE = ("unable to open database file", "disk I/O error", "readonly database")
"""How SQLite says that its file is out of reach: an operator's to mend, and not a fault of the code."""


class Unit(Session):
    """One transaction's session. `before_commit` work runs last, in the same transaction."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(bind=connection, autoflush=True, expire_on_commit=False)
        self._last: list[Callable[[], None]] = []

    def before_commit(self, finish: Callable[[], None]) -> None:
        """Run `finish` once the work is done and before the commit: feed numbers are drawn there."""
        self._last.append(finish)

    def finish(self) -> None:
        for finish in self._last:
            finish()
        self._last.clear()
        self.flush()


class Database:
    """One engine and its two doors."""

    def __init__(self, url: str, *, durable: bool = True) -> None:
        """Build the engine for `sqlite:///path` or `postgresql://…`; nothing is opened yet.

        `durable=False` leaves out the wait for the disk: for records that can be made again, such as an invented year.
        """
        self.engine = _engine(_driver_url(url), durable=durable)

    @property
    def is_postgresql(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    def transact(self, work: Callable[[Unit], T]) -> T:
        """Run `work` in one writing transaction, commit, and return what it returned.

        The whole of `work` is run again, at most eight times in all, after a serialisation failure, a deadlock,
        a unique value taken by a concurrent twin, or a lost connection. When the connection is lost in the commit
        itself, PostgreSQL is asked whether it happened before anything is repeated. Raises what `work` raises,
        with everything rolled back, and Problem 503 when the database stays away.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._attempt(work)
            except DBAPIError as problem:
                if not _is_worth_repeating(problem) or attempt == _ATTEMPTS:
                    raise _told(problem) from problem
                meters.count_repeat()
                logger.info("transaction repeated, attempt %d: %s", attempt, type(problem.orig).__name__)
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret
        raise AssertionError("unreachable")

    def read(self, work: Callable[[Unit], T]) -> T:
        """Run `work` against one snapshot and write nothing: what it read belongs to one moment."""
        for attempt in (1, 2, 3):
            try:
                with self.engine.connect().execution_options(**self._reading()) as connection, Unit(connection) as unit:
                    return work(unit)
            except OperationalError as problem:
                if not _is_worth_repeating(problem) or attempt == 3:
                    raise _told(problem) from problem
                time.sleep(0.05 * attempt)
        raise AssertionError("unreachable")

    def stream(self, work: Callable[[Unit], Iterator[T]]) -> Iterator[T]:
        """Yield what `work` yields against one snapshot, held until the last of it is taken or the iterator is closed."""
        try:
            with self.engine.connect().execution_options(**self._reading()) as connection, Unit(connection) as unit:
                yield from work(unit)
        except OperationalError as problem:
            raise _told(problem) from problem

    def connections_in_use(self) -> int:
        """Return how many of this process's connections are at work just now."""
        in_use: int = self.engine.pool.checkedout()  # type: ignore[attr-defined]  # the pool of either engine counts them
        return in_use

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def _reading(self) -> dict[str, object]:
        if self.is_postgresql:
            return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return {}

    def _attempt(self, work: Callable[[Unit], T]) -> T:
        with self.engine.connect().execution_options(writing=True) as connection, Unit(connection) as unit:
            result = work(unit)
            unit.finish()
            transaction_id = self._transaction_id(connection)
            try:
                unit.commit()
                connection.commit()
            except OperationalError as problem:
                if transaction_id is None or not problem.connection_invalidated:
                    raise
                if not self._was_committed(transaction_id):
                    raise
            return result

    def _transaction_id(self, connection: Connection) -> str | None:
        if not self.is_postgresql:
            return None
        found = connection.execute(text("SELECT pg_current_xact_id_if_assigned()::text")).scalar()
        return None if found is None else str(found)

    def _was_committed(self, transaction_id: str) -> bool:
        """Ask PostgreSQL what became of a transaction whose commit was not answered."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self.engine.connect() as connection:
                    status = connection.execute(
                        text("SELECT pg_xact_status(CAST(:id AS xid8))"), {"id": transaction_id}
                    ).scalar()
            except OperationalError:
                status = "in progress"
            if status != "in progress":
                return bool(status == "committed")
            time.sleep(0.1 * 2**attempt)
        raise Problem(
            "service-unavailable", 503, "The database did not say whether this was recorded. Look before trying again."
        )


def no_room(problem: DBAPIError) -> Problem | None:
    """Return what to say where the database's disk is full, and log it; None for every other trouble."""
    if getattr(problem.orig, "sqlstate", None) != _FULL and "database or disk is full" not in str(problem.orig):
        return None
    logger.error("the database's disk is full: nothing can be recorded until there is room")
    return Problem("service-unavailable", 503, "The database's disk is full. Nothing was recorded.")


def _told(problem: DBAPIError) -> Exception:
    """Turn an error of the database's own making into an answer, and log it; a fault of ours stays what it is."""
    if isinstance(problem, IntegrityError):
        logger.warning("a constraint refused what was written: %s", type(problem.orig).__name__)
        return Problem(
            "conflict", 409, "Somebody recorded the same thing at the same moment. Read again before trying again."
        )
    if (full := no_room(problem)) is not None:
        return full
    if _is_worth_repeating(problem) or any(words in str(problem.orig) for words in _FILE_TROUBLE):
        logger.error("the database is not answering: %s", type(problem.orig).__name__)
        return Problem(
            "service-unavailable",
            503,
            "The database is not answering. Try again shortly.",
            headers={"Retry-After": "5"},
        )
    return problem


def _is_worth_repeating(problem: DBAPIError) -> bool:
    if problem.connection_invalidated:
        return True
    sqlstate = getattr(problem.orig, "sqlstate", None)
    if sqlstate is not None:
        return sqlstate in _RETRYABLE_SQLSTATES or sqlstate == "23505"
    words = str(problem.orig)
    if "database is locked" in words or "UNIQUE constraint failed" in words:
        return True
    # A server that cannot be reached says nothing, so psycopg has no code to pass on.
    return isinstance(problem, OperationalError) and type(problem.orig).__module__.startswith("psycopg")


def _driver_url(url: str) -> URL:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _engine(url: URL, *, durable: bool) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url,
            pool_size=20,
            max_overflow=60,
            hide_parameters=True,
            connect_args={"check_same_thread": False, "timeout": 30, "isolation_level": None},
        )
        event.listen(engine, "connect", _prepare_sqlite(durable=durable))
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url,
        pool_size=20,
        max_overflow=60,
        pool_pre_ping=True,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        connect_args={
            "connect_timeout": 10,
            "options": f"-c timezone=UTC -c synchronous_commit={'on' if durable else 'off'}",
        },
    )


def _prepare_sqlite(*, durable: bool) -> Callable[[Any, object], None]:
    pragmas = (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"synchronous={'FULL' if durable else 'OFF'}",
        "busy_timeout=30000",
        "secure_delete=ON",  # what is erased is written over, and does not lie about in the file
    )

    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return prepare


def _begin_sqlite(connection: Connection) -> None:
    # A writing unit takes the write lock at once; otherwise two readers that both go on to write would deadlock.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
