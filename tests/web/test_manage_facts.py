"""The facts of an enquiry as one form: what is changed is saved, what is not is left alone, and two may write at once."""

from collections.abc import Iterator

import pytest

from service.records import enquiries
from service.workflows import commands as c
from tests.support.desk import Desk
from tests.support.doors import LEAD, MANAGER, House, house
from tests.support.journey import Journey
from tests.support.visiting import Visitor

PURPOSE = "A paper to cabinet.\r\n\r\nThen a bid."


class Case:
    """One enquiry with a few facts, and its manager at the form."""

    def __init__(self, opened: House) -> None:
        self.opened = opened
        self.journey = Journey(opened.database, opened.clock, organisation_shown=None).submitted(
            purpose=PURPOSE, place="Gateshead\nand beyond", topics=["homes"], population=["older_people"]
        )
        self.path = f"/manage/enquiries/{self.journey.reference}/facts"
        self.desk = Desk(opened.client("manager"))
        self.manager = self.sit(MANAGER)

    def sit(self, email: str) -> Visitor:
        manager = Visitor(self.opened)
        manager.sign_in(email)
        manager.open(self.path)
        return manager

    def events(self) -> list[str]:
        moments = self.desk.items(f"/enquiries/{self.journey.reference}/timeline")
        return [str(each["event"]) for each in moments if each["type"] == "event"]


@pytest.fixture
def case(sqlite_url: str) -> Iterator[Case]:
    with house(sqlite_url, staff_emails=MANAGER, lead_emails=LEAD) as opened:
        yield Case(opened)


def test_every_fact_is_saved_and_shown(case: Case) -> None:
    page = case.manager.press(
        "Save the facts",
        {
            "question": "Do warmer homes keep older people out of hospital?",
            "population_notes": "Tenants",
            "topics": ["homes", "ageing"],
            "who_decides": "Cabinet",
            "decision_window": "key_decision",
            "decision_step": "options",
            "decision_date-day": "15", "decision_date-month": "March", "decision_date-year": "2027",
            "product": "rapid_review",
            "evidence_wanted": ["local_data"],
            "methods": ["qualitative", "economic"],
            "budget_band": "under_5k",
            "procurement_route": "grant",
            "sector": "council_other",
            "organisation": "A Borough Nobody Knows",
            "organisation_shown": "described",
            "organisation_description": "",
            "enquirer_name": "Anne Asker",
            "enquirer_phone": "0191 498 0000",
        },
    )  # fmt: skip

    assert "The facts are saved." in page.text
    shown = case.desk.read(f"/enquiries/{case.journey.reference}")
    expected = {
        "question": "Do warmer homes keep older people out of hospital?",
        "original_question": case.journey.question,
        "question_versions": 2,
        "topics": ["homes", "ageing"],
        "decision_date": "2027-03-15",
        "methods": ["qualitative", "economic"],
        "budget_band": "under_5k",
        "organisation": "A Borough Nobody Knows",
        "organisation_shown": "described",
        "organisation_description": "A council",
    }
    assert {name: shown[name] for name in expected} == expected
    assert (shown["enquirer"]["name"], shown["enquirer"]["phone"]) == ("Anne Asker", "0191 498 0000")
    assert case.journey.enquiry().product == "rapid_review"
    # What was not touched is as it was, to the letter.
    assert case.journey.enquiry().purpose == PURPOSE
    assert case.journey.enquiry().place == "Gateshead\nand beyond"
    assert page.fields["decision_date-month"] == "3"
    assert "In the enquirer's first words" in page.text
    assert case.events().count("amend") == 1


def test_a_form_in_which_nothing_was_changed_changes_nothing(case: Case) -> None:
    version = case.journey.enquiry().version

    page = case.manager.press("Save the facts")

    assert "Nothing was changed." in page.text
    assert case.journey.enquiry().version == version
    assert "amend" not in case.events()


