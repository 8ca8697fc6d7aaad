"""The console's call: whom a brief goes to, what each university has done since, and their questions answered."""

from datetime import timedelta
from uuid import UUID

import pytest

from service.actions import respond
from service.records import calls
from service.states import EnquiryState
from service.workflows import commands as c
from tests.support.doors import MANAGER, House
from tests.support.journey import Journey
from tests.support.scene import signed_in
from tests.support.visiting import Page, Visitor, outbox

DAY = {"reply_by-day": "21", "reply_by-month": "12", "reply_by-year": "2026"}


@pytest.fixture
def mo(console: House) -> Visitor:
    return Visitor(console, signed_in(console, MANAGER))


def at_call(mo: Visitor, journey: Journey, query: str = "") -> Page:
    return mo.open(f"/manage/enquiries/{journey.reference}/call{query}")


def ticked(page: Page) -> set[str]:
    return {value for form in page.forms for name, value in form.fields if name == "recipient"}


def recipients(journey: Journey) -> set[UUID]:
    current = journey.look(lambda unit: calls.current(unit, journey.enquiry_id))
    assert current is not None
    return {each.organisation_id for each, _ in journey.look(lambda unit: calls.recipients(unit, current.id))}


def test_the_brief_goes_to_the_universities_chosen_by_the_usual_day(journey: Journey, mo: Visitor) -> None:
    journey.agreed()
    first = str(journey.universities[0])
    page = at_call(mo, journey, f"?recipient={first}&recipient=no-id&recipient={UUID(int=1)}")
    assert ticked(page) == {first}
    assert "10 working days after Monday 23 November 2026" in page.text
    assert "Contact at Northumbria University" in page.text
    page = mo.press("Publish the brief")
    assert "The brief is published" in page.text
    assert journey.enquiry().state == EnquiryState.OPEN_CALL
    assert recipients(journey) == {journey.universities[0]}
    assert "Reply by Monday 7 December 2026" in page.text


def test_all_that_would_learn_of_it_are_ticked_and_who_has_nobody_is_named(journey: Journey, mo: Visitor) -> None:
    mute = journey.university("Quiet University")
    journey.agreed()
    page = at_call(mo, journey)
    assert ticked(page) == {str(each) for each in journey.universities}
    assert str(mute) not in ticked(page)
    assert "Quiet University 0 Nobody Add a contact" in page.text
    assert ticked(at_call(mo, journey, "?tick=none")) == set()
    assert ticked(at_call(mo, journey, "?tick=matches")) == set()
    assert len(ticked(at_call(mo, journey, "?tick=%00"))) == 3


def test_before_it_is_agreed_nothing_can_go_out_and_the_page_says_why(journey: Journey, mo: Visitor) -> None:
    journey.sent()
    page = at_call(mo, journey)
    assert "The enquirer has not agreed this version of the brief" in page.text
    assert "Publish the brief" not in page.buttons
    assert "Newcastle University" in page.text


def test_talk_with_a_university_before_the_call_is_recalled(journey: Journey, mo: Visitor) -> None:
    journey.agreed()
    journey.say("Rang Newcastle University to see who is free.", kind="note", visibility="back_stage", direction="out")
    page = at_call(mo, journey)
    assert "Universities named in the record before this call: 1" in page.text
    assert "Rang Newcastle University" in page.text


def test_mistakes_are_told_where_they_are_and_every_answer_is_kept(journey: Journey, mo: Visitor) -> None:
    journey.agreed()
    at_call(mo, journey)
    page = mo.press(
        "Publish the brief",
        {
            "recipient": ["nonsense"],
            "reply_by-day": "31",
            "reply_by-month": "2",
            "route": "direct",
            "reason": "x" * 20_001,
        },
        status=422,
    )
    assert page.errors == [
        "Choose universities from the list.",
        "The reply-by date must be a real date",
        "The reason must be 20,000 characters or fewer. It has 20,001.",
    ]
    assert page.fields["reply_by-day"] == "31"
    assert page.fields["route"] == "direct"
    page = mo.press(
        "Publish the brief",
        {"recipient": [str(journey.council_id)], **DAY, "reply_by-year": "1999", "reason": ""},
        status=409,
    )
    assert "Not a partner university" in page.errors[0]
    assert "Give a reply-by date after today." in page.errors
    assert "Say why this does not go to an open call." in page.errors
    page = mo.press("Publish the brief", {**DAY, "reply_by-year": "9999"}, status=422)
    assert journey.enquiry().state == EnquiryState.SIGN_OFF


