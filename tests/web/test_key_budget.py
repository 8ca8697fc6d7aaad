"""A key that calls too often is held off for the rest of the minute, by every process, and nobody else is."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from service.errors import Problem
from service.records.database import Database
from service.routers.budgets import TOLD_EVERY, Budgets
from tests.support.doors import house

NOON = datetime(2026, 11, 23, 12, 0, 20, tzinfo=UTC)


def calls_let_by(processes: list[Budgets], database: Database, rounds: int, now: datetime = NOON) -> int:
    key, waits = uuid4(), []
    for turn in range(rounds):
        try:
            processes[turn % len(processes)].take(database, key, now)
        except Problem as problem:
            waits.append((problem.status, problem.headers["Retry-After"]))
    assert set(waits) <= {(429, "41")}
    return rounds - len(waits)


def test_every_process_counts_the_same_calls(database: Database) -> None:
    limit = 4 * TOLD_EVERY
    assert calls_let_by([Budgets(limit)], database, 3 * limit) == limit
    for processes in (2, 3):
        passed = calls_let_by([Budgets(limit) for _ in range(processes)], database, 5 * limit)
        assert limit <= passed <= limit + processes * TOLD_EVERY
    assert calls_let_by([Budgets(0)], database, limit + 1) == limit + 1


def test_a_new_minute_is_a_new_budget(database: Database) -> None:
    budget, key = Budgets(1), uuid4()
    budget.take(database, key, NOON)
    with pytest.raises(Problem):
        budget.take(database, key, NOON)
    budget.take(database, key, NOON + timedelta(seconds=40))
    budget.take(database, uuid4(), NOON)


def test_every_door_that_takes_a_key_counts_and_an_unchanged_poll_does_not(sqlite_url: str) -> None:
    with house(sqlite_url, key_calls_a_minute=4) as opened:
        durham, manager = opened.client("university"), opened.client("manager")
        tag = durham.get("/api/v1/briefs/feed").headers["ETag"]
        polled = [durham.get("/api/v1/briefs/feed", headers={"If-None-Match": tag}).status_code for _ in range(9)]
        assert set(polled) == {304}

        doors = ("/api/v1/briefs/feed", "/api/v1/briefs/feed.atom", "/api/v1/briefs", "/api/v1/researchers") * 3
        told = [durham.get(path) for path in doors]

        assert {answer.status_code for answer in told[-8:-4]} == {429}
        assert told[-1].json()["type"] == "/problems/too-many-requests"
        assert 1 <= int(told[-1].headers["Retry-After"]) <= 61
        assert manager.get("/api/v1/people").status_code == 200
