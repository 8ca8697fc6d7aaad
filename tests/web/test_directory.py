"""Organisations and people through the managers' doors."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from service.actions.keys import KeyRole
from service.delivery.letterhead import Letterhead
from service.delivery.render import render
from service.records.database import Unit
from service.records.tables import Person
from tests.support.doors import LEAD, House, house
from tests.support.visiting import outbox

ORGANISATIONS, PEOPLE = "/api/v1/organisations", "/api/v1/people"


@pytest.fixture
def manager(opened: House) -> TestClient:
    return opened.client("manager")


@pytest.fixture
def at_the_door(sqlite_url: str) -> Iterator[TestClient]:
    """A manager's client for what is refused before it reaches either engine."""
    with house(sqlite_url) as opened:
        yield opened.client("manager")


def made(client: TestClient, path: str, **body: object) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_an_organisation_comes_back_as_it_was_sent(manager: TestClient) -> None:
    answer = manager.post(
        ORGANISATIONS,
        json={
            "name": "  Gateshead   Council ",
            "kind": "council",
            "area": "north_east",
            "sector": "council_public_health",
            "code": "E08000037",
            "clearance_working_days": 15,
        },
    )

    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["location"] == f"{ORGANISATIONS}/{made['id']}"
    assert manager.get(answer.headers["location"]).json() == made
    assert made | {"id": "", "created_at": ""} == {
        "id": "",
        "name": "Gateshead Council",
        "kind": "council",
        "nation": "england_and_wales",
        "area": "north_east",
        "sector": "council_public_health",
        "code": "E08000037",
        "partner": False,
        "agenda_clear_days": 5,
        "clearance_working_days": 15,
        "succeeded_by_id": None,
        "created_at": "",
        "version": 1,
    }
    assert made["created_at"] == "2026-11-23T09:30:00Z"


def test_a_name_is_taken_once_whatever_its_case(manager: TestClient) -> None:
    first = made(manager, ORGANISATIONS, name="Gateshead Council")

    answer = manager.post(ORGANISATIONS, json={"name": "GATESHEAD  council"})

    assert answer.status_code == 409
    assert answer.json()["existing"] == first["id"]
    other = made(manager, ORGANISATIONS, name="Sunderland City Council")
    assert manager.patch(f"{ORGANISATIONS}/{other['id']}", json={"name": "gateshead council"}).status_code == 409
    assert manager.patch(f"{ORGANISATIONS}/{first['id']}", json={"name": "GATESHEAD COUNCIL"}).status_code == 200


def test_a_change_touches_only_what_was_sent(manager: TestClient) -> None:
    council = made(manager, ORGANISATIONS, name="Fife Council", kind="council", area="scotland", code="S12000047")

    changed = manager.patch(f"{ORGANISATIONS}/{council['id']}", json={"nation": "scotland", "code": None}).json()

    assert changed == council | {"nation": "scotland", "code": None, "version": 2}
    assert manager.patch(f"{ORGANISATIONS}/{council['id']}", json={}).json() == changed
    assert manager.patch(f"{ORGANISATIONS}/{council['id']}", json={"kind": None}).status_code == 422


def test_succession_never_runs_in_a_circle(manager: TestClient) -> None:
    one, two, three = (made(manager, ORGANISATIONS, name=f"Council {number}", kind="council") for number in "123")

    def follows(before: dict[str, Any], after: str | None) -> int:
        return manager.patch(f"{ORGANISATIONS}/{before['id']}", json={"succeeded_by": after}).status_code

    assert follows(one, "Council 1") == 422
    assert follows(one, "Council 2") == 200
    assert follows(two, three["id"]) == 200
    assert follows(three, one["id"]) == 409
    assert follows(three, "nobody we know") == 422
    assert follows(two, None) == 200
    assert follows(three, one["id"]) == 200


def test_what_is_asked_of_an_abolished_body_reaches_its_successor(manager: TestClient) -> None:
    made(manager, ORGANISATIONS, name="Westmorland and Furness Council", kind="council")
    made(manager, ORGANISATIONS, name="Eden District Council", succeeded_by="Westmorland and Furness Council")

    person = made(manager, PEOPLE, name="Pat", email="pat@eden.example", organisation="Eden District Council")

    assert person["organisation"] == "Westmorland and Furness Council"


