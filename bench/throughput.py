"""Figures of a large service, beside the raw aggregate query.

The raw query reads the whole log once and groups it by month and outcome: no database can answer anything about the
cohort from the log with less work. The figures are asked as a funder asks them, of months that are closed already; what
closing costs stands beside. ENQUIRIES in the environment changes the size (5,000).
"""

import os
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from service.actions.settle import close_some
from service.ids import new_id
from service.records import closing, events, figures
from service.records.database import Database, Unit
from service.records.tables import Enquiry, Event, EventCounter
from service.states import ENQUIRY_STATES, EnquiryState
from service.throughput.cohort import funnel, throughput
from service.throughput.demand import demand
from service.throughput.further import ageing, answers, transitions
from service.throughput.grouped import grouped
from service.throughput.groups import GroupBy
from service.throughput.packing import Beside
from service.throughput.periods import Period, month_number
from service.vocabulary import DECLINE_REASONS, ENQUIRY_TYPES, REGIONS, SECTORS, TOPICS
from tests.support.engines import ENGINE_NAMES, Engines

ENQUIRIES = int(os.environ.get("ENQUIRIES", "5000"))
PERIOD = Period(date(2021, 1, 1), date(2026, 1, 1), date(2025, 12, 31))
EARLY = Period(date(2021, 1, 1), date(2021, 7, 1), date(2021, 6, 30))
BEFORE = date(2025, 11, 30)
REPEATS = 5

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
    "reply drafting", "send_for_agreement sign_off", "agree sign_off", "publish open_call", "interest open_call",
    "recipient_declined open_call", "close_call selecting", "offer selecting", "accept_offer costing",
    "submit_costing costing", "agree_costs funding", "confirm_funding contracting", "commission commissioned",
)  # fmt: skip
"""The straight way: an event and the state after it."""
UNIVERSITIES = [str(UUID(int=place)) for place in range(1, 25)]

Compute = Callable[..., object]
FIGURES: tuple[tuple[str, Compute, tuple[Beside, ...]], ...] = (
    ("throughput", throughput, ("spans",)),
    *(
        (f"throughput by {by}", partial(grouped, grouping=by), ("spans", "universities") if by == GroupBy.UNIVERSITY else ("spans",))
        for by in (GroupBy.MONTH, GroupBy.SECTOR, GroupBy.TOPIC, GroupBy.UNIVERSITY)
    ),
    ("funnel", funnel, ()),
    ("ageing", ageing, ("spans",)),
    ("demand", demand, ()),
    ("universities", answers, ()),
    ("transitions", transitions, ("moves",)),
)  # fmt: skip


def measure() -> list[str]:
    """Return a table: a question a row, an engine a column."""
    engines = Engines()
    columns: list[dict[str, str]] = []
    try:
        for name in ENGINE_NAMES:
            database = Database(engines[name].migrated(), durable=False)
            columns.append(dict(_measured(database)))
            database.dispose()
    finally:
        engines.close()
    return [
        f"{ENQUIRIES:,} enquiries. Median of {REPEATS} runs, over the same rows of one database; closing is measured once.",
        "",
        "| | " + " | ".join(ENGINE_NAMES) + " |",
        "|---|" + "---:|" * len(columns),
        *(f"| {row} | " + " | ".join(column[row] for column in columns) + " |" for row in columns[0]),
    ]


def _measured(database: Database) -> Iterator[tuple[str, str]]:
    yield "Events", f"{_fill(database):,}"
    raw = _seconds(lambda: database.read(_raw))
    yield "Raw query, s", f"{raw:.2f}"
    now = PERIOD.closes + timedelta(days=1)
    database.transact(lambda unit: events.settle_before(unit, Period(BEFORE, BEFORE, BEFORE).closes))
    yield "Closing all but the last month, from nothing, s", f"{_once(lambda: _close(database, now)):.1f}"
    database.transact(lambda unit: events.settle_before(unit, PERIOD.closes))
    yield "Closing the last month, s", f"{_once(lambda: _close(database, now)):.1f}"
    yield "Rows kept", f"{database.read(_kept):,}"
    if not database.is_postgresql:
        database.transact(lambda unit: unit.connection().execute(text("ANALYZE")))
    for name, compute, looks_at in FIGURES:
        taken = _seconds(lambda compute=compute, looks_at=looks_at: _ask(database, compute, looks_at))  # type: ignore[misc]
        yield f"{name}, s (times the raw query)", f"{taken:.2f} ({taken / raw:.1f})"
    for name, compute, looks_at in FIGURES:
        early, late = (
            _peak(lambda compute=compute, looks_at=looks_at, period=period: _ask(database, compute, looks_at, period))  # type: ignore[misc]
            for period in (EARLY, PERIOD)
        )
        yield f"Peak memory of {name}, MB: of the first tenth, of all", f"{early:.0f}, {late:.0f}"


