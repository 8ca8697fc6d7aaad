"""Matches at the managers' JSON door: who could answer, with reasons that add up, and who is kept out and why."""

from decimal import Decimal
from typing import Any

from fastapi.testclient import TestClient

from service.states import Outcome
from service.workflows import commands as c
from tests.support.desk import BASE, Desk, add_researcher
from tests.support.doors import House
from tests.support.journey import COUNCIL, Journey


def listed(client: TestClient, name: str, **facts: Any) -> str:
    """Put somebody in a university's directory."""
    return add_researcher(client, name, **{"keywords": ["housing", "fuel poverty"], "methods": ["economic"], **facts})


def names(found: dict[str, Any]) -> list[str]:
    return [item["researcher"]["name"] for item in found["items"]]


def test_people_are_ranked_with_reasons_that_add_up(desk: Desk, opened: House) -> None:
    durham = opened.client("university", organisation="Durham University")
    best = listed(durham, "Dr Ada Homes", topics=["homes"])
    listed(durham, "Dr Ben Bees", keywords=["bees"], publications=[{"title": "Bees in hedges"}], methods=[])
    reference = desk.record(topics=["homes"])["reference"]
    found = desk.read(f"/enquiries/{reference}/matches")
    assert names(found) == ["Dr Ada Homes"]
    [item] = found["items"]
    assert (item["researcher"]["id"], item["university"], item["available"]) == (best, "Durham University", True)
    parts = [Decimal(str(reason["contribution"])) for reason in item["reasons"]]
    assert sum(parts) == Decimal(str(item["score"]))
    assert all(reason["text"] for reason in item["reasons"])
    assert "Warm homes and A&E visits" in [title for reason in item["reasons"] for title in reason["evidence"]]
    assert found["team"]["members"][0]["researcher"]["name"] == "Dr Ada Homes"


def test_a_conflict_with_who_asks_or_with_what_it_came_from_is_shown_and_kept_out(desk: Desk, opened: House) -> None:
    new = desk.post("/organisations", {"name": "Tyne Unitary", "kind": "council"}).json()
    desk.post("/organisations", {"name": "Old Borough", "kind": "council", "succeeded_by": new["id"]})
    durham = opened.client("university", organisation="Durham University")
    listed(durham, "Dr Ada Homes")
    listed(durham, "Dr Con Flict", conflicts=["Old Borough Council"])
    listed(durham, "Dr Dee Clared", conflicts=["Tyne Unitary"])
    reference = desk.record(organisation="Tyne Unitary")["reference"]
    found = desk.read(f"/enquiries/{reference}/matches")
    assert names(found)[0] == "Dr Ada Homes"
    kept_out = {item["researcher"]["name"]: item["conflicts"] for item in found["items"] if item["conflicts"]}
    assert set(kept_out) == {"Dr Con Flict", "Dr Dee Clared"}
    assert found["excluded"] == 2


def test_days_taken_by_offers_and_projects_are_no_longer_free(opened: House) -> None:
    journey = Journey(opened.database, opened.clock)
    durham = opened.client("university", organisation="Durham University")
    listed(durham, "Dr Lee Lead", email="lee.lead@durham.example")
    desk = Desk(opened.client("manager"))
    other = desk.record()["reference"]

    def free() -> int:
        [item] = desk.read(f"/enquiries/{other}/matches")["items"]
        days: int = item["researcher"]["free_days"]
        return days

    assert free() == 20
    journey.interested(journey.universities[2], lead_email="Lee.Lead@durham.example", capacity_days=15)
    assert free() == 20
    journey.offered()
    assert free() == 5
    journey.costing()
    journey.act(c.Close(outcome=Outcome.NO_FUNDING, reason="There is no money."))
    assert free() == 20, "a project that waits under a closed enquiry takes nobody's days"
    journey.act(c.Reopen(reason="There is."))
    assert free() == 5
    journey.commissioned()
    assert free() == 5
    journey.completed()
    assert free() == 20
    [item] = desk.read(f"/enquiries/{other}/matches")["items"]
    reasons = {reason["signal"]: reason for reason in item["reasons"]}
    assert reasons["co_production"]["contribution"] > 0
    assert journey.enquiry().organisation_name == COUNCIL