def test_only_a_university_is_a_partner(manager: TestClient) -> None:
    assert made(manager, ORGANISATIONS, name="Durham University", partner=True)["kind"] == "university"
    assert (
        manager.post(ORGANISATIONS, json={"name": "A council", "kind": "council", "partner": True}).status_code == 422
    )
    university = made(manager, ORGANISATIONS, name="Teesside University", kind="university")
    assert manager.patch(f"{ORGANISATIONS}/{university['id']}", json={"partner": True}).json()["partner"] is True
    assert manager.patch(f"{ORGANISATIONS}/{university['id']}", json={"kind": "nhs"}).status_code == 422


def test_a_list_is_walked_without_gaps_while_it_grows(manager: TestClient) -> None:
    names = [f"Body {letter}" for letter in "dbace"]
    for name in names:
        made(manager, ORGANISATIONS, name=name)

    first = manager.get(ORGANISATIONS, params={"limit": 2, "q": "BODY"})
    made(manager, ORGANISATIONS, name="Body a bit later")
    seen = [item["name"] for item in first.json()["items"]]
    following = first.headers["link"]
    while following:
        path = following.partition("<")[2].partition(">")[0]
        assert following.endswith('rel="next"')
        page = manager.get(path)
        seen += [item["name"] for item in page.json()["items"]]
        following = page.headers.get("link", "")
        assert (page.json()["next_cursor"] is None) == (not following)

    assert seen == sorted(names)


def test_lists_filter_by_what_they_are(manager: TestClient) -> None:
    made(manager, ORGANISATIONS, name="Durham University", partner=True)
    made(manager, ORGANISATIONS, name="Open University", kind="university")
    made(manager, ORGANISATIONS, name="100% Health_y", kind="third_sector")

    def names(**filters: str) -> list[str]:
        return [item["name"] for item in manager.get(ORGANISATIONS, params=filters).json()["items"]]

    assert names(kind="university") == ["Durham University", "Open University"]
    assert names(partner="true") == ["Durham University"]
    assert names(q="%") == ["100% Health_y"]
    assert names(q="h_y") == ["100% Health_y"]
    assert names(q="nothing like it") == []


@pytest.mark.parametrize("cursor", ["x", "IjEi=", "WzFd", "e30", "ICJhIg", "ImFcdTAwMDBiIg", "é", "%00"])
def test_a_cursor_that_is_not_ours_is_refused(at_the_door: TestClient, cursor: str) -> None:
    answer = at_the_door.get(ORGANISATIONS, params={"cursor": cursor})

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/cursor-malformed"


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many"])
def test_a_limit_is_between_one_and_two_hundred(at_the_door: TestClient, limit: str) -> None:
    assert at_the_door.get(ORGANISATIONS, params={"limit": limit}).status_code == 422


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "bell\a"}, "name"),
        ({"name": "A", "kind": "castle"}, "kind"),
        ({"name": "A", "area": "middle_earth"}, "area"),
        ({"name": "A", "agenda_clear_days": -1}, "agenda_clear_days"),
        ({"name": "A", "colour": "blue"}, "colour"),
        ({"name": "A", "succeeded_by": "Nobody"}, "succeeded_by"),
        ({"name": "A", "succeeded_by": "N" * 201}, "succeeded_by"),
    ],
)
def test_what_does_not_fit_is_named(at_the_door: TestClient, body: dict[str, object], field: str) -> None:
    answer = at_the_door.post(ORGANISATIONS, json=body)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert at_the_door.get(ORGANISATIONS).json()["items"] == []


def test_a_repeated_request_makes_one_organisation(manager: TestClient) -> None:
    headers = {"Idempotency-Key": "once"}
    first = manager.post(ORGANISATIONS, json={"name": "A"}, headers=headers)
    again = manager.post(ORGANISATIONS, json={"name": "A"}, headers=headers)

    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]


