"""Write an archive: one snapshot, a row at a time, whole or not at all."""

import gzip
import hashlib
import io
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Table, select

from service import __version__
from service.records.archive.layout import FORMAT, KINDS, VERSION, Columns, columns_of, kept_tables, line
from service.records.archive.reading import Summary, verify
from service.records.database import Database, Unit

_AT_ONCE = 200
_COMPRESSION = 5
_BUFFER = 2**18


def write(database: Database, path: Path, taken_at: datetime) -> Summary:
    """Write everything there is at one moment to `path`, check what was written, and return what it holds.

    The file appears under its name only once it is whole and on the disk, readable by its owner alone; one that had the
    name before is replaced then. Others read and write meanwhile. Raises OSError when there is no room.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            database.read(lambda unit: _write(unit, file, taken_at))
            file.flush()
            os.fsync(file.fileno())
        summary = verify(partial)
        partial.replace(path)
        _sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)
    return summary


def _write(unit: Unit, file: BinaryIO, taken_at: datetime) -> None:
    file.seek(0)
    file.truncate()
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=_COMPRESSION, fileobj=file, mtime=0) as packed,
        io.BufferedWriter(packed, _BUFFER) as out,
    ):
        _write_lines(unit.connection(), out, taken_at)


def _write_lines(connection: Connection, out: "io.BufferedWriter[gzip.GzipFile]", taken_at: datetime) -> None:
    everything = hashlib.sha256()
    total = 0

    def put(text: bytes) -> None:
        everything.update(text)
        out.write(text)

    described = [(table, columns_of(table)) for table in kept_tables()]
    put(
        line(
            {
                "format": FORMAT,
                "version": VERSION,
                "software": __version__,
                "engine": connection.dialect.name,
                "revision": MigrationContext.configure(connection).get_current_revision(),
                "taken_at": taken_at.astimezone(UTC).isoformat(),
                "tables": {table.name: columns for table, columns in described},
            }
        )
    )
    for table, columns in described:
        put(line({"table": table.name}))
        rows, digest = 0, hashlib.sha256()
        for text in _rows(connection, table, columns):
            digest.update(text)
            put(text)
            rows += 1
        put(line({"rows": rows, "sha256": digest.hexdigest()}))
        total += rows
    out.write(line({"complete": True, "rows": total, "sha256": everything.hexdigest()}))


def _rows(connection: Connection, table: Table, columns: Columns) -> Iterator[bytes]:
    """Give out a table's rows as lines, in the order of their keys, with few of them in memory."""
    kinds = [KINDS[kind] for _, kind in columns]
    wanted = [kind.read(table.columns[name]).label(name) for (name, _), kind in zip(columns, kinds, strict=True)]
    # Files are ten megabytes each: of those, one at a time.
    at_once = 1 if any(kind == "bytes" for _, kind in columns) else _AT_ONCE
    query = select(*wanted).order_by(*table.primary_key.columns).execution_options(yield_per=at_once)
    with connection.execute(query) as found:
        for row in found:
            yield line([None if value is None else kind.encode(value) for kind, value in zip(kinds, row, strict=True)])


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
