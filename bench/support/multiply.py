"""A database of any number of enquiries: the invented year, played once and multiplied by SQL.

Each enquiry of the year is copied with everything that hangs on it (its people from outside, conversation, events, brief,
calls, projects, reminders, letters), under ids and a reference of its own. Organisations, universities, researchers and the
team are shared: the few of the year meet all of the work, which is more than any of them would. Open enquiries are copied
where they stand; closed ones are moved whole weeks into earlier years, so that working days stay working days. What is
left as it was written: identifiers and dates inside letters and the data of events. Letters of
enquiries older than a year, and the tries at sending those of closed ones, are not copied. `python -m service check` holds on the result.
"""

import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Date, Table, Uuid, insert, select, text
from sqlmodel import SQLModel

from service.commands import opening
from service.demo import command
from service.ids import new_reference
from service.records import migration
from service.records.database import Database
from service.records.tables import Enquiry
from service.records.types import Instant
from service.settings import Settings
from service.states import EnquiryState
from tests.support.clock import MONDAY, HandClock
from tests.support.doors import SECRET

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "bench"
DAY = timedelta(days=1)
_TABLES = SQLModel.metadata.sorted_tables
_SHARED = ("organisation", "researcher", "person")
_ONLY = {"delivery_attempt": "WHERE c.days = 0", "outbox": "WHERE c.days <= 364"}
"""Letters are most of what an enquiry leaves, and are read an enquiry at a time: those of older years are left out."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many enquiries there are, how many of them are open, and over how many years the closed ones lie."""

    enquiries: int
    open: int = 200
    years: int = 9

    def __str__(self) -> str:
        return f"{self.enquiries}_{self.open}_{self.years}"


def stamp() -> str:
    """Return what changes when the invented year or its multiplying does: a kept database is found by it."""
    return _digest(*sorted((ROOT / "service" / "demo").glob("*.py")), Path(__file__))


def year() -> Path:
    """Return the invented year that ends at the tests' own moment, as a SQLite file; it is played once and kept."""
    kept = CACHE / f"year-{_digest(*sorted((ROOT / 'service' / 'demo').glob('*.py')))}.db"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(".unfinished")
        for left in CACHE.glob(f"{unfinished.name}*"):
            left.unlink()
        settings = Settings.model_validate(
            {"database_url": f"sqlite:///{unfinished}", "secret_key": SECRET, "scheduler": "off"}
        )
        opening.migrate(settings).dispose()
        command.run(settings, HandClock())
        unfinished.rename(kept)
    migrated(f"sqlite:///{kept}").dispose()
    return kept


