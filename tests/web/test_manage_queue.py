"""The console's queue: narrowed by its address, told in rows, several changed at once, each refusal by name."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlmodel import select

from service.delivery.render import render
from service.ids import new_id, new_reference
from service.records.database import Unit
from service.records.tables import Enquiry, FollowUp, Person
from service.vocabulary import NEEDS
from tests.support.desk import Desk
from tests.support.doors import MANAGER, House, house
from tests.support.journey import Journey
from tests.support.letters import LETTERHEAD
from tests.support.visiting import Visitor, outbox

KIM = "kim@service.example"


@pytest.fixture
def opened_here(sqlite_url: str) -> Iterator[House]:
    with house(sqlite_url, staff_emails=f"{MANAGER},{KIM}") as found:
        yield found


@pytest.fixture
def desk(opened_here: House) -> Desk:
    return Desk(opened_here.client("manager"))


@pytest.fixture
def mo(opened_here: House) -> Visitor:
    visitor = Visitor(opened_here)
    visitor.sign_in(MANAGER)
    return visitor


def listed(visitor: Visitor) -> list[str]:
    """The references in the rows, in order."""
    return re.findall(r'id="row-([0-9A-Z]{6}-[0-9A-Z])"', visitor.page.html)


def ticks(*enquiries: dict[str, Any]) -> list[str]:
    return [f"{each['reference']}.{each['version']}" for each in enquiries]


def kims_id(opened: House) -> str:
    return opened.person("Kim Other", KIM, staff_role="manager")


# ---------------------------------------------------------------------------------------------------------------- looking


def test_the_address_narrows_orders_and_remembers(desk: Desk, mo: Visitor) -> None:
    late = desk.record("Do warmer homes help?", topics=["homes"], decision_date="2027-06-01", organisation="Gateshead")
    soon = desk.record("Do free meals help?", sector="nhs", decision_date="2027-01-10")
    done = desk.record("Is it spam?")
    done = desk.did(done["reference"], "close", outcome="spam", reason="It is.")
    mine = desk.did(late["reference"], "accept")
    every = {each["reference"] for each in (late, soon, done)}

    def found(query: str) -> set[str]:
        mo.open(f"/manage/queue?{query}")
        return set(listed(mo))

    assert found("state=all") == every
    assert found("state=open") == {late["reference"], soon["reference"]}
    assert found("state=closed") == found("outcome=spam") == {done["reference"]}
    assert found("owner=me") == found(f"owner={mine['owner']['id']}") == {late["reference"]}
    assert found("owner=none&state=open") == {soon["reference"]}
    assert found("q=free+meals") == found("sector=nhs") == found("decision_before=2027-02-01") == {soon["reference"]}
    assert found("topic=homes&waiting_on=team") == found("organisation=gateshead") == {late["reference"]}
    assert found("flag=overdue") == found("q=nothing+of+the+kind") == set()
    assert "Nothing here matches" in mo.page.text
    mo.open("/manage/queue?state=open&sort=decision_date")
    assert listed(mo) == [soon["reference"], late["reference"]]
    assert "2 enquiries in this view. To keep the view, bookmark this page." in mo.page.text
    assert ("state", "open") in mo.page.forms[0].fields
    assert ("sort", "decision_date") in mo.page.forms[0].fields
    for query, in_use in (("", 0), ("state=closed", 0), ("state=all", 0), ("state=triage", 1), ("state=open&flag=overdue&sector=nhs", 2)):  # fmt: skip
        text = mo.open(f"/manage/queue?{query}").text
        assert ("in use)" in text, f"More to narrow it by ({in_use} in use)" in text) == (in_use > 0, in_use > 0)


def test_it_opens_on_what_is_open_and_what_is_closed_is_one_press_away(desk: Desk, mo: Visitor) -> None:
    still, done = desk.record("Do warmer homes help?"), desk.record("Do warm homes help?")
    desk.did(done["reference"], "close", outcome="spam", reason="It is.")

    def go(words: str) -> list[str]:
        mo.open(re.search(rf'href="([^"]+)">{words}</a>', mo.page.html)[1].replace("&amp;", "&"))  # type: ignore[index]
        return listed(mo)

    for query in ("", "?sort=age", "?limit=20", "?cursor="):
        mo.open(f"/manage/queue{query}")
        assert listed(mo) == [still["reference"]], query
        assert ("state", "open") in mo.page.forms[0].fields
    assert "Open (1)" in mo.page.text
    assert go(r"Closed \(1\)") == [done["reference"]]
    assert "Closed Not a real enquiry" in mo.page.text
    assert "Last asked first" in mo.page.text
    assert "Most pressing first" not in mo.page.text
    assert "Nobody yet" not in mo.page.html[mo.page.html.index("<tbody") :]
    assert go(r"Open and closed \(2\)") == [still["reference"], done["reference"]]
    assert go(r"Open \(1\)") == [still["reference"]]
    mo.open("/manage/queue?state=open&q=warm+homes")
    assert listed(mo) == []
    assert go(r"Closed \(1\)") == [done["reference"]]
    assert ("q", "warm homes") in mo.page.forms[0].fields
    mo.open("/manage/queue?state=open&q=warm+homes")
    assert "Nothing open matches; 1 closed does" in mo.page.text
    assert go("1 closed does") == [done["reference"]]

    page = mo.open(f"/manage/queue?owner=none&q={done['reference'].lower()}&state=open")
    assert page.path == f"/manage/enquiries/{done['reference']}", "a reference is found whatever its state"
    mo.open("/manage/queue?owner=none&state=all&q=warm")
    href = next(each for each in mo.page.links if each.startswith(f"/manage/enquiries/{done['reference']}"))
    page = mo.open(href)
    assert "/manage/queue?state=all&owner=none&q=warm" in page.links, "the way back leads to the same view"
    for odd in ("//evil.example/?q=a", "javascript:alert(1)", "owner=none&next=//evil.example&%00=%ff"):
        page = mo.open(f"/manage/enquiries/{done['reference']}?{urlencode({'queue': odd})}")
        assert {each.partition("?")[0] for each in page.links if "evil" in each or "alert" in each} == set(), odd
    assert "/manage/queue?owner=none" in page.links
    assert len(desk.items("/enquiries")) == 2


def test_a_row_tells_where_it_stands_who_has_it_and_what_it_needs(desk: Desk, mo: Visitor, opened_here: House) -> None:
    enquiry = desk.record("Do warmer homes help?", organisation="Gateshead Council")
    opened_here.clock.move(days=7)
    mo.sign_in(MANAGER)
    page = mo.open("/manage/queue")
    row = page.html[page.html.index(f'id="row-{enquiry["reference"]}"') :]
    said = re.sub(r"<[^>]+>|\s+", " ", row[: row.index("</tr>")])
    for words in ("Do warmer homes help?", "Gateshead Council", "Triage", "The team", "since 23 November 2026", "Nobody yet",
                  "25 November 2026", NEEDS["overdue"]):  # fmt: skip
        assert words in said, words
    assert f"/manage/enquiries/{enquiry['reference']}" in page.links


def test_a_call_that_ran_out_of_time_waits_on_the_team_and_its_record_stays(
    desk: Desk, mo: Visitor, opened_here: House
) -> None:
    reference = Journey(opened_here.database, opened_here.clock).published().reference

    def standing() -> tuple[list[str], list[str], str]:
        mo.open("/manage/queue?waiting_on=team")
        ours = listed(mo)
        mo.open("/manage/queue?waiting_on=universities")
        return ours, listed(mo), mo.open(f"/manage/enquiries/{reference}").text

    ours, theirs, said = standing()
    assert (ours, theirs) == ([], [reference])
    assert "Waiting on: The universities" in said
    opened_here.clock.move(days=21)
    mo.sign_in(MANAGER)
    ours, theirs, said = standing()
    assert (ours, theirs) == ([reference], [])
    assert "Waiting on: The team The universities had until" in said
    assert "Close the call, or extend it" in said
    today = mo.open("/manage?whose=team").text
    assert "1 Reply-by has passed: close or extend the call" in today
    assert "1 on the team" in today
    assert "on the universities" not in today
    assert "The team to close or extend the call" in today
    recorded = Desk(opened_here.client("manager")).read(f"/enquiries/{reference}")
    assert recorded["waiting_on"] == "universities"
    assert [each["reference"] for each in desk.items("/enquiries", waiting_on="universities")] == [reference]


def test_pages_follow_each_other_and_neither_repeat_nor_skip(desk: Desk, mo: Visitor) -> None:
    made = [desk.record()["reference"] for _ in range(5)]
    mo.open("/manage/queue?limit=2&state=open")
    seen = listed(mo)
    while following := [link for link in mo.page.links if "cursor=" in link]:
        mo.open(following[-1])
        seen += listed(mo)
        assert "Back to the first" in mo.page.text
    assert seen == made
    assert "limit=2" in mo.page.html


@pytest.mark.parametrize(
    "query",
    ["state=flying", "owner=somebody", "sort=colour", "flag=bored", "limit=0", "limit=201", "limit=x", "topic=flying",
     "decision_before=soon", "q=" + "x" * 300, "waiting_on=godot", "dated_by=1", "sector=%F0%28"],
)  # fmt: skip
def test_an_address_that_means_nothing_is_told_and_shows_no_rows(desk: Desk, mo: Visitor, query: str) -> None:
    desk.record()
    mo.open(f"/manage/queue?{query}", status=422)
    assert len(mo.page.errors) == 1
    assert listed(mo) == []


def test_odd_addresses_are_answered_calmly(desk: Desk, mo: Visitor) -> None:
    desk.record()
    mo.open("/manage/queue?cursor=rubbish", status=400)
    mo.open("/manage/queue?nothing=1&q=%00&did=assigned&count=x&already=%00")
    assert len(listed(mo)) == 1
    assert "changed hands" not in mo.page.text


# ----------------------------------------------------------------------------------------------------------------- bulk


def test_the_ticked_ones_change_hands_and_nobody_elses(desk: Desk, mo: Visitor, opened_here: House) -> None:
    kim = kims_id(opened_here)
    first, second, other = desk.record(), desk.record(), desk.record()
    mo.open("/manage/queue?state=open&limit=20")
    mo.press("Hand over", {"row": ticks(first, second), "assign_to": kim, "reason": "Mo is away."})
    assert "2 enquiries changed hands." in mo.page.text
    assert ("state", "open") in mo.page.forms[0].fields
    owners = {each["reference"]: each["owner"] for each in desk.items("/enquiries")}
    assert owners[first["reference"]]["id"] == owners[second["reference"]]["id"] == kim
    assert owners[other["reference"]] is None
    [event] = [
        each for each in desk.items(f"/enquiries/{first['reference']}/timeline") if each.get("event") == "reassign"
    ]
    assert event["reason"] == "Mo is away."
    [mail] = [each for each in outbox(opened_here, KIM) if each.kind.startswith("reassigned")]
    assert mail.kind == "reassigned_several"
    written = render(mail, LETTERHEAD)
    assert written.subject == "2 enquiries now yours"
    for each in (first, second):
        assert f"/manage/enquiries/{each['reference']}" in written.text
    assert other["reference"] not in written.text
    assert "> Mo is away." in written.text
    mo.open(str(mail.params["path"]))
    assert sorted(listed(mo)) == sorted(each["reference"] for each in (first, second))


def test_what_changed_meanwhile_is_left_and_the_others_are_done(desk: Desk, mo: Visitor, opened_here: House) -> None:
    kim = kims_id(opened_here)
    still, taken, closed = desk.record(), desk.record(), desk.record()
    mo.open("/manage/queue?state=all")
    desk.did(taken["reference"], "accept")
    done = desk.did(closed["reference"], "close", outcome="spam", reason="It is.")
    unknown = new_reference()
    rows = [*ticks(still, taken, done), f"{unknown}.1"]
    mo.press("Hand over", {"row": rows, "assign_to": kim, "reason": "Mo is away."}, status=409)
    assert "1 enquiry changed hands." in mo.page.text
    assert "3 were left as they were" in mo.page.text
    assert f"{taken['reference']} : Somebody changed it while you were choosing." in mo.page.text
    assert f"{unknown} : There is no enquiry with this reference." in mo.page.text
    assert re.search(rf"{closed['reference']} : \S+", mo.page.text)
    assert ("reason", "Mo is away.") in mo.page.forms[1].fields
    kept = [value.partition(".")[0] for name, value in mo.page.forms[1].fields if name == "row"]
    assert set(kept) == {taken["reference"], closed["reference"]}
    assert desk.read(f"/enquiries/{still['reference']}")["owner"]["id"] == kim
    assert desk.read(f"/enquiries/{taken['reference']}")["owner"]["name"] != "Kim Other"


def test_the_same_press_twice_changes_nothing_more(desk: Desk, mo: Visitor, opened_here: House) -> None:
    kim, enquiry = kims_id(opened_here), desk.record()
    for expected in ("1 enquiry changed hands.", "0 enquiries changed hands. 1 was so already."):
        mo.open("/manage/queue")
        mo.press("Hand over", {"row": ticks(enquiry), "assign_to": kim, "reason": "Away."})
        assert expected in mo.page.text
    date = {"on-day": "14", "on-month": "12", "on-year": "2026", "note": "Ask about the paper."}
    for expected in ("A date was set for 1 enquiry.", "A date was set for 0 enquiries. 1 was so already."):
        mo.open("/manage/queue")
        mo.press("Set the date", {"row": ticks(enquiry), **date})
        assert expected in mo.page.text
    rows = opened_here.database.read(
        lambda unit: list(unit.exec(select(FollowUp).where(FollowUp.rule == "staff_date")))
    )
    assert [(row.due_on.isoformat(), row.note, row.status) for row in rows] == [
        ("2026-12-14", "Ask about the paper.", "due")
    ]


def test_what_is_missing_is_told_and_every_answer_kept(desk: Desk, mo: Visitor) -> None:
    enquiry = desk.record()
    mo.open("/manage/queue?state=open")
    mo.press("Hand over", {"reason": "Away."}, status=422)
    assert mo.page.errors == ["Tick the enquiries that this is for", "Choose who takes them over"]
    assert listed(mo) == [enquiry["reference"]]
    assert ("reason", "Away.") in mo.page.forms[1].fields
    mo.press("Set the date", {"row": ticks(enquiry), "on-day": "23", "on-month": "11", "on-year": "2026"}, status=422)
    assert mo.page.errors == ["Enter a day after today", "Say what to remind you of"]
    assert ("row", *ticks(enquiry)) in mo.page.forms[1].fields
    for rows in (["x"], ["AAAAAA-A"], [f"{enquiry['reference']}.{'9' * 30}"], [f"{enquiry['reference']}.\x00"]):
        mo.press("Hand over", {"row": rows, "assign_to": "x", "reason": "y" * 20_001}, status=422)
        assert len(mo.page.errors) == 3
    assert desk.read(f"/enquiries/{enquiry['reference']}")["owner"] is None


def test_a_form_without_its_token_changes_nothing(desk: Desk, mo: Visitor, opened_here: House) -> None:
    kim, enquiry = kims_id(opened_here), desk.record()
    sent = {"row": ticks(enquiry), "assign_to": kim, "reason": "Away.", "do": "assign", "view": "%00&=&x=%F0"}
    assert mo.client.post("/manage/queue", data=sent).status_code == 403
    assert desk.read(f"/enquiries/{enquiry['reference']}")["owner"] is None


def test_two_hundred_change_hands_in_one_go(opened_here: House, desk: Desk, mo: Visitor) -> None:
    kim, first = kims_id(opened_here), desk.record()
    opened_here.database.transact(lambda unit: _copy(unit, first["reference"], 199))
    mo.open("/manage/queue?limit=200")
    rows = re.findall(r'name="row" id="[^"]+" value="([^"]+)"', mo.page.html)
    assert len(rows) == 200
    mo.press("Hand over", {"row": rows, "assign_to": kim, "reason": "A new desk."})
    assert "200 enquiries changed hands." in mo.page.text
    count = opened_here.database.read(
        lambda unit: len(unit.exec(select(Enquiry.id).join(Person, Person.id == Enquiry.owner_id)).all())  # type: ignore[arg-type]
    )
    assert count == 200


def _copy(unit: Unit, reference: str, times: int) -> None:
    made = unit.exec(select(Enquiry).where(Enquiry.reference == reference)).one()
    own = {"id", "reference", "brief_id", "form_token"}
    for _ in range(times):
        unit.add(Enquiry(id=new_id(), reference=new_reference(), brief_id=new_id(), **made.model_dump(exclude=own)))
