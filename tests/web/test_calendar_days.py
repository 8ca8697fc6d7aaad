"""Days off through the managers' doors, and the dates they move."""

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from service.actions import remind
from tests.support.doors import House, house

PATH = "/api/v1/calendar-days"
TUESDAY = {"nation": "england_and_wales", "day": "2026-11-24", "name": "Proclaimed holiday"}


@pytest.fixture
def service(engine_url: str) -> Iterator[House]:
    """A service that opens on Monday 23 November 2026 with its bank holidays written in."""
    with house(engine_url) as opened:
        opened.database.transact(lambda unit: remind.prepare(unit, opened.ctx()))
        yield opened


@pytest.fixture
def manager(service: House) -> TestClient:
    return service.client("manager")


def test_three_nations_bank_holidays_are_listed_by_date(manager: TestClient) -> None:
    def days(**wanted: str) -> list[tuple[str, str]]:
        answer = manager.get(PATH, params={"from": "2026-11-24", "to": "2027-01-05", "limit": 200, **wanted})
        return [(item["day"], item["name"]) for item in answer.json()["items"]]

    assert days(nation="scotland") == [
        ("2026-11-30", "Saint Andrew's Day"),
        ("2026-12-25", "Christmas Day"),
        ("2026-12-28", "Boxing Day, substitute day"),
        ("2027-01-01", "New Year's Day"),
        ("2027-01-04", "New Year Holiday, substitute day"),
    ]
    assert [day for day, _ in days()] == sorted(day for day, _ in days())
    assert {day for day, _ in days(nation="england_and_wales")} == {"2026-12-25", "2026-12-28", "2027-01-01"}


def test_the_walk_through_a_long_list_is_whole(manager: TestClient) -> None:
    whole = [item["id"] for item in manager.get(PATH, params={"from": "2026-01-01", "limit": 200}).json()["items"]]
    walked, following = [], f"{PATH}?from=2026-01-01&limit=7"
    while following:
        page = manager.get(following)
        walked += [item["id"] for item in page.json()["items"]]
        following = page.headers.get("link", "").partition("<")[2].partition(">")[0]

    assert len(whole) > 50
    assert walked == whole


def test_an_added_day_moves_the_promised_date_and_a_removed_one_moves_it_back(manager: TestClient) -> None:
    asked = {"question": "Does it work?", "enquirer": {"name": "Pat", "email": "pat@council.example"}}
    path = f"/api/v1/enquiries/{manager.post('/api/v1/enquiries', json=asked).json()['reference']}"
    assert manager.get(path).json()["due_on"] == "2026-11-25"

    added = manager.post(PATH, json=TUESDAY)

    assert added.status_code == 201
    assert added.json()["source"] == "administrator"
    moved = manager.get(path).json()
    assert moved["due_on"] == "2026-11-26"
    assert "Proclaimed holiday" in moved["due_arithmetic"]
    removed = manager.patch(added.headers["location"], json={"removed": True}).json()
    assert removed["removed_at"] == "2026-11-23T09:30:00Z"
    assert manager.get(path).json()["due_on"] == "2026-11-25"
    assert manager.get(PATH, params={"from": "2026-11-24", "to": "2026-11-25"}).json()["items"] == []
    assert manager.get(added.headers["location"]).json() == removed
    assert manager.patch(added.headers["location"], json={"removed": True}).json() == removed


def test_another_nations_day_moves_nothing_here(manager: TestClient) -> None:
    asked = {"question": "Does it work?", "enquirer": {"name": "Pat", "email": "pat@council.example"}}
    path = f"/api/v1/enquiries/{manager.post('/api/v1/enquiries', json=asked).json()['reference']}"

    assert manager.post(PATH, json=TUESDAY | {"nation": "scotland"}).status_code == 201

    assert manager.get(path).json()["due_on"] == "2026-11-25"


def test_a_day_is_off_once_and_may_be_added_again_after_it_was_removed(manager: TestClient) -> None:
    first = manager.post(PATH, json=TUESDAY)
    assert manager.post(PATH, json=TUESDAY).status_code == 409
    assert manager.post(PATH, json=TUESDAY | {"day": "2026-12-25"}).status_code == 409
    manager.patch(first.headers["location"], json={"removed": True})
    again = manager.post(PATH, json=TUESDAY)
    assert again.status_code == 201
    assert again.json()["id"] != first.json()["id"]


def test_who_added_and_removed_it_is_on_the_trail(manager: TestClient) -> None:
    added = manager.post(PATH, json=TUESDAY).json()
    manager.patch(f"{PATH}/{added['id']}", json={"removed": True})

    entries = manager.get("/api/v1/audit", params={"subject": f"calendar_day:{added['id']}"}).json()["items"]

    assert [entry["action"] for entry in entries] == ["remove", "create"]
    assert entries[0]["detail"] == {"nation": "england_and_wales", "day": "2026-11-24"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (TUESDAY | {"nation": "wales"}, "nation"),
        (TUESDAY | {"day": "24/11/2026"}, "day"),
        (TUESDAY | {"day": 20261124}, "day"),
        (TUESDAY | {"day": "0001-01-01"}, "day"),
        (TUESDAY | {"name": ""}, "name"),
        (TUESDAY | {"source": "library"}, "source"),
    ],
)
def test_what_does_not_fit_is_named(sqlite_url: str, body: dict[str, object], field: str) -> None:
    with house(sqlite_url) as service:
        manager = service.client("manager")
        refused = manager.post(PATH, json=body)
        assert refused.status_code == 422
        assert [error["field"] for error in refused.json()["errors"]] == [field]
        assert manager.patch(f"{PATH}/{uuid4()}", json={"removed": True}).status_code == 404


def test_a_span_that_cannot_be_read_is_refused(sqlite_url: str) -> None:
    with house(sqlite_url) as service:
        manager = service.client("manager")
        assert manager.get(PATH, params={"from": "yesterday"}).status_code == 422
        assert manager.get(PATH, params={"from": date.max.isoformat()}).status_code == 422
