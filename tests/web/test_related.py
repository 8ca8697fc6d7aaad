"""What was asked before, at the managers' door and on the enquiry's page, with the one step that follows."""

from typing import Any

import pytest

from service.actions.publishing_answers import publish_answer
from service.states import Outcome
from service.workflows import commands as c
from tests.support.desk import Desk
from tests.support.doors import House
from tests.support.journey import Journey
from tests.support.visiting import Visitor

QUESTION = "Does energy retrofit of council housing cut GP and A&E visits in winter?"
NOTE = "Canaryshire leaks tattooing gossip about the licensing committee."


def asks(opened: House, name: str, question: str = QUESTION, **told: Any) -> Journey:
    email = f"ann@{name.lower()}.example"
    journey = Journey(opened.database, opened.clock, question=question, organisation=name, enquirer_email=email, **told)
    return journey.submitted()


def published(journey: Journey, title: str = QUESTION, body: str = "Yes: two reviews say so.") -> str:
    journey.act(c.Close(outcome=Outcome.ANSWERED, reason="Known.", answer="Yes."))
    row = journey.database.transact(
        lambda unit: publish_answer(unit, journey.ctx(), journey.enquiry_id, title, body).id
    )
    return str(row)


def test_related_tells_kinds_why_and_who_asked_much_the_same(opened: House) -> None:
    desk = Desk(opened.client("manager"))
    earlier = asks(opened, "Leeds", organisation_shown="after_offer")
    answer = published(asks(opened, "Kent"))
    study = asks(opened, "Fife").commissioned()
    asks(opened, "Bath", "Do breakfast clubs in primary schools improve attendance?")
    mine = asks(opened, "Moray")

    found = desk.read(f"/enquiries/{mine.reference}/related")
    by_kind = {item["kind"]: item for item in found["items"]}
    assert {kind: item["reference"] for kind, item in by_kind.items()} == {
        "enquiry": earlier.reference,
        "answer": by_kind["answer"]["reference"],
        "study": study.reference,
    }
    assert (by_kind["answer"]["id"], by_kind["answer"]["state"]) == (answer, "published")
    assert (by_kind["enquiry"]["organisation"], by_kind["enquiry"]["organisation_shown"]) == ("Leeds", "after_offer")
    assert by_kind["enquiry"]["label"] == "Triage"
    assert found["others"] == ["Fife", "Kent", "Leeds"]
    assert all(item["near_duplicate"] and item["score"] == 1 and item["why"] for item in found["items"])
    assert (found["enough_to_go_on"], found["by_meaning"]) == (True, False)
    assert len(desk.read(f"/enquiries/{mine.reference}/related", limit=1)["items"]) == 1
    assert desk.get(f"/enquiries/{mine.reference}/related", limit=0).status_code == 422

    vague = asks(opened, "Bute", "Help?")
    said = desk.read(f"/enquiries/{vague.reference}/related")
    assert (said["items"], said["enough_to_go_on"]) == ([], False)


def test_no_note_and_no_conversation_makes_two_enquiries_alike(opened: House) -> None:
    desk = Desk(opened.client("manager"))
    earlier = asks(opened, "Leeds")
    earlier.say(NOTE, kind="note", visibility="back_stage", direction="out")
    earlier.say(NOTE)
    mine = asks(opened, "Moray", NOTE)
    assert desk.read(f"/enquiries/{mine.reference}/related")["items"] == []


def test_the_page_of_a_new_enquiry_flags_it_and_leads_to_the_merge(console: House, manager: Visitor) -> None:
    earlier = asks(console, "Leeds")
    mine = asks(console, "Moray")
    page = manager.open(f"/manage/enquiries/{mine.reference}")
    assert "Much the same was asked by 1 other organisation: Leeds." in page.text
    [link] = [each for each in page.links if "outcome=duplicate&target=" in each]
    form = manager.open(link)
    assert earlier.reference in form.text
    done = manager.press("Merge", {"reason": "The same."})
    assert "closed and leads here" in done.text
    assert mine.enquiry().duplicate_of_id == earlier.enquiry_id
    assert "Much the same" not in manager.open(f"/manage/enquiries/{earlier.reference}").text


def test_an_answer_or_a_study_is_pointed_to_where_the_machine_allows_it(console: House, manager: Visitor) -> None:
    answer = published(asks(console, "Kent"))
    asks(console, "Fife").commissioned()
    mine = asks(console, "Moray")
    page = manager.open(f"/manage/enquiries/{mine.reference}/related")
    assert f"/answers/{answer}" in page.links
    [signpost] = [each for each in page.links if "outcome=signposted" in each]
    [study] = [each for each in page.links if "outcome=parallel_study" in each]
    assert manager.open(study).status == 200
    manager.open(signpost)
    manager.press("Close", {"reason": "It is answered there."})
    enquiry = mine.enquiry()
    assert (enquiry.outcome, f"/answers/{answer}" in (enquiry.signposted_to or "")) == ("signposted", True)
    closed = manager.open(f"/manage/enquiries/{mine.reference}/related")
    assert not [each for each in closed.links if "outcome=" in each], "nothing more can be closed"


@pytest.mark.parametrize("question", ["Help?", "Zebra crossings near quarries"])
def test_nothing_to_show_is_said_in_words(console: House, manager: Visitor, question: str) -> None:
    mine = asks(console, "Moray", question)
    told = {"Help?": "says too little"}.get(question, "Nothing like it was asked")
    assert told in manager.open(f"/manage/enquiries/{mine.reference}").text
    assert told in manager.open(f"/manage/enquiries/{mine.reference}/related").text
