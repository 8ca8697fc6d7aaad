"""Today: each count is the number of rows behind its link, on both engines; it tells mine, nobody's and the team's apart."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from service.actions import remind
from service.records.database import Unit
from service.records.needs import conditions
from service.records.tables import Enquiry, FollowUp, OutboxMessage
from service.vocabulary import NEEDS
from service.workflows import commands as c
from tests.support.desk import Desk
from tests.support.doors import LEAD, MANAGER, House, house
from tests.support.following import go_to
from tests.support.journey import Journey
from tests.support.visiting import Visitor


@pytest.fixture
def desks(engine_url: str) -> Iterator[House]:
    with house(engine_url, staff_emails=MANAGER, lead_emails=LEAD) as found:
        yield found


def lines(page: Any) -> dict[str, tuple[int, str]]:
    """What Today counts: words, number and link."""
    found = re.findall(r'href="([^"]+)"><span class="app-counts__number">(\d+)</span> <span>([^<]+)</span>', page.html)
    waiting = re.findall(r'<li><a class="govuk-link" href="([^"]+)">(\d+) on ([^<]+)</a>', page.html)
    unowned = re.findall(r'href="([^"]+owner=none[^"]*)">(\d+) open (enquiry has|enquiries have) no owner', page.html)
    return {unescape(words): (int(number), unescape(path)) for path, number, words in [*found, *waiting, *unowned]}


def token_of(visitor: Visitor) -> dict[str, str]:
    """What a form of this session sends back."""
    return {"csrf_token": visitor.open("/manage/new").fields["csrf_token"]}


def rows_behind(visitor: Visitor, path: str) -> int:
    visitor.open(path)
    return len(re.findall(r'id="row-', visitor.page.html))


def change(opened: House, reference: str | None, **values: Any) -> None:
    """Set columns of an enquiry by hand: what time and other people would have done."""

    def work(unit: Unit) -> None:
        found = unit.exec(select(Enquiry).where(Enquiry.reference == reference)).one()
        for name, value in values.items():
            setattr(found, name, value)
        unit.add(found)

    opened.database.transact(work)


def test_every_count_is_what_its_link_shows(desks: House) -> None:
    desk, today = Desk(desks.client("manager")), date(2026, 11, 23)
    called = Journey(desks.database, desks.clock).published()
    asked = desks.client("university", organisation="Durham University")
    asked.post(f"/api/v1/briefs/{called.brief_id}/questions", json={"body": "Which wards?"})
    reference = {name: desk.record(name)["reference"] for name in (
        "new", "late", "today", "soon", "risky", "tight", "replied", "answered", "again", "held", "unread", "dated",
    )}  # fmt: skip
    for name in ("late", "today", "soon", "risky", "tight", "replied", "answered", "held", "unread"):
        desk.did(reference[name], "accept")
    change(desks, reference["late"], due_on=date(2026, 11, 20))
    change(desks, reference["today"], due_on=today)
    change(desks, reference["soon"], due_on=date(2026, 11, 30))
    change(desks, reference["risky"], latest_start_on=date(2026, 11, 20))
    change(desks, reference["tight"], latest_start_on=date(2026, 11, 30))
    for name in ("replied", "answered"):
        desk.say(reference[name], "In 2019.")
    desk.say(reference["answered"], "Thank you.", direction="out")
    desk.say(reference["late"], "I am away.", automatic=True)
    desk.did(reference["again"], "close", outcome="withdrawn", reason="They did.")
    change(desks, reference["again"], reopen_requested_at=desks.clock.now())
    desk.did(reference["held"], "hold", until="2026-12-01", reason="Elections.")
    change(desks, reference["held"], hold_until=date(2026, 11, 20))
    desks.database.transact(lambda unit: _fail(unit, desk.read(f"/enquiries/{reference['unread']}")["reference"]))
    desk.post("/follow-ups", {"enquiry": reference["dated"], "on": "2026-11-24", "note": "Ring."})
    desks.database.transact(_come)

    mo, sal = Visitor(desks), Visitor(desks)
    mo.sign_in_by_pages(MANAGER)
    sal.sign_in_by_pages(LEAD)
    assert (mo.page.path, sal.page.path) == ("/manage", "/manage")
    counted: dict[str, dict[str, int]] = {}
    for visitor, whose in ((mo, "me"), (mo, "none"), (mo, "team"), (sal, "me"), (sal, "team")):
        found = lines(visitor.open(f"/manage?whose={whose}"))
        for words, (number, path) in found.items():
            if path.startswith("/manage/queue"):
                assert rows_behind(visitor, path) == number, f"{words} at {path}"
        counted[f"{'mo' if visitor is mo else 'sal'} {whose}"] = {words: number for words, (number, _) in found.items()}
    once = {NEEDS[code] for code in (
        "overdue", "due_today", "at_risk", "tight", "replied", "hold_ended", "question_waiting", "mail_failed",
    )}  # fmt: skip
    assert once <= set(counted["mo me"]), counted["mo me"]
    assert {counted["mo me"][words] for words in once} == {1}
    assert counted["mo me"]["A date you set has come"] == 1
    assert counted["mo none"][NEEDS["reopen_requested"]] == counted["mo none"][NEEDS["staff_date_due"]] == 1
    assert counted["mo none"]["New, and not taken on yet"] == 2
    assert counted["mo team"]["New, and not taken on yet"] == 2
    assert counted["mo team"]["Letters that could not be delivered"] == 1
    assert NEEDS["mail_failed"] not in counted["mo team"]
    assert len(re.findall("/manage/settings/letters/", mo.open("/manage/settings/letters?status=failed").html)) == 1
    assert counted["sal me"] == {"enquiries have": 2}
    assert counted["sal team"] == counted["mo team"]


def _fail(unit: Unit, reference: str) -> None:
    enquiry = unit.exec(select(Enquiry).where(Enquiry.reference == reference)).one()
    message = unit.exec(select(OutboxMessage).where(OutboxMessage.enquiry_id == enquiry.id)).first()
    assert message is not None
    message.status = "failed"
    unit.add(message)


def _come(unit: Unit) -> None:
    row = unit.exec(select(FollowUp).where(FollowUp.rule == "staff_date")).one()
    row.due_on = date(2026, 11, 23)
    unit.add(row)


def test_a_reply_counts_until_the_team_writes_or_moves_it_on(desks: House) -> None:
    desk = Desk(desks.client("manager"))
    reference = desk.did(desk.record()["reference"], "accept")["reference"]
    mo = Visitor(desks)
    mo.sign_in_by_pages(MANAGER)

    def is_waiting() -> bool:
        return NEEDS["replied"] in lines(mo.open("/manage"))

    assert not is_waiting()
    desk.say(reference, "From 2019.")
    assert is_waiting()
    desks.clock.move(minutes=1)
    desk.say(reference, "Read it; thinking.", kind="note", visibility="back_stage", direction="out")
    assert not is_waiting()
    desks.clock.move(minutes=1)
    desk.say(reference, "And 2020.")
    assert is_waiting()
    desks.clock.move(minutes=1)
    desk.did(reference, "begin_brief")
    assert not is_waiting()
    desk.say(reference, "And 2021.")
    assert is_waiting()
    desk.did(reference, "reframe", question="Another question?", reason="They said so.")
    assert not is_waiting()


def test_every_need_has_its_words() -> None:
    assert set(conditions(date(2026, 11, 23), date(2026, 11, 30))) == set(NEEDS)


def test_a_lead_sees_the_whole_teams_first_and_a_manager_their_own(sqlite_url: str) -> None:
    with house(sqlite_url, staff_emails=MANAGER, lead_emails=LEAD) as opened:
        journey = Journey(opened.database, opened.clock).accepted()
        mo, sal = Visitor(opened), Visitor(opened)
        mo.sign_in_by_pages(MANAGER)
        sal.sign_in_by_pages(LEAD)
        assert "What needs you now" in mo.page.text
        assert "What needs somebody now" in sal.page.text
        for visitor in (mo, sal):
            assert f"/manage/enquiries/{journey.reference}" in visitor.page.links
        mo.open("/manage?whose=%00x")
        assert "What needs you now" in mo.page.text
        journey.act(c.Hold(until=date(2026, 12, 1), reason="Elections."))
        opened.database.transact(
            lambda unit: remind.set_staff_date(unit, journey.ctx(), journey.enquiry(), date(2026, 12, 2), "Ring.")
        )
        assert "Nothing needs you at this moment." in mo.open("/manage").text


def test_a_date_that_came_stays_until_it_is_done(sqlite_url: str) -> None:
    with house(sqlite_url, staff_emails=f"{MANAGER},kim@service.example") as opened:
        desk = Desk(opened.client("manager"))
        reference = desk.record()["reference"]
        made = desk.post(
            "/follow-ups", {"enquiry": reference, "on": "2026-11-25", "note": "Ring about the paper."}
        ).json()
        mo, kim = Visitor(opened), Visitor(opened)
        mo.sign_in_by_pages(MANAGER)
        assert "Ring about the paper." not in mo.page.text
        early = mo.client.post(f"/manage/dates/{made['id']}/done", data=token_of(mo))
        assert early.status_code == 409
        opened.clock.move(days=2)
        mo.sign_in_by_pages(MANAGER)
        kim.sign_in_by_pages("kim@service.example")
        assert "Ring about the paper." in mo.page.text
        assert lines(mo.page)["A date you set has come"][0] == 1
        assert "Ring about the paper." not in kim.page.text
        assert "set by Mo" in kim.open("/manage?whose=team").text
        name = f"Done with Ring about the paper. ({reference})"
        mo.press(name)
        assert "The date is done." in mo.page.text
        assert "Ring about the paper." not in mo.page.text
        assert "A date you set has come" not in lines(mo.page)
        # Kim still had it on the screen, and presses too: it is done, and stays so.
        kim.press(name)
        assert "The date is done." in kim.page.text
        [row] = [each for each in desk.items("/follow-ups") if each["id"] == made["id"]]
        assert row["status"] == "sent"
        other = desk.items("/follow-ups", rule="first_response")[0]["id"]
        for absent in (other, "nothing", str(uuid4())):
            assert mo.client.post(f"/manage/dates/{absent}/done", data=token_of(mo)).status_code == 404
            assert mo.client.post(f"/manage/dates/{absent}/done").status_code in {403, 404}


def test_a_reminder_that_came_due_stands_until_it_is_seen_to(sqlite_url: str) -> None:
    with house(sqlite_url, staff_emails=MANAGER) as opened:
        journey = Journey(opened.database, opened.clock).submitted().accepted()
        go_to(journey, "2026-11-25")
        mo = Visitor(opened)
        mo.sign_in_by_pages(MANAGER)
        assert mo.page.text.count("First response due Wednesday 25 November 2026") == 1
        assert "Reminders that still stand: 1" in mo.page.text
        assert "is 2 working days after Monday 23 November 2026." in mo.page.text
        journey.say("We spoke.", kind="call", direction="out")
        assert "Reminders that still stand" not in mo.open("/manage").text
