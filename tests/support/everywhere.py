"""Every value in a database, table by table: to look whether something is still anywhere."""

import json
from collections.abc import Iterable

from sqlmodel import SQLModel

from service.records.database import Database


def whereabouts(database: Database, needles: Iterable[str]) -> list[str]:
    """Return the columns (`table.column`) that hold one of these texts, whatever its case; JSON and files are looked into."""
    wanted = [needle.casefold() for needle in needles]
    found = set()
    with database.engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for row in connection.execute(table.select()):
                for column, value in row._mapping.items():
                    text = _text(value).casefold()
                    if any(needle in text for needle in wanted):
                        found.add(f"{table.name}.{column}")
    return sorted(found)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else str(value)
