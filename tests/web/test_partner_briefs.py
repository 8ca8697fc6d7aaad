"""A university without software: its contact reads briefs and answers them, all on pages."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from service.records import calls, conversation
from service.records.calls import InterestRow
from service.records.tables import CallRecipient
from service.states import OfferState
from service.workflows import commands as c
from service.working_time import local_date
from tests.support.doors import MANAGER, House, house
from tests.support.journey import Journey
from tests.support.visiting import Visitor, outbox

OURS, THEIRS = "calls@northumbria.example", "calls@newcastle.example"
TEAM = {
    "lead_name": "Dr Lin Zhao",
    "lead_email": "Lin@Northumbria.example",
    "team": "Dr Sam One\n\nDr Sue Two",
    "statement": "We have linked housing and hospital data.",
    "capacity_days": "40",
    "earliest_start-day": "11",
    "earliest_start-month": "January",
    "earliest_start-year": "2027",
    "cost_band": "20k_to_50k",
    "show_enquirer": "yes",
}


@pytest.fixture
def opened(sqlite_url: str) -> Iterator[House]:
    with house(sqlite_url, staff_emails=MANAGER) as made:
        yield made


@pytest.fixture
def journey(opened: House) -> Journey:
    return Journey(opened.database, opened.clock).published()


@pytest.fixture
def contact(opened: House, journey: Journey) -> Visitor:
    assert len(journey.universities) == 3
    visitor = Visitor(opened)
    visitor.sign_in(OURS)
    return visitor


def brief_path(journey: Journey) -> str:
    return f"/partner/briefs/{journey.brief_id}"


def recipient(journey: Journey, university: int = 0) -> CallRecipient:
    found = journey.look(lambda unit: calls.recipient(unit, journey.enquiry_id, journey.universities[university]))
    assert found is not None
    return found


def interests(journey: Journey) -> list[InterestRow]:
    return journey.look(lambda unit: calls.interests(unit, journey.enquiry_id))


def test_a_contact_finds_open_and_past_briefs(contact: Visitor, journey: Journey) -> None:
    page = contact.open("/partner")
    assert "Do warmer homes mean fewer visits to A&E?" in page.text
    assert "Your turn Not opened yet." in page.text
    assert brief_path(journey) in page.links
    day = local_date(journey.clock.now())
    others = [
        Journey(journey.database, journey.clock, question=f"In {days} days?").published(
            reply_by=day + timedelta(days=days)
        )
        for days in (30, 20, 25)
    ]
    others[1].interested(others[1].universities[0])
    shown = [link for link in contact.open("/partner").links if link in map(brief_path, [journey, *others])]
    assert shown == [brief_path(each) for each in (journey, others[2], others[0], others[1])], "soonest, answered last"
    for each in others:
        each.act(c.CloseCall())
    journey.act(c.CloseCall())
    page = contact.open("/partner")
    assert "No brief is open for you now." in page.text
    assert "Past briefs" in page.text
    assert brief_path(journey) in page.links


def test_opening_the_page_counts_as_fetched_and_only_a_button_as_acknowledged(
    contact: Visitor, journey: Journey
) -> None:
    contact.open("/partner")
    assert recipient(journey).fetched_at is None, "the list is not the brief"
    page = contact.open(brief_path(journey))
    for words in (
        "Gateshead Council",
        "Tenants aged over 65",
        "Cabinet decides in the spring",
        "Monday 7 December 2026",
    ):
        assert words in page.text, words
    assert recipient(journey).fetched_at is not None
    assert recipient(journey).acknowledged_at is None
    assert recipient(journey, 1).fetched_at is None
    page = contact.press("Say that we have it, and are looking")
    assert "We know that somebody has read it." in page.text
    assert recipient(journey).acknowledged_at is not None
    assert "Say that we have it, and are looking" not in page.buttons


def test_a_team_is_offered_once_however_often_the_button_is_pressed(contact: Visitor, journey: Journey) -> None:
    contact.open(f"{brief_path(journey)}/interest")
    form = contact.page
    page = contact.press("Offer this team", TEAM)
    assert "You have offered a team." in page.text
    contact.page = form
    contact.press("Offer this team", TEAM)
    [made] = interests(journey)
    assert (made.lead_email, made.team, made.show_enquirer) == (
        "lin@northumbria.example", ["Dr Sam One", "Dr Sue Two"], True,
    )  # fmt: skip
    contact.open(f"{brief_path(journey)}/interest")
    contact.press("Offer this team", {**TEAM, "lead_name": "Dr Other", "lead_email": "other@northumbria.example"})
    assert len(interests(journey)) == 2
    told = [mail for mail in outbox(contact.house, MANAGER) if mail.kind == "interest_received"]
    assert [mail.params["path"] for mail in told] == [f"/manage/enquiries/{journey.reference}"] * 2
    [mail] = outbox(contact.house, THEIRS)
    assert mail.params["path"] == brief_path(journey)


def test_a_form_with_mistakes_comes_back_with_every_answer(contact: Visitor, journey: Journey) -> None:
    contact.open(f"{brief_path(journey)}/interest")
    assert contact.press("Offer this team", status=422).errors == [
        "Enter the lead's name",
        "Enter the lead's email address",
        "Say what makes this team right for it",
        "Enter how many days of work they could give",
        "Enter the earliest they could start",
        "Choose what it would probably cost",
        "Say whether the enquirer may see this team",
    ]
    page = contact.press(
        "Offer this team", {**TEAM, "lead_email": "no address", "capacity_days": "many", "cost_band": []}, status=422
    )
    assert page.errors == [
        "Enter the lead's email address in the correct format, like name@example.com",
        "Enter the days of work as a whole number, like 40, up to 10,000",
        "Choose what it would probably cost",
    ]
    assert page.fields["statement"] == TEAM["statement"]
    assert page.fields["capacity_days"] == "many"
    assert interests(journey) == []


def test_a_lead_is_chosen_from_the_universitys_own_directory(contact: Visitor, journey: Journey) -> None:
    contact.open("/partner/researchers/new")
    contact.press("Add this researcher", {"name": "Dr Rae Listed", "email": "rae@n.example", "capacity_days": "20"})
    page = contact.open(f"{brief_path(journey)}/interest")
    assert "Dr Rae Listed (rae@n.example)" in page.text
    listed = page.html.split("Dr Rae Listed (")[0].rsplit('value="', 1)[1].split('"')[0]
    contact.press("Offer this team", {**TEAM, "lead_researcher_id": listed, "lead_name": "", "lead_email": ""})
    [made] = interests(journey)
    assert (made.lead_name, made.lead_email, str(made.lead_researcher_id)) == ("Dr Rae Listed", "rae@n.example", listed)
    contact.open(f"{brief_path(journey)}/interest")
    page = contact.press("Offer this team", {**TEAM, "lead_researcher_id": str(uuid4())}, status=422)
    assert page.errors == ["Choose one of your researchers, or nobody from the list"]


def test_an_interest_is_amended_while_it_may_be_and_never_over_somebody_elses_words(
    contact: Visitor, journey: Journey
) -> None:
    journey.interested(conflicts="We advise the council.")
    path = f"/partner/interests/{journey.interest_id}"
    mine = contact.open(path)
    contact.press("Save the changes", {"capacity_days": "30"})
    assert "Your changes are saved." in contact.page.text
    contact.page = mine
    page = contact.press("Save the changes", {"statement": "My own words."}, status=412)
    assert page.fields["statement"] == "My own words."
    assert "Offers 30 days of work" in page.text, "what stands now"
    contact.press("Save the changes")
    [made] = interests(journey)
    assert (made.statement, made.capacity_days) == ("My own words.", 40)
    assert made.conflicts == "We advise the council."
    journey.costing()
    page = contact.open(path)
    assert "a team has been chosen" in page.text
    assert "Save the changes" not in page.buttons


def test_not_this_time_takes_a_reason_and_a_minute(contact: Visitor, journey: Journey) -> None:
    contact.open(brief_path(journey))
    page = contact.press("Not this time", {"comment": "Ask us in May."}, status=422)
    assert page.errors == ["Choose why it is not for you this time"]
    assert page.fields["comment"] == "Ask us in May."
    form = page
    contact.press("Not this time", {"reason": "no_capacity"})
    assert (recipient(journey).decline_reason, recipient(journey).decline_comment) == ("no_capacity", "Ask us in May.")
    contact.page = form
    contact.press("Not this time", {"reason": "no_capacity"})
    assert [mail.kind for mail in outbox(contact.house, MANAGER)].count("recipient_declined") == 1
    contact.page = form
    page = contact.press("Not this time", {"reason": "because"}, status=422)
    assert page.errors == ["Choose one of the reasons"]
    journey.act(c.CloseCall())
    page = contact.open(brief_path(journey))
    assert "The call was closed before the date for replies" in page.text


def test_a_question_is_anonymous_to_other_universities_and_its_answer_is_for_all(
    opened: House, contact: Visitor, journey: Journey
) -> None:
    contact.open(brief_path(journey))
    form = contact.page
    contact.press("Send the question", {"body": "Is linked data available?"})
    contact.page = form
    contact.press("Send the question", {"body": "Is linked data available?"})
    [(asked, _)] = journey.look(
        lambda unit: conversation.questions_of(unit, journey.enquiry_id, journey.universities[0])
    )
    other = Visitor(opened)
    other.sign_in(THEIRS)
    assert "linked data" not in other.open(brief_path(journey)).text
    journey.say("Yes, from 2019.", direction="out", visibility="universities", answers=asked.id)
    page = other.open(brief_path(journey))
    assert "A university asked: Is linked data available?" in page.text
    assert "Yes, from 2019." in page.text
    assert "Northumbria" not in page.text
    assert "Answered," in contact.open(brief_path(journey)).text


def test_a_contact_answers_an_offer_to_their_team_once(contact: Visitor, journey: Journey) -> None:
    journey.offered()
    page = contact.open("/partner")
    assert "The work is offered to Dr Lee Lead." in page.text
    page = contact.open(brief_path(journey))
    page = contact.press("Decline the offer", status=422)
    assert page.errors == ["Say why you cannot take it on"]
    form = page
    page = contact.press("Accept the offer")
    assert "You have accepted the offer." in page.text
    contact.page = form
    contact.press("Accept the offer")
    contact.page = form
    page = contact.press("Decline the offer", {"offer_reason": "Too late."}, status=409)
    [offer] = journey.look(lambda unit: calls.offers(unit, journey.enquiry_id))
    assert offer.state == OfferState.ACCEPTED


def test_another_universitys_things_are_absent(opened: House, contact: Visitor, journey: Journey) -> None:
    journey.interested(journey.universities[1]).offered()
    nothing = uuid4()
    for path in (f"/partner/interests/{journey.interest_id}", f"/partner/interests/{nothing}"):
        assert "There is no such interest." in contact.open(path, status=404).text
    page = contact.open(brief_path(journey))
    assert "offered" not in page.text
    token = page.fields["csrf_token"]
    answer = contact.client.post(
        brief_path(journey), data={"csrf_token": token, "event": "accept_offer", "offer": str(journey.offer_id)}
    )
    assert answer.status_code == 404
    only = Journey(opened.database, opened.clock, enquirer_email="bo@council.example")
    only.published(recipients=[only.universities[2]])
    for path in (brief_path(only), f"/partner/briefs/{nothing}", "/partner/briefs/rubbish"):
        assert "There is no such brief." in contact.open(path, status=404).text


def test_only_contacts_come_in(opened: House, journey: Journey) -> None:
    visitor = Visitor(opened)
    assert "Confirm that it is you" in visitor.open("/partner", status=401).text
    visitor.sign_in("ann@council.example")
    assert "contacts of partner universities" in visitor.open(brief_path(journey), status=403).text


def test_a_withdrawn_brief_can_be_read_and_not_answered(contact: Visitor, journey: Journey) -> None:
    form = contact.open(brief_path(journey))
    journey.act(c.Pull(reason="The council has changed its plans."))
    page = contact.press("Not this time", {"reason": "other"}, status=409)
    assert page.errors == ["This brief has been withdrawn."]
    assert "This brief has been withdrawn." in page.text
    assert not {"Not this time", "Send the question", "Say that we have it, and are looking"} & set(page.buttons)
    contact.page = form
    contact.press("Say that we have it, and are looking", status=409)


@pytest.mark.parametrize("text", ["\x00", "\ud800", "x" * 30_000])
def test_hostile_texts_are_answered_calmly(contact: Visitor, journey: Journey, text: str) -> None:
    contact.open(f"{brief_path(journey)}/interest")
    token = contact.page.fields["csrf_token"]
    for path, event in (
        (f"{brief_path(journey)}/interest", ""),
        (brief_path(journey), "ask"),
        (brief_path(journey), text),
    ):
        names = [*TEAM, "body", "comment", "reason", "conflicts", "lead_researcher_id", "seen", "offer"]
        sent = {name: text.encode("utf-8", "surrogatepass") for name in names}
        answer = contact.client.post(
            path, data={**sent, "csrf_token": token, "event": event.encode("utf-8", "surrogatepass")}
        )
        assert answer.status_code in {400, 404, 422}, (path, answer.status_code)
