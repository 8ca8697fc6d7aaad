"""The form: two pages reach a person; every page saves; a second click changes nothing."""

import re
from datetime import date

import pytest
from sqlmodel import select

from service.records.tables import Enquiry, Event, OutboxMessage, Person, QuestionVersion
from tests.support.doors import House
from tests.support.journey import Cast
from tests.support.visiting import Visitor, ask, ask_and_send, outbox

ANN = {"name": "Ann Asker", "email": "Ann@Council.example"}


def the_enquiry(house: House) -> Enquiry:
    return house.database.read(lambda unit: unit.exec(select(Enquiry)).one())


def test_two_pages_reach_a_person(opened: House, visitor: Visitor) -> None:
    Cast(opened.database, opened.clock).manager()
    ask(visitor, "Do warm homes mean\nfewer visits to A&E?")
    page = visitor.press("Send now and talk", ANN | {"organisation": "A council nobody listed"})

    enquiry = the_enquiry(opened)
    assert enquiry.reference
    assert enquiry.reference in page.text
    assert "Mo Manager will be in touch by Wednesday 25 November 2026" in page.text
    assert "Wednesday 25 November 2026 is 2 working days after Monday 23 November 2026." in page.text
    assert "no fee" in page.text
    assert opened.settings.service_phone in page.text
    assert (enquiry.state, enquiry.waiting_on, enquiry.channel) == ("triage", "team", "web")
    assert (enquiry.organisation_id, enquiry.organisation_name) == (None, "A council nobody listed")
    assert (enquiry.form_name, enquiry.form_email, enquiry.form_phone) == (None, None, None)
    assert enquiry.due_on == date(2026, 11, 25)

    def found(unit: object) -> tuple[list[Person], list[QuestionVersion], list[Event]]:
        return tuple(list(unit.exec(select(each))) for each in (Person, QuestionVersion, Event))  # type: ignore[attr-defined, return-value]

    people, versions, events = opened.database.read(found)
    ann = next(person for person in people if person.email == "ann@council.example")
    assert (ann.id, ann.name, ann.confirmed_at) == (enquiry.enquirer_id, "Ann Asker", None)
    assert [(each.number, each.text) for each in versions] == [(1, "Do warm homes mean\nfewer visits to A&E?")]
    assert [(each.event, each.from_state, each.to_state, each.actor_role) for each in events] == [
        ("submit", "draft", "triage", "enquirer")
    ]
    assert [(each.kind, each.to_address) for each in outbox(opened)] == [
        ("receipt", "ann@council.example"),
        ("new_enquiry", "mo@service.example"),
    ]
    receipt = outbox(opened, "ann@council.example")[0]
    assert receipt.params["respond_by_text"] == "Wednesday 25 November 2026"
    assert receipt.params["who"] == "Mo Manager"


def test_a_known_organisation_is_linked_and_its_holidays_count(opened: House, visitor: Visitor) -> None:
    glasgow = Cast(opened.database, opened.clock).organisation("Glasgow City Council", nation="scotland")
    opened.clock.move(days=6)  # Sunday 29 November; St Andrew's Day is the Monday
    ask(visitor)
    page = visitor.press("Send now and talk", ANN | {"organisation": "  glasgow   city COUNCIL "})

    assert the_enquiry(opened).organisation_id == glasgow
    assert "by Thursday 3 December 2026" in page.text
    assert "St. Andrew" in page.text or "Saint Andrew" in page.text


def test_a_double_click_gets_the_same_confirmation(opened: House, visitor: Visitor) -> None:
    ask(visitor)
    second_page = visitor.page
    first = visitor.press("Send now and talk", ANN)
    visitor.page = second_page
    second = visitor.press("Send now and talk", ANN)

    assert second.text == first.text
    assert len(outbox(opened, "ann@council.example")) == 1


def test_the_first_page_sent_twice_makes_one_draft(opened: House, visitor: Visitor) -> None:
    visitor.open("/ask")
    first_page = visitor.page
    visitor.press("Continue", {"question": "Once"})
    visitor.page = first_page
    visitor.press("Continue", {"question": "Twice"})

    assert the_enquiry(opened).question == "Twice"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, ["Enter your name", "Enter an email address or a phone number, so that somebody can get back to you"]),
        ({"name": "Ann"}, ["Enter an email address or a phone number, so that somebody can get back to you"]),
        (
            {"name": "Ann", "email": "ann.example"},
            ["Enter an email address in the correct format, like name@example.com"],
        ),
        ({"name": "Ann", "phone": "none"}, ["Enter a phone number, like 01632 960 001 or +44 808 157 0192"]),
        ({"name": "A" * 201, "phone": "01632 960 001"}, ["Your name must be 200 characters or fewer. It has 201."]),
    ],
)
def test_mistakes_are_told_and_every_answer_kept(reader: Visitor, given: dict[str, str], told: list[str]) -> None:
    ask(reader)
    page = reader.press("Send now and talk", {**given, "organisation": "My council"}, status=422)

    assert page.errors == told
    assert "<title>Error: " in page.html
    assert {name: page.fields[name] for name in (*given, "organisation")} == {**given, "organisation": "My council"}
    assert outbox(reader.house) == []


