"""The queue: its filters, its orders, its flags, and walks over a list that changes under the walker."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlmodel import select

from service.actions.drafting import Answers, save_draft
from service.actions.submit import submit
from service.context import Context
from service.ids import new_id
from service.principals import Principal, Role
from service.records.database import Database, Unit
from service.records.tables import Enquiry, FollowUp, Interest
from service.vocabulary import FLAGS
from service.workflows.commands import CloseCall
from tests.support.desk import Desk
from tests.support.doors import House
from tests.support.journey import Journey


def references(rows: list[dict[str, Any]]) -> list[str]:
    return [row["reference"] for row in rows]


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Every statement sent while the block runs."""
    sent: list[str] = []

    def note(*told: Any) -> None:
        sent.append(told[2])

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


# --------------------------------------------------------------------------------------------------------------- filters


def test_each_filter_finds_its_own_and_nothing_else(desk: Desk, opened: House) -> None:
    body = desk.post("/organisations", {"name": "Gateshead Council", "kind": "council"}).json()
    mine = desk.record("Do warmer homes help?", organisation="Gateshead Council", topics=["homes", "ageing"])
    mine = desk.did(mine["reference"], "accept")
    other = desk.record(
        "Do free meals help?",
        enquirer={"name": "Zoë Brown", "email": "zoe@trust.example"},
        organisation="A Trust nobody knows",
        sector="nhs",
        topics=["food"],
        decision_date="2027-01-31",
    )
    done = desk.record("Is it spam?")
    done = desk.did(done["reference"], "close", outcome="spam", reason="It is.")
    opened.person("Kim Other", "kim@service.example", staff_role="manager")

    def found(**filters: Any) -> set[str]:
        names = {mine["reference"]: "mine", other["reference"]: "other", done["reference"]: "done"}
        return {names[reference] for reference in references(desk.items("/enquiries", **filters))}

    everything = {"mine", "other", "done"}
    assert found() == everything
    assert found(state="scoping") == {"mine"}
    assert found(state=["scoping", "triage"]) == {"mine", "other"}
    assert found(outcome="spam") == found(state="closed") == {"done"}
    assert found(owner="me") == found(owner=mine["owner"]["id"]) == {"mine"}
    assert found(owner="none") == {"other", "done"}
    assert found(owner=str(new_id())) == set()
    assert found(waiting_on="team") == {"mine", "other"}
    assert found(waiting_on="nobody") == {"done"}
    assert found(sector="nhs") == {"other"}
    assert found(topic="ageing") == {"mine"}
    assert found(topic=["homes", "food"]) == {"mine", "other"}
    assert found(organisation="gateshead council") == found(organisation=body["id"]) == {"mine"}
    assert found(organisation="nobody knows") == {"other"}
    assert found(q="FREE meals") == found(q="zoë") == found(q="zoe@trust") == {"other"}
    assert found(q=mine["reference"].lower()) == {"mine"}
    assert found(q="100%_") == set()
    assert found(decision_before="2027-02-01") == {"other"}
    assert found(decision_before="2027-01-31") == set()
    assert found(overdue="false") == found(dormant="false") == found(unconfirmed="false") == everything
    assert found(overdue="true") == found(dormant="true") == found(unconfirmed="true") == set()
    assert found(state="scoping", topic="food") == set()


def test_what_a_filter_does_not_know_is_refused(desk: Desk) -> None:
    for wrong in (
        {"state": "flying"}, {"owner": "somebody"}, {"sort": "colour"}, {"overdue": "perhaps"}, {"limit": 0},
        {"limit": 201}, {"decision_before": "soon"}, {"q": "\x00"}, {"organisation": "\x00"}, {"q": ""},
    ):  # fmt: skip
        assert desk.get("/enquiries", **wrong).status_code == 422, wrong
    assert desk.get("/enquiries", cursor="rubbish").status_code == 400


def test_a_question_nobody_has_sent_is_not_there(desk: Desk, opened: House) -> None:
    def work(unit: Unit) -> None:
        save_draft(unit, opened.ctx(), new_id(), "digest", {"question": "Half a question"})

    opened.database.transact(work)
    assert desk.items("/enquiries") == desk.items("/enquiries", q="Half") == []


# ---------------------------------------------------------------------------------------------------------------- orders


