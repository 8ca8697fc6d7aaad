"""Keys through the managers' doors: shown once, replaced in time, taken back at once."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from service.records.tables import ApiKey
from tests.support.doors import House

PATH = "/api/v1/api-keys"
DURHAM = {"name": "Durham's system", "role": "university", "organisation": "Durham University"}


@pytest.fixture
def manager(opened: House) -> TestClient:
    return opened.client("manager")


def made(client: TestClient, **body: object) -> dict[str, Any]:
    answer = client.post(PATH, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_key_is_shown_once_and_only_its_digest_kept(opened: House, manager: TestClient) -> None:
    key = made(manager, **DURHAM)

    shown = manager.get(f"{PATH}/{key['id']}")
    assert opened.visitor(key["key"]).get("/api/v1/researchers").status_code == 200
    assert shown.json() == {name: value for name, value in key.items() if name != "key"}
    assert key["key"].endswith(shown.json()["hint"])
    assert shown.json()["organisation"] == "Durham University"
    [row] = opened.database.read(lambda unit: unit.exec(select(ApiKey).where(ApiKey.name == DURHAM["name"])).all())
    assert key["key"] not in repr(row.model_dump())
    assert key["key"] not in manager.get(PATH).text + manager.get("/api/v1/audit").text


def test_a_secret_is_never_kept_for_a_repeat(manager: TestClient) -> None:
    before = len(manager.get(PATH).json()["items"])
    assert manager.post(PATH, json=DURHAM, headers={"Idempotency-Key": "k"}).status_code == 422
    assert len(manager.get(PATH).json()["items"]) == before
    key = made(manager, **DURHAM)
    assert manager.post(f"{PATH}/{key['id']}/rotate", headers={"Idempotency-Key": "k"}).status_code == 422


def test_a_universitys_key_makes_it_a_partner(manager: TestClient) -> None:
    made(manager, **DURHAM)
    [durham] = manager.get("/api/v1/organisations").json()["items"]
    assert (durham["kind"], durham["partner"]) == ("university", True)
    manager.post("/api/v1/organisations", json={"name": "Gateshead Council", "kind": "council"})
    assert manager.post(PATH, json=DURHAM | {"organisation": "Gateshead Council"}).status_code == 409
    assert manager.post(PATH, json=DURHAM | {"organisation": None}).status_code == 422
    assert manager.post(PATH, json=DURHAM | {"organisation": str(uuid4())}).status_code == 422


def test_a_staff_key_acts_in_a_persons_name(opened: House, manager: TestClient) -> None:
    lead = opened.client("service_lead", email="robin@service.example")
    assert lead.post(PATH, json={"name": "x", "role": "manager"}).status_code == 422
    key = made(lead, name="Jo's script", role="manager", email="jo.bloggs@service.example")

    assert key["person"] == "Jo Bloggs"
    jo = opened.visitor(key["key"])
    jo.post("/api/v1/organisations", json={"name": "By Jo"})
    newest = manager.get("/api/v1/audit").json()["items"][0]
    assert (newest["actor"], newest["key_id"]) == ("Jo Bloggs", key["id"])


def test_nobody_but_a_lead_gets_a_key_that_acts_in_somebody_elses_name(opened: House) -> None:
    sam = opened.client("manager", email="sam@service.example")
    own = made(sam, name="Sam's script", role="manager", email="Sam@service.example")
    lead = opened.client("service_lead", email="robin@service.example")
    kims = made(lead, name="Kim's script", role="manager", email="kim@service.example")
    opened.person("Amy Officer", "amy@council.example")

    for email in ("robin@service.example", "kim@service.example", "amy@council.example", "nobody@service.example"):
        refused = sam.post(PATH, json={"name": "x", "role": "manager", "email": email})
        assert (refused.status_code, "their own name" in refused.json()["detail"]) == (403, True), email
    assert sam.post(f"{PATH}/{kims['id']}/rotate").status_code == 403
    assert sam.post(f"{PATH}/{own['id']}/rotate").status_code == 201
    assert sam.patch(f"{PATH}/{kims['id']}", json={"revoked": True}).json()["valid"] is False
    assert lead.get("/api/v1/people", params={"q": "Amy"}).json()["items"][0]["staff_role"] is None


def test_only_a_lead_makes_or_replaces_or_takes_back_a_leads_key(opened: House, manager: TestClient) -> None:
    lead = opened.client("service_lead")
    entry = {"name": "x", "role": "service_lead", "email": "new@service.example"}
    assert manager.post(PATH, json=entry).status_code == 403
    key = made(lead, **entry)
    assert manager.post(f"{PATH}/{key['id']}/rotate").status_code == 403
    assert manager.patch(f"{PATH}/{key['id']}", json={"revoked": True}).status_code == 403
    assert lead.patch(f"{PATH}/{key['id']}", json={"revoked": True}).json()["valid"] is False


def test_a_revoked_key_is_refused_at_once(opened: House, manager: TestClient) -> None:
    key = made(manager, **DURHAM)
    client = opened.visitor(key["key"])
    assert client.get("/api/v1/researchers").status_code == 200

    revoked = manager.patch(f"{PATH}/{key['id']}", json={"revoked": True}).json()

    assert revoked["revoked_at"] == "2026-11-23T09:30:00Z"
    answer = client.get("/api/v1/researchers")
    assert answer.status_code == 401
    assert "invalid_token" in answer.headers["www-authenticate"]
    assert manager.patch(f"{PATH}/{key['id']}", json={"revoked": False}).status_code == 422
    assert manager.patch(f"{PATH}/{key['id']}", json={"expires_at": "2027-01-01T00:00:00Z"}).status_code == 409
    assert manager.post(f"{PATH}/{key['id']}/rotate").status_code == 409


def test_a_key_ends_when_it_was_said_to(opened: House, manager: TestClient) -> None:
    key = made(manager, **DURHAM, expires_at="2026-11-24T09:30:00+00:00")
    client = opened.visitor(key["key"])
    opened.clock.move(hours=23, minutes=59)
    assert client.get("/api/v1/researchers").status_code == 200
    opened.clock.move(minutes=1)
    assert client.get("/api/v1/researchers").status_code == 401
    assert manager.get(f"{PATH}/{key['id']}").json()["valid"] is False
    assert manager.post(PATH, json=DURHAM | {"expires_at": "2026-11-24T09:30:00Z"}).status_code == 422


def test_a_replaced_key_lives_on_for_the_overlap(opened: House, manager: TestClient) -> None:
    old = made(manager, **DURHAM)
    new = manager.post(f"{PATH}/{old['id']}/rotate").json()
    clients = opened.visitor(old["key"]), opened.visitor(new["key"])

    def answers() -> list[int]:
        return [client.get("/api/v1/researchers").status_code for client in clients]

    assert new["key"] != old["key"]
    assert new["organisation_id"] == old["organisation_id"]
    shown = manager.get(f"{PATH}/{old['id']}").json()
    assert (shown["rotated_to_id"], shown["expires_at"]) == (new["id"], "2026-11-24T09:30:00Z")
    opened.clock.move(hours=23)
    assert answers() == [200, 200]
    opened.clock.move(hours=2)
    assert answers() == [401, 200]
    assert manager.post(f"{PATH}/{old['id']}/rotate").status_code == 409


def test_an_overlap_never_lengthens_a_keys_life(manager: TestClient) -> None:
    old = made(manager, **DURHAM, expires_at="2026-11-23T12:30:00Z")

    new = manager.post(f"{PATH}/{old['id']}/rotate", json={"overlap_hours": 48}).json()

    assert manager.get(f"{PATH}/{old['id']}").json()["expires_at"] == "2026-11-23T12:30:00Z"
    assert new["expires_at"] == "2026-11-23T12:30:00Z"  # as long a life as the old one was given
    last = manager.post(f"{PATH}/{new['id']}/rotate", json={"overlap_hours": 0, "expires_at": "2027-11-23T09:30:00Z"})
    assert last.json()["expires_at"] == "2027-11-23T09:30:00Z"
    assert manager.get(f"{PATH}/{new['id']}").json()["valid"] is False


def test_last_use_is_told_to_the_minute(opened: House, manager: TestClient) -> None:
    key = made(manager, **DURHAM)
    durham = opened.visitor(key["key"])

    def last_use() -> str | None:
        return manager.get(f"{PATH}/{key['id']}").json()["last_used_at"]

    assert last_use() is None
    durham.get("/api/v1/researchers")
    assert last_use() == "2026-11-23T09:30:00Z"
    opened.clock.move(seconds=59)
    durham.get("/api/v1/researchers")
    assert last_use() == "2026-11-23T09:30:00Z"
    opened.clock.move(seconds=1)
    durham.get("/api/v1/people")  # shown at the wrong door is used, too
    assert last_use() == "2026-11-23T09:31:00Z"


def test_keys_are_listed_newest_first_and_by_role(manager: TestClient) -> None:
    ids = [made(manager, **DURHAM)["id"] for _ in range(3)]
    made(manager, name="f", role="funder", organisation="A funder")

    first = manager.get(PATH, params={"role": "university", "limit": 2}).json()
    second = manager.get(PATH, params={"role": "university", "cursor": first["next_cursor"]}).json()

    assert [item["id"] for item in first["items"] + second["items"]] == ids[::-1]
    assert second["next_cursor"] is None
    [funder] = manager.get("/api/v1/organisations", params={"kind": "funder"}).json()["items"]
    assert funder["partner"] is False
