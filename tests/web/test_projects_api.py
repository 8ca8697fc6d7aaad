"""Projects through both doors: managers' and their university's, from costs to outcomes, on both engines."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.ids import new_id
from service.records import events, projects
from service.states import EnquiryState, WaitingOn
from service.workflows import commands as c
from tests.support.doors import LEAD, House, ok, refused
from tests.support.journey import COUNCIL, TERMS, UNIVERSITIES, Journey

NORTHUMBRIA, NEWCASTLE, _ = UNIVERSITIES
LINES: list[dict[str, Any]] = [
    {"label": "Research time", "amount": {"amount": "12000.00", "currency": "GBP"}, "kind": "cash"},
    {"label": "Supervision", "amount": "1500.5", "kind": "in_kind"},
]
COSTS: dict[str, Any] = {"lines": LINES, "start": "2027-01-11", "end": "2027-06-30"}
GRANT: dict[str, Any] = {
    "source": "Public health grant",
    "amount": {"amount": "12000.00", "currency": "GBP"},
    "kind": "cash",
}


@pytest.fixture
def journey(opened: House) -> Journey:
    return Journey(opened.database, opened.clock)


@pytest.fixture
def manager(opened: House) -> TestClient:
    return opened.client("manager")


def at(journey: Journey, rest: str = "") -> str:
    return f"/api/v1/projects/{journey.project_id}{rest}"


def pounds(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "GBP"}


def log(journey: Journey) -> list[str]:
    return [event.event for event in journey.look(lambda unit: events.of_enquiry(unit, journey.enquiry_id))]


# -------------------------------------------------------------------------------------------------------------- costs


def test_costs_are_saved_in_versions(journey: Journey, northumbria: TestClient, manager: TestClient) -> None:
    journey.costing()

    saved = ok(northumbria.put(at(journey, "/costs"), json=COSTS))

    assert saved == {
        "version": 1,
        "lines": [
            {"label": "Research time", "amount": pounds("12000.00"), "kind": "cash"},
            {"label": "Supervision", "amount": pounds("1500.50"), "kind": "in_kind"},
        ],
        "total": pounds("13500.50"),
        "cash": pounds("12000.00"),
        "in_kind": pounds("1500.50"),
        "start": "2027-01-11",
        "end": "2027-06-30",
        "submitted_version": None,
        "submitted_at": None,
        "agreed_version": None,
        "agreed_at": None,
    }
    assert ok(northumbria.put(at(journey, "/costs"), json=COSTS))["version"] == 1, "the same again changes nothing"
    assert ok(manager.put(at(journey, "/costs"), json=COSTS | {"end": "2027-07-31"}))["version"] == 2
    assert ok(manager.get(at(journey)))["costs"]["version"] == 2
    assert log(journey).count("costs_saved") == 2


def test_costs_that_make_no_sense_are_refused(journey: Journey, northumbria: TestClient) -> None:
    journey.costing()
    line = LINES[0]
    for body, field in (
        (COSTS | {"end": "2027-01-10"}, "end"),
        (COSTS | {"lines": [line | {"amount": "-1.00"}]}, "lines.0.amount"),
        (COSTS | {"lines": [line | {"amount": "1.001"}]}, "lines.0.amount"),
        (COSTS | {"lines": [line | {"amount": {"amount": "1.00", "currency": "EUR"}}]}, "lines.0.amount"),
        (COSTS | {"lines": [line | {"kind": "promises"}]}, "lines.0.kind"),
        (COSTS | {"lines": [{"label": "Time"}]}, "lines.0.amount"),
        (COSTS | {"sum": "12.00"}, "sum"),
        ({}, "lines"),
    ):
        told = refused(northumbria.put(at(journey, "/costs"), json=body), 422, "invalid-content")
        assert told["errors"][0]["field"] == field
    assert journey.project().costs_version == 0


def test_submitted_costs_that_change_are_submitted_again(
    journey: Journey, northumbria: TestClient, manager: TestClient
) -> None:
    journey.costing()
    told = refused(northumbria.post(at(journey, "/submit-costing")), 409, "transition-refused")
    assert {guard["guard"] for guard in told["guards"]} == {"cost_lines_present", "dates_present"}
    ok(northumbria.put(at(journey, "/costs"), json=COSTS))

    submitted = ok(northumbria.post(at(journey, "/submit-costing")))

    assert submitted["costs"]["submitted_version"] == 1
    assert journey.enquiry().waiting_on == WaitingOn.ENQUIRER
    refused(northumbria.post(at(journey, "/submit-costing")), 409, "transition-refused")

    ok(northumbria.put(at(journey, "/costs"), json=COSTS | {"lines": LINES[:1]}))
    assert journey.enquiry().waiting_on == WaitingOn.UNIVERSITIES, "the ball is with the university again"
    assert [event.waiting_on for event in journey.look(lambda unit: events.of_enquiry(unit, journey.enquiry_id))][
        -1
    ] == WaitingOn.UNIVERSITIES
    etag = manager.get(f"/api/v1/enquiries/{journey.reference}").headers["etag"]
    entry = str(journey.say("Yes, go ahead."))
    agree = {"event": "agree_costs", "version": 2, "entry": entry}
    post = f"/api/v1/enquiries/{journey.reference}/events"
    refused(manager.post(post, json=agree, headers={"If-Match": etag}), 409, "transition-refused")

    ok(northumbria.post(at(journey, "/submit-costing")))
    etag = manager.get(f"/api/v1/enquiries/{journey.reference}").headers["etag"]
    refused(manager.post(post, json=agree | {"version": 1}, headers={"If-Match": etag}), 409, "transition-refused")
    ok(manager.post(post, json=agree, headers={"If-Match": etag}))
    assert journey.enquiry().state == EnquiryState.FUNDING
    assert ok(manager.get(at(journey)))["costs"]["agreed_version"] == 2


def test_costs_stand_once_they_are_agreed(journey: Journey, northumbria: TestClient) -> None:
    journey.funding()
    told = refused(northumbria.put(at(journey, "/costs"), json=COSTS), 409, "conflict")
    assert "descope" in told["detail"]
    journey.act(c.Descope(reason="One site fewer."))
    assert ok(northumbria.put(at(journey, "/costs"), json=COSTS))["version"] == 2
    journey.act(c.Close(outcome="no_funding", reason="None."))  # type: ignore[arg-type]
    refused(northumbria.put(at(journey, "/costs"), json=COSTS), 409, "conflict")


# ------------------------------------------------------------------------------------------------------------ funding


def test_funding_is_counted_against_the_cost(journey: Journey, manager: TestClient) -> None:
    journey.funding()
    assert ok(manager.get(at(journey)))["funding"] == {
        "confirmed": pounds("0.00"), "sought": pounds("0.00"), "short_by": pounds("12000.00"), "covers_cost": False,
    }  # fmt: skip

    line = ok(manager.post(at(journey, "/funding-lines"), json=GRANT), 201)

    assert (line["status"], line["amount"], line["own_funds"], line["version"]) == ("sought", GRANT["amount"], False, 1)
    assert ok(manager.get(at(journey)))["funding"]["sought"] == pounds("12000.00")
    told = refused(
        manager.patch(at(journey, f"/funding-lines/{line['id']}"), json={"status": "confirmed"}), 422, "invalid-content"
    )
    assert told["errors"][0]["field"] == "evidence"
    confirmed = ok(
        manager.patch(
            at(journey, f"/funding-lines/{line['id']}"), json={"status": "confirmed", "evidence": "Minute 14"}
        )
    )
    assert (confirmed["status"], confirmed["confirmed_at"]) == ("confirmed", "2026-11-23T09:30:00Z")
    assert confirmed["confirmed_by"] == str(journey.owner.person_id)
    assert ok(manager.get(at(journey)))["funding"]["covers_cost"] is True
    listed = ok(manager.get(at(journey, "/funding-lines")))
    assert (listed["items"], listed["next_cursor"]) == ([confirmed], None)

    again = ok(manager.patch(at(journey, f"/funding-lines/{line['id']}"), json={"status": "refused"}))
    assert (again["confirmed_by"], again["confirmed_at"]) == (None, None)
    assert log(journey)[-3:] == ["funding_line_added", "funding_line_changed", "funding_line_changed"]


def test_help_in_kind_does_not_pay_a_bill(journey: Journey, manager: TestClient) -> None:
    journey.funding()
    in_kind = GRANT | {"kind": "in_kind", "status": "confirmed", "evidence": "A letter"}
    ok(manager.post(at(journey, "/funding-lines"), json=in_kind), 201)
    assert ok(manager.get(at(journey)))["funding"] == {
        "confirmed": pounds("12000.00"), "sought": pounds("0.00"), "short_by": pounds("12000.00"), "covers_cost": False,
    }  # fmt: skip


def test_the_services_own_money_is_confirmed_by_another_service_lead(
    opened: House, journey: Journey, manager: TestClient
) -> None:
    journey.funding()
    own = GRANT | {"own_funds": True, "status": "confirmed", "evidence": "Our own budget"}
    lead = opened.client("service_lead")
    line_at = at(journey, "/funding-lines")

    told = refused(manager.post(line_at, json=own), 403, "forbidden")
    assert "service lead" in told["detail"]
    sought = ok(manager.post(line_at, json=own | {"status": "sought"}), 201)
    one = f"{line_at}/{sought['id']}"
    refused(manager.patch(one, json={"status": "confirmed"}), 403, "forbidden")

    confirmed = ok(lead.patch(one, json={"status": "confirmed"}))
    assert confirmed["confirmed_by"] == str(journey.service_lead(LEAD).person_id)
    refused(manager.patch(one, json={"amount": "99999.00"}), 403, "forbidden")
    refused(manager.patch(one, json={"own_funds": False}), 403, "forbidden")
    assert ok(manager.patch(one, json={"status": "refused"}))["status"] == "refused"

    owner = journey.service_lead(LEAD).person_id
    assert owner
    journey.act(c.Reassign(owner=owner, reason="Leave."))
    refused(lead.patch(one, json={"status": "confirmed"}), 409, "conflict")
    refused(lead.post(line_at, json=own), 409, "conflict")


def test_papers_are_found_under_their_own_project(opened: House, journey: Journey, manager: TestClient) -> None:
    journey.signed()
    other = Journey(opened.database, opened.clock, enquirer_email="bo@council.example").costing()
    line = ok(manager.get(at(journey, "/funding-lines")))["items"][0]["id"]
    deliverable = ok(manager.get(at(journey, "/deliverables")))["items"][0]["id"]
    for found in (f"/funding-lines/{line}", f"/deliverables/{deliverable}", "/funding-lines/nonsense"):
        refused(manager.patch(at(other, found), json={}), 404, "not-found")
        refused(manager.patch(f"/api/v1/projects/{new_id()}{found}", json={"rubbish": 1}), 404, "not-found")
    assert ok(manager.get(at(other, "/funding-lines")))["items"] == []


# ---------------------------------------------------------------------------------------------------------- agreement


def test_changed_terms_void_the_signatures(journey: Journey, northumbria: TestClient, manager: TestClient) -> None:
    journey.contracting()
    empty = ok(manager.get(at(journey, "/agreement")))
    assert (empty["version"], empty["parties"], empty["roles"], empty["signatures"]) == (0, [], "", [])
    signature = {
        "party": "university",
        "person": "Prof Pat Vice",
        "organisation": NORTHUMBRIA,
        "signed_on": "2026-11-20",
    }
    refused(northumbria.post(at(journey, "/agreement/signatures"), json=signature), 409, "conflict")

    terms = {"parties": [COUNCIL, NORTHUMBRIA], **TERMS}
    saved = ok(manager.put(at(journey, "/agreement"), json=terms))
    assert {name: saved[name] for name in terms} == terms
    assert saved["version"] == 1
    signed = ok(northumbria.post(at(journey, "/agreement/signatures"), json=signature), 201)
    by_council = {"party": "commissioner", "person": "Chris Chief", "organisation": COUNCIL, "signed_on": "2026-11-23"}
    ok(manager.post(at(journey, "/agreement/signatures"), json=by_council | {"evidence": "Contract 4711"}), 201)
    assert [each["party"] for each in ok(manager.get(at(journey, "/agreement")))["signatures"]] == [
        "university", "commissioner",
    ]  # fmt: skip

    assert ok(manager.put(at(journey, "/agreement"), json=terms))["version"] == 1, "the same terms void nothing"
    changed = ok(manager.put(at(journey, "/agreement"), json=terms | {"roles": "The council leads."}))

    assert (changed["version"], changed["signatures"]) == (2, [])
    assert changed["void_signatures"][0]["id"] == signed["id"]
    assert journey.look(lambda unit: projects.signatures(unit, journey.project_id))[0].terms_version == 1
    assert [event for event in log(journey) if event in {"agreement_saved", "signed"}] == [
        "agreement_saved", "signed", "signed", "agreement_saved",
    ]  # fmt: skip


def test_a_university_signs_for_itself_only(opened: House, journey: Journey, northumbria: TestClient) -> None:
    journey.signed()
    signature = {"party": "commissioner", "person": "Pat Vice", "organisation": COUNCIL, "signed_on": "2026-11-20"}
    refused(northumbria.post(at(journey, "/agreement/signatures"), json=signature), 403, "forbidden")
    future = signature | {"party": "university", "signed_on": "2026-11-24"}
    told = refused(northumbria.post(at(journey, "/agreement/signatures"), json=future), 422, "invalid-content")
    assert told["errors"][0]["field"] == "signed_on"
    newcastle = opened.client("university", organisation=NEWCASTLE)
    refused(newcastle.post(at(journey, "/agreement/signatures"), json=signature), 404, "not-found")


def test_terms_are_plain_text(journey: Journey, manager: TestClient) -> None:
    journey.contracting()
    for body in ({"parties": COUNCIL}, {"parties": [""]}, {"roles": ["one"]}, {"roles": None}, {"mood": "good"}):
        refused(manager.put(at(journey, "/agreement"), json=body), 422, "invalid-content")
    assert ok(manager.put(at(journey, "/agreement"), json={}))["version"] == 1


# ----------------------------------------------------------------------------------- deliverables, reports, outcomes


def test_a_deliverable_goes_onwards_only(opened: House, journey: Journey, manager: TestClient) -> None:
    journey.contracting()
    made = ok(manager.post(at(journey, "/deliverables"), json={"title": "Report", "due_on": "2027-06-30"}), 201)
    one = at(journey, f"/deliverables/{made['id']}")
    assert (made["status"], made["delivered_at"]) == ("planned", None)

    assert ok(manager.patch(one, json={"due_on": "2027-07-14"}))["due_on"] == "2027-07-14"
    delivered = ok(manager.patch(one, json={"status": "delivered"}))
    assert delivered["delivered_at"] == "2026-11-23T09:30:00Z"
    refused(manager.patch(one, json={"status": "planned"}), 409, "conflict")
    opened.clock.move(days=1)
    accepted = ok(manager.patch(one, json={"status": "accepted"}))
    assert (accepted["delivered_at"], accepted["settled_at"]) == ("2026-11-23T09:30:00Z", "2026-11-24T09:30:00Z")
    for change in ({"status": "waived"}, {"title": "Another"}, {"due_on": "2027-08-01"}):
        refused(manager.patch(one, json=change), 409, "conflict")
    assert ok(manager.patch(one, json={"status": "accepted"})) == accepted
    assert log(journey)[-4:] == [
        "deliverable_added", "deliverable_changed", "deliverable_changed", "deliverable_settled",
    ]  # fmt: skip

    waived = ok(
        manager.post(at(journey, "/deliverables"), json={"title": "Talk", "due_on": "2027-01-11", "status": "waived"}),
        201,
    )
    assert waived["settled_at"] is not None
    assert [each["title"] for each in ok(manager.get(at(journey, "/deliverables")))["items"]] == ["Talk", "Report"]
    for body in ({"title": "Report"}, {"title": "", "due_on": "2027-06-30"}, {"title": "R", "due_on": "June"}):
        refused(manager.post(at(journey, "/deliverables"), json=body), 422, "invalid-content")


def test_reports_come_from_either_side_once_the_project_has_started(
    opened: House, journey: Journey, northumbria: TestClient, manager: TestClient
) -> None:
    journey.signed()
    refused(northumbria.post(at(journey, "/reports"), json={"body": "Too early."}), 409, "conflict")
    journey.commissioned()

    ok(northumbria.post(at(journey, "/reports"), json={"body": "All sites agreed.", "period_end": "2026-11-20"}), 201)
    ok(manager.post(at(journey, "/reports"), json={"body": "By telephone: on time."}), 201)

    listed = ok(manager.get(at(journey, "/reports")))["items"]
    assert [(each["body"], each["period_end"], each["submitted_by_role"]) for each in listed] == [
        ("All sites agreed.", "2026-11-20", "university"), ("By telephone: on time.", None, "manager"),
    ]  # fmt: skip
    refused(northumbria.post(at(journey, "/reports"), json={"body": ""}), 422, "invalid-content")
    refused(
        northumbria.post(at(journey, "/reports"), json={"body": "x", "period_end": "2026-11-24"}),
        422,
        "invalid-content",
    )
    refused(northumbria.get(at(journey, "/reports")), 403, "forbidden")
    newcastle = opened.client("university", organisation=NEWCASTLE)
    refused(newcastle.post(at(journey, "/reports"), json={"body": "Not ours."}), 404, "not-found")


def test_outcomes_are_recorded_even_years_later(opened: House, journey: Journey, manager: TestClient) -> None:
    journey.commissioned()
    refused(manager.post(at(journey, "/outcomes"), json={"used": "yes"}), 409, "conflict")
    journey.completed()
    opened.clock.move(days=800)

    least = ok(manager.post(at(journey, "/outcomes"), json={"used": "planned"}), 201)
    assert (least["in_time"], least["how"], least["may_quote"]) == (None, [], False)
    whole = {
        "used": "yes", "in_time": True, "used_for": "The cabinet paper", "how": ["changed_decision"],
        "what_changed": "It begins with the coldest homes.", "may_quote": True,
    }  # fmt: skip
    made = ok(manager.post(at(journey, "/outcomes"), json=whole), 201)
    assert {name: made[name] for name in whole} == whole
    assert ok(manager.post(at(journey, "/outcomes"), json={"used": "no", "how": "changed_thinking"}), 201)["how"] == [
        "changed_thinking"
    ]
    assert [each["used"] for each in ok(manager.get(at(journey, "/outcomes")))["items"]] == ["planned", "yes", "no"]
    for body in ({}, {"used": "maybe"}, {"used": "yes", "how": ["by_magic"]}, {"used": "yes", "in_time": "soon"}):
        refused(manager.post(at(journey, "/outcomes"), json=body), 422, "invalid-content")


def test_papers_are_listed_by_the_stretch(journey: Journey, manager: TestClient) -> None:
    journey.contracting()
    for day in ("03", "01", "02", "04", "05"):
        ok(manager.post(at(journey, "/deliverables"), json={"title": day, "due_on": f"2027-06-{day}"}), 201)
    titles, url, cursor = [], at(journey, "/deliverables?limit=2"), ""
    while url:
        answer = manager.get(url)
        titles += [item["title"] for item in ok(answer)["items"]]
        cursor = ok(answer)["next_cursor"] or cursor
        url = answer.links.get("next", {}).get("url", "")
    assert titles == ["01", "02", "03", "04", "05"]
    for bad in ("x", cursor[:-2]):
        refused(manager.get(at(journey, "/deliverables"), params={"cursor": bad}), 400, "cursor-malformed")


# -------------------------------------------------------------------------------------------------- the project itself


def test_the_whole_way_from_the_costs_to_the_outcome(
    journey: Journey, northumbria: TestClient, manager: TestClient
) -> None:
    """Through the doors alone, from an accepted offer on."""
    journey.costing()
    enquiry = f"/api/v1/enquiries/{journey.reference}"

    def put(event: str, **members: Any) -> Any:
        etag = manager.get(enquiry).headers["etag"]
        body = {"event": event, **members}
        return ok(manager.post(f"{enquiry}/events", json=body, headers={"If-Match": etag}))

    ok(northumbria.put(at(journey, "/costs"), json=COSTS))
    ok(northumbria.post(at(journey, "/submit-costing")))
    put("agree_costs", version=1, entry=str(journey.say("Agreed.")))
    confirmed = {"status": "confirmed", "evidence": "Minute 14"}
    ok(manager.post(at(journey, "/funding-lines"), json=GRANT | confirmed), 201)
    in_kind = {"source": NORTHUMBRIA, "amount": "1500.50", "kind": "in_kind"} | confirmed
    ok(manager.post(at(journey, "/funding-lines"), json=in_kind), 201)
    put("confirm_funding", route="funded")
    ok(manager.put(at(journey, "/agreement"), json={"parties": [COUNCIL, NORTHUMBRIA], **TERMS}))
    for party, client in (("commissioner", manager), ("university", northumbria)):
        signature = {"party": party, "person": "A B", "organisation": party, "signed_on": "2026-11-23"}
        ok(client.post(at(journey, "/agreement/signatures"), json=signature), 201)
    ok(manager.post(at(journey, "/deliverables"), json={"title": "Report", "due_on": "2027-06-30"}), 201)
    put("commission")

    project = ok(manager.get(at(journey)))
    assert (project["state"], project["label"], project["enquiry_state"]) == ("active", "Under way", "commissioned")
    assert project["enquiry"] == journey.reference
    assert project["university"] == {"id": str(journey.universities[0]), "name": NORTHUMBRIA}
    assert project["lead"]["name"] == "Dr Lee Lead"
    assert (project["organisation"], project["funding_route"]) == (COUNCIL, "funded")
    assert project["available_events"] == ["pause", "deliver"]

    ok(manager.post(at(journey, "/events"), json={"event": "pause", "reason": "The sites are closed."}))
    told = refused(manager.post(at(journey, "/events"), json={"event": "deliver"}), 409, "transition-refused")
    assert told["available_events"] == ["resume"]
    ok(manager.post(at(journey, "/events"), json={"event": "resume"}))
    assert ok(manager.post(at(journey, "/events"), json={"event": "deliver"}))["state"] == "delivered"
    refused(manager.post(at(journey, "/events"), json={"event": "accept_delivery"}), 409, "transition-refused")
    entry = str(journey.say("We accept it, thank you."))
    done = ok(manager.post(at(journey, "/events"), json={"event": "accept_delivery", "entry": entry}))
    assert (done["state"], done["completed_at"]) == ("completed", "2026-11-23T09:30:00Z")
    put("complete", plain_summary="It works.", output="A report.", publication="In full.")
    ok(manager.post(at(journey, "/outcomes"), json={"used": "yes", "in_time": True}), 201)
    project = ok(manager.get(at(journey)))
    assert (project["plain_summary"], project["publication"], project["outcomes"][0]["used"]) == (
        "It works.", "In full.", "yes",
    )  # fmt: skip
    [own] = ok(northumbria.get("/api/v1/projects"))["items"]
    assert (own["state"], own["enquiry_state"], own["organisation"]) == ("completed", "closed", COUNCIL)


def test_events_that_are_not_asked_for_by_name(journey: Journey, manager: TestClient) -> None:
    journey.signed()
    for event in ("start", "terminate"):
        refused(manager.post(at(journey, "/events"), json={"event": event}), 409, "transition-refused")
    for body in ({}, {"event": "celebrate"}, {"event": "pause"}, {"event": "deliver", "mood": "good"}):
        refused(manager.post(at(journey, "/events"), json=body), 422, "invalid-content")


def test_a_project_that_ended_takes_no_more_papers(
    journey: Journey, northumbria: TestClient, manager: TestClient
) -> None:
    journey.contracting()
    ok(northumbria.post(at(journey, "/withdraw"), json={"reason": "Dr Lead has moved."}))

    project = ok(manager.get(at(journey)))
    assert (project["state"], project["terminated_at"], project["enquiry_state"]) == (
        "terminated", "2026-11-23T09:30:00Z", "selecting",
    )  # fmt: skip
    refused(manager.post(at(journey, "/events"), json={"event": "deliver"}), 409, "conflict")
    refused(manager.post(at(journey, "/funding-lines"), json=GRANT), 409, "conflict")
    refused(manager.put(at(journey, "/agreement"), json=TERMS), 409, "conflict")
    refused(manager.post(at(journey, "/deliverables"), json={"title": "R", "due_on": "2027-06-30"}), 409, "conflict")
    refused(northumbria.post(at(journey, "/withdraw"), json={"reason": "Again."}), 409, "conflict")


def test_a_started_project_is_not_withdrawn_from(journey: Journey, northumbria: TestClient) -> None:
    journey.commissioned()
    refused(northumbria.post(at(journey, "/withdraw"), json={"reason": "Too late."}), 409, "transition-refused")


def test_each_door_is_for_its_own_roles(opened: House, journey: Journey, northumbria: TestClient) -> None:
    journey.signed()
    funder, manager = opened.client("funder"), opened.client("manager")
    newcastle = opened.client("university", organisation=NEWCASTLE)
    signature = {"party": "university", "person": "P", "organisation": "O", "signed_on": "2026-11-20"}
    shared = (
        ("put", "/costs", COSTS),
        ("post", "/agreement/signatures", signature),
        ("post", "/reports", {"body": "B"}),
    )
    for method, rest, body in shared:
        refused(funder.request(method, at(journey, rest), json=body), 403, "forbidden")
        refused(newcastle.request(method, at(journey, rest), json={"rubbish": 1}), 404, "not-found")
        refused(manager.request(method, f"/api/v1/projects/{new_id()}{rest}", json=body), 404, "not-found")
        refused(opened.visitor().request(method, at(journey, rest), json=body), 401, "authentication-required")
    for rest in ("/submit-costing", "/withdraw"):
        refused(manager.post(at(journey, rest), json={"reason": "R"}), 403, "forbidden")
        refused(newcastle.post(at(journey, rest), json={"reason": "R"}), 404, "not-found")
    for rest in ("", "/funding-lines", "/agreement", "/deliverables", "/reports", "/outcomes"):
        refused(northumbria.get(at(journey, rest)), 403, "forbidden")
        refused(manager.get(f"/api/v1/projects/nonsense{rest}"), 404, "not-found")
    refused(manager.get("/api/v1/projects"), 403, "forbidden")
    assert ok(newcastle.get("/api/v1/projects"))["items"] == []


def test_a_repeated_request_records_one_paper(journey: Journey, manager: TestClient) -> None:
    journey.contracting()
    key = {"Idempotency-Key": "once"}
    body = {"title": "Report", "due_on": (journey.today() + timedelta(days=90)).isoformat()}
    first = manager.post(at(journey, "/deliverables"), json=body, headers=key)
    again = manager.post(at(journey, "/deliverables"), json=body, headers=key)
    assert ok(first, 201) == ok(again, 201)
    assert len(ok(manager.get(at(journey, "/deliverables")))["items"]) == 1
