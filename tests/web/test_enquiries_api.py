"""Enquiries at the managers' JSON door: recorded, read, changed, merged."""

from typing import Any

from service.vocabulary import TOPICS
from tests.support.desk import BASE, QUESTION, Desk
from tests.support.doors import House

FULL: dict[str, Any] = {
    "organisation": "Gateshead Council",
    "purpose": "A paper to cabinet.",
    "decision_date": "2027-03-15",
    "needed_by": "2027-02-12",
    "decision_window": "key_decision",
    "population": ["older_people", "whole_population"],
    "place": "Gateshead",
    "known_evidence": "A review of 2019.",
    "not_wanted": "Another survey.",
    "enquiry_type": "rapid_evaluation",
    "topics": ["homes", "ageing"],
    "sector": "council_public_health",
    "budget_band": "5k_to_20k",
    "organisation_shown": "named",
    "channel": "meeting",
}
FACTS: dict[str, Any] = {
    **FULL,
    "question": "Do retrofitted homes mean fewer visits to A&E?",
    "who_decides": "Cabinet",
    "decision_step": "options",
    "population_notes": "Tenants of the council",
    "evidence_wanted": ["local_data", "guidance"],
    "methods": ["economic"],
    "procurement_route": "quotes",
    "organisation_shown": "described",
    "organisation_description": "A council by the Tyne",
}
FACTS.pop("channel")
NAMED = (
    "reference version question original_question state label plain_label outcome on_hold hold_until owner organisation "
    "enquirer waiting_on due_on decision_date needed_by slack_working_days flags project_id brief_id available_events "
    "refused_events purpose decision_window population place known_evidence not_wanted enquiry_type topics sector "
    "budget_band organisation_shown channel"
).split()


# ------------------------------------------------------------------------------------------------------------- recording


def test_a_question_recorded_for_somebody_begins_in_triage(desk: Desk) -> None:
    answer = desk.post("/enquiries", {"question": QUESTION, "enquirer": {"name": "Ann", "phone": "0191 498 0000"}})
    assert answer.status_code == 201
    enquiry = answer.json()
    assert answer.headers["location"] == f"{BASE}/enquiries/{enquiry['reference']}"
    assert answer.headers["etag"] == '"1"'
    assert (enquiry["state"], enquiry["version"], enquiry["waiting_on"]) == ("triage", 1, "team")
    assert enquiry["enquirer"]["phone"] == "0191 498 0000"
    assert enquiry["due_on"] == "2026-11-25"
    assert set(NAMED) <= set(enquiry)
    assert desk.read(f"/enquiries/{enquiry['reference']}") == enquiry


def test_every_fact_is_kept_as_it_was_sent(desk: Desk) -> None:
    enquiry = desk.record(**FULL)
    assert {name: enquiry[name] for name in FULL} == FULL


def test_an_organisation_we_know_is_linked_whatever_its_case_and_one_we_do_not_is_kept_as_written(desk: Desk) -> None:
    known = desk.post("/organisations", {"name": "Gateshead Council", "kind": "council"}).json()
    assert desk.record(organisation="gateshead  COUNCIL")["organisation_id"] == known["id"]
    unknown = desk.record(organisation="Borough of Nowhere")
    assert (unknown["organisation"], unknown["organisation_id"]) == ("Borough of Nowhere", None)


def test_who_is_only_described_gets_words_where_none_were_given(desk: Desk) -> None:
    described = {
        "A council in the North East": {"kind": "council", "area": "north_east"},
        "An NHS body in London": {"kind": "nhs", "area": "london"},
        "An organisation": {"kind": "other"},
    }
    for words, known in described.items():
        desk.post("/organisations", {"name": words[::-1], **known})
        reference = desk.record(organisation=words[::-1], organisation_shown="described")["reference"]
        assert desk.read(f"/enquiries/{reference}")["organisation_description"] == words
        changed = desk.change(reference, organisation_description="One of us").json()
        assert changed["organisation_description"] == "One of us"
        assert desk.change(reference, organisation_description=None).json()["organisation_description"] == words


