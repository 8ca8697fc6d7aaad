"""The directory at the console: organisations, people and researchers found, changed, and guarded when two write at once."""

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest

from service.records import audit as trail
from service.records import directory, people, researchers
from service.records.tables import Organisation, Person
from tests.support.doors import LEAD, MANAGER, House, house
from tests.support.hostile import OUR_OWN
from tests.support.journey import Journey
from tests.support.visiting import Visitor, outbox

ROOM = "/manage/directory"
RAE = "rae@northumbria.example"
PROFILE: dict[str, str | list[str]] = {
    "name": "Dr Rae Listed",
    "email": RAE,
    "keywords": "housing\nfuel poverty",
    "topics": ["homes", "inequality"],
    "methods": ["economic"],
    "publications": "Warm homes | 2025 | 10.1136/bmj.n71",
    "capacity_days": "30",
    "conflicts": "Gateshead Council",
}


class Shelf:
    """A manager at the directory of an installation with one enquiry in its call."""

    def __init__(self, opened: House) -> None:
        self.opened = opened
        self.journey = Journey(opened.database, opened.clock)
        self.manager = self.sit(MANAGER)

    def sit(self, email: str) -> Visitor:
        visitor = Visitor(self.opened)
        visitor.sign_in(email)
        return visitor

    def body(self, name: str) -> Organisation:
        found = self.opened.database.read(lambda unit: directory.organisation_called(unit, name))
        assert found is not None
        return found

    def person(self, email: str) -> Person:
        found = self.opened.database.read(lambda unit: people.by_email(unit, email))
        assert found is not None
        return found

    def path(self, name: str) -> str:
        return f"{ROOM}/organisations/{self.body(name).id}"


@pytest.fixture
def shelf(sqlite_url: str) -> Iterator[Shelf]:
    with house(sqlite_url, staff_emails=MANAGER, lead_emails=LEAD) as opened:
        yield Shelf(opened)


@pytest.fixture
def on_either(engine_url: str) -> Iterator[Shelf]:
    """The same on both engines, for what they search differently."""
    with house(engine_url, staff_emails=MANAGER, lead_emails=LEAD) as opened:
        yield Shelf(opened)


# -------------------------------------------------------------------------------------------------------------- looking
def test_one_search_finds_bodies_people_and_researchers_and_leads_to_each(shelf: Shelf) -> None:
    mo = shelf.manager
    mo.open(f"{ROOM}/researchers/new?organisation={shelf.journey.universities[0]}")
    mo.press("Add this researcher", PROFILE)
    page = mo.open(f"{ROOM}?q=northUMBria")
    assert shelf.path("Northumbria University") in page.links
    assert f"{ROOM}/people/{shelf.person('calls@northumbria.example').id}" in page.links
    assert "Dr Rae Listed" in page.text, "by the address"
    assert shelf.path("Durham University") not in page.links
    assert "None match." in mo.open(f"{ROOM}?q=nobody+is+called+this").text
    assert "None match." not in mo.open(ROOM).text
    for q in ("%00%ff", "%25", "x" * 5_000, "%ed%a0%80", "%F0%9F%98%80"):
        for room in ("", "/organisations", "/people", "/researchers"):
            mo.open(f"{ROOM}{room}?q={q}")


def test_lists_are_narrowed_by_their_address_and_rubbish_in_it_asks_nothing(shelf: Shelf) -> None:
    mo = shelf.manager
    page = mo.open(f"{ROOM}/organisations?partner=yes")
    assert shelf.path("Durham University") in page.links
    assert shelf.path("Gateshead Council") not in page.links
    page = mo.open(f"{ROOM}/organisations?kind=council")
    assert shelf.path("Gateshead Council") in page.links
    assert shelf.path("Durham University") not in page.links
    assert shelf.path("Gateshead Council") in mo.open(f"{ROOM}/organisations?kind=x&partner=maybe").links
    contact = f"{ROOM}/people/{shelf.person('calls@durham.example').id}"
    manager = f"{ROOM}/people/{shelf.person(MANAGER).id}"
    page = mo.open(f"{ROOM}/people?contact=yes")
    assert contact in page.links
    assert manager not in page.links
    page = mo.open(f"{ROOM}/people?staff=yes")
    assert manager in page.links
    assert contact not in page.links
    page = mo.open(f"{ROOM}/people?organisation={shelf.journey.universities[2]}")
    assert "People at Durham University" in page.text
    assert contact in page.links
    assert manager in mo.open(f"{ROOM}/people?organisation=x").links
    for cursor in ("x", "eyJ4IjoxfQ"):
        for room in ("organisations", "people", "researchers"):
            mo.open(f"{ROOM}/{room}?cursor={cursor}", status=400)
    for room in ("organisations", "people", "researchers"):
        for absent in (str(uuid4()), "rubbish"):
            mo.open(f"{ROOM}/{room}/{absent}", status=404)