def test_a_fact_can_be_taken_back(case: Case) -> None:
    case.manager.press("Save the facts", {"place": "", "topics": [], "purpose": ""})

    enquiry = case.journey.enquiry()
    assert (enquiry.place, enquiry.topics, enquiry.purpose) == (None, [], None)


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"question": " "}, "Say what they want to know"),
        ({"decision_date-day": "31", "decision_date-month": "2", "decision_date-year": "2027"}, "When the decision is taken must be a real date"),
        ({"needed_by-day": "31"}, "When something usable is needed must include a month and year"),
        ({"sector": "nonsense"}, "Choose from the list: sector"),
        ({"product": "nonsense"}, "Choose from the list: what it may lead to"),
        ({"topics": ["homes", "nonsense"]}, "Choose from the list: topics"),
        ({"place": "x" * 501}, "Where must be 500 characters or fewer. It has 501."),
        ({"enquirer_email": "nobody"}, "Enter an email address in the correct format, like name@example.com"),
        ({"enquirer_email": ""}, "Their email address cannot be left empty once it is known"),
        ({"enquirer_phone": "12"}, "Enter a phone number, like 01632 960 001 or +44 808 157 0192"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_every_answer_kept(case: Case, answers: dict[str, str], error: str) -> None:
    page = case.manager.press("Save the facts", {"not_wanted": "No more surveys.", **answers}, status=422)

    assert page.errors == [error]
    assert page.fields["not_wanted"] == "No more surveys."
    assert "amend" not in case.events()
    mended = {name: value for name, value in {"place": "Tyne", "question": "And now?"}.items() if name in answers}
    if mended:
        case.manager.press("Save the facts", mended)
        assert case.journey.enquiry().not_wanted == "No more surveys."


def test_somebody_elses_address_is_refused_in_a_sentence(case: Case) -> None:
    case.journey.person("sam@council.example", name="Sam")

    page = case.manager.press("Save the facts", {"enquirer_email": "sam@council.example", "place": "Tyne"}, status=409)

    assert page.errors == ["That address belongs to another person here. Add them as a colleague instead."]
    assert page.fields["place"] == "Tyne"


def test_two_managers_at_once_lose_nothing(case: Case) -> None:
    other = case.sit(LEAD)
    other.press("Save the facts", {"place": "Sunderland", "purpose": "A bid."})

    page = case.manager.press("Save the facts", {"purpose": "A strategy.", "who_decides": "Cabinet"}, status=412)

    assert "This changed while you were writing." in page.text
    assert "Facts changed (Where, What the answer will help them do)" in page.text
    assert page.fields["purpose"] == "A strategy."
    assert page.fields["who_decides"] == "Cabinet"
    assert page.fields["place"] == "Sunderland"
    assert case.journey.enquiry().purpose == "A bid."
    case.manager.press("Save the facts")
    enquiry = case.journey.enquiry()
    assert (enquiry.purpose, enquiry.who_decides, enquiry.place) == ("A strategy.", "Cabinet", "Sunderland")


def test_a_mistake_does_not_hide_that_somebody_else_wrote(case: Case) -> None:
    case.manager.press("Save the facts", {"sector": "nonsense"}, status=422)
    case.desk.change(case.journey.reference, place="Sunderland")

    case.manager.press("Save the facts", {"sector": "nhs"}, status=412)

    assert case.journey.enquiry().sector is None


def test_the_type_is_changed_by_an_event_with_a_reason(case: Case) -> None:
    case.journey.act(c.Retype(enquiry_type="evidence_review", reason="It asks what is known."))

    page = case.manager.open(case.path)

    assert "Type: Evidence review" in page.text
    assert {
        f"/manage/enquiries/{case.journey.reference}/do/{event}" for event in ("retype", "reframe", "split")
    } <= set(page.links)


def test_a_closed_enquiry_is_shown_and_not_changed(case: Case) -> None:
    form, _ = case.manager.page.form_with("Save the facts")
    case.desk.did(case.journey.reference, "close", outcome="withdrawn", reason="No longer needed.")

    sent = {**dict(form.fields), "place": "Tyne", "seen": str(case.journey.enquiry().version)}
    answer = case.manager.client.post(case.path, data=sent)

    assert (answer.status_code, "Reopen it to change it" in answer.text) == (409, True)
    page = case.manager.open(case.path)
    assert "Reopen it to change anything here" in page.text
    assert "Save the facts" not in page.buttons


def test_a_form_that_is_not_ours_changes_nothing(case: Case) -> None:
    fields = dict(case.manager.page.form_with("Save the facts")[0].fields)

    for sent in ({**fields, "csrf_token": "x"}, {**fields, "csrf_token": "x", "place": "Tyne"}):
        assert case.manager.client.post(case.path, data=sent).status_code == 403
    hostile = {**fields, "seen": "9" * 40, "place": "T\x00yne", "was-place": "\x00", "decision_date-year": "9" * 400}
    assert case.manager.client.post(case.path, data=hostile).status_code == 422
    assert case.opened.database.read(lambda unit: len(enquiries.question_versions(unit, case.journey.enquiry_id))) == 1
