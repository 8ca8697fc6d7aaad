"""Events at the managers' JSON door: from the question to the closed call, and every way of being refused."""

from typing import Any

from service.workflows.machines import ENQUIRY
from tests.support.desk import BASE, Desk
from tests.support.doors import House
from tests.support.journey import SECTIONS, Journey


def test_a_question_goes_all_the_way_to_the_choice_through_the_door(desk: Desk, opened: House) -> None:
    durham = opened.client("university", organisation="Durham University")
    university = desk.items("/organisations", kind="university")[0]["id"]
    reference = desk.record(organisation_shown="named")["reference"]

    assert desk.did(reference, "accept")["state"] == "scoping"
    desk.say(reference, "We talked it through.", kind="call", direction="out")
    assert desk.write_brief(reference, **SECTIONS).json()["state"] == "draft"
    sent = desk.did(reference, "send_for_agreement")
    assert (sent["state"], sent["waiting_on"]) == ("sign_off", "enquirer")
    brief = desk.read(f"/enquiries/{reference}/brief")
    opened.clock.move(minutes=5)
    yes = desk.say(reference, "Yes, that is it.")["id"]
    agreed = desk.did(reference, "agree", version=brief["version"], hash=brief["hash"], entry=yes)
    assert (agreed["state"], agreed["waiting_on"]) == ("sign_off", "team")
    published = desk.did(reference, "publish", recipients=[university])
    assert (published["state"], published["waiting_on"]) == ("open_call", "universities")
    [told] = desk.items(f"/enquiries/{reference}/recipients")
    assert (told["organisation"], told["status"], told["reply_by"]) == ("Durham University", "told", "2026-12-07")
    [entry] = durham.get(f"{BASE}/briefs/feed").json()["items"]
    assert entry["payload"]["hash"] == brief["hash"]
    assert desk.items(f"/enquiries/{reference}/recipients")[0]["status"] == "fetched"
    interest = {
        "lead": {"name": "Dr Lee Lead", "email": "lee@durham.example"}, "statement": "We have done this before.",
        "capacity_days": 40, "earliest_start": "2027-01-04", "cost_band": "20k_to_50k",
    }  # fmt: skip
    assert durham.post(f"{BASE}/briefs/{entry['brief_id']}/interests", json=interest).status_code == 201
    [team] = desk.items(f"/enquiries/{reference}/interests")
    assert (team["lead"]["name"], team["late"], team["preference"]) == ("Dr Lee Lead", False, None)
    assert desk.did(reference, "close_call")["state"] == "selecting"
    waived = [{"guard": "joint_meeting_logged", "reason": "They work together already."}]
    offered = desk.did(reference, "offer", interest=team["id"], waivers=waived)
    assert (offered["waiting_on"], offered["warnings"]) == ("lead", [])
    [offer] = desk.items(f"/enquiries/{reference}/offers")
    assert (offer["state"], offer["interest_id"], offer["lead_name"]) == ("open", team["id"], "Dr Lee Lead")
    assert "accept_offer" in offered["available_events"]


def test_what_is_available_is_what_can_be_done(desk: Desk) -> None:
    enquiry = desk.record()
    told = {*enquiry["available_events"], *(one["event"] for one in enquiry["refused_events"])}
    assert told == {
        row.event for row in ENQUIRY.transitions.values() if "triage" in row.sources and row.posted
    } - {"reply"}  # fmt: skip
    [refused] = enquiry["refused_events"]
    answer = desk.event(enquiry["reference"], refused["event"])
    assert (answer.status_code, answer.json()["detail"]) == (409, refused["detail"])


def test_a_refusal_names_every_guard_and_what_is_possible_instead(desk: Desk) -> None:
    reference = desk.record()["reference"]
    desk.did(reference, "accept")
    desk.write_brief(reference, purpose="Call Ann on 0191 498 0000.")
    answer = desk.event(reference, "send_for_agreement")
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["type"] == "/problems/transition-refused"
    assert {guard["guard"] for guard in problem["guards"]} == {
        "key_sections_filled", "organisation_shown_set", "no_contact_details",
    }  # fmt: skip
    assert all(guard["detail"] and guard["waivable"] is False for guard in problem["guards"])
    assert problem["available_events"] == desk.read(f"/enquiries/{reference}")["available_events"]
    assert all(guard["detail"] in problem["detail"] for guard in problem["guards"])


def test_a_guard_gives_way_to_a_reason_where_it_may_and_the_timeline_shows_it(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).agreed()
    desk = Desk(opened.client("manager"))
    soon: dict[str, Any] = {"recipients": [str(journey.universities[0])], "reply_by": "2026-11-26"}
    refused = desk.event(journey.reference, "publish", **soon)
    assert [(g["guard"], g["waivable"]) for g in refused.json()["guards"]] == [("reply_by_long_enough", True)]
    waivers = [{"guard": "reply_by_long_enough", "reason": "The bid closes on Friday."}]
    assert desk.did(journey.reference, "publish", waivers=waivers, **soon)["state"] == "open_call"
    shown = [one for one in desk.items(f"/enquiries/{journey.reference}/timeline") if one.get("event") == "publish"]
    assert shown[0]["waivers"] == waivers


def test_a_waiver_for_what_cannot_be_waived_changes_nothing(desk: Desk) -> None:
    reference = desk.record()["reference"]
    desk.did(reference, "accept")
    desk.write_brief(reference, purpose="A paper.")
    waivers = [{"guard": "key_sections_filled", "reason": "Never mind."}]
    assert desk.event(reference, "send_for_agreement", waivers=waivers).status_code == 409