def test_priority_puts_the_overdue_first_then_the_open_then_the_closed_the_newest_first(
    desk: Desk, opened: House
) -> None:
    late = [desk.record()["reference"] for _ in range(2)]
    first, closed = (desk.record()["reference"] for _ in range(2))
    for each in (closed, first):
        desk.did(each, "close", outcome="withdrawn", reason="They did.")
    held = desk.record()["reference"]
    desk.did(held, "hold", until="2027-03-01", reason="Elections.")
    opened.clock.move(days=7)
    fresh = [desk.record()["reference"] for _ in range(2)]
    rows = desk.items("/enquiries")
    assert references(rows) == [*late, held, *fresh, closed, first]
    assert [row["flags"] for row in rows] == [["overdue"], ["overdue"], ["on_hold"], [], [], [], []]
    assert references(desk.items("/enquiries", overdue="true")) == late
    by_age = [*late, first, closed, held, *fresh]
    assert references(desk.items("/enquiries", sort="age")) == by_age
    assert references(desk.items("/enquiries", sort="submitted_at", limit=2)) == by_age


def test_priority_goes_by_slack_before_age(desk: Desk, opened: House) -> None:
    patient = desk.record()["reference"]
    later = desk.record(needed_by="2027-09-01")["reference"]
    sooner = [desk.record(needed_by="2027-06-01")["reference"] for _ in range(2)]
    closed = desk.record(needed_by="2026-12-01")["reference"]
    desk.did(closed, "close", outcome="withdrawn", reason="They did.")
    wanted = [*sooner, later, patient, closed]
    for limit in (1, 2, 50):
        assert references(desk.items("/enquiries", limit=limit)) == wanted
    opened.clock.move(days=7)
    fresh = desk.record(needed_by="2027-01-29")["reference"]
    # What is overdue comes before what is pressed harder.
    for limit in (1, 3, 50):
        assert references(desk.items("/enquiries", limit=limit)) == [*sooner, later, patient, fresh, closed]


def test_decision_dates_come_soonest_first_and_none_last(desk: Desk) -> None:
    undated = [desk.record()["reference"] for _ in range(2)]
    late = desk.record(decision_date="2027-06-01")["reference"]
    soon = [desk.record(decision_date="2027-01-10")["reference"] for _ in range(2)]
    wanted = [*soon, late, *undated]
    for limit in (1, 2, 3, 50):
        assert references(desk.items("/enquiries", sort="decision_date", limit=limit)) == wanted


@pytest.mark.parametrize("sort", ["priority", "age"])
def test_a_walk_neither_repeats_nor_skips_what_stands_still(desk: Desk, opened: House, sort: str) -> None:
    still = []
    for day in range(4):
        still += [desk.record()["reference"] for _ in range(2)]
        opened.clock.move(days=day)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    for turn in range(30):
        page = desk.get("/enquiries", sort=sort, limit=1, **cursor)
        seen += references(page.json()["items"])
        if page.json()["next_cursor"] is None:
            assert "link" not in page.headers
            break
        cursor = {"cursor": page.json()["next_cursor"]}
        assert cursor["cursor"] in page.headers["link"]
        assert page.headers["link"].endswith('; rel="next"')
        if turn < 4:
            desk.record(f"New {turn}")
            # a day later more of them are overdue: the walk keeps to the day it began on
            opened.clock.move(days=1)
    assert sorted(set(seen) & set(still)) == sorted(still)
    assert len(seen) == len(set(seen))


def test_a_cursor_belongs_to_its_order(desk: Desk) -> None:
    for _ in range(3):
        desk.record()
    cursor = desk.read("/enquiries", limit=1)["next_cursor"]
    answer = desk.get("/enquiries", limit=1, sort="decision_date", cursor=cursor)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/cursor-malformed")
    assert desk.get("/enquiries", limit=1, cursor=cursor[:-2]).status_code == 400


def test_a_page_costs_the_same_however_much_is_on_it(desk: Desk, opened: House) -> None:
    for _ in range(2):
        desk.did(desk.record(organisation="Somewhere")["reference"], "accept")
    desk.read("/enquiries")
    with statements(opened.database) as few:
        desk.read("/enquiries")
    for number in range(10):
        enquirer = {"name": f"Ann {number}", "email": f"ann{number}@council.example"}
        desk.did(desk.record(enquirer=enquirer)["reference"], "accept")
    with statements(opened.database) as many:
        assert len(desk.read("/enquiries")["items"]) == 12
    assert len(many) == len(few)


# ----------------------------------------------------------------------------------------------------------------- flags


