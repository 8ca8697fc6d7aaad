"""The outbox and the audit trail through the managers' doors."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from service.actions.keys import KeyRole
from service.clock import machine_now
from service.records import outbox, sending
from service.records.database import Unit
from service.records.tables import OutboxMessage
from tests.support.doors import House, house

PATH = "/api/v1/outbox"


@pytest.fixture
def manager(opened: House) -> TestClient:
    return opened.client("manager")


def asked(manager: TestClient, name: str) -> Any:
    body = {"question": "Does it work?", "enquirer": {"name": name, "email": f"{name.lower()}@council.example"}}
    return manager.post("/api/v1/enquiries", json=body).json()["reference"]


def give_up(opened: House, message_id: str) -> None:
    """Let a message fail for good, as a mail server that knows no such address makes it."""

    def work(unit: Unit) -> None:
        for claimed in sending.claim(unit, machine_now(), sending.LONGEST_BACK_OFF, 50):
            if claimed.message.id == UUID(message_id):
                sending.record_failed(unit, claimed, machine_now=machine_now(), error="550 no such person")
            else:
                sending.put_back(unit, claimed)

    opened.database.transact(work)


def test_messages_are_listed_newest_first_with_what_they_are_about(manager: TestClient) -> None:
    first, second = asked(manager, "Pat"), asked(manager, "Sam")

    items = manager.get(PATH, params={"limit": 200}).json()["items"]

    assert [item["id"] for item in items] == sorted((item["id"] for item in items), reverse=True)
    assert {item["enquiry"] for item in items} == {first, second}
    of_first = manager.get(PATH, params={"enquiry": first}).json()["items"]
    assert {item["enquiry"] for item in of_first} == {first}
    assert "receipt" in {item["kind"] for item in of_first}
    assert manager.get(PATH, params={"enquiry": "4J7KQ2-M"}).json()["items"] == []
    walked, following = [], f"{PATH}?limit=1"
    while following:
        page = manager.get(following)
        walked += [item["id"] for item in page.json()["items"]]
        following = page.headers.get("link", "").partition("<")[2].partition(">")[0]
    assert walked == [item["id"] for item in items]


def test_a_dead_letter_is_sent_again_when_a_manager_says_so(opened: House, manager: TestClient) -> None:
    asked(manager, "Pat")
    message = manager.get(PATH).json()["items"][-1]
    assert manager.post(f"{PATH}/{message['id']}/replay").status_code == 409
    give_up(opened, message["id"])
    [failed] = manager.get(PATH, params={"status": "failed"}).json()["items"]
    assert failed["last_error"] == "550 no such person"

    replayed = manager.post(f"{PATH}/{message['id']}/replay")

    assert replayed.status_code == 200
    assert replayed.json()["status"] == "queued"
    assert [(attempt["number"], attempt["result"]) for attempt in replayed.json()["tries"]] == [(1, "refused")]
    assert manager.get(f"{PATH}/{message['id']}").json() == replayed.json()
    assert manager.post(f"{PATH}/{message['id']}/replay").status_code == 409
    entry = manager.get("/api/v1/audit", params={"action": "replay"}).json()["items"][0]
    assert (entry["subject"], entry["actor"]) == (f"outbox:{message['id']}", "Mo")


def test_mail_that_waits_follows_a_corrected_address(opened: House, manager: TestClient) -> None:
    person = opened.person("Pat", "pat@counci1.example")

    def wait(unit: Unit) -> OutboxMessage:
        return outbox.queue(
            unit, opened.ctx(), kind="message", to_address="pat@counci1.example", to_person_id=UUID(person),
            params={}, held=True,
        )  # fmt: skip

    message = opened.database.transact(wait)

    manager.patch(f"/api/v1/people/{person}", json={"email": "pat@council.example"})

    shown = manager.get(f"{PATH}/{message.id}").json()
    assert (shown["to_address"], shown["status"]) == ("pat@council.example", "queued")


def test_nobody_else_reads_what_was_written_to_whom(sqlite_url: str) -> None:
    with house(sqlite_url) as opened:
        roles: tuple[KeyRole, ...] = ("university", "funder", "operator")
        for client in map(opened.client, roles):
            for path in (PATH, "/api/v1/audit", f"{PATH}/{uuid4()}"):
                assert client.get(path).status_code == 403
            assert client.post(f"{PATH}/{uuid4()}/replay").status_code == 403
        manager = opened.client("manager")
        assert manager.get(f"{PATH}/{uuid4()}").status_code == 404
        assert manager.post(f"{PATH}/{uuid4()}/replay").status_code == 404
        assert manager.get(PATH, params={"status": "lost"}).status_code == 422


def test_the_trail_is_walked_newest_first_by_kind_and_action(manager: TestClient) -> None:
    for name in ("A", "B", "C"):
        manager.post("/api/v1/organisations", json={"name": name})
    manager.post("/api/v1/people", json={"name": "P", "email": "p@c.example"})

    first = manager.get("/api/v1/audit", params={"subject": "organisation", "action": "create", "limit": 2}).json()
    rest = manager.get(
        "/api/v1/audit", params={"subject": "organisation", "action": "create", "cursor": first["next_cursor"]}
    ).json()

    assert [entry["detail"]["name"] for entry in first["items"] + rest["items"]] == ["C", "B", "A"]
    assert all(entry["request_id"] and entry["key_id"] for entry in first["items"])
    assert manager.get("/api/v1/audit", params={"subject": "Organisation!"}).status_code == 422
