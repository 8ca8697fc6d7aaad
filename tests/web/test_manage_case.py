"""An enquiry's page at the console: its story, who must act, talk, files and dates of one's own."""

import re
from datetime import timedelta

from service.actions import respond
from service.routers.manage.moves.table import MOVES
from service.states import Outcome
from service.workflows import commands as c
from tests.support.doors import MANAGER, House
from tests.support.journey import Journey
from tests.support.visiting import Page, Visitor, outbox


def here(journey: Journey) -> str:
    return f"/manage/enquiries/{journey.reference}"


def test_the_page_tells_who_holds_the_ball_since_when_and_what_is_due(
    console: House, journey: Journey, manager: Visitor
) -> None:
    journey.submitted(purpose="A paper for cabinet.")
    console.clock.move(days=1)
    manager.sign_in(MANAGER)
    page = manager.open(here(journey))
    assert "Waiting on: The team Since 23 November 2026: 1 working day, 1 day in all." in page.text
    assert "Due: Wednesday 25 November 2026" in page.text
    assert "Owner: nobody yet" in page.text
    assert "A paper for cabinet." in page.text
    assert "ann@council.example" in page.text
    assert "in the enquirer's own words" in page.text


def test_every_wording_is_kept_beside_the_original(journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    journey.act(
        c.Reframe(
            question="Does Universal Credit change health?", prompted_by="The director", reason="It is the cause."
        )
    )
    page = manager.open(here(journey))
    assert "The original words, and every wording since (2)" in page.text
    assert journey.question in page.text
    assert "Does Universal Credit change health?" in page.text
    assert "Prompted by The director" in page.text


def test_possible_events_are_buttons_and_refused_ones_say_why(journey: Journey, manager: Visitor) -> None:
    journey.briefed(sections={"purpose": "To decide."})
    page = manager.open(here(journey))
    assert "Send the brief for agreement" not in page.buttons
    assert "Fill in “Questions in researchable form” first." in page.text
    assert {"Put on hold", "Close", "Ask the enquirer"} <= set(page.buttons)
    assert ("event", "hold", "Put on hold") in [button for form in page.forms for button in form.buttons]


def test_a_step_that_is_hardly_ever_wanted_stays_folded_away(journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    page = manager.open(here(journey))
    at_hand, _, rest = page.html.partition('id="moves"')[2].partition("Steps that are needed less often")
    folded = rest.partition("</details>")[0]
    for label in ("Change the type", "Split off a question", "Reframe the question", "Redact"):
        assert label in page.buttons
        assert label in folded
        assert label not in at_hand
    assert "Ask the enquirer" in at_hand


def main_things(page: Page) -> list[str]:
    """What stands out as the thing to do, among what can be done."""
    part = page.html.partition('id="moves"')[2].partition("</section>")[0]
    found = re.findall(r'<(?:a|button)\b([^>]*)class="govuk-button"([^>]*)>(.*?)</', part, re.DOTALL)
    return [" ".join(text.split()) for _, _, text in found]


def test_what_comes_too_late_leads_to_the_plan_that_says_what_still_fits(journey: Journey, manager: Visitor) -> None:
    journey.submitted(needed_by=journey.today() + timedelta(days=3), product="systematic_review")
    page = manager.open(here(journey))
    assert "Too late by" in page.text
    assert "See why, and what can still be had" in page.text
    assert f"{here(journey)}/plan" in page.links
    assert "too late for when it is needed" in manager.open("/manage/queue").text


def test_an_agreed_brief_is_said_to_wait_for_the_team_to_publish_it(journey: Journey, manager: Visitor) -> None:
    journey.sent()
    assert "With the enquirer to agree" in manager.open(here(journey)).text
    assert "waiting to be published" not in manager.open("/manage?whose=team").text
    journey.agreed()
    page = manager.open(here(journey))
    assert "Agreed, ready to publish" in page.text
    assert "With the enquirer to agree" not in page.text.partition("The whole story")[0]
    assert main_things(page) == [MOVES["publish"].label]
    page = manager.open("/manage?whose=team")
    assert "1 Agreed, waiting to be published" in page.text
    page = manager.open(next(link for link in page.links if "flag=to_publish" in link))
    assert "Agreed, ready to publish" in page.text


def test_the_main_thing_is_never_to_give_up(journey: Journey, manager: Visitor) -> None:
    at = here(journey.costing())
    page = manager.open(at)
    assert "The lead withdraws" in page.buttons
    assert main_things(page) == ["Enter the costs"]
    ways = page.html.partition("Not possible yet, and why")[2].partition("</section>")[0]
    assert f'href="{at}/project/costs"' in ways
    page = manager.open(f"{at}/do/submit_costing")
    assert "Not possible yet." in page.text
    assert f"{at}/project/costs" in page.links
    journey.costed()
    page = manager.open(at)
    assert "Change the costs" in page.text
    assert not {"The lead withdraws"} & set(main_things(page))


def test_back_stage_looks_like_another_kind_of_paper_and_the_note_box_names_the_law(
    journey: Journey, manager: Visitor
) -> None:
    journey.accepted()
    page = manager.open(here(journey))
    assert "Freedom of information law, or a person's request for their own data, may still reach it" in page.text
    page = manager.press("Keep this note", {"note": "Careful with the council leader."})
    assert "Your note is kept. Only the team reads it." in page.text
    note = re.search(r'<article class="app-message app-message--back-stage.*?</article>', page.html, re.DOTALL)
    assert note
    assert "Careful with the council leader." in note[0]
    assert "Back stage: only the team" in note[0]
    assert "Careful with the council leader." in manager.open(f"{here(journey)}?kind=notes").text
    assert "Careful with the council leader." not in manager.open(f"{here(journey)}?kind=steps").text


def test_the_same_words_twice_within_a_minute_are_kept_once(console: House, journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    manager.open(here(journey))
    manager.press("Send message", {"message": "Good morning, shall we talk?"})
    page = manager.press("Send message", {"message": "Good morning, shall we talk?"})
    assert "It was not recorded twice." in page.text
    assert [each.kind for each in outbox(console, "ann@council.example")].count("message") == 1
    console.clock.move(minutes=2)
    page = manager.press("Send message", {"message": "Good morning, shall we talk?"})
    assert "Your message is on its way. See it in the story" in page.text
    assert [each.kind for each in outbox(console, "ann@council.example")].count("message") == 2


def test_a_meeting_ahead_is_an_invitation_and_a_call_that_was_is_logged(
    console: House, journey: Journey, manager: Visitor
) -> None:
    journey.accepted()
    manager.open(here(journey))
    when = {"contact_on-day": "7", "contact_on-month": "12", "contact_on-year": "2026", "contact_at": "2:30pm"}
    meeting = {"contact_kind": "meeting", "contact": "At the civic centre.", "contact_minutes": "45"}
    page = manager.press("Record it", {**meeting, **when, "contact_attendees": "Ann Asker\nMo Manager"})
    assert "the invitation is on its way" in page.text
    assert "7 December 2026 at 2:30pm to 7 December 2026 at 3:15pm" in page.text
    assert "With Ann Asker and Mo Manager" in page.text
    assert outbox(console, "ann@council.example")[-1].kind == "meeting_invitation"
    page = manager.press("Record it", {"contact_kind": "call", "contact": "She told me.", **when}, status=422)
    assert page.errors == ["This has not happened yet. Only a meeting may lie ahead"]
    assert page.fields["contact"] == "She told me."
    page = manager.press(
        "Record it", {"contact_on-day": "20", "contact_on-month": "11", "contact_at": "later"}, status=422
    )
    assert page.errors == ["Enter a time, like 14:30 or 2:30pm"]
    page = manager.press("Record it", {"contact_at": "14:30", "contact_minutes": "25", "contact_direction": "in"})
    assert "She told me." in page.text
    assert "call in their words, 20 November 2026 at 2:30pm, 25 minutes" in page.text


def test_what_they_wrote_is_theirs_and_is_not_mailed_back(console: House, journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    before = len(outbox(console, "ann@council.example"))
    manager.open(here(journey))
    page = manager.press("Record it", {"contact_kind": "message", "contact": "Yes, go on.", "contact_direction": "out"})
    assert "message to us" in page.text
    assert len(outbox(console, "ann@council.example")) == before


def test_a_clarification_is_answered_to_every_university(console: House, journey: Journey, manager: Visitor) -> None:
    journey.published()
    university = journey.universities[0]
    journey.database.transact(
        lambda unit: respond.ask_about_brief(
            unit, journey.ctx(journey.university_principal(university)), journey.enquiry_id, university, "Which wards?"
        )
    )
    page = manager.open(here(journey))
    assert "A university's question waits for an answer" in page.text
    assert "Answer a question from universities" in page.text
    assert f"{here(journey)}/call#questions" in page.links
    assert {"#write", "#story"} <= set(page.links)
    assert all(f'id="{link[1:]}"' in page.html for link in page.links if link.startswith("#"))
    assert "Northumbria University" in page.text
    page = manager.press("Tell every university", {"answer": "All of them."})
    assert "on its way to every university" in page.text
    assert re.search(r"Northumbria University</strong>, [^<]+ to us", page.html), "managers see who asked"
    assert "waits for an answer" not in page.text
    assert f"{here(journey)}/call#questions" not in page.links
    assert outbox(console, "calls@durham.example")[-1].params["answer"] == "All of them."


def test_a_long_story_comes_a_page_at_a_time_and_loses_nothing(journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    for number in range(65):
        journey.say(f"Word number {number}.")
    page = manager.open(f"{here(journey)}?kind=conversation")
    told: list[str] = []
    while True:
        told += re.findall(r"Word number (\d+)\.", page.html)
        earlier = next((link for link in page.links if "before=" in link), None)
        if earlier is None:
            break
        page = manager.open(earlier)
    assert told == [str(number) for number in reversed(range(65))]
    assert manager.open(f"{here(journey)}?before=nonsense").status == 200


def test_a_file_is_added_for_an_audience_and_handed_out_as_a_download(journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    manager.open(f"{here(journey)}/files")
    assert manager.press("Add this file", status=422).errors == ["Select a file", "Say who may see it"]
    page = manager.press("Add this file", {"visibility": "back_stage"}, file=("plan.txt", b"The plan."))
    assert "The file is added." in page.text
    assert "Back stage: only the team" in page.text
    link = next(link for link in page.links if "/files/" in link)
    answer = manager.client.get(link)
    assert answer.content == b"The plan."
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "plan.txt" in manager.open(here(journey)).text
    page = manager.open(f"{here(journey)}/files")
    page = manager.press("Add this file", {"visibility": "enquirer"}, file=("a.exe", b"MZ\x90\x00"), status=422)
    assert page.errors


def test_a_date_of_ones_own_is_set_and_let_go(journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    manager.open(here(journey))
    assert manager.press("Remind me", status=422).errors == ["Choose the day", "Say what to remind you of"]
    day = {"remind_on-day": "1", "remind_on-month": "2", "remind_on-year": "2027"}
    page = manager.press("Remind me", {**day, "remind_of": "Ask about the budget."})
    assert "You will be reminded on that day. See what is still to come" in page.text
    assert "#follow-ups" in page.links
    assert "1 February 2027: Ask about the budget." in page.text
    page = manager.press("Cancel “Ask about the budget.” to Mo Manager on 1 February 2027")
    assert "That one will not go out." in page.text
    assert "Ask about the budget." not in page.text


def test_a_merged_enquiry_leads_on_and_can_still_be_looked_at(
    console: House, journey: Journey, manager: Visitor
) -> None:
    journey.accepted()
    other = Journey(
        console.database, console.clock, question="Are warm homes healthy?", enquirer_email="bob@council.example"
    )
    other.accepted()
    other.act(c.Close(outcome=Outcome.DUPLICATE, reason="The same.", target=journey.reference))
    answer = manager.client.get(here(other))
    assert (answer.status_code, answer.headers["location"]) == (308, here(journey))
    page = manager.open(here(journey))
    assert "Merged into this one" in page.text
    page = manager.open(next(link for link in page.links if "stay=" in link))
    assert "It was merged. Everything goes on in" in page.text


def test_what_is_not_there_is_answered_calmly(journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    manager.open("/manage/enquiries/AAAAAA-A", status=404)
    manager.open(f"{here(journey)}/do/fly", status=404)
    manager.open(f"{here(journey)}/files/nothing", status=404)
    manager.open(f"{here(journey)}?kind=nonsense&done=nonsense&before=%00", status=200)
    lower = manager.client.get(here(journey).lower())
    assert (lower.status_code, lower.headers["location"]) == (308, here(journey))


def test_no_bad_input_breaks_what_is_written_on_the_page(journey: Journey, manager: Visitor) -> None:
    journey.published()
    token = manager.open(here(journey)).fields["csrf_token"]
    names = [
        "message", "note", "answer", "answers", "contact", "contact_kind", "contact_direction", "contact_visibility",
        "contact_on-day", "contact_on-month", "contact_on-year", "contact_at", "contact_minutes", "contact_attendees",
        "contact_automatic", "remind_on-day", "remind_on-month", "remind_on-year", "remind_of", "visibility", "event",
    ]  # fmt: skip
    paths = [("/talk", say) for say in ("message", "contact", "answer", "note", "nothing", "")]
    paths += [("/follow-ups", ""), ("/files", "")]
    for path, say in paths:
        for text in ("", "\x00", "9" * 40, "-1", "long " * 5000):
            sent = {**dict.fromkeys(names, text), "say": say, "csrf_token": token}
            answer = manager.client.post(here(journey) + path, data=sent)
            # A number is a fair message; everything else is told what is wrong with it.
            fair = {303} if say in {"message", "note"} and text in {"9" * 40, "-1"} else set()
            assert answer.status_code in {404, 409, 422} | fair, (path, say, text[:10], answer.status_code)
    for missing in (str(journey.enquiry_id), "nothing", "9" * 200):
        answer = manager.client.post(f"{here(journey)}/follow-ups/{missing}/cancel", data={"csrf_token": token})
        assert answer.status_code == 404
    assert manager.client.post(f"{here(journey)}/talk", data={"say": "note", "note": "No token."}).status_code == 403


def test_another_enquirys_reminder_and_file_are_not_here(console: House, journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    other = Journey(console.database, console.clock, question="Another question?").accepted()
    manager.open(f"{here(other)}/files")
    page = manager.press("Add this file", {"visibility": "enquirer"}, file=("plan.txt", b"The plan."))
    link = next(link for link in page.links if "/files/" in link)
    assert manager.client.get(link.replace(other.reference, journey.reference)).status_code == 404
    page = manager.open(here(other))
    form = next(form for form in page.forms if form.action.endswith("/cancel"))
    token = page.fields["csrf_token"]
    theirs = form.action.replace(other.reference, journey.reference)
    assert manager.client.post(theirs, data={"csrf_token": token}).status_code == 404
    assert manager.client.post(form.action, data={"csrf_token": token}).status_code == 303
    again = manager.client.post(form.action, data={"csrf_token": token})
    assert again.status_code == 409
    assert "Only a follow-up that is still to come can be cancelled." in again.text


def test_the_words_of_others_are_never_markup(journey: Journey, manager: Visitor) -> None:
    journey.accepted()
    journey.say("<script>alert(1)</script>")
    page = manager.open(here(journey))
    assert "<script>alert(1)" not in page.html
    assert "&lt;script&gt;alert(1)" in page.html