def test_thin_capacity_is_a_warning_and_not_a_guard(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).interested(capacity_days=2).met()
    desk = Desk(opened.client("manager"))
    [team] = desk.items(f"/enquiries/{journey.reference}/interests")
    done = desk.did(journey.reference, "offer", interest=team["id"])
    assert done["warnings"] == ["The team offers only 2 days: check that it is enough."]


def test_every_event_has_a_shape_and_anything_else_is_refused(desk: Desk) -> None:
    reference = desk.record()["reference"]
    wrong: Any
    for wrong in (
        {}, {"event": None}, {"event": "submit"}, {"event": "start"}, {"event": "accept", "colour": "red"},
        {"event": "hold"}, {"event": "hold", "until": "soon", "reason": "x"}, {"event": "ask", "body": ""},
        {"event": "close", "outcome": "bored", "reason": "x"}, {"event": "accept", "owner": "me"}, [], "accept", 7,
        {"event": "agree", "version": 0, "hash": "x"}, {"event": "agree", "version": 2**40, "hash": "x"},
        {"event": "accept", "waivers": [{"guard": "x"}]},
    ):  # fmt: skip
        answer = desk.post(f"/enquiries/{reference}/events", wrong, if_match='"1"')
        assert answer.status_code == 422, wrong
    assert desk.read(f"/enquiries/{reference}")["version"] == 1


def test_dates_beyond_every_calendar_are_answered_in_words(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).agreed()
    desk = Desk(opened.client("manager"))
    for far in ("2199-12-31", "9999-12-31"):
        held = desk.event(journey.reference, "hold", until=far, reason="For good.")
        published = desk.event(
            journey.reference, "publish", reply_by=far, recipients=[str(one) for one in journey.universities]
        )
        for answer in (held, published):
            assert answer.status_code in {200, 409, 422}, answer.text
            assert answer.status_code == 200 or answer.json()["detail"]


def test_an_event_repeated_under_one_key_happens_once(desk: Desk) -> None:
    reference = desk.record()["reference"]
    first = desk.post(f"/enquiries/{reference}/events", {"event": "accept"}, if_match='"1"', idempotency_key="k")
    again = desk.post(f"/enquiries/{reference}/events", {"event": "accept"}, if_match='"1"', idempotency_key="k")
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    assert (again.headers["idempotency-replayed"], again.headers["etag"]) == ("true", '"2"')
    assert desk.read(f"/enquiries/{reference}")["version"] == 2
    other = desk.post(f"/enquiries/{reference}/events", {"event": "begin_brief"}, if_match='"2"', idempotency_key="k")
    assert other.json()["type"] == "/problems/idempotency-key-reused"


def test_a_refusal_is_not_kept_for_a_repeat(desk: Desk) -> None:
    reference = desk.record()["reference"]
    path = f"/enquiries/{reference}/events"
    assert desk.post(path, {"event": "begin_brief"}, if_match='"1"', idempotency_key="k").status_code == 409
    desk.did(reference, "accept")
    assert desk.post(path, {"event": "begin_brief"}, if_match='"2"', idempotency_key="k").status_code == 200


def test_talk_leaves_the_version_and_events_raise_it(desk: Desk) -> None:
    reference = desk.record()["reference"]
    desk.say(reference, "Hello", direction="out")
    assert desk.read(f"/enquiries/{reference}")["version"] == 1
    asked = desk.did(reference, "ask", body="Which wards?")
    assert (asked["version"], asked["waiting_on"]) == (2, "enquirer")
    desk.say(reference, "Both.")
    after = desk.read(f"/enquiries/{reference}")
    assert (after["version"], after["waiting_on"]) == (2, "team")


def test_only_the_owner_writes_the_brief_but_a_service_lead_may(desk: Desk, opened: House) -> None:
    reference = desk.record()["reference"]
    desk.did(reference, "accept")
    other = Desk(opened.client("manager", email="kim@service.example"))
    refused = other.event(reference, "begin_brief")
    assert (refused.status_code, refused.json()["detail"][:25]) == (409, "Mo owns this enquiry. Rea")
    assert Desk(opened.client("service_lead")).did(reference, "begin_brief")["state"] == "drafting"


def test_closing_says_why_and_reopening_goes_back(desk: Desk) -> None:
    reference = desk.record()["reference"]
    desk.did(reference, "accept")
    closed = desk.did(
        reference, "close", outcome="answered", reason="Two reviews.", answer="Yes.", wording="Here is your answer."
    )
    assert (closed["state"], closed["outcome"], closed["answer"]) == ("closed", "answered", "Yes.")
    assert (closed["closing_words"], closed["waiting_on"], closed["due_on"]) == ("Here is your answer.", "nobody", None)
    reopened = desk.did(reference, "reopen", reason="They asked for more.")
    assert (reopened["state"], reopened["outcome"]) == ("scoping", None)


def test_redaction_destroys_the_text_and_keeps_its_place(desk: Desk) -> None:
    reference = desk.record()["reference"]
    entry = desk.say(reference, "The canary lives at number 7.")["id"]
    assert desk.event(reference, "redact", entry=entry, reason="An address.").status_code == 200
    assert "canary" not in desk.get(f"/enquiries/{reference}/timeline").text
    [kept] = [one for one in desk.items(f"/enquiries/{reference}/timeline") if one["id"] == entry]
    assert (kept["redacted"], kept["body"]) == (True, "[Redacted]")
