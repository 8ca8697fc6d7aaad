"""Researchers: kept by their university's contact, told once that they are listed, and corrected or hidden by themselves."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.records import publications
from service.records import researchers as directory
from service.records.publications import FoundWork
from service.records.researchers import ResearcherRow
from tests.support.doors import MANAGER, House, house
from tests.support.journey import Journey
from tests.support.visiting import Visitor, outbox

CONTACT, RAE = "calls@northumbria.example", "rae@northumbria.example"
DESCRIBED: dict[str, str | list[str]] = {
    "name": "Dr Rae Listed",
    "email": "Rae@Northumbria.example",
    "statement": "Housing and health.",
    "keywords": "housing\nfuel poverty",
    "topics": ["homes", "inequality"],
    "methods_other": "linkage",
    "publications": "Warm homes | 2025 | 10.1136/bmj.n71\nCold homes",
    "capacity_days": "30",
    "available_from-day": "11",
    "available_from-month": "1",
    "available_from-year": "2027",
    "career_stage": "mid",
    "conflicts": "Gateshead Council",
}


@pytest.fixture
def opened(sqlite_url: str) -> Iterator[House]:
    with house(sqlite_url, staff_emails=MANAGER) as made:
        yield made


@pytest.fixture
def university(opened: House) -> UUID:
    return Journey(opened.database, opened.clock).universities[0]


@pytest.fixture
def contact(opened: House, university: UUID) -> Visitor:
    assert isinstance(university, UUID)
    visitor = Visitor(opened)
    visitor.sign_in(CONTACT)
    visitor.open("/partner")
    return visitor


def listed(opened: House, university: UUID) -> list[ResearcherRow]:
    return opened.database.read(lambda unit: directory.page(unit, organisation_id=university, limit=200))


def told(opened: House, address: str = RAE) -> list[str]:
    return [mail.kind for mail in outbox(opened, address) if mail.kind == "researcher_listed"]


def add(contact: Visitor, **instead: Any) -> None:
    contact.open("/partner/researchers/new")
    contact.press("Add this researcher", {**DESCRIBED, **instead})


def test_a_contact_adds_a_researcher_who_is_told_once(opened: House, contact: Visitor, university: UUID) -> None:
    contact.open("/partner/researchers/new")
    form = contact.page
    contact.press("Add this researcher", DESCRIBED)
    contact.page = form
    page = contact.press("Add this researcher", DESCRIBED)
    assert "Dr Rae Listed" in page.text
    [row] = listed(opened, university)
    found = row.researcher
    assert (found.email, found.keywords, found.topics, found.methods, found.capacity_days) == (
        RAE, ["housing", "fuel poverty"], ["homes", "inequality"], ["linkage"], 30,
    )  # fmt: skip
    assert [(each.title, each.year, each.doi) for each in row.publications] == [
        ("Warm homes", 2025, "10.1136/bmj.n71"), ("Cold homes", None, None),
    ]  # fmt: skip
    assert told(opened) == ["researcher_listed"]
    assert found.told_at is not None
    contact.page = form
    page = contact.press("Add this researcher", {**DESCRIBED, "name": "Somebody else"}, status=409)
    assert page.errors == ["There is a researcher with this email address already."]
    assert page.fields["keywords"] == DESCRIBED["keywords"]


def test_a_form_with_mistakes_comes_back_with_every_answer(contact: Visitor) -> None:
    contact.open("/partner/researchers/new")
    wrong = {
        "email": "nobody",
        "capacity_days": "",
        "orcid": "1",
        "publications": " | 2025",
        "available_from-day": "45",
    }
    page = contact.press("Add this researcher", {**DESCRIBED, **wrong}, status=422)
    assert set(page.errors) == {
        "Enter an email address in the correct format, like name@example.com",
        "Enter an ORCID of sixteen characters, like 0000-0002-1825-0097",
        "Write each publication on a line as: title | year | DOI. The year and the DOI may be left out",
        "Enter the days as a whole number, like 30, up to 3,650",
        "The day they are free from must be a real date",
    }
    assert page.fields["statement"] == "Housing and health."


def test_a_contact_changes_and_hides_a_researcher(opened: House, contact: Visitor, university: UUID) -> None:
    add(contact)
    path = f"/partner/researchers/{listed(opened, university)[0].researcher.id}"
    form = contact.open(path)
    assert form.fields["publications"] == DESCRIBED["publications"]
    assert form.fields["methods_other"] == "linkage"
    assert listed(opened, university)[0].researcher.career_stage == "mid"
    contact.press("Save", {"hidden": "yes", "career_stage": "not_said"})
    assert "Hidden" in contact.page.text
    [row] = listed(opened, university)
    assert (row.researcher.hidden, row.researcher.version) == (True, 2)
    assert row.researcher.career_stage is None, "what was chosen once can be taken back"
    contact.page = form
    page = contact.press("Save", {"statement": "Newer words."}, status=412)
    assert page.fields["statement"] == "Newer words."
    assert "What stands now" in page.text
    contact.press("Save")
    assert listed(opened, university)[0].researcher.statement == "Newer words."
    assert told(opened) == ["researcher_listed"], "a change is no listing"


def test_an_abstract_stays_with_its_title(opened: House, contact: Visitor, university: UUID) -> None:
    client = opened.client("university", organisation="Northumbria University")
    rae = {"name": "Dr Rae Listed", "email": RAE, "keywords": [], "methods": [], "capacity_days": 5}
    made = client.post("/api/v1/researchers", json={**rae, "publications": [{"title": "Old", "abstract": "Long."}]})
    assert made.status_code == 201, made.text
    contact.open(f"/partner/researchers/{made.json()['id']}")
    contact.press("Save", {"publications": "Old | 2020\nNew"})
    [row] = listed(opened, university)
    assert {(each.title, each.year, each.abstract) for each in row.publications} == {
        ("Old", 2020, "Long."), ("New", None, None),
    }  # fmt: skip


def test_a_file_is_checked_first_and_comes_in_whole(opened: House, contact: Visitor, university: UUID) -> None:
    rows = [
        {"name": f"Dr {number}", "email": f"r{number}@n.example", "keywords": [], "methods": [], "capacity_days": 5,
         "publications": []}
        for number in range(3)
    ]  # fmt: skip
    contact.open("/partner/researchers/import")
    page = contact.press("Check it first", {"rows": json.dumps(rows)})
    assert "This file can come in. Nothing has been changed yet." in page.text
    assert "3 new, 0 changed" in page.text
    assert listed(opened, university) == []
    assert told(opened, "r1@n.example") == []
    contact.press("Bring it in")
    assert len(listed(opened, university)) == 3
    contact.open("/partner/researchers/import")
    contact.press("Bring it in", {"rows": json.dumps(rows)})
    assert told(opened, "r1@n.example") == ["researcher_listed"], "once, however often the file comes in"
    contact.open("/partner/researchers/import")
    page = contact.press("Check it first", {"rows": json.dumps([*rows, {"name": "Nobody"}])})
    assert "Row 4" in page.text
    page = contact.press("Bring it in", status=422)
    assert page.errors, "told by the row"
    assert len(listed(opened, university)) == 3
    page = contact.press("Check it first", {"rows": ""}, status=422)
    assert page.errors == ["Choose a file, or paste its content"]
    contact.open("/partner/researchers/import")
    page = contact.press("Check it first", file=("r.json", json.dumps(rows).encode()))
    assert "3 unchanged" in page.text

    sheet = "name;email;capacity_days\r\nÉva;eva@n.example;4\r\nDr 1;r1@n.example;{}\r\n"
    page = contact.press("Check it first", file=("r.csv", sheet.format("many").encode("cp1252")))
    assert "Line 3, capacity_days:" in page.text
    page = contact.press("Bring it in", status=422)
    assert "Line 3, capacity_days:" in page.text
    page = contact.press("Check it first", file=("r.csv", sheet.format("5").encode("cp1252")))
    assert "1 new, 0 changed, 1 unchanged, 0 refused" in page.text
    contact.press("Bring it in")
    assert [row.researcher.name for row in listed(opened, university)][3:] == ["Éva"]
    assert told(opened, "eva@n.example") == ["researcher_listed"]
    contact.open("/partner/researchers/import")
    page = contact.press("Check it first", file=("r.xlsx", b"PK\x03\x04\x00\x01"), status=422)
    assert "save the sheet as “CSV UTF-8" in page.errors[0]


@pytest.mark.parametrize(
    "text", ["{", "{}", "[1]", "[]", '["\\ud800"]', '[{"name": "\\u0000"}]', "[" * 5000, "NaN", "[NaN]", "\x00"]
)
def test_a_file_that_is_none_is_refused_calmly(contact: Visitor, text: str) -> None:
    contact.open("/partner/researchers/import")
    page = contact.press("Bring it in", {"rows": text}, status=422)
    assert page.errors


def test_another_universitys_researcher_is_absent(opened: House, contact: Visitor, university: UUID) -> None:
    add(contact)
    other = Visitor(opened)
    assert other.sign_in_by_pages("calls@newcastle.example").path == "/partner"
    for path in (
        f"/partner/researchers/{listed(opened, university)[0].researcher.id}",
        f"/partner/researchers/{uuid4()}",
    ):
        assert "There is no such researcher." in other.open(path, status=404).text
    assert "Rae" not in other.open("/partner/researchers").text


def test_a_researcher_sees_corrects_and_hides_their_own_profile(
    opened: House, contact: Visitor, university: UUID
) -> None:
    add(contact)
    client = opened.client("university", organisation="Newcastle University")
    rae = {"name": "R. Listed", "email": RAE, "keywords": [], "methods": [], "capacity_days": 5, "publications": []}
    assert client.post("/api/v1/researchers", json=rae).status_code == 201
    assert len(told(opened)) == 2, "each university that lists them"
    mail = outbox(opened, RAE)[0]
    assert mail.params["path"] == "/profile"

    me = Visitor(opened)
    assert "Confirm that it is you" in me.open(str(mail.params["path"]), status=401).text
    me.press("Email a link to this address", {"email": RAE})
    me.open(me.newest_link(RAE))
    page = me.press("Continue")
    assert page.path == "/profile"
    assert "Northumbria University" in page.text
    assert "Newcastle University" in page.text
    assert listed(opened, university)[0].researcher.seen_at == opened.clock.now()

    own = f"/profile/{listed(opened, university)[0].researcher.id}"
    form = me.open(own)
    assert "What Northumbria University says about you" in form.text
    page = me.press("Save", {"name": "Professor Rae Listed", "hidden": "yes"})
    assert "Your changes are saved." in page.text
    [row] = listed(opened, university)
    assert (row.researcher.name, row.researcher.hidden, row.researcher.email) == ("Professor Rae Listed", True, RAE)
    theirs = contact.open(f"/partner/researchers/{row.researcher.id}")
    assert "They hid this profile themselves, so only they can show it again" in theirs.text
    contact.press("Save", {"capacity_days": "31"})
    assert contact.client.post(f"/partner/researchers/{row.researcher.id}", data={}).status_code in {403, 422}
    contact.open(f"/partner/researchers/{row.researcher.id}")
    page = contact.press("Save", {"hidden": "no"}, status=409)
    assert "Professor Rae Listed hid this profile themselves" in page.errors[0]
    assert listed(opened, university)[0].researcher.capacity_days == 31
    me.page = form
    assert "What stands now" in me.press("Save", {"statement": "Mine."}, status=412).text
    assert me.press("Save", {"capacity_days": "x"}, status=422).errors == [
        "Enter the days as a whole number, like 30, up to 3,650"
    ]
    assert len(told(opened)) == 2


def test_somebody_elses_profile_is_absent(opened: House, contact: Visitor, university: UUID) -> None:
    add(contact)
    path = f"/profile/{listed(opened, university)[0].researcher.id}"
    for visited in (path, f"/profile/{uuid4()}", "/profile/rubbish"):
        assert "There is no such profile of yours." in contact.open(visited, status=404).text
    assert "No university lists this address" in contact.open("/profile").text


def test_a_new_address_is_somebody_who_has_not_been_told(opened: House, contact: Visitor, university: UUID) -> None:
    add(contact, email="mistyped@northumbria.example")
    contact.open(f"/partner/researchers/{listed(opened, university)[0].researcher.id}")
    contact.press("Save", {"email": RAE})
    assert told(opened) == ["researcher_listed"]


def test_whoever_lists_themselves_is_not_told(opened: House, contact: Visitor) -> None:
    add(contact, email=CONTACT)
    assert told(opened, CONTACT) == []


def test_a_researcher_who_signs_in_without_a_page_in_mind_finds_their_profile(opened: House, contact: Visitor) -> None:
    add(contact)
    me = Visitor(opened)
    assert me.sign_in_by_pages(RAE).path == "/profile"


def test_what_public_records_found_is_shown_with_its_source_and_can_be_put_aside(
    opened: House, contact: Visitor, university: UUID
) -> None:
    add(contact, orcid="0000-0002-1825-0097")
    [row] = listed(opened, university)
    works = [FoundWork("Cold homes", "What we saw.", 2019, "10.5555/cold"), FoundWork("Somebody else's", None, 2020)]
    opened.database.transact(lambda unit: publications.complete(unit, row.researcher.id, "openalex", works))
    path = f"/partner/researchers/{row.researcher.id}"

    page = contact.open(path)
    assert page.fields["publications"] == DESCRIBED["publications"], "their own words, and nothing else"
    assert "Somebody else's (2020). Found in OpenAlex" in page.text
    assert "Cold homes: summary from OpenAlex, DOI from OpenAlex, year from OpenAlex" in page.text
    contact.press("Save")
    assert listed(opened, university)[0].researcher.version == 1, "nothing was changed"
    [other] = [each for each in listed(opened, university)[0].publications if each.source == "openalex"]
    contact.open(path)
    contact.press("Save", {"not_theirs": [str(other.id)]})
    assert "Somebody else's" not in contact.open(path).text
    [row] = listed(opened, university)
    assert (row.researcher.version, [each.doi for each in row.publications]) == (2, ["10.1136/bmj.n71", "10.5555/cold"])
    api = opened.client("university", organisation="Northumbria University")
    shown = api.get(f"/api/v1/researchers/{row.researcher.id}/publications").json()["items"]
    assert [(each["source"], each["completed"]) for each in shown] == [
        ("university", {}), ("university", {"abstract": "openalex", "doi": "openalex", "year": "openalex"}),
    ]  # fmt: skip


def test_a_profile_that_nobody_confirmed_for_a_year_is_shown_as_old(
    opened: House, contact: Visitor, university: UUID
) -> None:
    add(contact)
    old = "Not confirmed for a year"
    assert "Confirmed by their university on" in contact.open("/partner/researchers").text
    opened.clock.move(days=366)
    contact.sign_in(CONTACT)
    assert old in contact.open("/partner/researchers").text
    manager = Visitor(opened)
    manager.sign_in(MANAGER)
    assert old in manager.open("/manage/directory/researchers?confirmed=old").text
    assert "1 not for a year" in manager.open(f"/manage/directory/organisations/{university}").text
    path = f"/manage/directory/researchers/{listed(opened, university)[0].researcher.id}"
    manager.open(path)
    manager.press("Save", {"capacity_days": "29"})
    assert old in manager.open(path).text, "the team cannot confirm it for them"
    me = Visitor(opened)
    me.sign_in(RAE)
    me.open(f"/profile/{listed(opened, university)[0].researcher.id}")
    me.press("Save")
    assert "Confirmed by themselves on" in contact.open("/partner/researchers").text
    assert old not in manager.open(path).text
    assert listed(opened, university)[0].researcher.version == 2