def flags_of(desk: Desk, reference: str | None) -> list[str]:
    shown = desk.read(f"/enquiries/{reference}")["flags"]
    [listed] = desk.items("/enquiries", q=reference)
    assert listed["flags"] == shown
    assert set(shown) <= set(FLAGS)
    found: list[str] = shown
    return found


def test_an_address_nobody_confirmed_is_flagged_and_found(desk: Desk, opened: House) -> None:
    def work(unit: Unit) -> str | None:
        visitor = Context(now=opened.clock.now(), actor=Principal(role=Role.PUBLIC))
        answers: Answers = {"question": "Does it work?", "form_name": "Sam", "form_email": "sam@web.example"}
        draft = save_draft(unit, visitor, new_id(), "digest", answers)
        return submit(unit, visitor, draft.id).reference

    reference = opened.database.transact(work)
    desk.record()
    assert flags_of(desk, reference) == ["unconfirmed"]
    assert references(desk.items("/enquiries", unconfirmed="true")) == [reference]
    assert reference not in references(desk.items("/enquiries", unconfirmed="false"))


def test_holds_and_late_dates_are_flagged(desk: Desk, opened: House) -> None:
    reference = desk.record()["reference"]
    desk.did(reference, "hold", until="2026-12-01", reason="Elections.")
    assert flags_of(desk, reference) == ["on_hold"]
    opened.clock.move(days=9)
    assert flags_of(desk, reference) == ["on_hold", "hold_ended"]
    desk.did(reference, "resume")
    opened.clock.move(days=9)
    assert flags_of(desk, reference) == ["overdue"]


def test_what_stands_out_about_a_call_is_flagged(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).published()
    desk = Desk(opened.client("manager", email="mo@service.example"))
    assert flags_of(desk, journey.reference) == []
    asked = opened.client("university", organisation="Durham University").post(
        f"/api/v1/briefs/{journey.brief_id}/questions", json={"body": "Which wards?"}
    )
    assert asked.status_code == 201, asked.text
    assert flags_of(desk, journey.reference) == ["question_waiting"]
    desk.say(journey.reference, "Both.", visibility="universities", direction="out")
    opened.clock.move(days=15)
    assert flags_of(desk, journey.reference) == ["overdue", "reply_by_passed"]
    journey.act(CloseCall())
    assert flags_of(desk, journey.reference) == ["no_interest"]
    journey.interested()
    assert flags_of(desk, journey.reference) == ["late_interest"]
    opened.database.transact(lambda unit: _in_time(unit, journey.interest_id))
    assert flags_of(desk, journey.reference) == []


def _in_time(unit: Unit, interest_id: UUID) -> None:
    interest = unit.get_one(Interest, interest_id)
    interest.late = False
    unit.add(interest)


def test_a_request_to_reopen_is_flagged(desk: Desk, opened: House) -> None:
    reference = desk.record()["reference"]
    desk.did(reference, "close", outcome="withdrawn", reason="They did.")

    def work(unit: Unit) -> None:
        closed = unit.exec(select(Enquiry)).one()
        closed.reopen_requested_at = opened.clock.now()
        unit.add(closed)

    opened.database.transact(work)
    assert flags_of(desk, reference) == ["reopen_requested"]


def test_silence_after_the_last_reminder_is_flagged_until_a_sign_of_life(desk: Desk, opened: House) -> None:
    reference = desk.record()["reference"]
    desk.did(reference, "ask", body="Which wards?")
    opened.clock.move(days=45)

    def spend(unit: Unit) -> None:
        reminder = unit.exec(select(FollowUp).where(FollowUp.step == 30)).one()
        reminder.status, reminder.settled_at = "sent", opened.clock.now()
        unit.add(reminder)

    opened.database.transact(spend)
    assert flags_of(desk, reference) == ["overdue", "dormant"]
    assert references(desk.items("/enquiries", dormant="true")) == [reference]
    opened.clock.move(days=1)
    desk.say(reference, "Sorry, we were away.")
    assert "dormant" not in flags_of(desk, reference)


def test_an_offer_past_its_date_is_flagged(opened: House) -> None:
    journey = Journey(opened.database, opened.clock).interested().offered()
    desk = Desk(opened.client("manager", email="mo@service.example"))
    assert "offer_unanswered" not in flags_of(desk, journey.reference)
    opened.clock.move(days=20)
    assert "offer_unanswered" in flags_of(desk, journey.reference)