def test_a_phone_number_is_enough(opened: House, visitor: Visitor) -> None:
    ask(visitor)
    page = visitor.press("Send now and talk", {"name": "Ann", "phone": "01632 960 001"})

    assert "we will phone you" in page.text
    assert outbox(opened, "ann@council.example") == []


def test_every_optional_page_is_kept_and_shown_for_checking(opened: House, visitor: Visitor) -> None:
    ask(visitor)
    visitor.press("Add more (about 5 minutes)", ANN)
    visitor.press("Continue", {"purpose": "Write a paper.\n\nFor cabinet.", "who_decides": "Cabinet"})
    visitor.press(
        "Continue",
        {
            "timing": "date",
            "needed_by-day": "1",
            "needed_by-month": "March",
            "needed_by-year": "2027",
            "decision_window": "key_decision",
        },
    )
    visitor.press(
        "Continue", {"organisation_shown": "described", "organisation_description": "a council in the North East"}
    )
    visitor.press(
        "Continue", {"population": ["older_people", "working_age"], "population_notes": "Carers", "place": "Bensham"}
    )
    visitor.press("Continue", {"known_evidence": "A review of 2019.", "not_wanted": "Another survey."})
    visitor.press("Continue", {"evidence_wanted": ["guidance", "local_data"]})
    visitor.press("Continue", {"budget_band": "5k_to_20k"})
    visitor.press("Add this colleague", {"name": "Bea Boss", "email": "bea@council.example"})
    assert "Bea Boss" in visitor.page.text
    visitor.press("Continue")
    visitor.press("Add this file", file=("paper.txt", b"Some words."))
    assert "paper.txt" in visitor.page.text
    page = visitor.press("Continue")

    for said in (
        "Write a paper. For cabinet.", "Cabinet", "By 1 March 2027", "A key decision by cabinet or committee",
        "Universities see a description only: a council in the North East", "Working-age adults", "Carers", "Bensham",
        "A review of 2019.", "Another survey.", "Guidance, Local data", "£5,000 to £20,000", "bea@council.example",
        "paper.txt",
    ):  # fmt: skip
        assert said in page.text, said
    visitor.press("Send your question")

    enquiry = the_enquiry(opened)
    assert enquiry.purpose == "Write a paper.\n\nFor cabinet."
    assert (enquiry.needed_by, enquiry.decision_window) == (date(2027, 3, 1), "key_decision")
    assert (enquiry.organisation_shown, enquiry.organisation_description) == (
        "described",
        "a council in the North East",
    )
    assert (enquiry.population, enquiry.population_notes) == (["older_people", "working_age"], "Carers")
    assert (enquiry.evidence_wanted, enquiry.budget_band) == (["guidance", "local_data"], "5k_to_20k")
    assert enquiry.form_colleagues == []


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        ({"timing": "none"}, (None, None, "none")),
        ({"timing": "not_known"}, (None, None, "not_known")),
        (
            {"timing": "not_known", "decision_date-day": "9", "decision_date-month": "4", "decision_date-year": "2027"},
            (None, date(2027, 4, 9), "not_known"),
        ),
        ({"decision_window": "budget_round"}, (None, None, "budget_round")),
        ({"decision_window": "not_known"}, (None, None, "not_known")),
        ({}, (None, None, None)),
    ],
)
def test_not_knowing_when_is_a_real_answer(reader: Visitor, answers: dict[str, str], kept: tuple[object, ...]) -> None:
    ask(reader)
    reader.press("Add more (about 5 minutes)", ANN)
    reader.press("Continue")
    assert reader.page.html.count('value="not_known"') == 2, "a kind of decision, once chosen, can be taken back"
    reader.press("Continue", answers)

    enquiry = the_enquiry(reader.house)
    assert (enquiry.needed_by, enquiry.decision_date, enquiry.decision_window) == kept


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (("31", "2", "2027"), "The date you need it by must be a real date"),
        (("1", "", "2027"), "The date you need it by must include a month"),
        (("", "", "2027"), "The date you need it by must include a day and month"),
        (("22", "11", "2026"), "The date you need it by must be today or in the future"),
        (("1", "1", "27"), "The date you need it by must be a real date"),
        (("", "", ""), "Enter the date you need something by, or choose another answer"),
    ],
)
def test_a_date_that_cannot_be_is_explained(reader: Visitor, parts: tuple[str, str, str], told: str) -> None:
    ask(reader)
    reader.press("Add more (about 5 minutes)", ANN)
    reader.press("Continue")
    given = {f"needed_by-{part}": value for part, value in zip(("day", "month", "year"), parts, strict=True)}
    page = reader.press("Continue", {"timing": "date", **given}, status=422)

    assert page.errors == [told]
    assert page.fields["needed_by-year"] == parts[2]
    assert 'href="#needed_by-day"' in page.html


