"""What became of it for those who asked: in time, used, paid for, and whether they had asked before."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import pytest

from service.throughput.cohort import Figures
from service.throughput.periods import Period
from tests.support.counted import throughput
from tests.support.logs import CALENDARS, Log, histories_of

SO_FAR = Period(date(2026, 3, 1), date(2026, 6, 1), date(2026, 5, 31))
PROJECT = UUID(int=7)
BODY, OTHER = UUID(int=1), UUID(int=2)


def figures(*logs: Log, period: Period = SO_FAR) -> Figures:
    return throughput(histories_of(*logs), period, CALENDARS, 5)


def needing(day: str | None) -> Log:
    return Log("2026-03-02 09:00", data={"needed_by": day} if day else None)


def delivered(log: Log, when: str = "2026-04-10 17:00") -> Log:
    return (
        log.commission("2026-03-20 09:00")
        .project("2026-03-20 09:00", "start", "active", PROJECT)
        .project(when, "deliver", "delivered", PROJECT)
    )


@pytest.mark.parametrize(
    ("log", "told"),
    [
        (needing(None), "no_date"),
        (needing("2026-03-06").close("2026-03-06 18:00", "answered"), "in_time"),
        (needing("2026-03-06").close("2026-03-07 00:00", "signposted"), "late"),
        (needing("2026-03-06").close("2026-03-04 09:00", "withdrawn"), "nothing_usable"),
        (needing("2026-05-31"), "late"),
        (needing("2026-06-01"), "not_yet"),
        (delivered(needing("2026-04-10")), "in_time"),
        (delivered(needing("2026-04-09")), "late"),
        (delivered(needing("2026-04-10")).close("2026-05-10 09:00", "completed"), "in_time"),
        (needing("2026-03-06").then("2026-03-03 09:00", "amend", data={"needed_by": "2026-04-01"}), "late"),
        (needing("2026-03-06").then("2026-03-03 09:00", "amend", data={"needed_by": None}), "no_date"),
    ],
)
def test_usable_before_it_was_needed(log: Log, told: str) -> None:
    in_time = figures(log).in_time
    assert in_time is not None
    assert {name for name, count in in_time.items() if count} == {told}


def used(*answers: str) -> Mapping[str, int]:
    log = delivered(Log("2026-03-02 09:00")).close("2026-04-20 09:00", "completed")
    for answer in answers:
        log.then("2026-05-02 09:00", "outcome_recorded", data={"used": answer, "in_time": None})
    told = figures(log, Log("2026-03-02 09:00")).use
    assert told is not None
    return {name: count for name, count in told.items() if count}


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ((), set()),
        (("yes",), {"answered", "used"}),
        (("planned", "yes"), {"answered", "used"}),
        (("planned", "no"), {"answered", "no"}),
        (("yes", "cannot_say"), {"answered", "used"}),
        (("cannot_say",), {"answered", "cannot_say"}),
    ],
)
def test_the_latest_answer_that_says_something_counts(answers: tuple[str, ...], told: set[str]) -> None:
    assert used(*answers) == dict.fromkeys({"asked", *told}, 1)


def line(
    amount: str, *, line: int = 1, kind: str = "cash", own: bool = False, status: str = "confirmed"
) -> dict[str, object]:
    return {
        "project": str(PROJECT), "funding_line": str(UUID(int=line)), "amount": amount, "kind": kind, "own_funds": own,
        "status": status,
    }  # fmt: skip


def test_money_is_what_was_confirmed_last_for_projects_that_began() -> None:
    begun = Log("2026-03-02 09:00")
    for told in (
        line("100.00", status="sought"),
        line("120.10"),
        line("5.05", line=2, own=True),
        line("9", line=3, kind="in_kind"),
    ):
        begun.then("2026-03-10 09:00", "funding_line_changed", data=told)
    begun.then("2026-03-10 09:00", "funding_line_changed", data=line("70", line=4, status="refused"))
    planned = Log("2026-03-02 09:00").then("2026-03-10 09:00", "funding_line_added", data=line("4000.00"))
    older = Log("2026-03-02 09:00").then("2026-03-10 09:00", "funding_line_added", data={"status": "confirmed"})
    money = figures(delivered(begun), planned, older).money
    assert money is not None
    assert {(kind, source): total.amount for kind, by in money.items() for source, total in by.items()} == {
        ("cash", "others"): "120.10",
        ("cash", "service"): "5.05",
        ("in_kind", "others"): "9.00",
        ("in_kind", "service"): "0.00",
    }


def test_a_body_asks_for_the_first_time_once() -> None:
    logs = [
        Log("2026-04-01 09:00", organisation=BODY),
        Log("2026-03-02 09:00", organisation=BODY),
        Log("2026-03-01 09:00", organisation=OTHER).close("2026-03-01 09:00", "spam"),
        Log("2026-05-01 09:00", organisation=OTHER),
        Log("2026-05-01 09:00"),
    ]
    assert figures(*logs).enquirers == {"first_time": 2, "returning": 1, "not_known": 1}
    early = Log("2025-02-01 09:00", organisation=BODY)
    told = figures(*logs, early, period=Period(date(2025, 6, 1), date(2026, 6, 1), date(2026, 5, 31)))
    assert told.enquirers == {"first_time": 1, "returning": 2, "not_known": 1}
