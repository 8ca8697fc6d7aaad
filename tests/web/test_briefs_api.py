"""A university's briefs and its answers: everything in API.md section 3 about them, on both engines."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from service.ids import new_id
from service.records import calls, conversation, events
from service.records.tables import Interest, OutboxMessage, Person
from service.states import EnquiryState
from service.workflows import commands as c
from tests.support.doors import House, ok, refused
from tests.support.journey import COUNCIL, UNIVERSITIES, Journey

NORTHUMBRIA, NEWCASTLE, DURHAM = UNIVERSITIES
TEAM: dict[str, Any] = {
    "lead": {"name": "Dr Lee Lead", "email": "Lee.Lead@university.example"},
    "team": ["Dr Sam Statistician"],
    "with_universities": [NEWCASTLE],
    "statement": "We linked housing and hospital data for two councils.",
    "capacity_days": 40,
    "earliest_start": "2027-01-11",
    "cost_band": "20k_to_50k",
    "conflicts": "One of us advises the council's housing company.",
    "show_enquirer": True,
}
LEAST = {name: TEAM[name] for name in ("lead", "statement", "capacity_days", "earliest_start", "cost_band")}


@pytest.fixture
def journey(opened: House) -> Journey:
    return Journey(opened.database, opened.clock)


def brief_at(journey: Journey) -> str:
    return f"/api/v1/briefs/{journey.brief_id}"


# ------------------------------------------------------------------------------------------------------------ reading


def test_open_briefs_and_the_feed_meet_without_a_gap(journey: Journey, northumbria: TestClient) -> None:
    journey.published()

    [item] = (told := ok(northumbria.get("/api/v1/briefs")))["items"]

    assert told["next_cursor"] is None
    assert item["id"] == item["brief_id"] == str(journey.brief_id)
    assert (item["state"], item["status"], item["organisation"]) == ("open", "told", COUNCIL)
    assert ok(northumbria.get("/api/v1/briefs/feed", params={"cursor": told["feed_cursor"]}))["items"] == []

    journey.act(c.Extend(reply_by=journey.today() + timedelta(days=28), reason="Half term."))
    later = ok(northumbria.get("/api/v1/briefs/feed", params={"cursor": told["feed_cursor"]}))
    assert [each["type"] for each in later["items"]] == ["extended"]
    [item] = ok(northumbria.get("/api/v1/briefs"))["items"]
    assert item["reply_by"] == "2026-12-21"


def test_briefs_are_listed_by_the_stretch_with_one_place_in_the_feed(opened: House, northumbria: TestClient) -> None:
    journeys = [
        Journey(opened.database, opened.clock, enquirer_email=f"a{number}@council.example").published()
        for number in range(3)
    ]
    first = northumbria.get("/api/v1/briefs", params={"limit": 2})
    journeys[0].act(c.Extend(reply_by=journeys[0].today() + timedelta(days=28), reason="Half term."))
    second = ok(northumbria.get(first.links["next"]["url"]))

    listed = [item["id"] for item in ok(first)["items"] + second["items"]]
    assert listed == [str(journey.brief_id) for journey in journeys]
    assert second["next_cursor"] is None
    assert second["feed_cursor"] == ok(first)["feed_cursor"], "what happened between the pages is not missed"
    refused(northumbria.get("/api/v1/briefs", params={"cursor": "x"}), 400, "cursor-malformed")


def test_only_briefs_with_an_open_call_are_open(opened: House, northumbria: TestClient) -> None:
    pulled, closed, elsewhere = (
        Journey(opened.database, opened.clock, enquirer_email=f"a{number}@council.example") for number in range(3)
    )
    pulled.published().act(c.Pull(reason="The budget is in doubt."))
    closed.selecting()
    elsewhere.published(recipients=elsewhere.universities[1:])

    assert ok(northumbria.get("/api/v1/briefs"))["items"] == []
    assert ok(northumbria.get(brief_at(pulled)))["state"] == "withdrawn"
    assert ok(northumbria.get(brief_at(closed)))["state"] == "closed"
    refused(northumbria.get(brief_at(elsewhere)), 404, "not-found")


def test_one_brief_shows_how_we_answered(
    opened: House, journey: Journey, northumbria: TestClient, newcastle: TestClient
) -> None:
    journey.published()
    at = brief_at(journey)
    interest = ok(northumbria.post(f"{at}/interests", json=TEAM), 201)
    question = ok(northumbria.post(f"{at}/questions", json={"body": "Is there linked data?"}), 201)
    ok(newcastle.post(f"{at}/decline", json={"reason": "no_capacity", "comment": "Ask us in May."}))

    ours = ok(northumbria.get(at))
    assert (ours["status"], ours["acknowledged_at"]) == ("interested", "2026-11-23T09:30:00Z")
    assert ours["interests"] == [interest]
    assert ours["asked"] == [question]
    assert question["answer"] is None
    theirs = ok(newcastle.get(at))
    assert (theirs["status"], theirs["decline_reason"], theirs["decline_comment"]) == (
        "declined", "no_capacity", "Ask us in May.",
    )  # fmt: skip
    assert (theirs["interests"], theirs["asked"]) == ([], [])

    opened.clock.move(days=1)
    journey.say("Yes, from 2019.", direction="out", visibility="universities", answers=UUID(question["id"]))
    [answered] = ok(northumbria.get(at))["asked"]
    assert (answered["answer"], answered["answered_at"]) == ("Yes, from 2019.", "2026-11-24T09:30:00Z")
    assert ok(newcastle.get(at))["questions"] == [{"question": "Is there linked data?", "answer": "Yes, from 2019."}]


def test_reading_a_brief_marks_it_as_fetched(journey: Journey, northumbria: TestClient, newcastle: TestClient) -> None:
    journey.published()
    ok(northumbria.get(brief_at(journey)))
    ok(newcastle.get("/api/v1/briefs"))
    found = [
        journey.look(lambda unit, one=one: calls.recipient(unit, journey.enquiry_id, one))  # type: ignore[misc]
        for one in journey.universities
    ]
    assert [each.fetched_at is not None for each in found if each] == [True, True, False]
    assert all(each.acknowledged_at is None for each in found if each)
    assert ok(northumbria.get(brief_at(journey)))["status"] == "fetched"


def test_a_brief_that_is_not_ours_is_absent(opened: House, journey: Journey, northumbria: TestClient) -> None:
    journey.published(recipients=journey.universities[1:])
    posts = {
        "receipt": None, "interests": TEAM, "decline": {"reason": "other"}, "questions": {"body": "Who asks?"},
    }  # fmt: skip
    for brief_id in (journey.brief_id, new_id(), "nonsense"):
        refused(northumbria.get(f"/api/v1/briefs/{brief_id}"), 404, "not-found")
        for verb, body in posts.items():
            refused(northumbria.post(f"/api/v1/briefs/{brief_id}/{verb}", json=body), 404, "not-found")
            refused(northumbria.post(f"/api/v1/briefs/{brief_id}/{verb}", json={"rubbish": 1}), 404, "not-found")
    assert journey.look(lambda unit: calls.interests(unit, journey.enquiry_id)) == []

    manager = opened.client("manager")
    refused(manager.get(brief_at(journey)), 403, "forbidden")
    refused(manager.post(f"{brief_at(journey)}/interests", json=TEAM), 403, "forbidden")
    refused(opened.visitor().get("/api/v1/briefs"), 401, "authentication-required")


# ------------------------------------------------------------------------------------------------------------ answers


def test_a_receipt_is_recorded_once(opened: House, journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    first = ok(northumbria.post(f"{brief_at(journey)}/receipt"))
    opened.clock.move(days=1)
    again = ok(northumbria.post(f"{brief_at(journey)}/receipt"))
    assert first["status"] == again["status"] == "acknowledged"
    assert first["acknowledged_at"] == again["acknowledged_at"]
    log = [event.event for event in journey.look(lambda unit: events.of_enquiry(unit, journey.enquiry_id))]
    assert log.count("acknowledged") == 1


def test_an_interest_says_who_and_on_what_terms(journey: Journey, northumbria: TestClient) -> None:
    journey.published()

    made = ok(northumbria.post(f"{brief_at(journey)}/interests", json=TEAM), 201)

    assert made["brief_id"] == str(journey.brief_id)
    assert made["lead"] == {"researcher_id": None, "name": "Dr Lee Lead", "email": "lee.lead@university.example"}
    assert {name: made[name] for name in TEAM if name != "lead"} == {
        name: TEAM[name] for name in TEAM if name != "lead"
    }
    assert (made["late"], made["brief_version"], made["amended_at"]) == (False, 1, None)
    [message] = journey.look(
        lambda unit: list(unit.exec(select(OutboxMessage).where(OutboxMessage.kind == "interest_received")))
    )
    assert message.params["university"] == NORTHUMBRIA


def test_several_interests_from_one_university(journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    first = ok(northumbria.post(f"{brief_at(journey)}/interests", json=TEAM), 201)
    second = ok(northumbria.post(f"{brief_at(journey)}/interests", json=LEAST), 201)
    assert first["id"] != second["id"]
    assert (second["team"], second["conflicts"], second["show_enquirer"]) == ([], None, False)
    assert [each["id"] for each in ok(northumbria.get(brief_at(journey)))["interests"]] == [first["id"], second["id"]]


def test_a_repeated_request_makes_one_interest(journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    at, key = f"{brief_at(journey)}/interests", {"Idempotency-Key": "one"}
    first = northumbria.post(at, json=TEAM, headers=key)
    again = northumbria.post(at, json=TEAM, headers=key)
    assert ok(first, 201) == ok(again, 201)
    assert again.headers["idempotency-replayed"] == "true"
    refused(northumbria.post(at, json=LEAST, headers=key), 422, "idempotency-key-reused")
    assert len(journey.look(lambda unit: calls.interests(unit, journey.enquiry_id))) == 1


def test_an_interest_that_does_not_fit_is_refused_field_by_field(journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    at = f"{brief_at(journey)}/interests"
    for field, value in {
        "lead": {"name": "Dr Lee Lead"},
        "statement": "",
        "capacity_days": -1,
        "earliest_start": "soon",
        "cost_band": "plenty",
        "show_enquirer": "perhaps",
        "mood": "good",
    }.items():
        told = refused(northumbria.post(at, json=TEAM | {field: value}), 422, "invalid-content")
        assert told["errors"][0]["field"].startswith(field)
    stranger = {"lead": {**TEAM["lead"], "researcher_id": str(new_id())}}
    told = refused(northumbria.post(at, json=TEAM | stranger), 422, "invalid-content")
    assert told["errors"][0]["field"] == "lead.researcher_id"
    refused(northumbria.post(at, content=b"{", headers={"Content-Type": "application/json"}), 400, "invalid-json")
    assert journey.look(lambda unit: calls.interests(unit, journey.enquiry_id)) == []


def test_a_researcher_of_ones_own_may_lead(journey: Journey, northumbria: TestClient, newcastle: TestClient) -> None:
    journey.published()
    entry = {
        "name": "Dr Lee Lead", "email": "lee@university.example", "keywords": [], "methods": [], "publications": [],
        "capacity_days": 10,
    }  # fmt: skip
    researcher = ok(northumbria.post("/api/v1/researchers", json=entry), 201)["id"]
    lead = {"lead": {**TEAM["lead"], "researcher_id": researcher}}

    made = ok(northumbria.post(f"{brief_at(journey)}/interests", json=TEAM | lead), 201)

    assert made["lead"]["researcher_id"] == researcher
    refused(newcastle.post(f"{brief_at(journey)}/interests", json=TEAM | lead), 422, "invalid-content")


def test_late_interest_is_welcome_until_an_offer_is_accepted(
    opened: House, journey: Journey, northumbria: TestClient, newcastle: TestClient
) -> None:
    durham = opened.client("university", organisation=DURHAM)
    journey.published()
    at = f"{brief_at(journey)}/interests"
    assert ok(northumbria.post(at, json=LEAST), 201)["late"] is False
    opened.clock.move(days=30)
    assert ok(newcastle.post(at, json=LEAST), 201)["late"] is True, "after the reply-by"
    journey.selecting()
    late = ok(durham.post(at, json=LEAST), 201)
    assert late["late"] is True, "after the call"
    assert ok(durham.patch(f"/api/v1/interests/{late['id']}", json={"capacity_days": 5}))["capacity_days"] == 5

    first = journey.look(lambda unit: calls.interests(unit, journey.enquiry_id))[0]
    journey.offered(interest=first.id).costing()
    refused(durham.post(at, json=LEAST), 409, "conflict")
    refused(durham.patch(f"/api/v1/interests/{late['id']}", json={"capacity_days": 6}), 409, "conflict")
    refused(durham.post(f"{brief_at(journey)}/decline", json={"reason": "other"}), 409, "conflict")


def test_a_withdrawn_brief_takes_no_answers(journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    interest = ok(northumbria.post(f"{brief_at(journey)}/interests", json=LEAST), 201)
    journey.act(c.Pull(reason="The budget is in doubt."))

    for verb, body in {
        "receipt": None,
        "interests": TEAM,
        "decline": {"reason": "other"},
        "questions": {"body": "?"},
    }.items():
        told = refused(northumbria.post(f"{brief_at(journey)}/{verb}", json=body), 409, "conflict")
        assert told["detail"] == "This brief has been withdrawn."
    refused(northumbria.patch(f"/api/v1/interests/{interest['id']}", json={"capacity_days": 1}), 409, "conflict")


def test_an_interest_is_amended_in_the_parts_that_are_sent(
    opened: House, journey: Journey, northumbria: TestClient, newcastle: TestClient
) -> None:
    journey.published()
    made = ok(northumbria.post(f"{brief_at(journey)}/interests", json=TEAM), 201)
    at = f"/api/v1/interests/{made['id']}"
    opened.clock.move(days=1)

    changed: dict[str, Any] = {"capacity_days": 20, "conflicts": None, "team": [], "show_enquirer": False}

    amended = ok(northumbria.patch(at, json=changed))

    assert amended == made | changed | {"amended_at": "2026-11-24T09:30:00Z", "version": 2}
    moved = ok(northumbria.patch(at, json={"lead": {"name": "Dr New Lead", "email": "new@university.example"}}))
    assert moved["lead"]["name"] == "Dr New Lead"
    stored = journey.look(lambda unit: unit.get(Interest, UUID(made["id"])))
    lead = journey.look(lambda unit: unit.get(Person, stored.lead_person_id if stored else None))
    assert lead
    assert lead.email == "new@university.example"

    for body in ({"statement": None}, {"lead": None}, {"capacity_days": None}, {"mood": "good"}, {"cost_band": "lots"}):
        refused(northumbria.patch(at, json=body), 422, "invalid-content")
    refused(newcastle.patch(at, json={"capacity_days": 1}), 404, "not-found")
    refused(newcastle.patch("/api/v1/interests/nonsense", json={"capacity_days": 1}), 404, "not-found")
    assert ok(northumbria.get(brief_at(journey)))["interests"][0] == moved


def test_an_amended_conflict_has_to_be_cleared_again(journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    made = ok(northumbria.post(f"{brief_at(journey)}/interests", json=TEAM), 201)
    journey.act(c.CloseCall())
    waivers = tuple(
        c.Waiver(guard=guard, reason="Talked through with both.")
        for guard in ("conflicts_cleared", "preference_recorded", "joint_meeting_logged")
    )
    journey.act(c.MakeOffer(interest=UUID(made["id"]), waivers=waivers))
    stored = journey.look(lambda unit: unit.get(Interest, UUID(made["id"])))
    assert stored
    assert stored.conflicts_cleared_at is not None

    ok(northumbria.patch(f"/api/v1/interests/{made['id']}", json={"conflicts": "Another one."}))

    stored = journey.look(lambda unit: unit.get(Interest, UUID(made["id"])))
    assert stored
    assert stored.conflicts_cleared_at is None


def test_declining_and_thinking_better_of_it(journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    at = brief_at(journey)
    refused(northumbria.post(f"{at}/decline", json={}), 422, "invalid-content")
    refused(northumbria.post(f"{at}/decline", json={"reason": "bored"}), 422, "invalid-content")
    assert ok(northumbria.post(f"{at}/decline", json={"reason": "too_short"}))["status"] == "declined"

    ok(northumbria.post(f"{at}/interests", json=LEAST), 201)

    assert ok(northumbria.get(at))["status"] == "interested"
    assert ok(northumbria.get(at))["decline_reason"] is None
    refused(northumbria.post(f"{at}/decline", json={"reason": "no_capacity"}), 409, "conflict")


def test_questions_are_for_open_calls(journey: Journey, northumbria: TestClient) -> None:
    journey.published()
    at = f"{brief_at(journey)}/questions"
    asked = ok(northumbria.post(at, json={"body": "Is there linked data?"}), 201)
    assert (asked["body"], asked["answer"], asked["asked_at"]) == (
        "Is there linked data?",
        None,
        "2026-11-23T09:30:00Z",
    )
    [waiting] = journey.look(lambda unit: conversation.open_questions(unit, journey.enquiry_id))
    assert waiting.organisation_id == journey.universities[0]
    refused(northumbria.post(at, json={"body": " "}), 422, "invalid-content")
    journey.selecting()
    assert journey.enquiry().state == EnquiryState.SELECTING
    refused(northumbria.post(at, json={"body": "Too late?"}), 409, "conflict")
