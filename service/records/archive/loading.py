"""Load an archive into an empty database: all of it, or nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, inspect, text
from sqlalchemy.exc import DBAPIError

from service.records import migration
from service.records.archive.layout import KINDS, LEFT_OUT, ArchiveProblem, Columns
from service.records.archive.reading import Reader, Row, Summary, verified
from service.records.database import Database, Unit, no_room

_VERSION_TABLE = "alembic_version"
_FURNITURE = frozenset({"calendar_day", "event_counter", "reminder_setting", "service_state"}) | LEFT_OUT
"""What `migrate` and the ticks of an unused service write by themselves."""
_STAFF_ONLY = {"person": "staff_role IS NULL", "audit_entry": "action <> 'grant'"}
"""`migrate` also enters the staff whom the settings name: what else is there was done by people."""
_MOST_ROWS, _MOST_BYTES = 500, 8 * 2**20


def restore(database: Database, path: Path, afterwards: Callable[[Unit], None]) -> Summary:
    """Fill an empty database with what an archive holds, at this version's schema, and return what that was.

    The whole archive is read and checked before anything is written, and everything is written in one transaction, which
    ends with `afterwards`. Raises ArchiveProblem for an archive that is damaged or newer than this code and for a database
    that is in use, and Problem 503 where there is no room; nothing is changed then.
    """
    with path.open("rb") as file:
        summary = verified(file)
        revision = summary.description.revision
        if not migration.is_known(revision):
            raise ArchiveProblem(
                f"This backup was made by a newer version (schema {revision}, version {summary.description.software}). "
                "Restore it with that version, or a newer one."
            )
        migration.make_folder(database)
        try:
            _fill(database, revision, Reader(file), afterwards)
        except DBAPIError as problem:
            if (full := no_room(problem)) is not None:
                raise full from problem
            raise
    return summary


def _fill(database: Database, revision: str, reader: Reader, afterwards: Callable[[Unit], None]) -> None:
    with migration.altering(database) as connection:
        _empty(connection)
        _move_to(connection, revision)
        constraints = _let_go_of_references(connection)
        _wipe(connection)
        _load(connection, reader)
        _hold_references_again(connection, constraints)
        migration.move_up(connection, "head")
        _continue_numbers(connection)
        with Unit(connection) as unit:
            afterwards(unit)
            unit.finish()
            unit.commit()
        _check_references(connection)


def _empty(connection: Connection) -> None:
    """Keep everybody else out. Raises ArchiveProblem unless the database is new, or only furnished."""
    names = set(inspect(connection).get_table_names())
    if not names:
        return
    if _VERSION_TABLE not in names:
        raise ArchiveProblem("The database holds tables of something else. Restore into one of its own (DATABASE_URL).")
    names.discard(_VERSION_TABLE)
    current = migration.revision_of(connection)
    if current is not None and not migration.is_known(current):
        raise ArchiveProblem("The database's schema is newer than this version. Restore with the newer version.")
    if connection.dialect.name == "postgresql" and names:
        quoted = ", ".join(_quoted(connection, name) for name in sorted(names))
        connection.execute(text(f"LOCK TABLE {quoted} IN ACCESS EXCLUSIVE MODE"))
    for name in sorted(names - _FURNITURE):
        condition = _STAFF_ONLY.get(name, "1 = 1")
        found = connection.execute(text(f"SELECT 1 FROM {_quoted(connection, name)} WHERE {condition} LIMIT 1"))  # noqa: S608 - names of our own tables
        if found.first() is not None:
            raise ArchiveProblem(
                f"The database is in use: there are rows in {name}. Restore into an empty one (DATABASE_URL)."
            )


def _move_to(connection: Connection, revision: str) -> None:
    current = migration.revision_of(connection)
    if current is not None and migration.is_older(revision, current):
        migration.move_down(connection, revision)
    else:
        migration.move_up(connection, revision)


def _wipe(connection: Connection) -> None:
    for name in inspect(connection).get_table_names():
        if name != _VERSION_TABLE:
            connection.execute(text(f"DELETE FROM {_quoted(connection, name)}"))  # noqa: S608 - names of our own tables


def _load(connection: Connection, reader: Reader) -> None:
    inspector = inspect(connection)
    known = set(inspector.get_table_names()) - {_VERSION_TABLE}
    for name, columns, rows in reader.tables():
        if name not in known or {column["name"] for column in inspector.get_columns(name)} != {
            column for column, _ in columns
        }:
            raise ArchiveProblem(f"This backup does not fit the schema it names: {name} is another table there.")
        table = Table(name, MetaData(), *(Column(column, KINDS[kind].stored) for column, kind in columns))
        for batch in _batches(columns, rows):
            connection.execute(table.insert(), batch)


def _batches(columns: Columns, rows: Iterator[Row]) -> Iterator[list[dict[str, Any]]]:
    names = [name for name, _ in columns]
    batch: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        batch.append(dict(zip(names, row, strict=True)))
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        if len(batch) >= _MOST_ROWS or size >= _MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _let_go_of_references(connection: Connection) -> list[tuple[str, str, str]]:
    """Drop PostgreSQL's references for as long as rows come in, in whatever order; SQLite was told not to look."""
    if connection.dialect.name != "postgresql":
        return []
    found = connection.execute(
        text(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
        )
    ).all()
    for table, name, _ in found:
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    return [(table, name, definition) for table, name, definition in found]


def _hold_references_again(connection: Connection, constraints: list[tuple[str, str, str]]) -> None:
    for table, name, definition in constraints:
        connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"))


def _continue_numbers(connection: Connection) -> None:
    """Let PostgreSQL's own sequences go on behind the numbers that came in."""
    if connection.dialect.name != "postgresql":
        return
    owned = connection.execute(
        text(
            "SELECT quote_ident(table_name), quote_ident(column_name), "
            "pg_get_serial_sequence(quote_ident(table_name), column_name) FROM information_schema.columns "
            "WHERE table_schema = current_schema() "
            "AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
        )
    ).all()
    for table, column, sequence in owned:
        connection.execute(
            text(f"SELECT setval(:sequence, (SELECT coalesce(max({column}), 0) + 1 FROM {table}), false)"),  # noqa: S608 - names of our own tables
            {"sequence": sequence},
        )


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (broken := connection.execute(text("PRAGMA foreign_key_check")).first()):
        raise ArchiveProblem(f"This backup holds references to nothing, in {broken[0]}.")


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)
