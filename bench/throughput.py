"""Throughput of a cohort, beside the raw aggregate query.

The raw query reads the same rows once and groups them by month and outcome: no database can answer anything about the
cohort with less work. The figure reads the same rows and works out the working time in every state of every enquiry.
ENQUIRIES in the environment changes the size (5,000).
"""

import os
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from service.ids import new_id
from service.records import figures
from service.records.database import Database, Unit
from service.records.tables import Enquiry, Event
from service.states import ENQUIRY_STATES, EnquiryState
from service.throughput.cohort import Figures, throughput
from service.throughput.periods import Period
from tests.support.engines import ENGINE_NAMES, Engines

ENQUIRIES = int(os.environ.get("ENQUIRIES", "5000"))
PERIOD = Period(date(2021, 1, 1), date(2026, 1, 1), date(2025, 12, 31))
REPEATS = 3

RAW = text(
    """
    SELECT month, outcome, count(*) AS enquiries, avg(events) AS events
    FROM (
        SELECT enquiry_id, substr(CAST(min(recorded_at) AS text), 1, 7) AS month, max(outcome) AS outcome,
               count(*) AS events
        FROM event WHERE recorded_at < :closes GROUP BY enquiry_id
    ) AS cases
    GROUP BY month, outcome
    """
)
STEPS = (
    "first_response triage", "accept scoping", "amend scoping", "begin_brief drafting", "amend drafting", "ask drafting",
    "reply drafting", "send_for_agreement sign_off", "agree sign_off", "publish open_call", "close_call selecting",
    "offer selecting", "accept_offer costing", "submit_costing costing", "agree_costs funding",
    "confirm_funding contracting", "commission commissioned",
)  # fmt: skip
"""The straight way: an event and the state after it."""


def measure() -> list[str]:
    """Return a table: an engine a row."""
    table = [
        f"{ENQUIRIES:,} enquiries, about 15 events each. Median of {REPEATS} runs, both over the same rows of one database.",
        "",
        "| Engine | Events | Raw query, s | Figure, s | Ratio | Peak memory of the figure, MB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    engines = Engines()
    try:
        for name in ENGINE_NAMES:
            database = Database(engines[name].migrated())
            events = _fill(database)
            raw = _seconds(lambda database=database: database.read(_raw))
            ours = _seconds(lambda database=database: database.read(_figure))
            table.append(f"| {name} | {events:,} | {raw:.2f} | {ours:.2f} | {ours / raw:.1f} | {_peak(database):.1f} |")
            database.dispose()
    finally:
        engines.close()
    return table


def _raw(unit: Unit) -> int:
    return len(unit.connection().execute(RAW, {"closes": PERIOD.closes}).all())


def _figure(unit: Unit) -> Figures:
    calendars = figures.calendars_before(unit, PERIOD.closes, "england_and_wales")
    found = throughput(figures.logged_before(unit, PERIOD.closes), PERIOD, calendars, 5)
    assert found.submitted == ENQUIRIES
    return found


def _seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(REPEATS):
        before = time.perf_counter()
        work()
        taken.append(time.perf_counter() - before)
    return median(taken)


def _peak(database: Database) -> float:
    tracemalloc.start()
    database.read(_figure)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1_000_000


def _fill(database: Database) -> int:
    """Write the log; the enquiries themselves are only there to be pointed at."""
    chance = random.Random(2013)  # noqa: S311 - the same log each time
    days = (PERIOD.closes - datetime(2021, 1, 4, tzinfo=UTC)).days - 400
    starts = sorted(
        datetime(2021, 1, 4, 9, tzinfo=UTC) + timedelta(days=chance.randrange(days), minutes=chance.randrange(480))
        for _ in range(ENQUIRIES)
    )
    seq = 0
    for place in range(0, ENQUIRIES, 2_000):
        enquiries, log = [], []
        for start in starts[place : place + 2_000]:
            enquiry_id = new_id()
            enquiries.append(_enquiry(enquiry_id, start))
            for row in _history(enquiry_id, start, chance):
                seq += 1
                log.append({"seq": seq, **row})
        database.transact(lambda unit, rows=enquiries: _write(unit, Enquiry, rows))
        database.transact(lambda unit, rows=log: _write(unit, Event, rows))
    return seq


def _write(unit: Unit, table: type[Enquiry | Event], rows: list[dict[str, Any]]) -> None:
    unit.connection().execute(insert(table), rows)


def _enquiry(enquiry_id: UUID, start: datetime) -> dict[str, Any]:
    return Enquiry(
        id=enquiry_id, state="triage", waiting_on="team", waiting_since=start, state_since=start, created_at=start,
        updated_at=start,
    ).model_dump()  # fmt: skip


def _history(enquiry_id: UUID, start: datetime, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Yield one enquiry's rows: some way along the straight one, then mostly a closing, sometimes after a hold."""
    steps = ["submit triage", *STEPS[: chance.randrange(6, len(STEPS) + 1)]]
    if chance.random() < 0.1:
        steps += [f"hold {steps[-1].split()[1]}", f"resume {steps[-1].split()[1]}"]
    if chance.random() < 0.95:
        steps.append("close closed")
    when, before, on_hold = start, "draft", False
    for step in steps:
        event, state = step.split()
        on_hold = event == "hold" or (on_hold and event != "resume")
        yield Event(
            seq=0, recorded_at=when, enquiry_id=enquiry_id, event=event, from_state=before, to_state=state,
            waiting_on="enquirer" if event == "ask" else ENQUIRY_STATES[EnquiryState(state)].waiting_on,
            outcome=chance.choice(["answered", "signposted", "lapsed", "completed"]) if state == "closed" else None,
            on_hold=on_hold, actor_role="manager", sector="nhs", area=chance.choice(["north_east", "scotland"]),
            topics=["homes", "ageing"],
        ).model_dump(exclude={"seq"})  # fmt: skip
        before = state
        when += timedelta(minutes=chance.randrange(30, 20_000))