def test_a_short_time_to_reply_is_asked_about_and_its_reason_recorded(journey: Journey, mo: Visitor) -> None:
    journey.agreed()
    at_call(mo, journey)
    soon = {"reply_by-day": "26", "reply_by-month": "november", "reply_by-year": "2026"}
    page = mo.press("Publish the brief", soon, status=409)
    assert "leaves universities 3 working days; 10 are usual" in page.text
    page = mo.press("Publish the brief", {"waiver-reply_by_long_enough": "The cabinet meets on the 27th."})
    assert "Reply by Thursday 26 November 2026" in page.text


def test_two_managers_and_a_double_press(journey: Journey, mo: Visitor) -> None:
    journey.agreed()
    at_call(mo, journey)
    journey.act(c.Hold(until=journey.today() + timedelta(days=9), reason="Purdah"))
    page = mo.press("Publish the brief", {"route": "direct", "reason": "They know the data."}, status=412)
    assert "Mo Manager: Put on hold" in page.text
    assert "You had written: They know the data." in page.text
    assert "It is on hold until 2 December 2026. Resume it first." in page.text
    journey.act(c.Resume())
    at_call(mo, journey)
    journey.act(c.Hold(until=journey.today() + timedelta(days=9), reason="Purdah again"))
    journey.act(c.Resume())
    page = mo.press("Publish the brief", {"route": "direct", "reason": "They know the data."}, status=412)
    assert page.fields["reason"] == "They know the data."
    assert page.fields["route"] == "direct"
    page = at_call(mo, journey)
    form, _ = mo.page.form_with("Publish the brief")
    mo.press("Publish the brief")
    again = mo.client.post(form.action, data={**dict(form.fields), "recipient": [str(each) for each in journey.universities], "event": "publish"})  # fmt: skip
    assert again.status_code == 303
    assert "done=published" in again.headers["location"]


def test_the_board_tells_what_each_university_has_done(journey: Journey, mo: Visitor, console: House) -> None:
    journey.published()
    first, second, third = journey.universities
    console.clock.move(days=1)

    ctx = journey.ctx(journey.university_principal(second))
    journey.interested(first, lead_name="Dr Ada Homes")
    console.database.transact(
        lambda unit: respond.decline(unit, ctx, journey.enquiry_id, second, "no_capacity", "Ask us in May.")
    )
    console.database.transact(lambda unit: respond.acknowledge(unit, ctx, journey.enquiry_id, third))
    mo.sign_in(MANAGER)
    page = at_call(mo, journey)
    assert "Interested 24 November 2026 at 9:30am Dr Ada Homes" in page.text
    assert "Not this time 24 November 2026 at 9:30am No capacity: Ask us in May." in page.text
    assert "3 told" in page.text
    assert "1 interested" in page.text
    assert "1 no answer yet" in page.text
    assert f"/manage/enquiries/{journey.reference}/do/extend" in page.links
    assert "Pull the call Takes the brief back from every university" in page.text
    assert "Close the call Ends the time to reply" in page.text
    page = at_call(mo, journey, "?only=waiting")
    assert "Contact at Durham University" in page.text
    assert "Contact at Newcastle University" not in page.text
    page = mo.open(f"/manage/enquiries/{journey.reference}")
    assert f'method="get" action="{page.path}/do/close_call"' in page.html, "before its time it is no single press"
    page = mo.open(f"{page.path}/do/close_call")
    silent = "1 of the 3 universities that received the call has not answered yet: Durham University. They have until"
    assert f"{silent} Monday 7 December 2026." in page.text
    assert "Universities get no mail" in page.text
    console.clock.move(days=15)
    mo.sign_in(MANAGER)
    page = at_call(mo, journey)
    assert "No reply" in page.text
    assert "It was to be answered by Monday 7 December 2026, which has passed" in page.text
    page = mo.open(f"/manage/enquiries/{journey.reference}/do/close_call")
    assert "has not answered: Durham University. They had until Monday 7 December 2026." in page.text