def test_the_directory_is_read_again_when_anybody_in_it_changes(desk: Desk, opened: House) -> None:
    durham = opened.client("university", organisation="Durham University")
    first = listed(durham, "Dr Ada Homes")
    reference = desk.record()["reference"]
    assert names(desk.read(f"/enquiries/{reference}/matches")) == ["Dr Ada Homes"]
    listed(durham, "Dr Eve Homes")
    assert sorted(names(desk.read(f"/enquiries/{reference}/matches"))) == ["Dr Ada Homes", "Dr Eve Homes"]
    changed = durham.patch(f"{BASE}/researchers/{first}", json={"name": "Dr Ada Heaton"})
    assert changed.status_code == 200, changed.text
    assert sorted(names(desk.read(f"/enquiries/{reference}/matches"))) == ["Dr Ada Heaton", "Dr Eve Homes"]
    university = desk.items("/organisations", q="durham")[0]["id"]
    desk.client.patch(f"{BASE}/organisations/{university}", json={"name": "University of Durham"})
    shown = desk.read(f"/enquiries/{reference}/matches", limit=1)
    assert [item["university"] for item in shown["items"]] == ["University of Durham"]


def test_the_brief_is_what_is_matched_once_there_is_one(desk: Desk, opened: House) -> None:
    durham = opened.client("university", organisation="Durham University")
    listed(durham, "Dr Ben Bees", keywords=["bees"], publications=[{"title": "Bees in hedges"}], methods=[])
    reference = desk.record("What about it?")["reference"]
    nobody = desk.read(f"/enquiries/{reference}/matches")
    assert (nobody["items"], nobody["team"]) == ([], None)
    assert nobody["unmet"][0]["text"]
    desk.did(reference, "accept")
    desk.write_brief(reference, questions="Do hedges help bees?")
    assert names(desk.read(f"/enquiries/{reference}/matches")) == ["Dr Ben Bees"]


def test_who_lately_wrote_with_the_asking_council_or_works_there_is_kept_out_with_the_paper_named(
    desk: Desk, opened: House
) -> None:
    durham = opened.client("university", organisation="Durham University")
    wrote = {"title": "Warm homes and A&E visits", "year": 2025, "organisations": ["Gateshead Council"]}
    listed(durham, "Dr Ada Homes", topics=["homes"])
    ben = listed(durham, "Dr Ben Homes", topics=["homes"], publications=[wrote])
    rows = (
        "name,email,capacity_days,topics,employers,publication_title,publication_year,publication_organisations\n"
        "Dr Cat Homes,cat@university.example,9,homes,Gateshead Council; A trust,Cold homes,2026,\n"
        "Dr Dee Homes,dee@university.example,9,homes,,Cold homes,2026,Durham University; Council of Gateshead\n"
    )
    brought = durham.post(f"{BASE}/researchers/import", content=rows, headers={"Content-Type": "text/csv"})
    assert brought.status_code == 200, brought.text
    reference = desk.record(organisation="Gateshead Council", topics=["homes"])["reference"]
    found = {item["researcher"]["name"]: item for item in desk.read(f"/enquiries/{reference}/matches")["items"]}
    assert {name: item["conflicts"] for name, item in found.items() if item["conflicts"]} == {
        "Dr Ben Homes": ["Wrote lately with somebody of Gateshead Council: “Warm homes and A&E visits” (2025)."],
        "Dr Cat Homes": ["Works for the organisation that asks too: Gateshead Council, as their entry says."],
    }
    assert [name for name, item in found.items() if item["warnings"]] == ["Dr Dee Homes"]
    elsewhere = desk.record(organisation="Sunderland City Council", topics=["homes"])["reference"]
    items = desk.read(f"/enquiries/{elsewhere}/matches")["items"]
    assert len(items) == 4
    assert not any(item["conflicts"] or item["warnings"] for item in items)

    [shown] = durham.get(f"{BASE}/researchers/{ben}").json()["publications"]
    assert shown["organisations"] == ["Gateshead Council"]
    again = durham.post(f"{BASE}/researchers/import", content=rows, headers={"Content-Type": "text/csv"})
    assert again.json()["unchanged"] == 2
    assert durham.patch(f"{BASE}/researchers/{ben}", json={"publications": [{**wrote, "organisations": []}]}).is_success
    assert names(desk.read(f"/enquiries/{reference}/matches"))[-1] == "Dr Cat Homes"