def _raw(unit: Unit) -> int:
    return len(unit.connection().execute(RAW, {"closes": PERIOD.closes}).all())


def _close(database: Database, now: datetime) -> None:
    while close_some(database, now):
        pass


def _kept(unit: Unit) -> int:
    return unit.connection().execute(text("SELECT count(*) FROM counted_case")).scalar_one()


def _ask(database: Database, compute: Compute, looks_at: tuple[Beside, ...], period: Period = PERIOD) -> None:
    def work(unit: Unit) -> object:
        calendars = figures.calendars_before(unit, period.closes, "england_and_wales")
        return compute(closing.counted(unit, month_number(period.as_of), *looks_at), period, calendars, 5)

    database.read(work)


def _once(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def _seconds(work: Callable[[], object]) -> float:
    return median(_once(work) for _ in range(REPEATS))


def _peak(work: Callable[[], object]) -> float:
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1_000_000


def _fill(database: Database) -> int:
    """Write the log; the enquiries themselves are only there to be pointed at."""
    chance = random.Random(2013)  # noqa: S311 - the same log each time
    days = (PERIOD.closes - datetime(2021, 1, 4, tzinfo=UTC)).days
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
                log.append(row | {"seq": seq, "id": UUID(int=seq)})
        database.transact(lambda unit, rows=enquiries: _write(unit, Enquiry, rows))
        database.transact(lambda unit, rows=log: _write(unit, Event, rows))
    counter = EventCounter(id=1, seq=seq, recorded_at=datetime(2021, 1, 4, tzinfo=UTC))
    database.transact(lambda unit: unit.add(counter))
    return seq


def _write(unit: Unit, table: type[Enquiry | Event], rows: list[dict[str, Any]]) -> None:
    unit.connection().execute(insert(table), rows)


def _plain(table: type[Enquiry | Event], **facts: object) -> dict[str, Any]:
    return table(**facts).model_dump()


_ENQUIRY = _plain(
    Enquiry, state="triage", waiting_on="team", waiting_since=PERIOD.closes, state_since=PERIOD.closes,
    created_at=PERIOD.closes, updated_at=PERIOD.closes,
)  # fmt: skip
_EVENT = _plain(
    Event, seq=0, recorded_at=PERIOD.closes, enquiry_id=UUID(int=0), event="", from_state="", to_state="", waiting_on="",
    actor_role="manager",
)  # fmt: skip


def _enquiry(enquiry_id: UUID, start: datetime) -> dict[str, Any]:
    instants = ("waiting_since", "state_since", "created_at", "updated_at")
    return _ENQUIRY | {"id": enquiry_id, "brief_id": new_id()} | dict.fromkeys(instants, start)


def _history(enquiry_id: UUID, start: datetime, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Yield one enquiry's rows: some way along the straight one, then mostly a closing, sometimes after a hold."""
    steps = ["submit triage", *STEPS[: chance.randrange(8, len(STEPS) + 1)]]
    if chance.random() < 0.1:
        steps += [f"hold {steps[-1].split()[1]}", f"resume {steps[-1].split()[1]}"]
    if chance.random() < 0.95:
        steps.append("close closed")
    facts = {
        "enquiry_id": enquiry_id,
        "sector": chance.choice([*SECTORS][:8]),
        "area": chance.choice([*REGIONS]),
        "enquiry_type": chance.choice([*ENQUIRY_TYPES]),
        "topics": chance.sample([*TOPICS], chance.randrange(3)),
        "organisation_id": UUID(int=chance.randrange(1, 1_500)),
    }
    more = {
        "interest": {"organisation": chance.choice(UNIVERSITIES)},
        "recipient_declined": {"decline_reason": chance.choice([*DECLINE_REASONS])},
        "submit": {"needed_by": str((start + timedelta(days=120)).date())},
    }
    when, before, on_hold = start, "draft", False
    for step in steps:
        event, state = step.split()
        on_hold = event == "hold" or (on_hold and event != "resume")
        if when >= PERIOD.closes:
            return
        outcome = chance.choice(["answered", "signposted", "lapsed", "completed", "no_funding"])
        yield (
            _EVENT
            | facts
            | {
                "recorded_at": when,
                "event": event,
                "from_state": before,
                "to_state": state,
                "waiting_on": "enquirer" if event == "ask" else ENQUIRY_STATES[EnquiryState(state)].waiting_on.value,
                "outcome": outcome if state == "closed" else None,
                "on_hold": on_hold,
                "data": more.get(event, {}),
            }
        )
        before = state
        when += timedelta(minutes=chance.randrange(30, 20_000))