def test_a_long_list_goes_on_where_it_stopped(shelf: Shelf) -> None:
    for number in range(53):
        shelf.journey.organisation(f"Long Parish {number:02}")
    page = shelf.manager.open(f"{ROOM}/organisations?q=long+parish&kind=council")
    more = next(link for link in page.links if "cursor=" in link)
    assert "kind=council" in more
    assert page.text.count("Long Parish") == 50
    page = shelf.manager.open(more)
    assert page.text.count("Long Parish") == 3
    assert not [link for link in page.links if "cursor=" in link]


# -------------------------------------------------------------------------------------------------------- organisations
def test_an_organisation_is_added_once_and_changed(shelf: Shelf) -> None:
    mo = shelf.manager
    form = mo.open(f"{ROOM}/organisations/new")
    facts = {
        "name": "South Tyneside Council",
        "kind": "council",
        "area": "north_east",
        "sector": "council_public_health",
        "agenda_clear_days": "7",
        "clearance_working_days": "15",
        "code": "E08000023",
    }
    page = mo.press("Add the organisation", facts)
    assert "The organisation was added." in page.text
    found = shelf.body("South Tyneside Council")
    assert (found.kind, found.nation, found.area, found.sector, found.code, found.partner) == (
        "council", "england_and_wales", "north_east", "council_public_health", "E08000023", False,
    )  # fmt: skip
    assert (found.agenda_clear_days, found.clearance_working_days) == (7, 15)

    mo.page = form
    page = mo.press("Add the organisation", facts, status=409)
    assert shelf.path("South Tyneside Council") in page.links, "the way to what is known already"
    assert page.fields["code"] == "E08000023"

    mo.open(shelf.path("South Tyneside Council"))
    page = mo.press("Save", {"kind": "university", "partner": "yes", "nation": "scotland", "area": ""})
    assert "The changes are saved." in page.text
    assert "Nobody is entered as its contact" in page.text
    found = shelf.body("South Tyneside Council")
    assert (found.kind, found.partner, found.nation, found.area, found.version) == (
        "university", True, "scotland", None, 2,
    )  # fmt: skip
    assert "changed area, kind, nation, partner" in page.text
    mo.press("Save")
    assert shelf.body("South Tyneside Council").version == 2, "what is the same is no change"


def test_what_an_organisation_cannot_be_is_told_and_every_answer_kept(shelf: Shelf) -> None:
    mo = shelf.manager
    mo.open(shelf.path("Gateshead Council"))
    page = mo.press(
        "Save", {"name": "", "agenda_clear_days": "many", "clearance_working_days": "9999", "code": "kept"}, status=422
    )
    assert page.errors == [
        "Enter a name, on one line of at most 200 characters",
        "Enter the clear days as a whole number from 0 to 250",
        "Enter the working days as a whole number from 0 to 250",
    ]
    assert page.fields["agenda_clear_days"] == "many"
    assert page.fields["code"] == "kept"
    page = mo.press("Save", {"name": "Gateshead Council", "agenda_clear_days": "5", "clearance_working_days": "20",
                             "partner": "yes"}, status=422)  # fmt: skip
    assert page.errors == ["Only a university can be a partner: set kind to university."]
    mo.open(shelf.path("Gateshead Council"))
    page = mo.press("Save", {"name": "durham  university"}, status=409)
    assert shelf.path("Durham University") in page.links
    assert shelf.body("Gateshead Council").version == 1


def test_days_of_an_organisation_count_its_plans_again(shelf: Shelf) -> None:
    journey = shelf.journey.submitted(needed_by=None, decision_date=date(2027, 6, 15))
    before = journey.enquiry().latest_start_on
    assert before is not None
    shelf.manager.open(shelf.path("Gateshead Council"))
    shelf.manager.press("Save", {"clearance_working_days": "30"})
    after = journey.enquiry().latest_start_on
    assert after is not None
    assert after < before