def test_an_answer_is_changed_from_the_check_page_and_leads_back_to_it(reader: Visitor) -> None:
    ask(reader)
    reader.press("Add more (about 5 minutes)", ANN)
    token = reader.page.path.split("/")[2]
    reader.open(f"/ask/{token}/check")
    reader.open(f"/ask/{token}/purpose?then=check")
    reader.press("Continue", {"purpose": "A bid"})
    assert reader.page.path == f"/ask/{token}/check"
    reader.open(f"/ask/{token}/question?then=check")
    reader.press("Continue", {"question": ""}, status=422)
    reader.press("Continue", {"question": "A better question"})
    assert reader.page.path == f"/ask/{token}/check"
    assert "A better question" in reader.page.text
    for question in ("purpose", "colleagues"):
        assert "Back to your answers" in reader.open(f"/ask/{token}/{question}?then=check").text
        assert "Skip the rest" in reader.open(f"/ask/{token}/{question}").text


def test_the_form_is_finished_later_by_an_emailed_link(opened: House, visitor: Visitor) -> None:
    ask(visitor, "Half a thought")
    page = visitor.press("Email me a link to finish later", {"email": "ann@council.example"})
    assert "ann@council.example" in page.text
    assert "Monday 21 December 2026" in page.text

    mailed = outbox(opened, "ann@council.example")
    enquiry = the_enquiry(opened)
    assert [(each.kind, each.params["draft_id"]) for each in mailed] == [("draft_link", str(enquiry.id))]
    opened.clock.move(days=20)
    later = Visitor(opened)
    token = opened.app.state.services.tokens.draft_token(enquiry.id)
    later.open(f"/ask/{token}")
    assert later.page.fields["email"] == "ann@council.example"
    later.press("Send now and talk", {"name": "Ann"})
    assert the_enquiry(opened).question == "Half a thought"
    later.open(f"/ask/{token}")
    assert str(the_enquiry(opened).reference) in later.page.text


def test_a_link_to_finish_later_needs_an_address(reader: Visitor) -> None:
    ask(reader)
    page = reader.press("Email me a link to finish later", {"name": "Ann"}, status=422)
    assert page.errors == ["Enter the email address to send the link to"]


def test_one_address_gets_few_links(opened: House, visitor: Visitor) -> None:
    for _ in range(7):
        ask(visitor)
        visitor.press("Email me a link to finish later", {"email": "victim@council.example"})
    assert len(outbox(opened, "victim@council.example")) == 5


def test_an_unconfirmed_address_gets_few_receipts_and_no_question_is_lost(opened: House, visitor: Visitor) -> None:
    references = {ask_and_send(visitor) for _ in range(7)}
    assert len(references) == 7
    statuses = [message.status for message in outbox(opened, "ann@council.example")]
    assert statuses.count("queued") == 5
    assert statuses.count("held") == 2


def test_a_draft_is_kept_for_28_days_after_it_was_saved(opened: House, visitor: Visitor) -> None:
    ask(visitor)
    path = visitor.page.path
    opened.clock.move(days=27)
    visitor.press("Add more (about 5 minutes)", ANN)
    opened.clock.move(days=27)
    visitor.open(path)
    opened.clock.move(days=1)
    page = visitor.open(path, status=410)
    assert "start again" in page.text


def test_a_draft_is_deleted_when_its_writer_says_so(opened: House, visitor: Visitor) -> None:
    ask(visitor)
    visitor.press("Email me a link to finish later", ANN)
    token = visitor.page.path.split("/")[2]
    visitor.open(f"/ask/{token}/files")
    visitor.press("Add this file", file=("paper.txt", b"Some words."))
    visitor.open(f"/ask/{token}/discard")
    visitor.press("Delete my answers")

    assert opened.database.read(lambda unit: list(unit.exec(select(Enquiry)))) == []
    assert opened.database.read(lambda unit: list(unit.exec(select(OutboxMessage)))) == []
    visitor.open(f"/ask/{token}/discard")
    visitor.press("Delete my answers")


