"""The console's page of who could take what: every brief with people, reasons and load, and any address answered."""

import pytest

from tests.support.desk import Desk
from tests.support.doors import House
from tests.support.visiting import Visitor
from tests.web.test_assignment_api import BEES, HOMES, drafted, listed


def test_briefs_stand_with_whom_they_could_have_and_why_and_what_each_would_have(
    console: House, manager: Visitor
) -> None:
    desk = Desk(console.client("manager"))
    listed(console, "Durham University", "Dr Ada Both", capacity_days=9, statement="Hedges help bees.")
    listed(console, "Newcastle University", "Dr Ben Homes", methods=[], capacity_days=9)
    listed(console, "Newcastle University", "Dr Con Flict", conflicts=["Tyne Unitary"])
    homes = drafted(desk, HOMES, organisation="Tyne Unitary", methods=["economic"])
    bees = drafted(desk, BEES)
    assert "/manage/assignment" in manager.open("/manage/queue").links
    page = manager.open("/manage/assignment")
    text = " ".join(page.text.split())
    assert "nobody is asked by it and nothing is decided" in text
    assert "Dr Ben Homes, Newcastle University" in text
    assert f"Their days allow no more than {bees} (where they rank first and nobody else who fits is free)." in text
    assert "left out. Has declared a conflict of interest with Tyne Unitary." in text
    assert "What each would have" in text
    assert {f"/manage/enquiries/{each}/matches" for each in (homes, bees)} <= set(page.links)
    busy = " ".join(manager.open("/manage/assignment?days=10").text.split())
    assert "Nobody. 2 people fit, and none of them has 10 days left." in busy
    assert "What each would have" not in busy
    assert "There is no such brief at present" in manager.open("/manage/assignment?owner=none").text
    assert homes in manager.open("/manage/assignment?owner=me&state=drafting&state=triage&per_university=1").text


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("per_brief=0", "How many people for each brief must be a whole number from 1 to 5"),
        ("per_university=many", "How many briefs a university may have must be a whole number from 1 to 100"),
        ("days=1e9", "The days that a brief takes must be a whole number from 1 to 365"),
        ("owner=somebody", "Choose somebody from the list"),
        ("state=closed&state=%00", "Choose from the list"),
    ],
)
def test_what_an_address_cannot_mean_is_said(manager: Visitor, address: str, says: str) -> None:
    page = manager.open(f"/manage/assignment?{address}", status=422)
    assert says in page.text
    assert "The briefs" not in page.text