def test_two_who_write_an_organisation_at_once_lose_nothing(shelf: Shelf) -> None:
    first, second = shelf.manager, shelf.sit(LEAD)
    first.open(shelf.path("Gateshead Council"))
    second.open(shelf.path("Gateshead Council"))
    first.press("Save", {"code": "E08000037"})
    page = second.press("Save", {"area": "london"}, status=412)
    assert "What stands now" in page.text
    assert "E08000037" in page.text
    assert page.fields["area"] == "london"
    assert page.fields["code"] == ""
    assert shelf.body("Gateshead Council").area == "north_east"
    second.press("Save", {"code": "E08000037"})
    found = shelf.body("Gateshead Council")
    assert (found.area, found.code, found.version) == ("london", "E08000037", 3)


def test_a_successor_takes_over_what_is_named_from_then_on(shelf: Shelf) -> None:
    mo = shelf.manager
    journey = shelf.journey.submitted()
    shelf.journey.organisation("Tyne Council")
    mo.open(shelf.path("Gateshead Council"))
    assert f"/manage/enquiries/{journey.reference}" in mo.page.links
    assert "What follows:" in mo.page.text
    assert mo.press("Record the successor", status=422).errors == ["Enter the name of the organisation that took over"]
    page = mo.press("Record the successor", {"succeeded_by": "A council nobody knows"}, status=422)
    assert page.errors == ["There is no organisation called A council nobody knows."]
    assert page.fields["succeeded_by"] == "A council nobody knows"
    assert page.fields["name"] == "Gateshead Council", "the other form stands as it was"
    page = mo.press("Record the successor", {"succeeded_by": "gateshead council"}, status=422)
    assert page.errors == ["No organisation succeeds itself."]
    form = mo.page
    page = mo.press("Record the successor", {"succeeded_by": "Tyne Council"})
    assert "The successor is recorded." in page.text
    assert shelf.body("Gateshead Council").succeeded_by_id == shelf.body("Tyne Council").id
    mo.page = form
    mo.press("Record the successor", {"succeeded_by": "Tyne Council"})
    assert shelf.body("Gateshead Council").version == 2, "the same button twice does it once"

    assert shelf.path("Gateshead Council") in mo.open(shelf.path("Tyne Council")).links
    page = mo.press("Record the successor", {"succeeded_by": str(shelf.body("Gateshead Council").id)}, status=409)
    assert "that would run in a circle" in page.errors[0]
    mo.open(f"{ROOM}/people/new")
    mo.press("Add them", {"name": "Ola", "email": "ola@council.example", "organisation": "Gateshead Council"})
    assert shelf.person("ola@council.example").organisation_id == shelf.body("Tyne Council").id

    mo.open(shelf.path("Gateshead Council"))
    assert "Nobody took over: the succession is taken back." in mo.press("Nobody took over after all").text
    assert shelf.body("Gateshead Council").succeeded_by_id is None


# --------------------------------------------------------------------------------------------------------------- people
def test_a_contact_is_added_and_receives_for_their_university(shelf: Shelf) -> None:
    mo = shelf.manager
    durham = shelf.body("Durham University")
    mo.open(f"{ROOM}/people/new?organisation={durham.id}")
    assert mo.page.fields["organisation"] == "Durham University"
    page = mo.press("Add them", {"name": "Dee Durham", "phone": "not a number"}, status=422)
    assert page.errors == ["Enter a phone number, like 01632 960 001 or +44 808 157 0192"]
    page = mo.press("Add them", {"phone": "", "is_contact": "yes"}, status=422)
    assert page.errors == ["Give an email address or a telephone number."]
    form = mo.page
    answers = {"email": "Dee@Durham.example"}
    page = mo.press("Add them", answers)
    dee = shelf.person("dee@durham.example")
    assert (dee.is_contact, dee.organisation_id, dee.staff_role) == (True, durham.id, None)
    assert "Not in the team." in page.text
    mo.page = form
    page = mo.press("Add them", answers, status=409)
    assert f"{ROOM}/people/{dee.id}" in page.links
    assert f"{ROOM}/people/{dee.id}" in mo.open(shelf.path("Durham University")).links


