"""What the console says of how long things are kept, and the legal hold that anybody puts on and only a lead ends."""

from collections.abc import Iterator

import pytest

from service.states import Outcome
from service.workflows import commands as c
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
    assert "1 year from the last closing RETAIN_PEOPLE_UNFUNDED_YEARS" in schedule
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
