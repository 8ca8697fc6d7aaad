"""Webhooks through the universities' door: made, shown once, changed, and nobody else's."""

from uuid import uuid4

from fastapi.testclient import TestClient

from service.actions.webhooks import MOST, WebhookEntry, add_webhook
from service.records import people
from service.records.database import Unit
from service.workflows import commands as c
from tests.support.doors import HOOKS, House
from tests.support.journey import Journey

PATH = "/api/v1/webhooks"
URL = f"https://{HOOKS}/briefs"
NORTHUMBRIA = "Northumbria University"


def test_a_webhook_from_its_making_to_its_end(opened: House, northumbria: TestClient) -> None:
    made = northumbria.post(PATH, json={"url": URL, "name": "Research office"})
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert secret.startswith("whsec_")
    webhook = made.headers["location"]
    assert northumbria.post(PATH, json={"url": URL}, headers={"Idempotency-Key": "1"}).status_code == 422
    shown = northumbria.get(webhook).json()
    assert shown == {name: value for name, value in made.json().items() if name != "secret"}
    assert northumbria.get(PATH).json()["items"] == [shown]

    renewed = northumbria.post(f"{webhook}/rotate", json={"overlap_hours": 1})
    assert renewed.status_code == 201
    assert renewed.json()["secret"] != secret
    assert renewed.json()["overlap_until"] == "2026-11-23T10:30:00Z"
    assert northumbria.post(f"{webhook}/rotate", headers={"Idempotency-Key": "1"}).status_code == 422

    Journey(opened.database, opened.clock).published()
    [poke] = northumbria.get(f"{webhook}/deliveries").json()["items"]
    assert (poke["seq"], poke["status"], poke["tries"]) == (1, "queued", [])
    assert northumbria.post(f"{webhook}/test").json() == poke, "one that waits will do"
    assert northumbria.post(f"{webhook}/deliveries/{poke['id']}/replay").status_code == 409

    changed = northumbria.patch(webhook, json={"url": URL + "/new", "name": "Office", "enabled": False}).json()
    assert (changed["url"], changed["name"], changed["enabled"]) == (URL + "/new", "Office", False)
    assert changed["disabled_because"] == "switched off by the university"
    [poke] = northumbria.get(f"{webhook}/deliveries").json()["items"]
    assert poke["status"] == "cancelled"
    assert northumbria.post(f"{webhook}/test").status_code == 409
    assert northumbria.patch(webhook, json={"enabled": True}).json()["disabled_because"] is None
    newest, _ = northumbria.get(f"{webhook}/deliveries", params={"limit": 50}).json()["items"]
    assert (newest["seq"], newest["status"]) == (1, "queued")
    first = northumbria.get(f"{webhook}/deliveries", params={"limit": 1})
    assert [each["id"] for each in northumbria.get(first.links["next"]["url"]).json()["items"]] == [poke["id"]]

    manager = opened.client("manager")
    trail = manager.get("/api/v1/audit", params={"subject": "webhook"}).json()["items"]
    assert [(each["action"], each["actor_role"]) for each in trail] == [
        ("change", "university"), ("change", "university"), ("rotate", "university"), ("create", "university")
    ]  # fmt: skip
    assert secret not in str(trail)
    assert {each["kind"] for each in manager.get("/api/v1/outbox").json()["items"]}.isdisjoint({"feed.advanced"})
    assert manager.get(f"/api/v1/outbox/{poke['id']}").status_code == 404


def test_an_address_that_may_not_be_called_is_refused_with_the_reason(console: House) -> None:
    northumbria = console.client("university", organisation=NORTHUMBRIA)
    made = northumbria.post(PATH, json={"url": URL}).json()
    for url, reason in {
        "https://127.0.0.1/": "numbers are not called",
        "https://localhost/": "whole name on the internet",
        "https://user:password@hooks.university.example/": "user name and password",
        "gopher://hooks.university.example/": "begins with https",
    }.items():
        refused = northumbria.post(PATH, json={"url": url})
        assert refused.status_code == 422, url
        assert refused.json()["errors"][0]["field"] == "url"
        assert reason in refused.json()["detail"]
        assert northumbria.patch(f"{PATH}/{made['id']}", json={"url": url}).status_code == 422
    for body in (
        {},
        {"url": ""},
        {"url": URL, "secret": "mine"},
        {"url": 1},
        {"url": "https://h.example/" + "a" * 2000},
    ):
        assert northumbria.post(PATH, json=body).status_code == 422, body


def test_there_are_only_so_many(console: House) -> None:
    northumbria = console.client("university", organisation=NORTHUMBRIA)

    def fill(unit: Unit) -> None:
        university = people.organisation_named(unit, NORTHUMBRIA)
        assert university is not None
        for _ in range(MOST):
            add_webhook(unit, console.ctx(), university.id, WebhookEntry(url=URL))

    console.database.transact(fill)
    assert northumbria.post(PATH, json={"url": URL}).status_code == 409
    newest = northumbria.get(PATH).json()["items"][0]
    northumbria.patch(f"{PATH}/{newest['id']}", json={"enabled": False})
    assert northumbria.post(PATH, json={"url": URL}).status_code == 201
    assert northumbria.patch(f"{PATH}/{newest['id']}", json={"enabled": True}).status_code == 409


def test_a_webhook_is_its_universitys_alone(opened: House, northumbria: TestClient) -> None:
    webhook = f"{PATH}/{northumbria.post(PATH, json={'url': URL}).json()['id']}"
    delivery = northumbria.post(f"{webhook}/test").json()["id"]
    other = opened.client("university", organisation="Teesside University")
    theirs = f"{PATH}/{other.post(PATH, json={'url': URL}).json()['id']}"
    for client, path in ((other, webhook), (northumbria, f"{PATH}/{uuid4()}")):
        assert client.get(path).status_code == 404
        assert client.patch(path, json={"enabled": False}).status_code == 404
        assert client.get(f"{path}/deliveries").status_code == 404
        assert client.post(f"{path}/test").status_code == 404
        assert client.post(f"{path}/rotate").status_code == 404
        assert client.post(f"{path}/deliveries/{delivery}/replay").status_code == 404
    assert other.post(f"{theirs}/deliveries/{delivery}/replay").status_code == 404
    assert [f"{PATH}/{each['id']}" for each in other.get(PATH).json()["items"]] == [theirs]

    journey = Journey(opened.database, opened.clock)
    journey.published(recipients=[journey.university(NORTHUMBRIA)])
    journey.act(c.Pull(reason="Not yet."))
    assert [each["seq"] for each in northumbria.get(f"{webhook}/deliveries").json()["items"]] == [2]
    assert [each["seq"] for each in other.get(f"{theirs}/deliveries").json()["items"]] == []