def test_a_sent_form_shows_nothing_but_its_confirmation(reader: Visitor) -> None:
    ask(reader, "A secret question")
    reader.press("Send now and talk", ANN)
    token = reader.page.path.split("/")[2]
    for slug in ("", "/question", "/contact", "/purpose", "/colleagues", "/files", "/check", "/later", "/discard"):
        page = reader.open(f"/ask/{token}{slug}")
        assert page.path == f"/ask/{token}/sent", slug
        assert "A secret question" not in page.text
        assert "ann@council.example" not in page.html.lower()


def test_a_token_of_ones_own_making_opens_nothing(reader: Visitor) -> None:
    reader.open("/ask/abc.def/contact", status=404)
    reader.open("/ask/" + "é" * 20, status=404)


def test_a_colleague_hears_of_it_once_the_address_is_confirmed(opened: House, visitor: Visitor) -> None:
    ask(visitor)
    visitor.press("Add more (about 5 minutes)", ANN)
    token = visitor.page.path.split("/")[2]
    visitor.open(f"/ask/{token}/colleagues")
    visitor.press("Add this colleague", {"name": "Bea Boss", "email": "bea@council.example"})
    visitor.press("Remove Bea Boss")
    assert "Bea Boss" not in visitor.page.text
    page = visitor.press("Continue", {"name": "Cy Cole", "email": "cy@"}, status=422)
    assert (page.fields["name"], page.fields["email"]) == ("Cy Cole", "cy@")
    visitor.press("Continue", {"name": "Cy Cole", "email": "cy@council.example"})
    visitor.open(f"/ask/{token}/check")
    visitor.press("Send your question")
    assert outbox(opened, "cy@council.example") == []
    visitor.sign_in("ann@council.example")

    assert [message.kind for message in outbox(opened, "cy@council.example")] == ["colleague_added"]
    assert outbox(opened, "bea@council.example") == []
    cy = Visitor(opened)
    cy.sign_in("cy@council.example")
    cy.open(f"/enquiries/{the_enquiry(opened).reference}")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("run.exe", b"MZ\x90\0", "The selected file must be a PDF"),
        ("paper.pdf", b"<html><script>alert(1)</script>", "is not a real .pdf file"),
        ("paper.txt", b"", "is empty"),
        ("paper.txt", b"\x00\x01\x02", "is not a real .txt file"),
        ("paper.docx", b"PK\x03\x04 nonsense", "is not a real .docx file"),
        ("big.txt", b"a" * 10_000_001, "must be smaller than 10MB"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(reader: Visitor, name: str, content: bytes, told: str) -> None:
    ask(reader)
    token = reader.page.path.split("/")[2]
    reader.open(f"/ask/{token}/files")
    page = reader.press("Add this file", file=(name, content), status=422)
    assert told in page.errors[0]


def test_a_file_far_over_the_limit_is_told_on_a_page(reader: Visitor) -> None:
    ask(reader)
    token = reader.page.path.split("/")[2]
    reader.open(f"/ask/{token}/files")
    page = reader.press("Add this file", file=("big.txt", b"a" * 11_000_000), status=413)
    assert "too large" in page.text
    assert reader.open(f"/ask/{token}/contact").status == 200


def test_somebody_signed_in_finds_their_name_filled_in(reader: Visitor) -> None:
    ask_and_send(reader)
    reader.sign_in("ann@council.example")
    ask(reader)
    assert (reader.page.fields["name"], reader.page.fields["email"]) == ("Ann Asker", "ann@council.example")


def test_the_box_for_programs_is_told_of_and_costs_nobody_their_words(reader: Visitor) -> None:
    reader.open("/ask")
    page = reader.press("Continue", {"question": "My words", "website": "http://spam.example"}, status=422)
    assert page.fields["question"] == "My words"
    assert "Leave this box empty" in page.errors[0]
    assert reader.house.database.read(lambda unit: list(unit.exec(select(Enquiry)))) == []


def test_a_forged_form_is_shown_again_with_its_words(reader: Visitor) -> None:
    response = reader.client.post("/ask", data={"question": "Forged", "csrf_token": "x", "form_token": "y"})
    assert response.status_code == 422
    assert "Forged" in response.text
    assert re.search(r'name="csrf_token" value="[^"]{20,}"', response.text)
    assert reader.house.database.read(lambda unit: list(unit.exec(select(Enquiry)))) == []