def test_an_answer_reaches_every_recipient_once_and_names_nobody(journey: Journey, mo: Visitor, console: House) -> None:
    journey.published()
    asking = journey.universities[1]
    ctx = journey.ctx(journey.university_principal(asking))
    console.database.transact(
        lambda unit: respond.ask_about_brief(unit, ctx, journey.enquiry_id, asking, "Is the data linked?")
    )
    page = at_call(mo, journey)
    assert "Newcastle University asked" in page.text
    assert ("A question waits for an answer" in page.text, "#questions" in page.links) == (True, True)
    assert mo.press("Send the answer to all", status=422).errors == ["Write the answer"]
    form, _ = mo.page.form_with("Send the answer to all")
    name = next(each for each in form.offered if each.startswith("answer-"))
    page = mo.press("Send the answer to all", {name: "Yes, from 2019."})
    assert "Your answer has gone to every university" in page.text
    assert "Send the answer to all" not in page.buttons
    assert "A question waits for an answer" not in page.text
    told = [each for each in outbox(console) if each.kind == "clarification_answered"]
    assert len(told) == 3
    sent = {**dict(form.fields), "event": "answer"}
    twice = mo.client.post(form.action, data={**sent, name: "Yes, from 2019."})
    assert twice.status_code == 303
    other = mo.client.post(form.action, data={**sent, name: "No."})
    assert other.status_code == 409
    assert "Yes, from 2019." in other.text
    assert len([each for each in outbox(console) if each.kind == "clarification_answered"]) == 3
    for question in ("", "no-id", str(UUID(int=7)), str(journey.enquiry_id)):
        lost = mo.client.post(form.action, data={**sent, "question": question, f"answer-{question}": "Yes."})
        assert lost.status_code == 404


def test_a_closed_call_is_opened_again_and_the_first_stands_below(journey: Journey, mo: Visitor) -> None:
    journey.selecting()
    page = at_call(mo, journey)
    assert f"/manage/enquiries/{journey.reference}/choice" in page.links
    page = at_call(mo, journey, "?again=yes")
    assert ticked(page) == {str(each) for each in journey.universities}
    page = mo.press("Open the call again", {"recipient": [str(journey.universities[2])]}, status=422)
    assert page.errors == ["Say why the call is opened again: universities read it"]
    page = mo.press("Open the call again", {"reason": "We need an economist too."})
    assert "The call is open again" in page.text
    assert "Earlier calls" in page.text
    assert recipients(journey) == {journey.universities[2]}
    assert journey.enquiry().state == EnquiryState.OPEN_CALL


def test_an_unknown_button_and_a_form_without_its_token_change_nothing(journey: Journey, mo: Visitor) -> None:
    journey.agreed()
    page = at_call(mo, journey)
    form, _ = page.form_with("Publish the brief")
    sent = {**dict(form.fields), "event": "publish", "recipient": [str(journey.universities[0])]}
    assert mo.client.post(form.action, data={**sent, "event": "pull"}).status_code == 404
    old = mo.client.post(
        form.action, data={**sent, "csrf_token": "no", "waiver-reply_by_long_enough": "Cabinet meets."}
    )
    assert old.status_code == 403
    assert "Cabinet meets." in old.text
    assert mo.client.post(form.action, data={**sent, "seen": "99999999999999999999"}).status_code == 412
    assert mo.client.post(form.action, data={**sent, "seen": "x"}).status_code == 412
    assert journey.enquiry().state == EnquiryState.SIGN_OFF
