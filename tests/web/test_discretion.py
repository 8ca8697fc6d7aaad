"""Who may know what: the asker under each discretion they chose, and one university's words never in another's answers."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from service.delivery.render import render
from service.records.tables import OutboxMessage
from service.states import Outcome
from service.workflows import commands as c
from tests.support.doors import House
from tests.support.journey import UNIVERSITIES, Journey
from tests.support.letters import LETTERHEAD
from tests.support.visiting import Visitor

NORTHUMBRIA, NEWCASTLE, DURHAM = UNIVERSITIES
COUNCIL = "Canaryshire Council"
DESCRIBED = "a council in the North East"
PRIVATE = ("Canaryshire", "canary", "Ann Asker")
"""Whatever says who asks: the body, the question as it was asked, and the person."""


def asked(opened: House, shown: str, email: str = "ann@canaryshire.example") -> Journey:
    return Journey(
        opened.database,
        opened.clock,
        question="Does the Canaryshire scheme in our canary ward work?",
        organisation=COUNCIL,
        organisation_shown=shown,
        organisation_description=DESCRIBED,
        enquirer_email=email,
    )


def everything(client: TestClient, journey: Journey) -> str:
    """Return all that a university's doors say to it."""
    paths = ("/briefs/feed", "/briefs", f"/briefs/{journey.brief_id}", "/offers", "/projects", "/researchers")
    answers = [client.get(f"/api/v1{path}") for path in paths]
    return "\n".join(answer.text for answer in answers if answer.status_code == 200)


def mails_to(journey: Journey, domain: str) -> str:
    """Return every mail to addresses at a domain, as it is sent."""
    rows = journey.look(lambda unit: list(unit.exec(select(OutboxMessage))))
    letters = [render(row, LETTERHEAD) for row in rows if row.to_address.endswith(domain)]
    return "\n".join(f"{letter.subject}\n{letter.text}" for letter in letters)


def is_silent(text: str) -> bool:
    return not any(word.casefold() in text.casefold() for word in PRIVATE)


def feed(client: TestClient) -> list[Any]:
    return client.get("/api/v1/briefs/feed").json()["items"]


def test_a_named_asker_is_named_and_nothing_else_is_told(opened: House, northumbria: TestClient) -> None:
    journey = asked(opened, "named").published()
    assert feed(northumbria)[0]["payload"]["organisation"] == COUNCIL
    told = everything(northumbria, journey).replace(COUNCIL, "")
    assert is_silent(told), "neither the person nor the question as it was asked"


def test_a_described_asker_stays_described_until_an_offer(
    opened: House, northumbria: TestClient, newcastle: TestClient
) -> None:
    journey = asked(opened, "described").published()
    assert feed(northumbria)[0]["payload"]["organisation"] == DESCRIBED
    journey.interested(journey.universities[1]).interested(journey.universities[0])
    assert is_silent(everything(northumbria, journey))

    journey.offered()

    assert feed(northumbria)[-1]["payload"]["organisation"] == COUNCIL
    assert northumbria.get("/api/v1/offers").json()["items"][0]["organisation"] == COUNCIL
    assert northumbria.get(f"/api/v1/briefs/{journey.brief_id}").json()["organisation"] == COUNCIL
    assert is_silent(everything(newcastle, journey)), "nobody else learns it with them"
    assert newcastle.get(f"/api/v1/briefs/{journey.brief_id}").json()["organisation"] == DESCRIBED

    journey.costing()
    assert northumbria.get("/api/v1/projects").json()["items"][0]["organisation"] == COUNCIL
    assert is_silent(everything(newcastle, journey))


def test_an_asker_who_waits_for_the_offer_is_nobody_before(
    opened: House, northumbria: TestClient, newcastle: TestClient
) -> None:
    journey = asked(opened, "after_offer").published()
    assert feed(northumbria)[0]["payload"]["organisation"] is None
    journey.interested(journey.universities[0]).selecting()
    told = everything(northumbria, journey)
    assert is_silent(told)
    assert DESCRIBED not in told

    journey.offered()
    assert northumbria.get("/api/v1/offers").json()["items"][0]["organisation"] == COUNCIL
    northumbria.post(f"/api/v1/offers/{journey.offer_id}/decline", json={"reason": "A grant came through."})

    assert northumbria.get("/api/v1/offers").json()["items"][0]["organisation"] is None, "an offer declined is over"
    assert northumbria.get(f"/api/v1/briefs/{journey.brief_id}").json()["organisation"] is None
    assert is_silent(everything(newcastle, journey))