WRONG: tuple[dict[str, Any], ...] = (
    {"question": "   "},
    {"question": None},
    {"enquirer": {"name": "Ann"}},
    {"enquirer": {"name": "Ann", "email": "not an address"}},
    {"enquirer": {"name": "", "email": "ann@council.example"}},
    {"enquirer": None},
    {"unheard_of": 1},
    {"enquirer": {"name": "Ann", "email": "ann@council.example", "age": 40}},
    {"topics": ["astrology"]},
    {"sector": "nope"},
    {"decision_date": "15/03/2027"},
    {"decision_date": 1_800_000_000},
    {"channel": "pigeon"},
    {"population": ["martians"]},
    {"purpose": ""},
)


def test_what_does_not_fit_is_refused_by_field(desk: Desk) -> None:
    right = {"question": QUESTION, "enquirer": {"name": "Ann", "email": "ann@council.example"}}
    for wrong in WRONG:
        answer = desk.post("/enquiries", right | wrong)
        assert answer.status_code == 422, wrong
        assert answer.headers["content-type"] == "application/problem+json"
        assert {problem["field"].split(".")[0] for problem in answer.json()["errors"]} == set(wrong)
    assert desk.read("/enquiries")["items"] == []


def test_the_same_request_is_answered_once(desk: Desk) -> None:
    body = {"question": QUESTION, "enquirer": {"name": "Ann", "email": "ann@council.example"}}
    first = desk.post("/enquiries", body, idempotency_key="a")
    again = desk.post("/enquiries", body, idempotency_key="a")
    assert (again.status_code, again.json(), again.headers["location"]) == (
        201,
        first.json(),
        first.headers["location"],
    )
    assert again.headers["idempotency-replayed"] == "true"
    assert desk.post("/enquiries", {**body, "place": "Elsewhere"}, idempotency_key="a").status_code == 422
    assert len(desk.items("/enquiries")) == 1


# --------------------------------------------------------------------------------------------------------------- reading