def test_a_person_is_known_by_address_or_by_telephone(manager: TestClient) -> None:
    person = made(
        manager, PEOPLE, name="Ada Nwosu", email="Ada.Nwosu@University.example", organisation="Durham University"
    )

    assert person["email"] == "ada.nwosu@university.example"
    assert person["organisation"] == "Durham University"
    assert person["confirmed_at"] == "2026-11-23T09:30:00Z"
    assert made(manager, PEOPLE, name="By phone", phone="01632 960 001")["confirmed_at"] is None
    assert manager.post(PEOPLE, json={"name": "Neither"}).status_code == 422
    taken = manager.post(PEOPLE, json={"name": "Another", "email": "ADA.NWOSU@university.example"})
    assert taken.status_code == 409
    assert taken.json()["existing"] == person["id"]


@pytest.mark.parametrize("organisation", ["O" * 201, "bell\a", "", "01a20301-47e1-75de-bdb2-194f9ff0722b"])
def test_a_person_belongs_to_a_body_that_can_be_named(at_the_door: TestClient, organisation: str) -> None:
    refused = at_the_door.post(PEOPLE, json={"name": "A", "phone": "01632", "organisation": organisation})

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["organisation"]


def test_a_contact_has_an_address_and_a_university(manager: TestClient) -> None:
    assert manager.post(PEOPLE, json={"name": "C", "email": "c@u.example", "is_contact": True}).status_code == 422
    assert (
        manager.post(PEOPLE, json={"name": "C", "phone": "01632", "organisation": "U", "is_contact": True}).status_code
        == 422
    )
    contact = made(manager, PEOPLE, name="C", email="c@u.example", organisation="Durham University", is_contact=True)
    assert manager.get(PEOPLE, params={"contact": True}).json()["items"] == [contact]
    assert manager.patch(f"{PEOPLE}/{contact['id']}", json={"email": None}).status_code == 422


def test_people_are_found_by_name_organisation_and_work(manager: TestClient) -> None:
    ada = made(manager, PEOPLE, name="Ada Nwosu", email="ada@u.example", organisation="Durham University")
    made(manager, PEOPLE, name="Bo", email="bo@c.example", organisation="Gateshead Council")

    assert manager.get(PEOPLE, params={"q": "nwo"}).json()["items"] == [ada]
    assert manager.get(PEOPLE, params={"organisation": ada["organisation_id"]}).json()["items"] == [ada]
    assert [item["email"] for item in manager.get(PEOPLE, params={"staff": True}).json()["items"]] == [
        "mo@service.example"
    ]


def test_nobody_grants_more_than_they_have(opened: House, manager: TestClient) -> None:
    lead = opened.client("service_lead")
    [sal] = lead.get(PEOPLE, params={"q": LEAD}).json()["items"]

    assert (
        manager.post(PEOPLE, json={"name": "L", "email": "l@s.example", "staff_role": "service_lead"}).status_code
        == 403
    )
    assert manager.patch(f"{PEOPLE}/{sal['id']}", json={"email": "mine@s.example"}).status_code == 403
    kim = opened.person("Kim", "kim@s.example", staff_role="manager")
    assert manager.patch(f"{PEOPLE}/{kim}", json={"email": "mine@s.example"}).status_code == 403, "links would go there"
    assert (
        manager.patch(f"{PEOPLE}/{kim}", json={"email": "kim@s.example", "phone": "0191 498 0000"}).status_code == 200
    )
    new = made(manager, PEOPLE, name="M", email="m@s.example", staff_role="manager")
    assert manager.patch(f"{PEOPLE}/{new['id']}", json={"staff_role": "service_lead"}).status_code == 403
    assert (
        lead.patch(f"{PEOPLE}/{new['id']}", json={"staff_role": "service_lead"}).json()["staff_role"] == "service_lead"
    )


def test_who_is_no_longer_staff_has_no_key_any_more(opened: House, manager: TestClient) -> None:
    leaver = opened.client("manager", email="leaver@service.example")
    lead = opened.client("service_lead")
    [person] = lead.get(PEOPLE, params={"q": "leaver@service.example"}).json()["items"]
    assert leaver.get(PEOPLE).status_code == 200

    lead.patch(f"{PEOPLE}/{person['id']}", json={"staff_role": None})

    assert leaver.get(PEOPLE).status_code == 401
    assert manager.get(PEOPLE).status_code == 200


