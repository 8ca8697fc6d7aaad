"""Knocks at a door are counted across processes, each in its own window."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from service.records import rates
from service.records.database import Database

NOON = datetime(2026, 11, 23, 12, 0, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def knock(database: Database, door: str = "form:ann", at: datetime = NOON, limit: int = 3) -> timedelta | None:
    return database.transact(lambda unit: rates.take(unit, door, limit=limit, window=MINUTE, machine_now=at))


def test_the_limit_holds_for_a_window_and_says_how_long_to_wait(database: Database) -> None:
    assert [knock(database) for _ in range(3)] == [None, None, None]
    assert knock(database) == timedelta(seconds=40)
    assert knock(database, "form:bea") is None
    assert knock(database, at=NOON + MINUTE) is None


def test_every_knock_counts_when_many_come_at_once(database: Database) -> None:
    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda _: knock(database, limit=10), range(24)))
    assert answers.count(None) == 10
