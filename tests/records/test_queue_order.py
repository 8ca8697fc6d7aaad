"""Which way the desks' queries go through their tables, so that a page costs the same however much is closed.

SQLite's plan does not depend on what is in the tables: it keeps no statistics here. PostgreSQL's does, and is measured in `bench/`.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from service.context import Context
from service.ids import new_id
from service.records import follow_ups, needs, outbox, partner_page, project_list, queue, sending, webhooks
from service.records.database import Database, Unit
from service.records.queue import Filters
from service.records.today import Whose, scope_of, today
from service.states import OPEN_STATES, ProjectState
from tests.support.clock import MONDAY

DAY = date(2026, 11, 23)
GROWING = (
    "enquiry",
    "outbox",
    "call",
    "call_recipient",
    "project",
    "interest",
    "follow_up",
    "event",
    "entry",
    "person",
)
"""Tables with rows of every enquiry there ever was."""


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.dispose()


def plans(database: Database, work: Callable[[Unit], object]) -> list[tuple[str, list[str]]]:
    """Return what a piece of reading asks, each with the steps of its plan."""
    sent: list[tuple[str, Any]] = []

    def listen(*told: Any) -> None:
        sent.append((told[2], told[3]))

    event.listen(database.engine, "before_cursor_execute", listen)
    database.read(work)
    event.remove(database.engine, "before_cursor_execute", listen)
    with database.engine.connect() as connection:
        return [
            (asked, [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", given)])
            for asked, given in sent
            if asked.startswith("SELECT")
        ]


def walks(database: Database, work: Callable[[Unit], object]) -> list[str]:
    """Return the steps that read the whole of a table, or of its index, which grows with every enquiry."""
    return [
        step
        for _, steps in plans(database, work)
        for step in steps
        if step.startswith("SCAN ") and step.split()[1].rstrip("0123456789_") in GROWING
    ]


def test_each_stretch_of_the_queue_is_walked_along_its_index(database: Database) -> None:
    found = plans(database, lambda unit: queue.page(unit, Filters(), today=DAY, limit=50))
    stretches = [" ".join(steps) for asked, steps in found if "ORDER BY" in asked]
    assert len(stretches) == 5
    for number in (0, 2):
        assert "ix_enquiry_latest_start_on" in stretches[number]
        assert "TEMP B-TREE" not in stretches[number]
    for number in (1, 3, 4):
        # Every closed enquiry is among those without a day: walking that index for them would read the whole table.
        assert "ix_enquiry_latest_start_on" not in stretches[number]
    # What is open and undated is sought by its state, not met behind all that is closed; what is closed comes in order.
    assert all("ix_enquiry_due_on" in stretches[1] or "ix_enquiry_state" in stretches[n] for n in (1, 3))
    assert "ix_enquiry_state_submitted_at" in stretches[4]
    assert "TEMP B-TREE" not in stretches[4]


@pytest.mark.parametrize("whose", ["me", "none", "team"])
def test_today_and_the_queue_below_it_read_only_what_is_open(database: Database, whose: Whose) -> None:
    person = new_id()
    assert walks(database, lambda unit: today(unit, Context(now=MONDAY), person, whose)) == []
    scope = scope_of(person, whose)
    assert walks(database, lambda unit: queue.page(unit, scope, today=DAY, limit=8)) == []
    assert walks(database, lambda unit: queue.counts(unit, [scope], DAY)) == []
    if whose != "team":
        [(_, steps)] = plans(database, lambda unit: queue.counts(unit, [scope], DAY))
        assert "ix_enquiry_owner_id_state_submitted_at (owner_id=? AND state=?)" in " ".join(steps)


def test_what_is_living_or_newest_is_found_without_what_is_over(database: Database) -> None:
    university = new_id()
    for is_open, index in (
        (True, "ix_enquiry_state_submitted_at"),
        (False, "ix_call_recipient_organisation_id_call_id"),
    ):
        [(_, steps)] = plans(
            database,
            lambda unit, is_open=is_open: partner_page.briefs_sent(unit, university, is_open=is_open, limit=20),  # type: ignore[misc]  # mypy cannot type a default in a lambda
        )
        assert index in steps[0]
    assert walks(database, lambda unit: project_list.page(unit, [ProjectState.ACTIVE], limit=20)) == []
    assert walks(database, project_list.counts) == []
    assert walks(database, lambda unit: follow_ups.rehearsed(unit, closed_too=False)) == []
    [(_, steps)] = plans(database, lambda unit: outbox.page(unit, status="sent"))
    assert "TEMP B-TREE" not in " ".join(steps)
    assert walks(database, outbox.failed) == []
    assert walks(database, lambda unit: outbox.page(unit, status="failed")) == []
    # So are pokes, among all the letters, and letters whose fate is to be asked for.
    assert walks(database, lambda unit: (webhooks.counts(unit), webhooks.forget_old(unit, MONDAY))) == []
    assert walks(database, lambda unit: sending.claim_asked(unit, MONDAY, 10)) == []
    assert walks(database, lambda unit: sending.claim(unit, MONDAY, timedelta(minutes=1), 5, pokes=True)) == []


@pytest.mark.parametrize("sort", ["priority", "submitted_at", "decision_date", "age"])
@pytest.mark.parametrize(
    "filters", [Filters(states=OPEN_STATES), Filters(flags={"replied": True}), Filters(states=OPEN_STATES, q="homes")]
)
def test_a_view_of_what_is_open_looks_at_nothing_else(database: Database, filters: Filters, sort: queue.Sort) -> None:
    found = plans(database, lambda unit: queue.page(unit, filters, sort=sort, today=DAY, limit=50))
    steps = [step for asked, steps in found if "ORDER BY" in asked for step in steps if step.split()[1] == "enquiry"]
    assert steps
    assert not [step for step in steps if "ix_enquiry_state" not in step and "ix_enquiry_latest_start_on" not in step]


def test_the_needs_of_open_enquiries_all_ask_for_that(database: Database) -> None:
    known = needs.conditions(DAY, DAY)
    assert known.keys() > needs.OF_OPEN
    for code in needs.OF_OPEN:
        closed = Filters(states=("closed",), flags={code: True})
        assert database.read(lambda unit, closed=closed: queue.counts(unit, [closed], DAY)) == [0]  # type: ignore[misc]  # as above
        assert "enquiry.state" in str(known[code]), code
