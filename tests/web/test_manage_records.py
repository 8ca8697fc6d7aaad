"""What the console says of how long things are kept, and the legal hold that anybody puts on and only a lead ends."""

from collections.abc import Iterator

import pytest

from service.actions.erasing import erase_subject
from service.jobs import purge
from service.states import Outcome
from service.workflows import commands as c
from service.workflows.retention import Periods
from tests.support.doors import LEAD, MANAGER, House, house
from tests.support.journey import Journey
from tests.support.visiting import Visitor


@pytest.fixture
def opened(sqlite_url: str) -> Iterator[House]:
    with house(sqlite_url, staff_emails=MANAGER, lead_emails=LEAD, retain_people_unfunded_years=1) as found:
        yield found


def test_a_hold_is_put_on_by_anybody_of_the_team_seen_everywhere_and_ended_by_a_lead(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).submitted()
    journey.act(c.Close(outcome=Outcome.DECLINED, reason="Out of scope.", criteria=("It is out of scope.",)))
    opened.clock.move(days=350)
    manager, lead = Visitor(opened), Visitor(opened)
    manager.sign_in(MANAGER)
    lead.sign_in(LEAD)
    at = f"/manage/enquiries/{journey.reference}"

    schedule = lead.open("/manage/settings/retention").text
    assert "1 year from the last closing" in schedule
    assert "Within the next 30 days (1)" in schedule
    assert journey.reference in schedule

    assert f"{at}/legal-hold" in manager.open(at).links
    page = manager.open(f"{at}/legal-hold")
    assert "kept for 1 year" in page.text
    assert manager.press("Put a legal hold on", {"hold_reason": " "}, status=422).errors == ["Say why"]
    page = manager.press("Put a legal hold on", {"hold_reason": "The ombudsman asked."})
    assert "Only a service lead may end it." in page.text
    assert "End the hold" not in [name for form in page.forms for _, _, name in form.buttons]
    assert "Nothing of it may be destroyed." in manager.open(at).text

    opened.clock.move(days=20)
    lead.sign_in(LEAD)
    schedule = lead.open("/manage/settings/retention").text
    assert "Kept beyond its time (1)" in schedule
    assert "The ombudsman asked." in schedule
    lead.open(f"{at}/legal-hold")
    lead.press("End the hold", {"hold_reason": "It is settled."})
    assert "Goes at the next run (1)" in lead.open("/manage/settings/retention").text
    deeds = lead.open("/manage/settings/audit?kind=enquiry")
    told = deeds.text
    assert f"Put a legal hold on {journey.reference} enquiry reason: The ombudsman asked." in told, told
    assert f"Ended the legal hold of {journey.reference} enquiry reason: It is settled." in told, told
    assert f"{at}?stay=yes" in deeds.links


def test_what_is_left_of_a_project_after_its_time_can_be_looked_at_in_every_room(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).completed()
    erased = Journey(opened.database, opened.clock, enquirer_email="zoe@council.example").selecting()
    erase_subject(opened.database, opened.ctx(), "zoe@council.example", Periods())
    opened.clock.move(days=6 * 366)
    while purge.run(opened.database, opened.clock):
        pass
    manager = Visitor(opened)
    manager.sign_in(MANAGER)
    at = f"/manage/enquiries/{journey.reference}"
    page = manager.open(at)
    assert "It had its time on" in page.text
    other = f"/manage/enquiries/{erased.reference}"
    for room in ("", "/call", "/choice", "/preference", "/do/ask", "/do/offer"):
        manager.open(other + room)
    rooms = [link for link in page.links if link.startswith(f"{at}/") and "/do/" not in link]
    assert {f"{at}/project", f"{at}/brief", f"{at}/call", f"{at}/legal-hold"} <= set(rooms)
    for room in rooms:
        assert "ann@council.example" not in manager.open(room).text
    for paper in ("agreement", "costs", "funding", "signatures", "deliverables", "reports", "outcomes"):
        manager.open(f"{at}/project/{paper}")
    assert "It works for most." in manager.open(f"{at}/project").text
    program = opened.client("manager")
    papers = ("", "/agreement", "/funding-lines", "/deliverables", "/reports", "/outcomes")
    answers = [program.get(f"/api/v1/projects/{journey.project_id}{paper}") for paper in papers]
    answers += [program.get(f"/api/v1/enquiries/{journey.reference}{under}") for under in ("", "/interests", "/offers")]
    theirs = opened.client("university", organisation="Northumbria University")
    answers += [theirs.get("/api/v1/projects"), theirs.get("/api/v1/offers"), theirs.get("/api/v1/briefs/feed")]
    assert [answer.text for answer in answers if answer.status_code != 200] == []
    manager.open("/manage/queue?state=closed")
    manager.open("/manage/projects")