def test_a_lead_who_becomes_a_manager_keeps_a_managers_keys(opened: House) -> None:
    lead = opened.client("service_lead")
    both = "both@service.example"
    as_lead = opened.client("service_lead", email=both)
    as_manager = opened.client("manager", email=both)
    [person] = lead.get(PEOPLE, params={"q": both}).json()["items"]

    lead.patch(f"{PEOPLE}/{person['id']}", json={"staff_role": "manager"})

    assert as_lead.get(PEOPLE).status_code == 401
    assert as_manager.get(PEOPLE).status_code == 200


@pytest.mark.parametrize("path", [ORGANISATIONS, PEOPLE])
def test_only_managers_come_in(sqlite_url: str, path: str) -> None:
    with house(sqlite_url) as opened:
        answer = opened.visitor().get(path)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"
        roles: tuple[KeyRole, ...] = ("university", "funder", "operator")
        for client in map(opened.client, roles):
            assert client.get(path).status_code == 403
            assert client.post(path, json={"name": "A"}).status_code == 403
            assert client.patch(f"{path}/{uuid4()}", json={}).status_code == 403


@pytest.mark.parametrize("path", [ORGANISATIONS, PEOPLE])
def test_who_is_not_there_is_told_before_what_is_wrong_with_the_body(at_the_door: TestClient, path: str) -> None:
    for answer in (
        at_the_door.get(f"{path}/{uuid4()}"),
        at_the_door.patch(f"{path}/{uuid4()}", json={"nonsense": 1}),
        at_the_door.patch(f"{path}/{uuid4()}", content=b"{", headers={"Content-Type": "application/json"}),
    ):
        assert answer.status_code == 404
        assert answer.json()["type"] == "/problems/not-found"


def test_an_old_address_is_told_that_it_is_old_and_nothing_else(opened: House, manager: TestClient) -> None:
    person = made(manager, PEOPLE, name="Ada Nwosu", email="ada@u.example")
    for change in ({"email": "ada@mistyped.example"}, {"name": "Ada N."}, {"email": None, "phone": "01632 960001"}):
        assert manager.patch(f"{PEOPLE}/{person['id']}", json=change).status_code == 200
    unproven = made(manager, PEOPLE, name="Bo", email="bo@u.example")

    def doubt(unit: Unit) -> None:
        unit.get_one(Person, UUID(unproven["id"])).confirmed_at = None

    opened.database.transact(doubt)
    manager.patch(f"{PEOPLE}/{unproven['id']}", json={"email": "bo.b@u.example"})

    told = outbox(opened)
    # Each address once, though the first letter had not left yet when the second change came.
    assert [(mail.kind, mail.to_address, mail.status) for mail in told] == [
        ("address_changed", "ada@u.example", "queued"),
        ("address_changed", "ada@mistyped.example", "queued"),
    ]
    # A mistake that is put right before the letter left alarms nobody.
    manager.patch(f"{PEOPLE}/{person['id']}", json={"email": "ada@mistyped.example"})
    assert [mail.status for mail in outbox(opened)] == ["queued", "cancelled"]

    letter = render(told[0], Letterhead.of(opened.settings)).text
    assert letter.startswith("Hello,")
    for hidden in ("Ada", "mistyped", "http"):
        assert hidden not in letter


def test_every_change_is_audited_without_the_personal_data(manager: TestClient) -> None:
    person = made(manager, PEOPLE, name="Ada Nwosu", email="ada@u.example")
    manager.patch(f"{PEOPLE}/{person['id']}", json={"name": "Ada N. Nwosu", "email": "a.nwosu@u.example"})
    manager.patch(f"{PEOPLE}/{person['id']}", json={"name": "Ada N. Nwosu"})

    trail = manager.get("/api/v1/audit", params={"subject": f"person:{person['id']}"})

    entries = trail.json()["items"]
    assert [(entry["action"], entry["actor_role"], entry["actor"]) for entry in entries] == [
        ("change", "manager", "Mo"),
        ("create", "manager", "Mo"),
    ]
    assert entries[0]["detail"] == {"changed": ["email", "name"]}
    assert "nwosu" not in trail.text.lower()
