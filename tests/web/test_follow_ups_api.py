"""Reminders and staff dates at the managers' JSON door."""

from uuid import uuid4

from tests.support.desk import Desk


def test_reminders_are_listed_in_the_order_they_are_due_with_their_arithmetic(desk: Desk) -> None:
    reference = desk.record()["reference"]
    rows = desk.items("/follow-ups")
    assert [(row["rule"], row["step"], row["due_on"]) for row in rows] == [
        ("first_response", 1, "2026-11-24"), ("first_response", 2, "2026-11-25"), ("first_response", 3, "2026-11-26"),
    ]  # fmt: skip
    assert {row["enquiry"] for row in rows} == {reference}
    assert rows[0]["arithmetic"] == "Tuesday 24 November 2026 is 1 working day after Monday 23 November 2026."
    assert desk.items("/follow-ups", limit=1) == rows


def test_filters_find_by_status_rule_and_enquiry(desk: Desk) -> None:
    reference, other = desk.record()["reference"], desk.record()["reference"]
    desk.say(other, "We talked.", kind="call", direction="out")
    assert len(desk.items("/follow-ups", status="due")) == 3
    assert {row["status"] for row in desk.items("/follow-ups", enquiry=other)} == {"cancelled"}
    assert {row["enquiry"] for row in desk.items("/follow-ups", status="due")} == {reference}
    assert desk.items("/follow-ups", rule="hold_ends") == desk.items("/follow-ups", enquiry="AAAAAA-A") == []
    assert desk.get("/follow-ups", status="lost").status_code == 422


def test_a_date_of_ones_own_is_set_and_taken_back(desk: Desk) -> None:
    reference = desk.record()["reference"]
    made = desk.post("/follow-ups", {"enquiry": reference, "on": "2027-02-01", "note": "Ask about the budget."})
    assert made.status_code == 201
    row = made.json()
    assert (row["rule"], row["due_on"], row["note"]) == ("staff_date", "2027-02-01", "Ask about the budget.")
    cancelled = desk.post(f"/follow-ups/{row['id']}/cancel", None)
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert desk.post(f"/follow-ups/{row['id']}/cancel", None).status_code == 409


def test_what_cannot_be_set_or_found_is_refused(desk: Desk) -> None:
    reference = desk.record()["reference"]
    right = {"enquiry": reference, "on": "2027-02-01", "note": "Ask."}
    for wrong in (
        {"enquiry": "AAAAAA-A"}, {"on": "2026-11-23"}, {"on": "1999-01-01"}, {"on": 1}, {"note": " "}, {"rule": "x"},
        {"enquiry": None},
    ):  # fmt: skip
        assert desk.post("/follow-ups", right | wrong).status_code == 422, wrong
    for absent in (str(uuid4()), "nothing"):
        assert desk.post(f"/follow-ups/{absent}/cancel", None).status_code == 404
