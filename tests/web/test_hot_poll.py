"""The door before the others: it says what the ordinary route would say, asks for less, and forgets within a second."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlmodel import select, update

from service.actions import keys
from service.records.pollers import KEPT, Pollers
from service.records.tables import ApiKey
from service.workflows import commands as c
from tests.support.clock import MONDAY
from tests.support.doors import House
from tests.support.journey import Journey

FEED = "/api/v1/briefs/feed"
ALIKE = ("etag", "cache-control", "vary", "link", "content-type", "content-length", "www-authenticate")


@pytest.fixture
def journey(opened: House) -> Journey:
    return Journey(opened.database, opened.clock).published()


@pytest.fixture
def northumbria(opened: House, journey: Journey) -> TestClient:
    del journey
    return opened.client("university", organisation="Northumbria University")


def keep_moments(opened: House, kept: timedelta) -> None:
    opened.app.state.services = replace(opened.app.state.services, pollers=Pollers(kept))


def not_seen_lately(opened: House) -> None:
    """Make the ordinary route answer: it records the use of a key, which the hot poll leaves to it."""
    opened.database.transact(lambda unit: unit.exec(update(ApiKey).values(last_used_at=None)))


@contextmanager
def statements(opened: House) -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(opened.database.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(opened.database.engine, "before_cursor_execute", hear)


def test_both_doors_answer_alike(opened: House, journey: Journey, northumbria: TestClient) -> None:
    journey.act(c.Extend(reply_by=journey.today() + timedelta(days=28), reason="Half term."))
    page = northumbria.get(FEED, params={"limit": 1})
    cursor, tag = page.json()["next_cursor"], page.headers["etag"]
    other = opened.client("university", organisation="Newcastle University").get(FEED).json()["next_cursor"]
    asked: list[tuple[dict[str, Any], dict[str, str]]] = [
        ({}, {}),
        ({"limit": 1}, {}),
        ({"limit": 1}, {"If-None-Match": tag}),
        ({"limit": 1}, {"If-None-Match": f'"x", W/{tag}'}),
        ({"limit": 2}, {"If-None-Match": tag}),
        ({"limit": 1}, {"If-None-Match": "*"}),
        ({"limit": 200, "cursor": cursor}, {}),
        ({"cursor": ""}, {}),
        ({"cursor": other}, {}),
        ({"cursor": "x"}, {"If-None-Match": "*"}),
        ({"cursor": cursor + "A"}, {}),
        ({"limit": 0}, {}),
        ({"limit": 201}, {}),
        ({"limit": "１"}, {}),
        ({"limit": "01"}, {}),
        ({"limit": ["1", "2"]}, {}),
        ({"limit": 1, "more": "x"}, {}),
        ({"limit": 1, "cursor": cursor, "more": ["x", "y"]}, {}),
        ({"cursor": "\x00"}, {}),
    ]
    for parameters, headers in asked:
        not_seen_lately(opened)
        ordinary = northumbria.get(FEED, params=parameters, headers=headers)
        hot = northumbria.get(FEED, params=parameters, headers=headers)
        assert (hot.status_code, hot.content) == (ordinary.status_code, ordinary.content), (parameters, headers)
        shown = [[answer.headers.get(name) for name in ALIKE] for answer in (ordinary, hot)]
        assert shown[0] == shown[1], (parameters, headers)


def test_that_nothing_is_new_is_told_without_the_database(opened: House, northumbria: TestClient) -> None:
    keep_moments(opened, timedelta(hours=1))
    northumbria.get(FEED)  # records the use of the key
    keep_moments(opened, timedelta(hours=1))
    tag = northumbria.get(FEED).headers["etag"]

    with statements(opened) as said:
        for _ in range(3):
            assert northumbria.get(FEED, headers={"If-None-Match": tag}).status_code == 304
    assert said == []

    with statements(opened) as said:
        assert northumbria.get(FEED).status_code == 200
    assert len([one for one in said if one.startswith("SELECT")]) == 1, "a page, its end and what is unfetched"


def test_what_is_kept_hides_no_entry_from_a_page(opened: House, journey: Journey, northumbria: TestClient) -> None:
    northumbria.get(FEED)
    keep_moments(opened, timedelta(hours=1))
    tag = northumbria.get(FEED).headers["etag"]
    journey.act(c.Extend(reply_by=journey.today() + timedelta(days=28), reason="Half term."))

    assert northumbria.get(FEED, headers={"If-None-Match": tag}).status_code == 304, "for a second at most"
    whole = northumbria.get(FEED)
    assert len(whole.json()["items"]) == 2, "a page is never a kept one"
    assert northumbria.get(FEED, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304

    keep_moments(opened, timedelta(0))
    assert northumbria.get(FEED, headers={"If-None-Match": tag}).status_code == 200


def test_a_moment_is_kept_for_a_second(opened: House) -> None:
    pollers = Pollers()
    read = pollers.read(opened.database, MONDAY)
    assert pollers.at(MONDAY + KEPT - timedelta(milliseconds=1)) is read
    assert pollers.at(MONDAY + KEPT) is None
    assert pollers.at(MONDAY - timedelta(milliseconds=1)) is None, "a machine's clock that went back tells nothing"
    assert timedelta(seconds=1) >= KEPT


@pytest.mark.parametrize("ended", ["revoked", "expired"])
def test_a_key_that_has_ended_opens_nothing(opened: House, northumbria: TestClient, ended: str) -> None:
    tag = northumbria.get(FEED).headers["etag"]
    assert northumbria.get(FEED, headers={"If-None-Match": tag}).status_code == 304
    if ended == "revoked":
        [key] = opened.database.read(lambda unit: list(unit.exec(select(ApiKey.id).where(ApiKey.role == "university"))))
        assert isinstance(key, UUID)
        opened.database.transact(lambda unit: keys.change_key(unit, opened.ctx(), key, keys.KeyChange(revoked=True)))
    else:
        later = opened.clock.now() + timedelta(seconds=5)
        opened.database.transact(lambda unit: unit.exec(update(ApiKey).values(expires_at=later)))
        keep_moments(opened, timedelta(hours=1))
        assert northumbria.get(FEED, headers={"If-None-Match": tag}).status_code == 304
        opened.clock.move(seconds=5)

    assert northumbria.get(FEED, headers={"If-None-Match": tag}).status_code == 401
    assert northumbria.get(FEED).status_code == 401
