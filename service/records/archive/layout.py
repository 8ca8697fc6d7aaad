"""How an archive is laid out: its first line, and how the values of each kind of column are written as JSON.

An archive is compressed lines of JSON: the description of what follows, then for each table its name, its rows and their
number and SHA-256, and last the number of all rows and the SHA-256 of everything before.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Date, Dialect, LargeBinary, Table, Text, Uuid, cast, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import Integer, String, TypeDecorator, TypeEngine

from service.records import tables, types

FORMAT = "evidence-enquiry-service"
VERSION = 1
LONGEST_LINE = 256 * 2**20
"""More than any row takes: a file of one line without end is refused rather than read into memory."""

LEFT_OUT = frozenset({"closing", "counted_case", "heartbeat", "rate_count", "sign_in_link", "web_session"})
"""What belongs to running processes and open browsers ends with a restore, and what is derived from the log is made anew."""

_METADATA = tables.Enquiry.metadata
"""Reached through the tables, whose import is what fills it."""


class ArchiveProblem(Exception):
    """The file cannot be restored from; the message says why, and that nothing was changed where that is so."""


class _JsonText(TypeDecorator[str]):
    """A JSON document handed over as text, so that a null in JSON and no value at all stay two things."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text())

    def bind_expression(self, bindvalue: Any) -> Any:
        return cast(bindvalue, _JsonStored())


class _JsonStored(TypeDecorator[Any]):
    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value: how it is read from the database, written as JSON, read back and stored."""

    read: Callable[[Column[Any]], ColumnElement[Any]]
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]
    stored: TypeEngine[Any]


def _same(value: Any) -> Any:
    return value


def _exactly(expected: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) is not expected:
            raise ValueError(f"{expected.__name__} expected")
        return value

    return check


def _instant(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("an instant without its offset")
    return found


def _canonical(value: str) -> str:
    """Return a JSON text as both engines would write it: PostgreSQL keeps neither spaces nor the order of members."""
    return json.dumps(json.loads(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _json_text(value: str) -> str:
    json.loads(value)
    return value


KINDS: Mapping[str, Kind] = {
    "uuid": Kind(lambda column: column, str, UUID, Uuid()),
    "instant": Kind(lambda column: column, datetime.isoformat, _instant, types.Instant()),
    "date": Kind(lambda column: column, date.isoformat, date.fromisoformat, Date()),
    "truth": Kind(lambda column: column, _same, _exactly(bool), Boolean()),
    "number": Kind(lambda column: type_coerce(column, BigInteger), _same, _exactly(int), BigInteger()),
    "text": Kind(lambda column: type_coerce(column, Text), _same, _exactly(str), Text()),
    "json": Kind(lambda column: cast(column, Text), _canonical, _json_text, _JsonText()),
    "bytes": Kind(
        lambda column: column,
        lambda value: base64.b64encode(value).decode("ascii"),
        lambda value: base64.b64decode(value, validate=True),
        LargeBinary(),
    ),
}

_KIND_OF: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (types.Instant, "instant"),
    (types.Json, "json"),
    (types.Pence, "number"),
    (Uuid, "uuid"),
    (Boolean, "truth"),
    (Date, "date"),
    (Integer, "number"),
    (LargeBinary, "bytes"),
    (String, "text"),
)

Columns = tuple[tuple[str, str], ...]
"""The names of a table's columns, each with its kind."""


def kept_tables() -> tuple[Table, ...]:
    """Return the tables an archive holds, those that others refer to first."""
    return tuple(table for table in _METADATA.sorted_tables if table.name not in LEFT_OUT)


def columns_of(table: Table) -> Columns:
    """Return a table's columns with their kinds. Raises LookupError for a type that an archive cannot hold yet."""
    return tuple((column.name, _kind_of(column)) for column in table.columns)


def _kind_of(column: Column[Any]) -> str:
    found = column.type
    for known, kind in _KIND_OF:
        if isinstance(found, known) or (isinstance(found, TypeDecorator) and isinstance(found.impl_instance, known)):
            return kind
    raise LookupError(f"archives know no column like {column}: add its kind to service/records/archive/layout.py")


def line(value: object) -> bytes:
    """Return one line of an archive."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