def test_who_is_staff_is_shown_and_left_to_the_settings(shelf: Shelf) -> None:
    mo = shelf.manager
    shelf.sit(LEAD)
    lead, manager = shelf.person(LEAD), shelf.person(MANAGER)
    page = mo.open(f"{ROOM}/people/{manager.id}")
    assert "Research manager. The installation's settings name this address" in page.text
    assert not {"staff_role", "role"} & set(page.fields)
    mo.client.post(
        f"{ROOM}/people/{manager.id}", data={**page.fields, "name": "Mo Manager", "staff_role": "service_lead"}
    )
    assert shelf.person(MANAGER).staff_role == "manager"
    mo.open(f"{ROOM}/people/{lead.id}")
    page = mo.press("Save", {"phone": "0191 498 0000"}, status=403)
    assert "Only a service lead" in page.errors[0]
    assert page.fields["phone"] == "0191 498 0000"
    gone = shelf.journey.person("gone@service.example", name="Gone", staff_role="manager")
    assert "do not name this address" in mo.open(f"{ROOM}/people/{gone}").text


def test_somebody_who_asks_is_reminded_no_more_and_the_trail_says_who_saw_to_it(shelf: Shelf) -> None:
    mo = shelf.manager
    journey = shelf.journey.submitted()
    ann = shelf.person("ann@council.example")
    page = mo.open(f"{ROOM}/people/{ann.id}")
    assert f"/manage/enquiries/{journey.reference}" in page.links
    page = mo.press("Save", {"reminders_stopped": "yes"})
    assert "Stopped on" in page.text
    stopped = shelf.person("ann@council.example").reminders_stopped_at
    assert stopped is not None
    shelf.opened.clock.move(minutes=5)
    mo.press("Save", {"phone": "0191 498 0000"})
    ann = shelf.person("ann@council.example")
    assert (ann.reminders_stopped_at, ann.phone) == (stopped, "0191 498 0000"), "a later save keeps the day"
    written = shelf.opened.database.read(lambda unit: trail.page(unit, limit=50))
    noted = [entry for entry, _ in written if entry.subject == f"person:{ann.id}"]
    assert [each.detail for each in noted] == [{"changed": ["phone"]}, {"changed": ["reminders_stopped_at"]}]
    mo.press("Save", {"reminders_stopped": ""})
    assert shelf.person("ann@council.example").reminders_stopped_at is None

    desk = shelf.opened.client("manager")
    answer = desk.patch(f"/api/v1/people/{ann.id}", json={"reminders_stopped": True})
    assert answer.json()["reminders_stopped_at"] == "2026-11-23T09:35:00Z"
    assert desk.patch(f"/api/v1/people/{ann.id}", json={"reminders_stopped": None}).status_code == 422


def test_a_person_stays_at_a_body_that_was_succeeded_and_two_writers_lose_nothing(shelf: Shelf) -> None:
    mo, sal = shelf.manager, shelf.sit(LEAD)
    council = shelf.body("Gateshead Council")
    shelf.journey.organisation("Tyne Council")
    pat = shelf.journey.person("pat@council.example", name="Pat", organisation_id=council.id)
    mo.open(shelf.path("Gateshead Council"))
    mo.press("Record the successor", {"succeeded_by": "Tyne Council"})
    path = f"{ROOM}/people/{pat}"
    mo.open(path)
    sal.open(path)
    mo.press("Save", {"name": "Pat Park"})
    assert shelf.person("pat@council.example").organisation_id == council.id
    page = sal.press("Save", {"phone": "0191 498 0000"}, status=412)
    assert "Pat Park" in page.text
    assert page.fields["name"] == "Pat"
    sal.press("Save", {"name": "Pat Park", "organisation": "A new trust"})
    found = shelf.person("pat@council.example")
    assert (found.name, found.phone, found.organisation_id) == (
        "Pat Park", "0191 498 0000", shelf.body("A new trust").id,
    )  # fmt: skip
    sal.press("Save", {"organisation": ""})
    assert shelf.person("pat@council.example").organisation_id is None


