"""The backward plan's page: what has to end by when, what can still be had, and the arithmetic."""

from datetime import date

import pytest

from service.working_time.wording import full_date
from tests.support.desk import Desk
from tests.support.doors import House
from tests.support.journey import COUNCIL, Journey
from tests.support.visiting import Page, Visitor


def plan_of(manager: Visitor, reference: str) -> Page:
    return manager.open(f"/manage/enquiries/{reference}/plan")


def test_the_plan_says_what_has_to_end_by_when_and_why(console: House, manager: Visitor) -> None:
    journey = Journey(console.database, console.clock)
    journey.submitted(
        decision_date=date(2027, 9, 14), decision_window="key_decision", enquiry_type="evidence_review"
    ).accepted()
    told = Desk(console.client("manager")).read(f"/enquiries/{journey.reference}/plan")

    page = plan_of(manager, journey.reference)

    assert "Something usable has to be there by Friday 6 August 2027" in page.text
    assert f"{told['slack_working_days']} working days to spare" in page.text
    assert "This counts with a rapid review, going by the type of the enquiry." in page.text
    assert "the notice has to appear by Monday 16 August 2027" in page.text
    assert f"{COUNCIL} keeps 5 clear days for the agenda and takes 20 working days to clear a paper" in page.text
    assert all(step["arithmetic"] in page.text for step in told["deadline"])
    assert all(stage["arithmetic"] in page.text for stage in told["stages"])
    assert all(product["arithmetic"] in page.text for product in told["products"])
    assert {product["verdict"] for product in told["products"]} == {"fits", "too_late"}
    assert "Rapid review Wanted Fits" in page.text
    assert "Outcome or economic evaluation Too late" in page.text
    assert "Scoping Now" in page.text
    assert "Triage (done)" in page.text
    assert page.html.count("<rect ") == len(told["stages"])
    assert f"/manage/enquiries/{journey.reference}/facts" in page.links
    assert "/manage/settings/products" in page.links
    assert f"/manage/directory/organisations/{journey.council_id}" in page.links
    assert "style=" not in page.html.partition("<main")[2]


def test_a_plan_that_cannot_be_kept_says_so(console: House, manager: Visitor) -> None:
    journey = Journey(console.database, console.clock).submitted(needed_by=date(2026, 11, 20))
    page = plan_of(manager, journey.reference)
    assert "Too late Something usable has to be there by Friday 20 November 2026" in page.text
    assert "Nobody knows yet which product it will be" in page.text
    assert "Advice call Too late" in page.text
    assert "No product is in time any more: agree a later date" in page.text
    late = Journey(console.database, console.clock, enquirer_email="bo@council.example")
    late.submitted(needed_by=date(2026, 12, 11), product="rapid_review")
    page = plan_of(manager, late.reference)
    assert "Still in time: an advice call and existing evidence or signposting. Or agree a later date" in page.text


def test_without_a_date_the_stages_and_products_stand_there_and_why(console: House, manager: Visitor) -> None:
    journey = Journey(console.database, console.clock).submitted()
    page = plan_of(manager, journey.reference)
    assert "Nobody has said when it is needed or decided, so no date presses." in page.text
    assert "60 to 90 working days" in page.text
    assert "<rect " not in page.html
    assert "Too late" not in page.text


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"product": "evidence_map"}, "an evidence map, as it was chosen"),
        ({"methods": ["systematic_review"]}, "a systematic review, going by the methods wanted"),
        ({"enquiry_type": "find_collaborator"}, "Nobody knows yet which product"),
    ],
)
def test_the_page_says_what_makes_a_product_the_wanted_one(
    console: House, manager: Visitor, wanted: dict[str, object], says: str
) -> None:
    journey = Journey(console.database, console.clock).submitted(needed_by=date(2028, 1, 31), **wanted)
    assert says in plan_of(manager, journey.reference).text


def test_costed_dates_beyond_the_deadline_are_told(console: House, manager: Visitor) -> None:
    journey = Journey(console.database, console.clock).submitted(needed_by=date(2027, 2, 26)).costed()
    page = plan_of(manager, journey.reference)
    ends_on = journey.project().end_on
    assert ends_on is not None
    assert ends_on > date(2027, 2, 26)
    assert f"As it was costed the work ends on {full_date(ends_on)}." in page.text


def test_a_closed_enquiry_and_a_date_off_the_calendar_are_told_calmly(console: House, manager: Visitor) -> None:
    desk = Desk(console.client("manager"))
    far = desk.record(needed_by="2199-12-31", organisation="A trust nobody knows")["reference"]
    page = plan_of(manager, far)
    assert "calendar is known" in page.text
    assert "A trust nobody knows is not in the directory" in page.text
    desk.did(far, "close", outcome="withdrawn", reason="They did.")
    assert "The enquiry is closed" in plan_of(manager, far).text
    manager.open("/manage/enquiries/AAAAAA-A/plan", status=404)
