"""Texts that hold a pattern, whatever their case: what searching through everything asks of each column."""

from sqlalchemy import ColumnElement

from service.records.database import Unit


class Likeness:
    """Asks in the way that costs an engine least: SQLite's own LIKE overlooks the case of plain letters already."""

    def __init__(self, unit: Unit) -> None:
        self._overlooks_case = unit.connection().dialect.name == "sqlite"

    def __call__(self, column: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
        """Return the condition that a text is like the pattern, in which a backslash takes % and _ as they are."""
        return column.like(pattern, escape="\\") if self._overlooks_case else column.ilike(pattern, escape="\\")
