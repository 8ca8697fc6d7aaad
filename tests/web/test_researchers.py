"""The universities' researchers: their own, kept by them; everybody's, kept by managers; and whole files of them."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from tests.support.doors import House, house
from tests.support.visiting import Visitor, outbox

PATH, IMPORT = "/api/v1/researchers", "/api/v1/researchers/import"
LIN: dict[str, Any] = {
    "name": "Dr Lin Zhao",
    "email": "Lin.Zhao@durham.example",
    "orcid": "https://orcid.org/0000-0002-1825-0097",
    "statement": "I evaluate what councils do about housing.",
    "keywords": ["housing", "fuel poverty"],
    "methods": ["realist", "ethnography of offices"],
    "topics": ["homes"],
    "publications": [
        {"title": "Older", "year": 2011},
        {"title": "Warm homes", "abstract": "What we found.", "year": 2025, "doi": "https://doi.org/10.1136/bmj.n71"},
    ],
    "capacity_days": 30,
    "available_from": "2027-01-11",
    "career_stage": "mid",
    "external_id": "D-17",
}
SAM: dict[str, Any] = {"name": "Sam", "email": "sam@durham.example", "keywords": [], "methods": [], "capacity_days": 5}


@pytest.fixture
def durham(opened: House) -> TestClient:
    return opened.client("university", organisation="Durham University")


@pytest.fixture
def manager(opened: House) -> TestClient:
    return opened.client("manager")


def test_a_researcher_comes_back_as_they_were_described(durham: TestClient) -> None:
    answer = durham.post(PATH, json=LIN)

    assert answer.status_code == 201, answer.text
    lin = answer.json()
    assert durham.get(answer.headers["location"]).json() == lin
    assert lin["organisation"] == "Durham University"
    assert lin["email"] == "lin.zhao@durham.example"
    assert lin["orcid"] == "0000-0002-1825-0097"
    assert lin["publications"] == [
        {
            "title": "Warm homes",
            "abstract": "What we found.",
            "year": 2025,
            "doi": "10.1136/bmj.n71",
            "organisations": [],
        },
        {"title": "Older", "abstract": None, "year": 2011, "doi": None, "organisations": []},
    ]
    as_sent = ("name", "statement", "keywords", "methods", "topics", "capacity_days", "available_from", "external_id")
    assert {name: lin[name] for name in as_sent} == {name: LIN[name] for name in as_sent}


def test_a_change_replaces_what_was_sent_and_nothing_else(durham: TestClient) -> None:
    lin = durham.post(PATH, json=LIN).json()

    changed = durham.patch(f"{PATH}/{lin['id']}", json={"capacity_days": 2, "publications": [{"title": "New"}]}).json()

    assert changed["publications"] == [
        {"title": "New", "abstract": None, "year": None, "doi": None, "organisations": []}
    ]
    assert changed | {"publications": lin["publications"]} == lin | {"capacity_days": 2, "version": 2}
    assert durham.patch(f"{PATH}/{lin['id']}", json={"capacity_days": 2}).json()["version"] == 2
    assert durham.patch(f"{PATH}/{lin['id']}", json={"orcid": None}).json()["orcid"] is None


def test_the_same_person_is_not_added_twice(durham: TestClient) -> None:
    lin = durham.post(PATH, json=LIN).json()
    for clash in ({"email": LIN["email"]}, {"external_id": "D-17"}, {"orcid": LIN["orcid"]}):
        answer = durham.post(PATH, json=SAM | clash)
        assert (answer.status_code, answer.json()["existing"]) == (409, lin["id"]), clash
    sam = durham.post(PATH, json=SAM).json()
    assert durham.patch(f"{PATH}/{sam['id']}", json={"email": LIN["email"]}).status_code == 409
    assert durham.patch(f"{PATH}/{sam['id']}", json={"email": SAM["email"]}).status_code == 200


def test_a_university_sees_and_changes_its_own_only(opened: House, durham: TestClient) -> None:
    newcastle = opened.client("university", organisation="Newcastle University")
    lin = durham.post(PATH, json=LIN).json()
    theirs = newcastle.post(PATH, json=LIN)

    assert theirs.status_code == 201
    assert [item["id"] for item in newcastle.get(PATH).json()["items"]] == [theirs.json()["id"]]
    assert newcastle.get(PATH, params={"organisation": lin["organisation_id"]}).json()["items"] == [theirs.json()]
    unknown = newcastle.get(f"{PATH}/{uuid4()}").json()
    for answer in (newcastle.get(f"{PATH}/{lin['id']}"), newcastle.patch(f"{PATH}/{lin['id']}", json={"name": "X"})):
        assert answer.status_code == 404
        assert answer.json() | {"instance": ""} == unknown | {"instance": ""}
    assert durham.get(f"{PATH}/{lin['id']}").json() == lin
    assert newcastle.post(PATH, json=SAM | {"organisation": "Durham University"}).status_code == 422


def test_only_who_hid_their_own_profile_shows_it_again(opened: House, durham: TestClient, manager: TestClient) -> None:
    lin, sam = (durham.post(PATH, json=one).json() for one in (LIN, SAM))
    assert durham.patch(f"{PATH}/{sam['id']}", json={"hidden": True}).json()["hidden_by_self"] is False
    assert durham.patch(f"{PATH}/{sam['id']}", json={"hidden": False}).json()["hidden"] is False
    me = Visitor(opened)
    me.sign_in(lin["email"])
    me.open(f"/profile/{lin['id']}")
    me.press("Save", {"hidden": "yes"})
    now = durham.get(f"{PATH}/{lin['id']}").json()
    assert (now["hidden"], now["hidden_by_self"]) == (True, True)
    for client in (durham, manager):
        refused = client.patch(f"{PATH}/{lin['id']}", json={"hidden": False, "capacity_days": 99})
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/conflict")
        assert "hid this profile themselves, so only they can show it again" in refused.json()["detail"]
    rows = [{**LIN, "capacity_days": 7}, {**SAM, "capacity_days": 8}]
    assert durham.post(IMPORT, json=rows).json()["updated"] == 2, "rows that do not speak of it"
    refused = durham.post(IMPORT, json=[{**rows[0], "hidden": False}])
    assert refused.status_code == 422
    assert "hid this profile themselves" in refused.json()["errors"][0]["message"]
    assert durham.get(f"{PATH}/{lin['id']}").json()["capacity_days"] == 7

    me.open(f"/profile/{lin['id']}")
    me.press("Save", {"hidden": "no"})
    assert durham.patch(f"{PATH}/{lin['id']}", json={"hidden": True}).json()["hidden_by_self"] is False
    assert manager.patch(f"{PATH}/{lin['id']}", json={"hidden": False}).json()["hidden"] is False


def test_managers_name_the_university(durham: TestClient, manager: TestClient) -> None:
    [university] = manager.get("/api/v1/organisations", params={"q": "durham"}).json()["items"]
    manager.post("/api/v1/organisations", json={"name": "Gateshead Council", "kind": "council"})

    by_name = manager.post(PATH, json=LIN | {"organisation": "durham university"})
    by_id = manager.post(PATH, json=SAM | {"organisation": university["id"]})

    assert (by_name.status_code, by_id.status_code) == (201, 201)
    assert {item["id"] for item in durham.get(PATH).json()["items"]} == {by_name.json()["id"], by_id.json()["id"]}
    assert manager.get(PATH, params={"q": "sam@", "organisation": university["id"]}).json()["items"] == [by_id.json()]
    assert manager.patch(f"{PATH}/{by_id.json()['id']}", json={"hidden": True}).json()["hidden"] is True
    for organisation in (None, "Nowhere", "Gateshead Council"):
        answer = manager.post(PATH, json=SAM | {"email": "x@u.example", "organisation": organisation})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "organisation"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"orcid": "0000-0002-1825-0098"}, "orcid"),
        ({"orcid": "0000-0002-1825"}, "orcid"),
        ({"email": "nobody"}, "email"),
        ({"capacity_days": -1}, "capacity_days"),
        ({"capacity_days": None}, "capacity_days"),
        ({"available_from": "soon"}, "available_from"),
        ({"available_from": 20270111}, "available_from"),
        ({"career_stage": "grand"}, "career_stage"),
        ({"keywords": ["x" * 501]}, "keywords.0"),
        ({"publications": [{"title": "A", "doi": "bmj.n71"}]}, "publications.0.doi"),
        ({"publications": [{"year": 2020}]}, "publications.0.title"),
        ({"citations": 40}, "citations"),
    ],
)
def test_what_does_not_fit_is_named(sqlite_url: str, change: dict[str, object], field: str) -> None:
    with house(sqlite_url) as opened:
        durham = opened.client("university")
        refused = durham.post(PATH, json=LIN | change)
        assert refused.status_code == 422
        assert [error["field"] for error in refused.json()["errors"]] == [field]
        lin = durham.post(PATH, json=LIN).json()
        assert durham.patch(f"{PATH}/{lin['id']}", json=change).status_code == 422
        assert durham.get(f"{PATH}/{lin['id']}").json() == lin


def test_a_file_comes_in_whole_with_a_report_by_row(durham: TestClient) -> None:
    lin = durham.post(PATH, json=LIN).json()
    durham.post(PATH, json=SAM)
    rows = [LIN | {"email": "lin@durham.example"}, SAM, {**SAM, "name": "New", "email": "new@durham.example"}]

    report = durham.post(IMPORT, json=rows)

    assert report.status_code == 200, report.text
    told = report.json()
    assert [row["action"] for row in told["rows"]] == ["updated", "unchanged", "created"]
    assert (told["created"], told["updated"], told["unchanged"], told["refused"]) == (1, 1, 1, 0)
    assert told["rows"][0]["id"] == lin["id"]
    assert durham.get(f"{PATH}/{lin['id']}").json()["email"] == "lin@durham.example"
    assert durham.get(f"{PATH}/{told['rows'][2]['id']}").json()["name"] == "New"
    assert [row["action"] for row in durham.post(IMPORT, json=rows).json()["rows"]] == ["unchanged"] * 3


def test_one_row_that_does_not_fit_keeps_the_file_out(durham: TestClient) -> None:
    rows = [LIN, SAM | {"orcid": "0000-0002-1825-0098"}, {"name": "Nobody"}, LIN]

    refused = durham.post(IMPORT, json=rows)

    assert refused.status_code == 422
    told = refused.json()
    assert told["refused"] == 3
    assert {"field": "2.orcid"}.items() <= told["errors"][0].items()
    assert {error["field"] for error in told["errors"]} >= {"2.orcid", "3.email", "3.capacity_days", "4"}
    assert durham.get(PATH).json()["items"] == []


def test_a_dry_run_says_what_would_happen_and_changes_nothing(durham: TestClient) -> None:
    lin = durham.post(PATH, json=LIN).json()
    rows = [LIN | {"capacity_days": 1}, SAM, SAM]

    told = durham.post(IMPORT, params={"dry_run": True}, json=rows).json()

    assert (told["dry_run"], told["accepted"]) == (True, False)
    assert [(row["action"], row["id"]) for row in told["rows"]] == [
        ("updated", lin["id"]),
        ("created", None),
        ("refused", None),
    ]
    assert told["rows"][2]["errors"][0]["message"] == "Row 2 is about the same one as row 3."
    assert durham.get(PATH).json()["items"] == [lin]


def test_a_row_that_is_two_people_is_refused(durham: TestClient) -> None:
    durham.post(PATH, json=LIN)
    durham.post(PATH, json=SAM)

    refused = durham.post(IMPORT, json=[LIN | {"email": SAM["email"]}])

    assert refused.status_code == 422
    assert refused.json()["errors"] == [{"field": "1.email", "message": "Another researcher has this email address."}]


def test_an_address_passed_on_within_a_file_finds_its_new_owner(durham: TestClient) -> None:
    durham.post(PATH, json=LIN)
    rows = [LIN | {"email": "lin.new@durham.example"}, SAM | {"email": LIN["email"]}]

    assert [row["action"] for row in durham.post(IMPORT, json=rows).json()["rows"]] == ["updated", "created"]


def test_what_a_row_leaves_out_stays(durham: TestClient) -> None:
    lin = durham.post(PATH, json=LIN).json()

    durham.post(IMPORT, json=[{"name": "Prof Lin Zhao", "email": LIN["email"], "capacity_days": 30}])

    after = durham.get(f"{PATH}/{lin['id']}").json()
    assert after == lin | {"name": "Prof Lin Zhao", "version": 2, "updated_at": after["updated_at"]}


def test_a_managers_file_names_each_rows_university(opened: House, manager: TestClient, durham: TestClient) -> None:
    newcastle = opened.client("university", organisation="Newcastle University")
    rows = [LIN | {"organisation": "Durham University"}, LIN | {"organisation": "Newcastle University"}]

    assert manager.post(IMPORT, json=[*rows, LIN]).status_code == 422
    told = manager.post(IMPORT, json=rows).json()

    assert told["created"] == 2
    assert len(durham.get(PATH).json()["items"]) == len(newcastle.get(PATH).json()["items"]) == 1
    imports = manager.get("/api/v1/audit", params={"action": "import"}).json()["items"]
    assert sorted(entry["detail"]["researchers"] for entry in imports) == [1, 1]


def test_a_universitys_file_holds_its_own_researchers_only(durham: TestClient) -> None:
    refused = durham.post(IMPORT, json=[LIN | {"organisation": "Newcastle University"}])

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "1.organisation"


@pytest.mark.parametrize("body", [{}, {"researchers": []}, "text", [1], [[LIN]], None])
def test_a_file_is_a_list_of_objects(sqlite_url: str, body: object) -> None:
    with house(sqlite_url) as opened:
        assert opened.client("university").post(IMPORT, json=body).status_code == 422


TABLE = (
    "external_id,name,email,capacity_days,keywords,publication_title,publication_year\r\n"
    "D-17,Dr Lin Zhao,Lin.Zhao@durham.example,30,housing; fuel poverty,Warm homes,2025\r\n"
    ",,lin.zhao@durham.example,,,Older,2011\r\n"
    ",Sam,sam@durham.example,5,,,\r\n"
)


def send_csv(client: TestClient, text: str | bytes, kind: str = "text/csv; charset=utf-8", **asked: Any) -> Any:
    return client.post(IMPORT, content=text, headers={"Content-Type": kind}, params=asked)


def test_a_rehearsed_import_is_not_the_answer_to_the_real_one(durham: TestClient) -> None:
    once = {"Content-Type": "text/csv", "Idempotency-Key": "monday"}
    for query in ("?dry_run=true", "?dry_run=true"):
        assert durham.post(IMPORT + query, headers=once, content=TABLE).json()["dry_run"] is True
    assert durham.post(IMPORT, headers=once, content=TABLE).status_code == 422
    assert durham.post(f"{IMPORT}?dry_run=false", headers=once, content=TABLE).status_code == 422
    done = durham.post(IMPORT, headers=once | {"Idempotency-Key": "tuesday"}, content=TABLE).json()
    assert (done["dry_run"], done["created"]) == (False, 2)


def test_a_csv_file_comes_in_as_json_does(opened: House, durham: TestClient, manager: TestClient) -> None:
    trial = send_csv(durham, TABLE, dry_run=True).json()
    assert [(row["action"], row["line"]) for row in trial["rows"]] == [("created", 2), ("created", 4)]
    assert durham.get(PATH).json()["items"] == []

    assert send_csv(durham, TABLE.encode("utf-16"), "application/vnd.ms-excel").json()["created"] == 2
    [lin, sam] = durham.get(PATH).json()["items"]
    assert (lin["keywords"], [one["title"] for one in lin["publications"]]) == (
        ["housing", "fuel poverty"],
        ["Warm homes", "Older"],
    )
    assert send_csv(durham, TABLE).json()["unchanged"] == 2, "the same file again"
    assert send_csv(durham, "name,email,capacity_days\nSam,SAM@durham.example,6\n").json()["updated"] == 1
    assert durham.get(f"{PATH}/{sam['id']}").json()["version"] == 2
    told = [mail.to_address for mail in outbox(opened) if mail.kind == "researcher_listed"]
    assert sorted(told) == ["lin.zhao@durham.example", "sam@durham.example"], "once, however often they come"

    whose = "organisation,name,email,capacity_days\n{0},Kit,kit@u.example,1\n"
    assert send_csv(durham, whose.format("Durham University")).json()["errors"][0]["field"] == "1.organisation"
    assert send_csv(manager, whose.format("")).status_code == 422
    assert send_csv(manager, whose.format("Durham University")).json()["created"] == 1


def test_what_is_wrong_in_a_csv_file_is_told_by_its_line_and_column(durham: TestClient) -> None:
    wrong = (
        TABLE.replace("2011", "long ago").replace("sam@durham.example,5", "sam@durham.example,=2+3")
        + "\r\n,Nobody,,,,,"
    )
    refused = send_csv(durham, wrong)
    assert refused.status_code == 422
    places = [(error["line"], error["field"]) for error in refused.json()["errors"]]
    assert places == [(3, "1.publication_year"), (4, "2.capacity_days"), (6, "3.email"), (6, "3.capacity_days")]
    trial = send_csv(durham, wrong, dry_run=True).json()
    assert next((error["line"], error["field"]) for row in trial["rows"] for error in row["errors"]) == (
        3,
        "publication_year",
    )
    assert durham.get(PATH).json()["items"] == []


@pytest.mark.parametrize(
    ("kind", "content", "status", "words"),
    [
        ("text/csv", b"PK\x03\x04", 422, "save the sheet as “CSV UTF-8"),
        ("text/csv", b"", 422, "is empty"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04", 415, "A workbook is first saved"),
        ("application/json", b"{", 400, "not JSON"),
        ("application/json", b"[1]", 422, "valid dictionary"),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_refused_in_a_sentence(
    sqlite_url: str, kind: str, content: bytes, status: int, words: str
) -> None:
    with house(sqlite_url) as opened:
        refused = send_csv(opened.client("university"), content, kind)
        assert refused.status_code == status
        assert words in refused.json()["detail"]
