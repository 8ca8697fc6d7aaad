"""A university's answer by phone, recorded by a manager at the console."""

from uuid import UUID

import pytest

from service.records import calls
from service.records.tables import Interest
from tests.support.doors import MANAGER, House
from tests.support.journey import Journey
from tests.support.scene import signed_in
from tests.support.visiting import Page, Visitor

TEAM: dict[str, str | list[str]] = {
    "answer": "interested",
    "lead_name": "Dr Ada Homes",
    "lead_email": "Ada@durham.example",
    "team": "Dr Ben Bees\n\nDr Cy",
    "statement": "They linked the data before.",
    "capacity_days": "30",
    "earliest_start-day": "11",
    "earliest_start-month": "January",
    "earliest_start-year": "2027",
    "cost_band": "5k_to_20k",
    "show_enquirer": "yes",
}


@pytest.fixture
def journey(console: House) -> Journey:
    made = Journey(console.database, console.clock)
    return made.published(recipients=made.universities[:2])


@pytest.fixture
def mo(console: House) -> Visitor:
    return Visitor(console, signed_in(console, MANAGER))


def at_form(mo: Visitor, journey: Journey, university: UUID | str) -> Page:
    return mo.open(f"/manage/enquiries/{journey.reference}/interest?university={university}")


def interests(journey: Journey) -> list[Interest]:
    return journey.look(lambda unit: calls.interests(unit, journey.enquiry_id))


def test_a_team_is_recorded_for_its_university_once(journey: Journey, mo: Visitor) -> None:
    page = at_form(mo, journey, "")
    assert "Which university answered?" in page.text
    assert str(journey.universities[2]) not in page.html
    at_form(mo, journey, journey.universities[1])
    form, _ = mo.page.form_with("Record the answer")
    page = mo.press("Record the answer", TEAM)
    assert "The team is recorded." in page.text
    [made] = interests(journey)
    assert made.organisation_id == journey.universities[1]
    assert (made.lead_email, made.team, made.capacity_days) == ("ada@durham.example", ["Dr Ben Bees", "Dr Cy"], 30)
    assert made.show_enquirer
    assert mo.client.post(form.action, data={**dict(form.fields), **TEAM}).status_code == 303
    assert len(interests(journey)) == 1
    assert "It has offered a team already" in at_form(mo, journey, journey.universities[1]).text


def test_a_no_is_recorded_with_its_reason(journey: Journey, mo: Visitor) -> None:
    at_form(mo, journey, journey.universities[0])
    assert mo.press("Record the answer", {"answer": "declined"}, status=422).errors == [
        "Choose why they do not take part"
    ]
    page = mo.press("Record the answer", {"reason": "too_short", "comment": "Ask us in May."})
    assert "The university's answer is recorded." in page.text
    assert "Too little time: Ask us in May." in page.text


def test_mistakes_keep_what_was_typed(journey: Journey, mo: Visitor) -> None:
    at_form(mo, journey, journey.universities[0])
    assert mo.press("Record the answer", status=422).errors == ["Choose what they said"]
    wrong = {**TEAM, "lead_email": "ada", "capacity_days": "many", "earliest_start-year": "9999", "show_enquirer": []}
    page = mo.press("Record the answer", wrong, status=422)
    assert len(page.errors) == 4
    assert page.fields["statement"] == "They linked the data before."
    assert page.fields["capacity_days"] == "many"
    assert interests(journey) == []


def test_a_university_that_was_not_asked_and_a_call_that_is_over_take_nothing(journey: Journey, mo: Visitor) -> None:
    at_form(mo, journey, journey.universities[0])
    form, _ = mo.page.form_with("Record the answer")
    sent = {**dict(form.fields), **TEAM}
    for stranger in (str(journey.universities[2]), str(journey.council_id), "x", ""):
        assert mo.client.post(form.action, data={**sent, "university": stranger}).status_code == 404
    assert mo.client.post(form.action, data={**sent, "csrf_token": "x"}).status_code == 403
    journey.costing()
    late = mo.client.post(form.action, data=sent)
    assert late.status_code == 409
    assert "no longer open for interest" in late.text
    assert "They linked the data before." in late.text
    assert "no longer open for interest" in at_form(mo, journey, journey.universities[0]).text
