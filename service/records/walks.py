"""Which way a query goes through a table, where the engine would choose the long one."""

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func

T = TypeVar("T")


def along_no_index(column: "ColumnElement[T] | Any") -> ColumnElement[T]:
    """Return a column's value as something that no index holds.

    For a condition that nearly every row meets, or an order that nearly every row comes first in: SQLite, which keeps no
    statistics here, would take the column's index for the shortest way and walk the whole table.
    """
    return func.coalesce(column, column)
