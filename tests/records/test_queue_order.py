"""The queue by priority: along which index each stretch is walked, so that a page costs the same at any size."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from service.records import queue
from service.records.database import Database


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.dispose()


def test_what_is_dated_is_walked_by_its_latest_safe_day_without_sorting(database: Database) -> None:
    sent: list[tuple[str, Any]] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: sent.append((told[2], told[3])))
    database.read(lambda unit: queue.page(unit, queue.Filters(), today=date(2026, 11, 23), limit=50))
    walks = [(text, given) for text, given in sent if "ORDER BY" in text]
    assert len(walks) == 5
    with database.engine.connect() as connection:
        plans = [
            " ".join(str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given))
            for text, given in walks
        ]
    for number in (0, 2):
        assert "ix_enquiry_latest_start_on" in plans[number]
        assert "TEMP B-TREE" not in plans[number]
    for number in (1, 3, 4):
        # Every closed enquiry is among those without a day: walking that index for them would read the whole table.
        assert "ix_enquiry_latest_start_on" not in plans[number]
