"""Figures for the team alone, and products: what becomes of a reminder, and durations with unfinished work."""

from datetime import timedelta
from uuid import UUID

import pytest

from service.throughput.internal import FATES, fate_of, reminders
from service.throughput.ladder import Moved, by_code, taken
from tests.support.logs import CALENDARS, london


@pytest.mark.parametrize(
    ("status", "days_late", "was_put_off", "by_person", "fate"),
    [
        ("sent", 0, False, False, "sent_on_time"), ("sent", 0, True, False, "sent_as_put_off"),
        ("sent", 2, True, False, "sent_late"), ("cancelled", -1, False, False, "met_before_due"),
        ("cancelled", 0, False, False, "stopped_once_due"), ("cancelled", -1, False, True, "cancelled"),
        ("collapsed", 3, False, False, "replaced"), ("suppressed", 0, False, False, "not_sendable"),
        ("due", 0, False, False, None),
    ],
)  # fmt: skip
def test_what_becomes_of_a_reminder(
    status: str, days_late: int, was_put_off: object, by_person: object, fate: str | None
) -> None:
    assert fate_of(status, days_late=days_late, was_put_off=bool(was_put_off), by_person=bool(by_person)) == fate


def test_met_is_the_share_of_the_good_among_those_judged() -> None:
    total, rules = reminders({("sign_off", fate): 1 for fate in FATES}, ["costing", "sign_off"])
    assert (total.settled, total.met) == (len(FATES), 0.6)
    assert [(rule.key, rule.settled, rule.met) for rule in rules] == [
        ("costing", 0, None),
        ("sign_off", len(FATES), 0.6),
    ]


def test_unfinished_and_stopped_projects_hold_the_estimate_back() -> None:
    start = london("2026-02-02 09:00")

    def moves(
        number: int, days: int | None, state: str = "delivered", product: str | None = "evidence_map"
    ) -> list[Moved]:
        project = UUID(int=number)
        began = [Moved(project, start, "active", None, product)]
        return (
            began
            if days is None
            else [*began, Moved(project, start + timedelta(days=days, hours=8), state, None, None)]
        )

    done = [move for number in range(5) for move in moves(number, 7 * number)]
    closes = london("2026-04-01 00:00")
    found = by_code(taken(done, ["evidence_map", "rapid_review"], closes, CALENDARS, 5))
    assert (found["evidence_map"].delivered, found["evidence_map"].median) == (5, 11.0)
    assert (found["rapid_review"].delivered, found["rapid_review"].suppressed) == (0, True)
    more = [*done, *moves(6, None), *moves(7, 20, "terminated"), *moves(8, None), *moves(9, 3, product=None)]
    each = by_code(taken(more, ["evidence_map"], closes, CALENDARS, 5))["evidence_map"]
    assert (each.delivered, each.unfinished, each.stopped) == (5, 2, 1)
    assert (each.median, each.p75, each.suppressed) == (16.0, None, False)
    assert by_code(taken(more, ["evidence_map"], closes, CALENDARS, 6))["evidence_map"].median is None