def _digest(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def fill(database: Database, size: Size) -> None:
    """Fill a migrated database without enquiries. PostgreSQL is told about its new tables, as it would find out itself."""
    source = Database(f"sqlite:///{year()}")
    with source.engine.connect() as connection:
        rows = {table.name: [dict(row) for row in connection.execute(select(table)).mappings()] for table in _TABLES}
    source.dispose()
    with database.engine.connect().execution_options(writing=True) as connection:
        _unwatched(connection, database)
        for table in _TABLES:
            connection.execute(table.delete())
            if rows[table.name]:
                connection.execute(insert(table), rows[table.name])
        _multiply(connection, _Dialect.of(database), _copies(rows["enquiry"], size))
        connection.commit()
    database.dispose()
    if database.is_postgresql:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def migrated(url: str) -> Database:
    """Return the database at a URL with its schema at head, in which nothing waits for the disk."""
    database = Database(url, durable=False)
    migration.upgrade(database)
    return database


def _unwatched(connection: Connection, database: Database) -> None:
    """Let rows be written in any order: what they point at is all there in the end."""
    if database.is_postgresql:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        return
    # Before a transaction begins, for within one it is not heard; the connection is thrown away afterwards.
    cursor = connection.connection.cursor()
    for pragma in ("foreign_keys=OFF", "journal_mode=OFF", "cache_size=-2000000", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _copies(enquiries: list[dict[str, Any]], size: Size) -> Iterator[dict[str, Any]]:
    """Yield what tells the copies apart, the oldest first: a number, the enquiry, the days to move it by, a reference."""
    chance = random.Random(2013)  # noqa: S311 - the same each time
    closed = [row for row in enquiries if row["state"] == EnquiryState.CLOSED]
    unfinished = [row for row in enquiries if row["state"] not in {EnquiryState.CLOSED, EnquiryState.DRAFT}]
    weeks = size.years * 52
    older = size.enquiries - size.open
    chosen = [(closed[n % len(closed)], 7 * (weeks - n * weeks // older)) for n in range(older)]
    chosen += [(unfinished[n % len(unfinished)], 0) for n in range(size.open)]
    references: set[str] = set()
    while len(references) < size.enquiries:
        references.add(new_reference())
    shuffled = sorted(references)
    chance.shuffle(shuffled)
    for number, ((row, days), reference) in enumerate(zip(chosen, shuffled, strict=True), 1):
        yield {
            "number": number, "enquiry_id": row["id"], "enquirer_id": row["enquirer_id"], "days": days,
            "reference": reference,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How each engine writes what a copy changes: an id, an instant, a day."""

    copied: Callable[[str], str]
    dashed: Callable[[str], str]
    earlier: Callable[[str], str]
    before: Callable[[str], str]

    @staticmethod
    def of(database: Database) -> "_Dialect":
        # Ids of the year were made within an hour of each other, so their first five digits carry nothing: the copy's
        # number stands there instead, and later copies have later ids.
        if database.is_postgresql:
            return _Dialect(
                copied=lambda name: f"(lpad(to_hex(c.number), 5, '0') || substr({name}::text, 6))::uuid",
                dashed=lambda name: f"CAST({name} AS text)",
                earlier=lambda name: f"{name} - make_interval(days => c.days)",
                before=lambda name: f"{name} - c.days",
            )
        return _Dialect(
            copied=lambda name: f"(printf('%05x', c.number) || substr({name}, 6))",
            dashed=lambda name: (
                f"(substr({name}, 1, 8) || '-' || substr({name}, 9, 4) || '-' || substr({name}, 13, 4) || '-' || "
                f"substr({name}, 17, 4) || '-' || substr({name}, 21))"
            ),
            earlier=lambda name: f"(date(substr({name}, 1, 10), -c.days || ' days') || substr({name}, 11))",
            before=lambda name: f"date({name}, -c.days || ' days')",
        )


def _multiply(connection: Connection, dialect: _Dialect, copies: Iterator[dict[str, Any]]) -> None:
    def run(statement: str, **given: object) -> None:
        connection.execute(text(statement), given)

    copy = Table(
        "bench_copy", SQLModel.metadata.__class__(),
        Column("number", Enquiry.__table__.c.version.type, primary_key=True),  # type: ignore[attr-defined]
        Column("enquiry_id", Uuid, index=True), Column("enquirer_id", Uuid, index=True),
        Column("days", Enquiry.__table__.c.version.type),  # type: ignore[attr-defined]
        Column("reference", Enquiry.__table__.c.reference.type),  # type: ignore[attr-defined]
    )  # fmt: skip
    copy.create(connection)
    connection.execute(insert(copy), list(copies))
    shared = " UNION ALL ".join(f'SELECT id FROM "{name}"' for name in _SHARED)
    run(
        f"CREATE TABLE bench_shared AS SELECT id FROM ({shared}) AS those WHERE id NOT IN (SELECT enquirer_id FROM bench_copy)"
    )
    hanging = [table for table in _TABLES if table.name == "person" or _way(table)]
    for table in hanging:
        run(f'CREATE TABLE "bench_{table.name}" AS SELECT * FROM "{table.name}"')
    for table in reversed(hanging):
        own = _of_no_enquiry(table)
        run(f'DELETE FROM "{table.name}" WHERE NOT ({own})' if own else f'DELETE FROM "{table.name}"')
    indexes = [index for table in hanging for index in table.indexes]
    for index in indexes:
        index.drop(connection)
    for table in hanging:
        _copy(run, dialect, table)
    for index in indexes:
        index.create(connection)
    _count(run)
    for name in ["bench_copy", "bench_shared", *(f"bench_{table.name}" for table in hanging)]:
        run(f'DROP TABLE "{name}"')


def _way(table: Table) -> str | None:
    """Return how a table's rows come to the copies of their enquiry; None for what does not hang on one."""
    if table.name == "enquiry":
        return "JOIN bench_copy AS c ON c.enquiry_id = t.id"
    if "enquiry_id" in table.c:
        return "JOIN bench_copy AS c ON c.enquiry_id = t.enquiry_id"
    for key in table.foreign_keys:
        if "enquiry_id" in key.column.table.c:
            over = f'JOIN "bench_{key.column.table.name}" AS over_it ON over_it.id = t."{key.parent.name}"'
            return f"{over} JOIN bench_copy AS c ON c.enquiry_id = over_it.enquiry_id"
    return None


def _of_no_enquiry(table: Table) -> str | None:
    """Return the condition of rows that belong to no enquiry and stay as they are."""
    if table.name == "person":
        return "id IN (SELECT id FROM bench_shared)"
    column = table.c.get("enquiry_id")
    return "enquiry_id IS NULL" if column is not None and column.nullable else None


def _copy(run: Callable[[str], None], dialect: _Dialect, table: Table) -> None:
    names = [column.name for column in table.columns]
    written = ", ".join(f'"{name}"' for name in names)
    made = ", ".join(_changed(dialect, table, column) for column in table.columns)
    way = "JOIN bench_copy AS c ON c.enquirer_id = t.id" if table.name == "person" else _way(table)
    only = _ONLY.get(table.name, "")
    order = "" if table.name in {"event", "feed_entry"} else "ORDER BY c.number"
    run(f'INSERT INTO "{table.name}" ({written}) SELECT {made} FROM "bench_{table.name}" AS t {way} {only} {order}')


def _changed(dialect: _Dialect, table: Table, column: "Column[Any]") -> str:
    """Return what a copy has in a column."""
    name = f't."{column.name}"'
    made = _special(dialect).get(f"{table.name}.{column.name}")
    if made is not None:
        return made
    if isinstance(column.type, Uuid):
        return _copied(dialect, name)
    if isinstance(column.type, Instant):
        return dialect.earlier(name)
    return dialect.before(name) if isinstance(column.type, Date) else name


def _special(dialect: _Dialect) -> dict[str, str]:
    yesterday = (MONDAY - DAY).strftime("%Y-%m-%d %H:%M:%S")
    untold = f"t.outbox_id IS NULL AND t.status = 'sent' AND {dialect.earlier('t.due_at')} < '{yesterday}'"
    return {
        "enquiry.reference": "c.reference",
        "enquiry.form_token": "NULL",
        "person.email": "c.number || '.' || t.email",
        "event.seq": f"row_number() OVER (ORDER BY {dialect.earlier('t.recorded_at')}, c.number, t.seq)",
        "feed_entry.seq": _feed_seq(dialect),
        "feed_entry.item": _item(dialect),
        # Nothing about the years before is still to be sent, and the team's were told in a digest of their morning.
        "follow_up.status": "CASE WHEN c.days > 0 AND t.status = 'due' THEN 'cancelled' ELSE t.status END",
        "follow_up.outbox_id": (
            f"CASE WHEN {untold} THEN {dialect.copied('t.id')} ELSE {_copied(dialect, 't.outbox_id')} END"
        ),
    }


def _copied(dialect: _Dialect, name: str) -> str:
    return f"CASE WHEN {name} IN (SELECT id FROM bench_shared) THEN {name} ELSE {dialect.copied(name)} END"


def _feed_seq(dialect: _Dialect) -> str:
    return f"row_number() OVER (PARTITION BY t.organisation_id ORDER BY {dialect.earlier('t.occurred_at')}, c.number, t.seq)"


def _item(dialect: _Dialect) -> str:
    """Return a frozen entry under its new ids and number."""
    item = "t.item"
    for name in ("t.id", "t.brief_id"):
        item = f"replace({item}, {dialect.dashed(name)}, {dialect.dashed(dialect.copied(name))})"
    return f"""replace({item}, '"seq":' || t.seq || ',', '"seq":' || {_feed_seq(dialect)} || ',')"""


def _count(run: Callable[[str], None]) -> None:
    """Let the counters say what was numbered."""
    run("UPDATE event_counter SET seq = (SELECT count(*) FROM event)")
    run(
        "UPDATE feed_counter SET seq = (SELECT count(*) FROM feed_entry AS f WHERE f.organisation_id = feed_counter.organisation_id)"
    )