def test_a_reference_is_forgiven_its_case_and_look_alikes_and_nothing_else_is_there(desk: Desk) -> None:
    reference = desk.record()["reference"]
    assert desk.get(f"/enquiries/{reference.lower().replace('-', '')}").json()["reference"] == reference
    for absent in ("AAAAAA-A", "nothing", "%00", "x" * 500):
        answer = desk.get(f"/enquiries/{absent}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


def test_refusals_come_in_the_order_that_is_written_down(opened: House) -> None:
    desk = Desk(opened.client("manager"))
    reference = desk.record()["reference"]
    path = f"{BASE}/enquiries/{reference}/events"
    broken: dict[str, Any] = {"content": "{", "headers": {"Content-Type": "application/json"}}
    stranger = opened.visitor().post(path, **broken)
    assert (stranger.status_code, stranger.headers["www-authenticate"]) == (401, "Bearer")
    assert opened.client("university").post(path, **broken).status_code == 403
    assert desk.client.post(f"{BASE}/enquiries/AAAAAA-A/events", **broken).status_code == 404
    assert desk.client.post(path, **broken).status_code == 400
    assert desk.client.post(path, json={"event": "fly"}).status_code == 422
    assert desk.client.post(path, json={"event": "begin_brief"}).status_code == 428
    assert desk.event(reference, "begin_brief", tag='"99"').status_code == 412
    assert desk.event(reference, "begin_brief", tag='"1"').status_code == 409


def test_a_merged_enquiry_leads_to_the_one_that_goes_on(desk: Desk) -> None:
    kept, first, second = desk.record(), desk.record(), desk.record()
    desk.did(first["reference"], "close", outcome="duplicate", reason="The same.", target=second["reference"])
    desk.did(second["reference"], "close", outcome="duplicate", reason="The same.", target=kept["reference"])
    answer = desk.get(f"/enquiries/{first['reference']}")
    assert answer.status_code == 308
    assert answer.headers["location"] == f"{BASE}/enquiries/{kept['reference']}"
    assert desk.read(f"/enquiries/{first['reference']}/timeline")["items"], "its own history stays where it was"


# -------------------------------------------------------------------------------------------------------------- changing


def test_every_fact_can_be_changed_and_taken_back(desk: Desk) -> None:
    reference = desk.record()["reference"]
    answer = desk.change(reference, **FACTS)
    assert answer.status_code == 200, answer.text
    assert {name: answer.json()[name] for name in FACTS} == FACTS
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"' == '"2"'
    wiped = desk.change(reference, **dict.fromkeys(set(FACTS) - {"question", "organisation_shown"}))
    assert wiped.status_code == 200, wiped.text
    empty = {name: wiped.json()[name] for name in FACTS if name not in {"question", "organisation_shown"}}
    assert empty.pop("organisation_description"), "still described, so still in some words"
    assert not any(empty.values())


def test_a_new_wording_stands_beside_the_original(desk: Desk) -> None:
    reference = desk.record("do warm homes help")["reference"]
    changed = desk.change(reference, question="Do retrofitted homes mean fewer visits to A&E?").json()
    assert changed["original_question"] == "do warm homes help"
    assert (changed["question"], changed["question_versions"]) == ("Do retrofitted homes mean fewer visits to A&E?", 2)


def test_population_is_codes_or_words(desk: Desk) -> None:
    reference = desk.record(population="Care leavers in Redcar")["reference"]
    assert desk.read(f"/enquiries/{reference}")["population"] == "Care leavers in Redcar"
    coded = desk.change(reference, population=["young_people"]).json()
    assert (coded["population"], coded["population_notes"]) == (["young_people"], "Care leavers in Redcar")
    assert desk.change(reference, population="children").json()["population"] == ["children"]
    worded = desk.change(reference, population="Everyone over 80").json()
    assert worded["population"] == worded["population_notes"] == "Everyone over 80"


def test_the_enquirer_can_be_corrected_but_never_into_somebody_else(desk: Desk) -> None:
    first, second = desk.record(), desk.record(enquirer={"name": "Bo", "email": "bo@council.example"})
    changed = desk.change(second["reference"], enquirer={"name": "Bo Baker", "phone": "0191 498 0001"}).json()
    assert changed["enquirer"] | {"id": ""} == {
        "id": "", "name": "Bo Baker", "email": "bo@council.example", "phone": "0191 498 0001", "confirmed": True,
    }  # fmt: skip
    taken = desk.change(second["reference"], enquirer={"email": first["enquirer"]["email"].upper()})
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/conflict")


def test_a_change_needs_the_version_it_was_made_against(desk: Desk) -> None:
    reference = desk.record()["reference"]
    assert desk.client.patch(f"{BASE}/enquiries/{reference}", json={"place": "Here"}).status_code == 428
    assert desk.change(reference, tag='"1"', place="Here").json()["version"] == 2
    desk.did(reference, "accept")
    stale = desk.change(reference, tag='"1"', place="There")
    assert (stale.status_code, stale.headers["etag"], stale.json()["current_etag"]) == (412, '"3"', '"3"')
    assert [(one["event"], one["version"]) for one in stale.json()["changes"]] == [("amend", 2), ("accept", 3)]
    assert desk.read(f"/enquiries/{reference}")["place"] == "Here"
    for odd in ('W/"3"', "3", '"three"', '"99999999999999999999"', ""):
        assert desk.client.patch(
            f"{BASE}/enquiries/{reference}", json={"place": "There"}, headers={"If-Match": odd}
        ).status_code == 412, odd  # fmt: skip
    assert desk.change(reference, tag='"1", "3"', place="There").json()["version"] == 4


def test_what_changes_nothing_leaves_the_version(desk: Desk) -> None:
    reference = desk.record(place="Here")["reference"]
    assert desk.change(reference, place="Here").json()["version"] == 1


def test_a_closed_enquiry_is_not_changed(desk: Desk) -> None:
    reference = desk.record()["reference"]
    desk.did(reference, "close", outcome="withdrawn", reason="They asked us to.")
    answer = desk.change(reference, place="Here")
    assert (answer.status_code, answer.json()["detail"]) == (409, "The enquiry is closed. Reopen it to change it.")


def test_nothing_else_can_be_changed(desk: Desk) -> None:
    reference = desk.record()["reference"]
    for wrong in ({"state": "closed"}, {"version": 7}, {"question": None}, {"enquirer": None}, {"topics": "homes"}):
        assert desk.change(reference, **wrong).status_code == 422, wrong


def test_every_topic_can_be_told(desk: Desk) -> None:
    reference = desk.record(topics=["homes", "homes"])["reference"]
    assert desk.read(f"/enquiries/{reference}")["topics"] == ["homes"]
    assert desk.change(reference, topics=list(TOPICS)).json()["topics"] == list(TOPICS)
