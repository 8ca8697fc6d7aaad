"""The backward plan and the product ladder at the managers' doors: shown with their arithmetic, and kept in step."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from service.records import plans
from service.records.database import Unit
from service.records.tables import Enquiry
from service.workflows.products import LADDER
from tests.support.desk import Desk
from tests.support.doors import House, house
from tests.support.journey import COUNCIL, Journey

MEETING = "2027-09-14"


@pytest.fixture
def at_sqlite(sqlite_url: str) -> Iterator[House]:
    with house(sqlite_url) as found:
        yield found


def plan_of(desk: Desk, reference: str) -> dict[str, Any]:
    """Return the plan, which says of the enquiry what the enquiry and the queue say of themselves."""
    found: dict[str, Any] = desk.read(f"/enquiries/{reference}/plan")
    shown = desk.read(f"/enquiries/{reference}")
    [listed] = desk.items("/enquiries", q=reference)
    assert found["slack_working_days"] == shown["slack_working_days"] == listed["slack_working_days"]
    return found


def stored(opened: House, reference: str) -> date | None:
    def work(unit: Unit) -> date | None:
        return unit.exec(select(Enquiry).where(Enquiry.reference == reference)).one().latest_start_on

    return opened.database.read(work)


def test_a_plan_leads_from_the_decision_back_to_today(desk: Desk, opened: House) -> None:
    council = desk.post("/organisations", {"name": COUNCIL, "kind": "council"}).json()
    enquiry = desk.record(
        organisation=COUNCIL, decision_date=MEETING, decision_window="key_decision", enquiry_type="evidence_review"
    )
    found = plan_of(desk, enquiry["reference"])
    assert (found["basis"], found["usable_by"], found["notice_by"]) == ("decision_date", "2027-08-06", "2027-08-16")
    assert [step["on"] for step in found["deadline"]] == [MEETING, "2027-09-06", "2027-08-06"]
    assert "Summer Bank Holiday" in found["deadline"][2]["arithmetic"]
    assert found["council"] == {
        "organisation_id": council["id"], "name": COUNCIL, "nation": "england_and_wales", "agenda_clear_days": 5,
        "clearance_working_days": 20,
    }  # fmt: skip
    assert found["product"] == "rapid_review"
    assert [stage["standing"] for stage in found["stages"]] == ["now", *["ahead"] * 9]
    assert found["stages"][0]["ends_by"] == found["latest_start_on"]
    products = {each["code"]: each for each in found["products"]}
    assert [code for code, each in products.items() if each["wanted"]] == ["rapid_review"]
    assert products["advice_call"]["verdict"] == "fits"
    assert products["outcome_evaluation"]["verdict"] == "too_late"
    assert products["rapid_review"]["slack_working_days"] == found["slack_working_days"]
    assert {each["history"] for each in found["products"]} == {None}
    assert stored(opened, enquiry["reference"]) == date.fromisoformat(found["latest_start_on"])


def test_whatever_moves_the_plan_moves_the_stored_day(desk: Desk, opened: House) -> None:
    council = desk.post("/organisations", {"name": COUNCIL, "kind": "council"}).json()
    reference = desk.record(organisation=COUNCIL, decision_date=MEETING)["reference"]

    def moved() -> int:
        """Return the slack now, having made sure that the stored day is the planned one."""
        found = plan_of(desk, reference)
        assert stored(opened, reference) == date.fromisoformat(found["latest_start_on"])
        slack: int = found["slack_working_days"]
        return slack

    first = moved()
    desk.did(reference, "accept")
    assert moved() == first + 5  # the conversation has its days now
    desk.client.patch(f"/api/v1/organisations/{council['id']}", json={"clearance_working_days": 10})
    assert moved() == first + 15
    desk.change(reference, enquiry_type="evidence_review")
    assert moved() == first + 15 - 60
    desk.change(reference, product="rapid_review")
    assert moved() == first + 15 - 60 + 5  # universities have five days less to reply about something rapid
    desk.change(reference, product=None)
    desk.client.patch("/api/v1/products/rapid_review", json={"typical": 50})
    assert moved() == first + 15 - 50
    desk.post("/calendar-days", {"nation": "england_and_wales", "day": "2027-06-14", "name": "A coronation"})
    assert moved() == first + 15 - 51
    desk.client.patch(f"/api/v1/organisations/{council['id']}", json={"nation": "scotland"})
    moved()
    assert plan_of(desk, reference)["council"]["nation"] == "scotland"
    opened.clock.move(days=7)
    before = moved()
    desk.change(reference, needed_by="2026-12-01")
    assert moved() < 0 < before
    desk.change(reference, needed_by=None, decision_date=None)
    assert stored(opened, reference) is None
    assert plan_of(desk, reference)["explanation"]
    desk.change(reference, needed_by="2027-12-01")
    assert stored(opened, reference) is not None
    desk.did(reference, "close", outcome="withdrawn", reason="They did.")
    assert stored(opened, reference) is None
    assert plan_of(desk, reference)["explanation"] == "The enquiry is closed, so no date presses."


def test_readiness_counts_to_the_day_that_the_papers_need_it_and_by_the_ladder_here(at_sqlite: House) -> None:
    desk = Desk(at_sqlite.client("manager"))
    reference = desk.record(decision_date="2027-01-15", enquiry_type="evidence_review")["reference"]
    desk.did(reference, "accept")

    def advised() -> list[str]:
        items = desk.read(f"/enquiries/{reference}/brief/readiness")["items"]
        return [item["message"] for item in items if item["message"].startswith("The date leaves")]

    # Agenda on 7 January, clearance from 7 December: ten working days from 23 November.
    assert advised() == ["The date leaves 10 working days, and a rapid review takes 60 to 90 working days."]
    desk.client.patch("/api/v1/products/rapid_review", json={"typical": 10})
    assert advised() == []


def test_costs_put_their_own_dates_into_the_plan(at_sqlite: House) -> None:
    journey = Journey(at_sqlite.database, at_sqlite.clock).submitted(needed_by=date(2028, 6, 30)).costing()
    desk = Desk(at_sqlite.client("manager"))
    before = plan_of(desk, journey.reference)
    journey.costed()
    after = plan_of(desk, journey.reference)
    assert before["stages"][-1]["working_days"] == 0
    assert 100 < after["stages"][-1]["working_days"] < 130
    assert after["stages"][-1]["source"] == "as it was costed"
    assert stored(at_sqlite, journey.reference) == date.fromisoformat(after["latest_start_on"])
    journey.commissioned()
    assert stored(at_sqlite, journey.reference) is None


def test_delivered_projects_tell_how_long_their_product_took(at_sqlite: House) -> None:
    journey = Journey(at_sqlite.database, at_sqlite.clock).submitted(enquiry_type="evidence_review").commissioned()
    assert at_sqlite.database.read(lambda unit: plans.spells(unit, journey.ctx(), LADDER)) == []
    at_sqlite.clock.move(weeks=4)
    journey.delivered()
    # Four weeks from Monday 23 November, without a bank holiday.
    assert at_sqlite.database.read(lambda unit: plans.spells(unit, journey.ctx(), LADDER)) == [("rapid_review", 20)]


def test_a_date_off_the_calendar_is_told_and_no_fault(desk: Desk) -> None:
    reference = desk.record(needed_by="2199-12-31")["reference"]
    assert "calendar is known" in plan_of(desk, reference)["explanation"]
    assert desk.get("/enquiries/AAAAAA-A/plan").status_code == 404


# ---------------------------------------------------------------------------------------------------------- the ladder
def test_the_ladder_is_listed_quickest_first_and_walked_by_cursors(desk: Desk) -> None:
    assert [each["code"] for each in desk.items("/products")] == [product.code for product in LADDER]
    assert [each["code"] for each in desk.items("/products", limit=4)] == [product.code for product in LADDER]
    assert desk.get("/products", cursor="rubbish").status_code == 400


def test_a_product_is_added_changed_retired_and_its_change_audited(desk: Desk) -> None:
    made = desk.post("/products", {"label": "Citizens' jury", "kind": "evaluation", "typical": 40})
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/products/citizens_jury")
    changed = desk.client.patch(made.headers["location"], json={"typical": 45, "long": 60, "retired": True}).json()
    assert (changed["typical"], changed["long"], changed["retired"], changed["version"]) == (45, 60, True, 2)
    assert desk.read("/products/citizens_jury") == changed
    entries = desk.items("/audit", subject="product:citizens_jury")
    assert sorted(entry["action"] for entry in entries) == ["change", "create"]


@pytest.mark.parametrize(
    "wrong",
    [
        {}, {"label": "Jury"}, {"label": "", "kind": "review", "typical": 5}, {"label": "Jury", "kind": "x", "typical": 5},
        {"label": "Jury", "kind": "review", "typical": 0}, {"label": "Jury", "kind": "review", "typical": 5, "long": 4},
        {"label": "Jury", "kind": "review", "typical": 5, "code": "No Spaces"}, {"label": "\x00", "kind": "review", "typical": 5},
        {"label": "Jury", "kind": "review", "typical": 5, "least_budget": "not_known"}, {"label": "质", "kind": "review", "typical": 5},
    ],
)  # fmt: skip
def test_a_product_without_sense_is_refused(at_sqlite: House, wrong: dict[str, Any]) -> None:
    assert Desk(at_sqlite.client("manager")).post("/products", wrong).status_code == 422


def test_an_enquiry_may_name_a_product_that_is_offered_and_no_other(at_sqlite: House) -> None:
    desk = Desk(at_sqlite.client("manager"))
    reference = desk.record(product="evidence_map")["reference"]
    desk.client.patch("/api/v1/products/evidence_map", json={"retired": True})
    assert desk.read(f"/enquiries/{reference}")["product"] == "evidence_map"
    assert desk.read(f"/enquiries/{reference}/plan")["product"] == "evidence_map"
    assert desk.change(reference, product="evidence_map", place="Gateshead").status_code == 200
    for wrong in ("nothing", "\x00", "placement\n", "x" * 501):
        assert desk.change(reference, product=wrong).status_code == 422
    other = {"question": "Does it work?", "enquirer": {"name": "Bo", "email": "bo@council.example"}}
    assert desk.post("/enquiries", {**other, "product": "evidence_map"}).status_code == 422
    assert desk.change(reference, product="placement").json()["product"] == "placement"


def test_a_product_nobody_knows_is_not_there(at_sqlite: House) -> None:
    desk = Desk(at_sqlite.client("manager"))
    assert desk.get("/products/nothing").status_code == 404
    assert desk.client.patch("/api/v1/products/nothing", json={"typical": 5}).status_code == 404
    assert desk.client.patch("/api/v1/products/rapid_review", json={"label": "Evidence map"}).status_code == 409
    assert (
        desk.post("/products", {"code": "rapid_review", "label": "X", "kind": "review", "typical": 5}).status_code
        == 409
    )
