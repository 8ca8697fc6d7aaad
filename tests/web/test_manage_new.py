"""Writing a question down for somebody: recorded whole, once, and nothing typed is lost when something is missing."""

from collections.abc import Iterator

import pytest
from sqlmodel import func, select

from service.records.tables import Enquiry
from tests.support.desk import Desk
from tests.support.doors import MANAGER, House, house
from tests.support.visiting import Visitor, outbox

ANN = "ann@council.example"
LEAST = {"question": "Do warmer homes mean fewer visits?", "name": "Ann Asker", "email": ANN}


@pytest.fixture
def place(sqlite_url: str) -> Iterator[House]:
    with house(sqlite_url, staff_emails=MANAGER) as found:
        yield found


@pytest.fixture
def mo(place: House) -> Visitor:
    visitor = Visitor(place)
    visitor.sign_in(MANAGER)
    visitor.open("/manage/new")
    return visitor


def count(place: House) -> int:
    return place.database.read(lambda unit: unit.exec(select(func.count()).select_from(Enquiry)).one())


def test_a_question_by_phone_becomes_an_enquiry_in_triage_with_all_that_is_known(place: House, mo: Visitor) -> None:
    told: dict[str, str | list[str]] = {
        **LEAST, "phone": "0191 498 0000", "organisation": "Gateshead Council", "channel": "meeting",
        "purpose": "A paper to cabinet.", "who_decides": "Cabinet", "decision_date-day": "15", "decision_date-month": "3",
        "decision_date-year": "2027", "place": "Gateshead", "sector": "council_public_health", "topics": ["homes", "ageing"],
        "population": ["older_people"], "enquiry_type": "rapid_evaluation", "organisation_shown": "named",
    }  # fmt: skip
    mo.press("Record the question", told)
    desk = Desk(place.client("manager"))
    [row] = desk.items("/enquiries")
    assert mo.page.path == f"/manage/enquiries/{row['reference']}"
    shown = desk.read(f"/enquiries/{row['reference']}")
    assert (shown["state"], shown["question"], shown["channel"]) == ("triage", LEAST["question"], "meeting")
    assert (shown["purpose"], shown["decision_date"], shown["topics"]) == (
        "A paper to cabinet.", "2027-03-15", ["homes", "ageing"],
    )  # fmt: skip
    assert shown["enquirer"]["confirmed"]
    assert "receipt" in {each.kind for each in outbox(place, ANN)}


def test_pressed_twice_it_is_recorded_once(place: House, mo: Visitor) -> None:
    form, _ = mo.page.form_with("Record the question")
    sent = {**dict(form.fields), **LEAST}
    first, second = (mo.client.post("/manage/new", data=sent) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert count(place) == 1
    mo.open("/manage/new")
    mo.press("Record the question", LEAST)
    assert count(place) == 2, "the same words on another form are another question"


def test_what_is_missing_or_wrong_is_told_and_all_that_was_typed_is_kept(place: House, mo: Visitor) -> None:
    mo.press("Record the question", {"purpose": "A paper.", "topics": ["homes"]}, status=422)
    assert mo.page.errors == [
        "Enter what they want to know",
        "Enter who asks",
        "Enter an email address or a phone number, so that somebody can get back to them",
    ]
    assert mo.page.fields["purpose"] == "A paper."
    wrong: dict[str, str | list[str]] = {**LEAST, "email": "ann", "sector": "moon", "topics": ["x\x00"], "needed_by-day": "31", "needed_by-month": "2",
             "needed_by-year": "2027", "place": "x" * 600, "question": "q" * 20_001}  # fmt: skip
    mo.press("Record the question", wrong, status=422)
    assert len(mo.page.errors) == 6
    assert mo.page.fields["needed_by-day"] == "31"
    assert count(place) == 0


def test_without_its_token_nothing_is_recorded(place: House, mo: Visitor) -> None:
    assert mo.client.post("/manage/new", data=LEAST).status_code == 403
    assert count(place) == 0


def test_what_is_not_reopened_any_more_goes_on_as_a_linked_new_enquiry(place: House, mo: Visitor) -> None:
    desk = Desk(place.client("manager"))
    facts = {"topics": ["homes"], "sector": "nhs", "decision_date": "2027-01-10", "needed_by": "2027-12-01"}
    old = desk.record(LEAST["question"], organisation="Gateshead Council", place="Gateshead", **facts)["reference"]
    desk.did(old, "close", outcome="answered", reason="Two reviews.", answer="Yes.")
    assert "Start a linked new enquiry" not in mo.open(f"/manage/enquiries/{old}").text
    refused = desk.post("/enquiries", {"question": "And?", "enquirer": {"name": "Ann", "email": ANN}, "continues": "x"})
    assert refused.status_code == 422

    place.clock.move(days=120)
    mo.sign_in(MANAGER)
    desk = Desk(place.client("manager"))
    page = mo.open(f"/manage/enquiries/{old}/do/reopen")
    link = f"/manage/new?continues={old}"
    assert link in page.links
    assert link in mo.open(f"/manage/enquiries/{old}").links
    page = mo.open(link)
    assert page.fields["question"] == LEAST["question"]
    assert (page.fields["organisation"], page.fields["place"], page.fields["topics"]) == (
        "Gateshead Council", "Gateshead", "homes",
    )  # fmt: skip
    assert (page.fields["decision_date-year"], page.fields["needed_by-year"]) == ("", "2027")
    page = mo.press("Start the new enquiry", {"question": "Do they still?"})
    new = page.path.rpartition("/")[2]
    assert f"/manage/enquiries/{old}" in page.links
    assert "This one came out of it" in page.text
    page = mo.open(f"/manage/enquiries/{old}")
    assert f"/manage/enquiries/{new}" in page.links
    assert "Taken up by a new enquiry" in page.text
    assert desk.read(f"/enquiries/{new}")["continues"] == old
    assert desk.read(f"/enquiries/{old}")["continued_by"] == [new]
    first, later = (desk.read(f"/enquiries/{each}")["enquirer"]["id"] for each in (old, new))
    assert first == later

    page = mo.open(f"/manage/new?continues={new}")
    assert page.fields["question"] == "", "it is open: there is nothing to take up"
    again = desk.post("/enquiries", {"question": "?", "enquirer": {"name": "Ann", "email": ANN}, "continues": new})
    assert again.status_code == 409