# ---------------------------------------------------------------------------------------------------------- researchers
def test_a_researcher_is_added_told_found_changed_and_hidden(on_either: Shelf) -> None:
    mo = on_either.manager
    university = on_either.journey.universities[0]
    mo.open(f"{ROOM}/researchers/new")
    form = mo.page
    page = mo.press("Add this researcher", PROFILE, status=422)
    assert page.errors == ["Choose their university"]
    assert page.fields["capacity_days"] == "30"
    page = mo.press("Add this researcher", {"organisation": str(university)})
    assert "The researcher was added." in page.text
    assert "Northumbria University" in page.text
    [row] = on_either.opened.database.read(lambda unit: researchers.page(unit, organisation_id=university, limit=9))
    assert (row.researcher.email, row.researcher.topics, row.researcher.methods, row.researcher.conflicts) == (
        RAE, ["homes", "inequality"], ["economic"], ["Gateshead Council"],
    )  # fmt: skip
    assert [each.kind for each in outbox(on_either.opened, RAE)] == ["researcher_listed"]
    mo.page = form
    page = mo.press("Add this researcher", {**PROFILE, "organisation": str(university)}, status=409)
    path = f"{ROOM}/researchers/{row.researcher.id}"
    assert path in page.links
    mo.page = form
    mo.press("Add this researcher", {**PROFILE, "organisation": str(on_either.journey.council_id)}, status=422)

    mo.open(path)
    page = mo.press("Save", {"hidden": "yes", "capacity_days": "12", "methods": ["realist"]})
    assert "Hidden: matched to no question." in page.text
    for asked, is_there in {
        "hidden=yes": True, "hidden=no": False, "topic=homes": True, "topic=schools": False, "method=realist": True,
        "method=economic": False, f"organisation={university}": True, "topic=rubbish&hidden=perhaps": True,
        f"organisation={on_either.journey.universities[1]}": False,
    }.items():  # fmt: skip
        assert (path in mo.open(f"{ROOM}/researchers?{asked}").links) is is_there, asked


def test_a_file_of_researchers_is_checked_first_then_brought_in(shelf: Shelf) -> None:
    mo = shelf.manager
    sheet = (
        "organisation,name,email,capacity_days\nNorthumbria University,Lin,lin@n.example,3\n{},Sam,sam@u.example,4\n"
    )
    mo.open(f"{ROOM}/researchers")
    assert f"{ROOM}/researchers/import" in mo.page.links
    mo.open(f"{ROOM}/researchers/import")
    assert "Line 3, organisation:" in mo.press("Check it first", {"rows": sheet.format("Nowhere")}).text
    page = mo.press("Bring it in", status=422)
    assert "Line 3, organisation:" in page.text
    page = mo.press("Check it first", {"rows": sheet.format("Newcastle University")})
    assert "2 new, 0 changed, 0 unchanged, 0 refused" in page.text
    assert mo.press("Bring it in").text.count("days to give") == 2
    assert "The file is in." in mo.page.text
    mo.open(f"{ROOM}/researchers/import?organisation={shelf.journey.universities[1]}")
    page = mo.press("Check it first", {"rows": "name,email,capacity_days\nSam,sam@u.example,4\n"})
    assert "1 unchanged" in page.text
    assert [mail.kind for mail in outbox(shelf.opened, "sam@u.example")] == ["researcher_listed"]


def test_an_entry_listed_twice_is_seen_side_by_side_and_merged(shelf: Shelf) -> None:
    mo = shelf.manager
    sheet = "organisation,name,email,capacity_days,orcid\n{}University,Lin,lin@n.example,3,0000-0002-1825-0097\n"
    more = "{}University,Lin Zhao,zhao@n.example,4,{}\nNewcastle University,L Zhao,l@n.example,5,{}\n"
    mo.open(f"{ROOM}/researchers/import")
    both = sheet.format("Northumbria ") + more.format("Durham ", "0000-0002-1825-0097", "0000-0002-1825-0097")
    mo.press("Bring it in", {"rows": both.replace("Durham", "Newcastle")}, status=422)
    mo.press("Bring it in", {"rows": "\n".join(both.replace("Durham", "Newcastle").splitlines()[:3])})
    assert f"{ROOM}/duplicates" in mo.page.links
    page = mo.open(f"{ROOM}/duplicates")
    assert "Why: the same ORCID iD." in page.text
    [link] = [each for each in page.links if "first=" in each]
    page = mo.open(link)
    assert "Working" not in page.text
    assert "Name Differs Lin Lin Zhao" in page.text
    page = mo.press("Merge them", status=422)
    assert page.errors == ["Choose the entry that is to stand for both"]
    first = page.fields["first"]
    page = mo.press("Merge them", {"kept": first}, status=409)
    assert "each list them" in page.errors[0]
    page = mo.press("Merge them", {"kept": first, "across": "yes"})
    assert "They are one entry now." in page.text
    assert "Nobody looks listed twice." in page.text
    other = link.rpartition("second=")[2]
    assert f"{ROOM}/researchers/{first}" in mo.open(f"{ROOM}/researchers/{other}").links
    mo.open(link, status=404)