def test_a_change_of_mind_holds_from_then_on(opened: House, northumbria: TestClient) -> None:
    journey = asked(opened, "named").published()
    manager = opened.client("manager")
    enquiry = f"/api/v1/enquiries/{journey.reference}"
    etag = manager.get(enquiry).headers["etag"]
    answer = manager.patch(enquiry, json={"organisation_shown": "after_offer"}, headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text
    assert northumbria.get(f"/api/v1/briefs/{journey.brief_id}").json()["organisation"] is None
    assert northumbria.get("/api/v1/briefs").json()["items"][0]["organisation"] is None


@pytest.mark.parametrize("shown", ["described", "after_offer"])
def test_mail_to_universities_keeps_the_same_discretion(opened: House, shown: str) -> None:
    journey = asked(opened, shown).published()
    journey.interested(lead_email="lead@team.example")
    question = _ask(opened, journey)
    journey.say("Yes, from 2019.", direction="out", visibility="universities", answers=question)
    journey.selecting()
    told = mails_to(journey, "northumbria.example") + mails_to(journey, "durham.example")
    assert "Do warmer homes mean fewer visits" in told
    assert "Yes, from 2019." in told
    assert is_silent(told)

    journey.act(c.Close(outcome=Outcome.WITHDRAWN, reason="Canaryshire Council is being merged."))
    assert is_silent(mails_to(journey, "team.example"))
    assert is_silent(mails_to(journey, "durham.example"))


def test_why_an_enquiry_is_closed_is_not_told_to_universities(opened: House, northumbria: TestClient) -> None:
    """What the enquirer writes when they withdraw is for the team: it may well say who they are."""
    journey = asked(opened, "after_offer").published()
    withdrawal = c.Close(outcome=Outcome.WITHDRAWN, reason="Canaryshire Council has no money left.")
    journey.act(withdrawal, journey.enquirer)

    [_, withdrawn] = feed(northumbria)
    assert withdrawn["type"] == "withdrawn"
    assert withdrawn["payload"]["reason"] == "The enquiry is closed: Withdrawn."
    assert is_silent(everything(northumbria, journey))
    assert is_silent(mails_to(journey, "northumbria.example"))


def _ask(opened: House, journey: Journey) -> UUID:
    durham = opened.client("university", organisation=DURHAM)
    answer = durham.post(f"/api/v1/briefs/{journey.brief_id}/questions", json={"body": "Is there linked data?"})
    return UUID(answer.json()["id"])


# ------------------------------------------------------------------------------------------- one university and another


def test_one_universitys_words_never_reach_another(
    opened: House, northumbria: TestClient, newcastle: TestClient
) -> None:
    """A canary in everything one university writes; the other's doors and mails are read to the end."""
    journey = asked(opened, "named").published()
    brief = f"/api/v1/briefs/{journey.brief_id}"
    researcher = northumbria.post(
        "/api/v1/researchers",
        json={
            "name": "Dr Wren", "email": "wren@wren.example", "statement": "Wren studies wrens.", "keywords": ["wren"],
            "methods": [], "publications": [{"title": "On the wren"}], "capacity_days": 5,
        },
    )  # fmt: skip
    interest = northumbria.post(
        f"{brief}/interests",
        json={
            "lead": {"name": "Dr Wren", "email": "wren@wren.example", "researcher_id": researcher.json()["id"]},
            "team": ["Dr Wren the younger"], "statement": "Wrens.", "capacity_days": 20, "conflicts": "A wren.",
            "earliest_start": "2027-01-11", "cost_band": "under_5k", "show_enquirer": True,
        },
    )  # fmt: skip
    assert (researcher.status_code, interest.status_code) == (201, 201)
    northumbria.post(f"{brief}/questions", json={"body": "Is the wren covered?"})
    northumbria.patch(f"/api/v1/interests/{interest.json()['id']}", json={"statement": "More wrens."})
    other = newcastle.post(
        f"{brief}/interests",
        json={
            "lead": {"name": "Dr Lee Lead", "email": "lee@newcastle.example"}, "statement": "We are ready.",
            "capacity_days": 20, "earliest_start": "2027-01-11", "cost_band": "under_5k",
        },
    )  # fmt: skip
    assert other.status_code == 201
    journey.act(c.CloseCall())
    waivers = tuple(
        c.Waiver(guard=guard, reason="Talked through.")
        for guard in ("conflicts_cleared", "preference_recorded", "joint_meeting_logged")
    )
    journey.act(c.MakeOffer(interest=UUID(interest.json()["id"]), waivers=waivers))
    [offer] = northumbria.get("/api/v1/offers").json()["items"]
    project = northumbria.post(f"/api/v1/offers/{offer['id']}/accept").json()["project_id"]
    costs = {"lines": [{"label": "Wren time", "amount": "10.00", "kind": "cash"}]}
    assert northumbria.put(f"/api/v1/projects/{project}/costs", json=costs).status_code == 200

    assert "wren" in everything(northumbria, journey).casefold()
    assert "wren" not in everything(newcastle, journey).casefold()
    assert "wren" not in mails_to(journey, "newcastle.example").casefold()
    feed_types = [item["type"] for item in feed(newcastle)]
    assert feed_types == ["published", "closed", "stood_down"]


def test_a_decline_is_between_the_university_and_the_team(
    opened: House, northumbria: TestClient, newcastle: TestClient
) -> None:
    journey = asked(opened, "named").published()
    northumbria.post(
        f"/api/v1/briefs/{journey.brief_id}/decline", json={"reason": "conflict", "comment": "We advise the wren."}
    )
    told = everything(newcastle, journey) + mails_to(journey, "newcastle.example")
    assert "wren" not in told


# ------------------------------------------------------------------------------------------- the pages of those without software


def pages(opened: House, email: str, *paths: str) -> str:
    """Return all that some pages show to whoever signs in with an address, their links and hidden fields included."""
    visitor = Visitor(opened)
    visitor.sign_in(email)
    found = [visitor.client.get(path) for path in paths]
    return "\n".join(answer.text for answer in found if answer.status_code == 200)


def contacts_pages(opened: House, journey: Journey, email: str) -> str:
    brief = f"/partner/briefs/{journey.brief_id}"
    own = [f"/partner/interests/{interest}" for interest in journey.interests]
    if enquiry_project := journey.enquiry().project_id:
        own.append(f"/partner/projects/{enquiry_project}")
    return pages(opened, email, "/partner", brief, f"{brief}/interest", "/partner/researchers", *own)


@pytest.mark.parametrize("shown", ["described", "after_offer"])
def test_pages_keep_the_same_discretion_until_an_offer(opened: House, shown: str) -> None:
    journey = asked(opened, shown).published()
    journey.interested(lead_email="lead@team.example")
    work = f"/work/{journey.interest_id}"
    told = contacts_pages(opened, journey, "calls@northumbria.example") + pages(
        opened, "lead@team.example", "/work", work
    )
    assert "Do warmer homes mean fewer visits" in told
    assert is_silent(told)
    assert (DESCRIBED in told) == (shown == "described")

    journey.offered()
    assert COUNCIL in contacts_pages(opened, journey, "calls@northumbria.example")
    assert COUNCIL in pages(opened, "lead@team.example", work)
    assert is_silent(contacts_pages(opened, journey, "calls@newcastle.example")), "nobody else learns it with them"

    journey.costing()
    told = contacts_pages(opened, journey, "calls@northumbria.example") + pages(opened, "lead@team.example", work)
    assert is_silent(told.replace(COUNCIL, "")), "neither the person nor the question as it was asked"
    assert is_silent(contacts_pages(opened, journey, "calls@newcastle.example"))


def test_back_stage_words_and_another_universitys_reach_no_page(opened: House) -> None:
    journey = asked(opened, "named").published()
    journey.say("The wren is a back stage bird.", kind="note", visibility="back_stage", direction="out")
    journey.say("The wren speaks to the enquirer.", direction="out")
    wren = {"lead_name": "Dr Wren", "lead_email": "wren@wren.example", "statement": "Wrens.", "conflicts": "A wren."}
    journey.interested(journey.universities[1], **wren).interested(lead_email="lead@team.example")
    ours = journey.interest_id
    journey.offered(journey.interests[0]).costing()
    told = contacts_pages(opened, journey, "calls@northumbria.example")
    told += pages(opened, "lead@team.example", "/work", f"/work/{ours}", f"/work/{journey.interests[0]}")
    assert "Do warmer homes mean fewer visits" in told
    assert "wren" not in told.casefold()
    theirs = contacts_pages(opened, journey, "calls@newcastle.example")
    assert "Dr Wren" in theirs
    assert "back stage bird" not in theirs
    assert "speaks to the enquirer" not in theirs
