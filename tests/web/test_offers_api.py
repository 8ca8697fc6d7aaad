"""Offers a university received, and the lead's answer, on both engines."""

from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from service.ids import new_id
from service.records import calls, projects
from service.states import EnquiryState, OfferState, ProjectState, WaitingOn
from service.workflows import commands as c
from tests.support.doors import House, ok
from tests.support.journey import COUNCIL, UNIVERSITIES, Journey

OFFERS = "/api/v1/offers"
NORTHUMBRIA, NEWCASTLE, _ = UNIVERSITIES


@pytest.fixture
def journey(opened: House) -> Journey:
    return Journey(opened.database, opened.clock)


def test_an_offer_is_shown_to_its_university_alone(
    journey: Journey, northumbria: TestClient, newcastle: TestClient
) -> None:
    journey.interested(journey.universities[1]).interested().offered()

    [offer] = ok(northumbria.get(OFFERS))["items"]

    assert offer == {
        "id": str(journey.offer_id),
        "brief_id": str(journey.brief_id),
        "interest_id": str(journey.interest_id),
        "title": "Do warmer homes mean fewer visits to A&E?",
        "organisation": COUNCIL,
        "lead_name": "Dr Lee Lead",
        "state": "open",
        "offered_at": "2026-11-23T09:30:00Z",
        "respond_by": "2026-12-07",
        "answered_at": None,
        "decline_reason": None,
        "project_id": None,
    }
    assert ok(newcastle.get(OFFERS))["items"] == []


def test_accepting_plans_a_project(opened: House, journey: Journey, northumbria: TestClient) -> None:
    journey.offered()
    opened.clock.move(days=1)

    accepted = ok(northumbria.post(f"{OFFERS}/{journey.offer_id}/accept"))

    enquiry = journey.enquiry()
    assert (enquiry.state, enquiry.waiting_on) == (EnquiryState.COSTING, WaitingOn.UNIVERSITIES)
    assert accepted["project_id"] == str(enquiry.project_id)
    assert (accepted["state"], accepted["answered_at"]) == ("accepted", "2026-11-24T09:30:00Z")
    [project] = ok(northumbria.get("/api/v1/projects"))["items"]
    assert (project["id"], project["state"]) == (accepted["project_id"], "planned")


def test_declining_says_why_and_gives_the_choice_back(journey: Journey, northumbria: TestClient) -> None:
    journey.offered()
    assert northumbria.post(f"{OFFERS}/{journey.offer_id}/decline", json={}).status_code == 422
    assert northumbria.post(f"{OFFERS}/{journey.offer_id}/decline", json={"reason": " "}).status_code == 422

    declined = ok(northumbria.post(f"{OFFERS}/{journey.offer_id}/decline", json={"reason": "A grant came through."}))

    assert (declined["state"], declined["decline_reason"]) == ("declined", "A grant came through.")
    assert (journey.enquiry().state, journey.enquiry().waiting_on) == (EnquiryState.SELECTING, WaitingOn.TEAM)


def test_an_answered_offer_stays_answered(journey: Journey, northumbria: TestClient) -> None:
    journey.costing()
    for verb, body in {"accept": None, "decline": {"reason": "Second thoughts."}}.items():
        told = ok(northumbria.post(f"{OFFERS}/{journey.offer_id}/{verb}", json=body), 409)
        assert told["type"] == "/problems/transition-refused"
        assert told["available_events"] == ["lead_withdraws"]
    offer, _ = journey.look(lambda unit: calls.enquiry_of_offer(unit, journey.offer_id)) or (None, None)
    assert offer
    assert offer.state == OfferState.ACCEPTED


def test_an_older_offer_cannot_answer_for_a_newer_one(journey: Journey, northumbria: TestClient) -> None:
    journey.interested().interested().offered()
    first, (one, two) = journey.offer_id, journey.interests
    ok(northumbria.post(f"{OFFERS}/{first}/decline", json={"reason": "Not this team."}))
    other = one if journey.interest_id == two else two
    journey.act(c.MakeOffer(interest=other))

    told = ok(northumbria.post(f"{OFFERS}/{first}/accept"), 409)

    assert told["detail"] == "That offer is no longer open."
    assert journey.enquiry().state == EnquiryState.SELECTING
    assert [offer["state"] for offer in ok(northumbria.get(OFFERS))["items"]] == ["open", "declined"]


def test_accepting_twice_at_once_with_one_key_happens_once(journey: Journey, northumbria: TestClient) -> None:
    journey.offered()
    at, key = f"{OFFERS}/{journey.offer_id}/accept", {"Idempotency-Key": "yes"}
    first, again = northumbria.post(at, headers=key), northumbria.post(at, headers=key)
    assert ok(first) == ok(again)
    assert again.headers["idempotency-replayed"] == "true"


def test_somebody_elses_offer_is_absent(opened: House, journey: Journey, newcastle: TestClient) -> None:
    journey.offered()
    for offer_id in (journey.offer_id, new_id(), "nonsense"):
        assert newcastle.post(f"{OFFERS}/{offer_id}/accept").status_code == 404
        assert newcastle.post(f"{OFFERS}/{offer_id}/decline", json={"reason": "Mine."}).status_code == 404
    assert journey.enquiry().state == EnquiryState.SELECTING
    for role in ("manager", "funder"):
        assert opened.client(role).get(OFFERS).status_code == 403
        assert opened.client(role).post(f"{OFFERS}/{journey.offer_id}/accept").status_code == 403
    assert opened.visitor().get(OFFERS).status_code == 401


def test_offers_are_listed_by_the_stretch(opened: House, northumbria: TestClient) -> None:
    made = [
        Journey(opened.database, opened.clock, enquirer_email=f"a{number}@council.example").offered()
        for number in range(3)
    ]
    first = northumbria.get(OFFERS, params={"limit": 2})
    second = ok(northumbria.get(first.links["next"]["url"]))
    listed = [offer["id"] for offer in ok(first)["items"] + second["items"]]
    assert listed == [str(journey.offer_id) for journey in reversed(made)]
    assert second["next_cursor"] is None


def test_accepting_after_the_project_ended_elsewhere(
    journey: Journey, northumbria: TestClient, newcastle: TestClient
) -> None:
    """The lead withdraws, an alternate is offered the work, and the first university can no longer move anything."""
    journey.interested(journey.universities[1]).interested(journey.universities[0])
    alternate, chosen = journey.interests
    journey.offered(interest=chosen, alternates=(alternate,)).costing()
    ended = journey.project_id
    ok(northumbria.post(f"/api/v1/projects/{ended}/withdraw", json={"reason": "Dr Lead has moved."}))
    assert journey.enquiry().state == EnquiryState.SELECTING
    journey.act(c.MakeOffer(interest=alternate))
    [offer] = ok(newcastle.get(OFFERS))["items"]
    theirs = UUID(ok(newcastle.post(f"{OFFERS}/{offer['id']}/accept"))["project_id"])

    for verb in ("withdraw", "submit-costing"):
        told = ok(northumbria.post(f"/api/v1/projects/{ended}/{verb}", json={"reason": "Again."}), 409)
        assert told["detail"] == "This project has ended."
    assert northumbria.put(f"/api/v1/projects/{ended}/costs", json={"lines": []}).status_code == 409
    assert northumbria.put(f"/api/v1/projects/{theirs}/costs", json={"lines": []}).status_code == 404
    state = journey.look(lambda unit: projects.fresh(unit, theirs)).state
    assert (state, journey.enquiry().state) == (ProjectState.PLANNED, EnquiryState.COSTING)