def test_two_who_write_a_researcher_at_once_lose_nothing(shelf: Shelf) -> None:
    first, second = shelf.manager, shelf.sit(LEAD)
    first.open(f"{ROOM}/researchers/new?organisation={shelf.journey.universities[0]}")
    path = first.press("Add this researcher", PROFILE).path
    second.open(path)
    first.press("Save", {"capacity_days": "5"})
    page = second.press("Save", {"statement": "Mine."}, status=412)
    assert "What stands now" in page.text
    assert "5 days to give" in page.text
    assert page.fields["statement"] == "Mine."
    found = second.press("Save", {"capacity_days": "5"})
    assert (found.fields["statement"], found.fields["capacity_days"]) == ("Mine.", "5")


def test_each_page_leads_to_the_enquiries_concerned(on_either: Shelf) -> None:
    mo = on_either.manager
    mo.open(f"{ROOM}/researchers/new?organisation={on_either.journey.universities[0]}")
    path = mo.press("Add this researcher", PROFILE).path
    assert "None so far." in mo.page.text
    journey = on_either.journey.published().interested(lead_email=RAE)
    case = f"/manage/enquiries/{journey.reference}"
    assert case in mo.open(path).links
    assert "Put forward as lead" in mo.page.text
    page = mo.open(on_either.path("Northumbria University"))
    assert case in page.links
    assert "Was sent the brief, offered a team" in page.text
    page = mo.open(on_either.path("Gateshead Council"))
    page = mo.open(case)
    assert on_either.path("Gateshead Council") in page.links, "and each enquiry leads back"
    assert f"{ROOM}/people/{on_either.person('ann@council.example').id}" in page.links
    page = mo.open(on_either.path("Gateshead Council"))
    queue = next(link for link in page.links if link.startswith("/manage/queue?organisation="))
    assert case in [link.partition("?")[0] for link in mo.open(queue).links]
    assert "Looks after it" in mo.open(f"{ROOM}/people/{on_either.person(MANAGER).id}").text
    assert case in mo.page.links


# --------------------------------------------------------------------------------------------------------------- misuse
def test_hostile_text_is_kept_or_explained_and_never_a_fault(shelf: Shelf) -> None:
    mo = shelf.manager
    forms = {
        f"{ROOM}/organisations/new": ("name", "kind", "nation", "code", "agenda_clear_days"),
        shelf.path("Gateshead Council"): ("name", "sector", "area", "seen"),
        f"{shelf.path('Gateshead Council')}/succession": ("succeeded_by", "do", "seen"),
        f"{ROOM}/people/new": ("name", "email", "phone", "organisation"),
        f"{ROOM}/people/{shelf.person('calls@durham.example').id}": ("name", "phone", "seen", "is_contact"),
        f"{ROOM}/researchers/new": ("organisation", "name", "capacity_days", "publications", "topics"),
    }
    token = mo.open(ROOM).fields.get("csrf_token") or mo.open(f"{ROOM}/people/new").fields["csrf_token"]
    for path, names in forms.items():
        for text in [*OUR_OWN, "\0", "9" * 5_000]:
            answer = mo.client.post(path, data={**dict.fromkeys(names, text), "csrf_token": token})
            assert answer.status_code in {303, 409, 412, 422}, (path, text)
            assert answer.text.count("<script") in {0, 2}


def test_a_form_of_somebody_elses_making_changes_nothing(shelf: Shelf) -> None:
    mo = shelf.manager
    page = mo.open(shelf.path("Gateshead Council"))
    sent = {**page.fields, "code": "E1", "csrf_token": "theirs"}
    assert mo.client.post(shelf.path("Gateshead Council"), data=sent).status_code == 403
    assert shelf.body("Gateshead Council").code is None
