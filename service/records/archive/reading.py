"""Read an archive, checking every line of it on the way."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from service.records.archive.layout import FORMAT, KINDS, LONGEST_LINE, VERSION, ArchiveProblem, Columns

Row = list[Any]


@dataclass(frozen=True, slots=True)
class Description:
    """What an archive says of itself on its first line."""

    software: str
    engine: str
    revision: str
    taken_at: datetime
    tables: dict[str, Columns]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a whole archive holds."""

    description: Description
    counts: dict[str, int]
    digests: dict[str, str]
    """The SHA-256 of each table's rows: equal rows have equal ones, whichever engine they came from."""
    sha256: str

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


class Reader:
    """One pass through an archive that is open. Read `tables()` to the end, then `summary` is there.

    Everything raises ArchiveProblem as soon as what is read is not what was written.
    """

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        self._lines = _lines(file)
        self._everything = hashlib.sha256()
        self._counts: dict[str, int] = {}
        self._digests: dict[str, str] = {}
        self._sha256 = ""
        self.description = _described(self._next())

    def tables(self) -> Iterator[tuple[str, Columns, Iterator[Row]]]:
        """Give out each table's name, columns and rows, which are to be read before the next one is asked for."""
        for name, columns in self.description.tables.items():
            if self._next() != {"table": name}:
                raise _damaged(f"the table {name} does not begin where it should")
            yield name, columns, self._rows(name, columns)
            if name not in self._counts:
                raise AssertionError("the rows of a table are read before the next one is asked for")
        expected = self._everything.hexdigest()
        last = self._next()
        if last != {"complete": True, "rows": sum(self._counts.values()), "sha256": expected}:
            raise _damaged("its end does not fit what comes before")
        if next(self._lines, None) is not None:
            raise _damaged("there is something behind its end")
        self._sha256 = expected

    @property
    def summary(self) -> Summary:
        if not self._sha256:
            raise AssertionError("an archive is summed up once it was read to its end")
        return Summary(self.description, self._counts, self._digests, self._sha256)

    def _rows(self, name: str, columns: Columns) -> Iterator[Row]:
        kinds = [KINDS[kind] for _, kind in columns]
        digest, rows = hashlib.sha256(), 0
        while True:
            found = self._next(digest)
            if isinstance(found, dict):
                break
            rows += 1
            try:
                yield [None if value is None else kind.decode(value) for kind, value in zip(kinds, found, strict=True)]
            except (TypeError, ValueError) as problem:
                raise _damaged(f"row {rows} of {name} cannot be read") from problem
        if found != {"rows": rows, "sha256": digest.hexdigest()}:
            raise _damaged(f"the rows of {name} are not those that were written")
        self._counts[name], self._digests[name] = rows, digest.hexdigest()

    def _next(self, digest: Any = None) -> Any:
        """Return what the next line says; rows go into `digest`, and everything into that of the whole."""
        text = next(self._lines, None)
        if text is None:
            raise _damaged("it ends too early")
        self._everything.update(text)
        if digest is not None and text[:1] == b"[":
            digest.update(text)
        try:
            return json.loads(text)
        except ValueError as problem:
            raise _damaged("a line of it cannot be read") from problem


def verify(path: Path) -> Summary:
    """Read the whole archive at `path` and return what it holds. Raises ArchiveProblem, OSError where there is none."""
    with path.open("rb") as file:
        return verified(file)


def verified(file: BinaryIO) -> Summary:
    """Read a whole archive that is open, from its beginning."""
    reader = Reader(file)
    for _, _, rows in reader.tables():
        for _ in rows:
            pass
    return reader.summary


def _lines(file: BinaryIO) -> Iterator[bytes]:
    try:
        with gzip.GzipFile(fileobj=file, mode="rb") as unpacked:
            while text := unpacked.readline(LONGEST_LINE):
                if not text.endswith(b"\n"):
                    raise _damaged("a line of it has no end")
                yield text
    except (gzip.BadGzipFile, EOFError, zlib.error) as problem:
        raise _damaged("it cannot be unpacked to its end") from problem


def _described(first: Any) -> Description:
    if not isinstance(first, dict) or first.get("format") != FORMAT:
        raise ArchiveProblem("This is no backup of this service.")
    if first.get("version") != VERSION:
        raise ArchiveProblem(
            f"This backup is written in format {first.get('version')}, and this version reads format {VERSION}. "
            "Restore it with the version that wrote it, or a newer one."
        )
    try:
        described = {
            str(name): tuple((str(column), str(kind)) for column, kind in columns)
            for name, columns in first["tables"].items()
        }
        if any(kind not in KINDS for columns in described.values() for _, kind in columns):
            raise _damaged("it holds values of a kind that is not known")
        return Description(
            software=str(first["software"]),
            engine=str(first["engine"]),
            revision=str(first["revision"]),
            taken_at=datetime.fromisoformat(first["taken_at"]),
            tables=described,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise _damaged("its first line cannot be read") from problem


def _damaged(how: str) -> ArchiveProblem:
    return ArchiveProblem(f"This backup is damaged or was changed: {how}.")
