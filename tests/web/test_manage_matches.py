"""The console's matches: the ranking with its reasons, who is left out and why, and the way to the call."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from service.matching.signals import SIGNALS as MEASURED
from service.routers.manage.call.matches import SIGNALS
from tests.support.desk import BASE, Desk, add_researcher
from tests.support.doors import MANAGER, House, house
from tests.support.journey import COUNCIL, Journey
from tests.support.scene import signed_in
from tests.support.visiting import Visitor


@dataclass
class Room:
    """An installation with an enquiry about homes, and a manager at the console."""

    opened: House
    journey: Journey
    mo: Visitor

    def listed(self, university: str, name: str, **facts: Any) -> None:
        """Put somebody in a university's directory."""
        known = {"keywords": ["warm homes"], "methods": ["economic"], "career_stage": "senior", **facts}
        add_researcher(self.opened.client("university", organisation=university), name, **known)


@pytest.fixture(scope="module")
def room(engines: Any) -> Iterator[Room]:
    url = engines["sqlite"].migrated()
    with house(url, staff_emails=MANAGER) as opened:
        journey = Journey(opened.database, opened.clock)
        journey.submitted(methods=["economic", "realist"])
        found = Room(opened, journey, Visitor(opened, signed_in(opened, MANAGER)))
        found.listed("Durham University", "Dr Ada Homes", career_stage="early")
        found.listed("Newcastle University", "Dr Con Flict", conflicts=[COUNCIL])
        found.listed("Newcastle University", "Dr Far Away", available_from="2030-01-01", capacity_days=10)
        found.listed("Northumbria University", "Dr Lee Late", capacity_days=0)
        yield found
    engines["sqlite"].drop(url)


def test_every_part_of_a_score_has_a_name() -> None:
    assert set(SIGNALS) == {signal.code for signal in MEASURED}


def test_people_stand_in_order_with_reasons_that_add_up_and_the_titles_that_earned_them(room: Room) -> None:
    page = room.mo.open(f"/manage/enquiries/{room.journey.reference}/matches")
    assert "1. Dr Ada Homes, Durham University" in page.text
    assert "Publications on the subject" in page.text
    assert "Warm homes and A&E visits" in page.text
    assert "20 of 20 days free" in page.text
    assert "Confirmed by their university on" in page.text
    assert "Newcomer" in page.text
    assert "1 of the 3 shown (33%), that is, early in their career" in page.text


def test_a_conflict_is_shown_and_not_suggested_and_a_gap_in_the_team_is_named(room: Room) -> None:
    page = room.mo.open(f"/manage/enquiries/{room.journey.reference}/matches")
    suggested, left_out = page.text.split("Fitting, but left out")
    assert "Dr Con Flict" not in suggested.split("The ranking")[1]
    assert "Dr Con Flict" in left_out
    assert f"Has declared a conflict of interest with {COUNCIL}" in left_out
    assert "Nobody in this team covers realist review or evaluation" in page.text


def test_the_universities_go_along_to_the_call_and_one_that_is_no_partner_does_not(room: Room) -> None:
    room.listed("Sunderland College", "Dr Ivy Outside")
    desk = Desk(room.opened.client("manager"))
    college = next(each for each in desk.items("/organisations") if each["name"] == "Sunderland College")
    path = f"{BASE}/organisations/{college['id']}"
    tag = desk.get(f"/organisations/{college['id']}").headers.get("etag", "")
    assert desk.client.patch(path, json={"partner": False}, headers={"If-Match": tag}).status_code == 200
    page = room.mo.open(f"/manage/enquiries/{room.journey.reference}/matches")
    chosen = [value for name, value in page.forms[0].fields if name == "recipient"]
    partners = {str(each) for each in room.journey.universities}
    assert chosen
    assert set(chosen) <= partners
    assert all(UUID(each) for each in chosen)
    assert page.forms[0].action == f"/manage/enquiries/{room.journey.reference}/call"
    assert "Not a partner university" in page.text


def test_once_the_call_is_out_nothing_is_taken_there_any_more(sqlite_url: str) -> None:
    with house(sqlite_url, staff_emails=MANAGER) as opened:
        journey = Journey(opened.database, opened.clock)
        journey.submitted(topics=["homes"])
        mo = Visitor(opened, signed_in(opened, MANAGER))
        Room(opened, journey, mo).listed("Durham University", "Dr Tess Topics", topics=["homes"])
        path = f"/manage/enquiries/{journey.published().reference}"
        page = mo.open(f"{path}/matches")
        assert "Durham University: Dr Tess Topics" in page.text
        assert "Take these to the call" not in page.buttons
        assert f"{path}/call" in page.links
        journey.selecting()
        form, _ = mo.open(f"{path}/matches").form_with("Take these to the call")
        assert dict(form.fields)["again"] == "yes"
        assert f"{path}/call?again=yes" in mo.open(f"{path}/choice").links


@pytest.mark.parametrize("limit", ["10", "0", "-1", "100000", "1e9", "ten", "%00", "%ED%A0%80", ""])
def test_any_limit_in_the_address_is_answered(room: Room, limit: str) -> None:
    page = room.mo.open(f"/manage/enquiries/{room.journey.reference}/matches?limit={limit}")
    assert "The ranking" in page.text


def test_nobody_is_explained(sqlite_url: str) -> None:
    with house(sqlite_url, staff_emails=MANAGER) as opened:
        journey = Journey(opened.database, opened.clock).submitted()
        mo = Visitor(opened, signed_in(opened, MANAGER))
        page = mo.open(f"/manage/enquiries/{journey.reference}/matches")
        assert "Why nobody" in page.text
        assert "The researcher directory is empty" in page.text
        assert "Take these to the call" not in page.buttons
        assert "Show at most" not in page.text


def test_a_subject_that_nobody_works_on_is_said_plainly_with_what_to_do(sqlite_url: str) -> None:
    with house(sqlite_url, staff_emails=MANAGER) as opened:
        journey = Journey(opened.database, opened.clock).submitted(topics=["homes"])
        mo = Visitor(opened, signed_in(opened, MANAGER))
        room = Room(opened, journey, mo)
        for name in ("Dr Vi Volcano", "Dr Mo Moss"):
            room.listed(
                "Durham University", name, topics=["food"], publications=[], statement="Crops and soil.", keywords=[]
            )
        path = f"/manage/enquiries/{journey.reference}"
        page = mo.open(f"{path}/matches")
        assert "Nobody listed works on this subject: 2 people in the directory work on others." in page.text
        ways = {f"{path}/brief", f"{path}/facts#topics", "/manage/settings/synonyms", "/manage/directory"}
        assert ways <= set(page.links)
        assert 'id="topics"' in mo.open(f"{path}/facts").html
        assert "Show at most" not in page.text
        assert "0 people" not in page.text
