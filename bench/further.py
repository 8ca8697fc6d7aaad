"""Further figures at full size: every one asked at its own door's functions, one database on each engine.

ENQUIRIES in the environment changes the size (20,000, about 15 events each); ENGINES names the engines to take.
"""

import os
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from service.actions.settle import close_through
from service.context import Context
from service.ids import new_id
from service.records import closing, events, figures, further_figures, register, reminder_fates
from service.records.database import Database, Unit
from service.records.tables import Enquiry, Entry, Event, Organisation, RegisterEntry, ReminderFate
from service.throughput.access import access
from service.throughput.internal import FATES, brokerage, readiness, reminders
from service.throughput.ladder import taken
from service.throughput.own import own
from service.throughput.periods import Period, month_number
from service.throughput.reach import COUNCIL_KINDS, reach
from service.vocabulary import REGIONS, SECTORS
from service.workflows.products import PRODUCTS
from service.workflows.reminders import CODES
from service.working_time import local_date
from tests.support.engines import ENGINE_NAMES, Engines

ENQUIRIES = int(os.environ.get("ENQUIRIES", "20000"))
TAKEN = os.environ.get("ENGINES", ",".join(ENGINE_NAMES)).split(",")
START = datetime(2016, 1, 4, 9, tzinfo=UTC)
DAYS = 3650
PERIOD = Period(
    START.date().replace(day=1), datetime(2026, 1, 1, tzinfo=UTC).date(), datetime(2025, 12, 31, tzinfo=UTC).date()
)
REPEATS = 3
_AT_ONCE = 1_000
UNIVERSITIES = [new_id() for _ in range(6)]
COUNCILS = [new_id() for _ in range(400)]


def measure() -> list[str]:
    """Return a table: a figure a row."""
    columns: dict[str, dict[str, str]] = {}
    engines = Engines()
    try:
        for name in ENGINE_NAMES:
            if name not in TAKEN:
                continue
            database = Database(engines[name].migrated(), durable=False)
            _fill(database)
            database.transact(lambda unit: events.close_before(unit, PERIOD.closes))
            close_through(database, Context(now=PERIOD.closes), month_number(PERIOD.as_of), (closing.LOG,))
            for figure, work in FIGURES.items():
                columns.setdefault(figure, {})[name] = _measured(partial(database.read, work))
            database.dispose()
    finally:
        engines.close()
    table = [
        f"{ENQUIRIES:,} enquiries, about 15 events each, everything so far. Seconds (median of {REPEATS} runs), peak memory.",
        "",
        f"| Figure | {' | '.join(TAKEN)} |",
        f"|---|{'---:|' * len(TAKEN)}",
    ]
    return table + [f"| {figure} | {' | '.join(row.values())} |" for figure, row in columns.items()]


def _measured(work: Callable[[], object]) -> str:
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return f"{median(times):.2f} s, {peak / 1_000_000:.0f} MB"


def _reach(unit: Unit) -> object:
    return reach(register.bodies_before(unit, PERIOD.closes, COUNCIL_KINDS), 5)


def _access(unit: Unit) -> object:
    return access(closing.counted(unit, month_number(PERIOD.as_of), sources=(closing.LOG,)), PERIOD)


def _own(unit: Unit) -> object:
    calls = closing.calls(unit, month_number(PERIOD.as_of))
    calendar = figures.calendars_before(unit, PERIOD.closes, "england_and_wales").of_area(None)
    return own(calls, UNIVERSITIES[0], PERIOD, calendar, PERIOD.start, 5)


def _brokerage(unit: Unit) -> object:
    return brokerage(*further_figures.minutes(unit, PERIOD), PERIOD)


def _reminders(unit: Unit) -> object:
    return reminders(reminder_fates.counts(unit, PERIOD), CODES)


def _readiness(unit: Unit) -> object:
    return readiness(further_figures.publications(unit, PERIOD), PERIOD)


def _products(unit: Unit) -> object:
    calendars = figures.calendars_before(unit, PERIOD.closes, "england_and_wales")
    return taken(further_figures.project_moves(unit, PERIOD.closes), PRODUCTS, PERIOD.closes, calendars, 5)


FIGURES: dict[str, Callable[[Unit], object]] = {
    "reach": _reach, "access": _access, "own": _own, "brokerage": _brokerage, "reminders": _reminders,
    "readiness": _readiness, "products": _products,
}  # fmt: skip


def _fill(database: Database) -> None:
    drawn = random.Random(1)  # noqa: S311 - the same rows in every run, not a secret
    bodies = [(one, "university") for one in UNIVERSITIES] + [(one, "council") for one in COUNCILS]

    def begin(unit: Unit) -> None:
        organisations = [
            {
                "id": one, "name": str(one), "name_key": str(one), "kind": kind, "area": drawn.choice(list(REGIONS)),
                "created_at": START,
            }
            for one, kind in bodies
        ]  # fmt: skip
        unit.connection().execute(insert(Organisation), organisations)
        entries = [
            {
                "organisation_id": one["id"],
                "recorded_at": START,
                **{name: one[name] for name in ("name", "kind", "area")},
            }
            for one in organisations
        ]
        unit.connection().execute(insert(RegisterEntry), entries)

    numbers = count(1)

    def write(unit: Unit, some: int) -> None:
        rows = unit.connection()
        made = [(new_id(), START + timedelta(days=drawn.uniform(0, DAYS))) for _ in range(some)]
        rows.execute(insert(Enquiry), [_enquiry(one, at) for one, at in made])
        events = [
            {"seq": next(numbers), "id": new_id(), **event} for one, at in made for event in _events(drawn, one, at)
        ]
        rows.execute(insert(Event), events)
        rows.execute(insert(Entry), [_entry(drawn, one, at) for one, at in made for _ in range(2)])
        rows.execute(insert(ReminderFate), [_fate(drawn, at) for _, at in made for _ in range(8)])

    database.transact(begin)
    for first in range(0, ENQUIRIES, _AT_ONCE):
        database.transact(partial(write, some=min(_AT_ONCE, ENQUIRIES - first)))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _enquiry(enquiry_id: UUID, at: datetime) -> dict[str, Any]:
    return Enquiry(
        id=enquiry_id, state="triage", waiting_on="team", waiting_since=at, state_since=at, created_at=at, updated_at=at,
        submitted_at=at, question="?",
    ).model_dump()  # fmt: skip


def _entry(drawn: random.Random, enquiry_id: UUID, at: datetime) -> dict[str, Any]:
    return Entry(
        enquiry_id=enquiry_id, kind="call", visibility="enquirer", direction="out", body="We talked.", occurred_at=at,
        recorded_at=at + timedelta(hours=1), author_role="manager", minutes=drawn.choice((5, 15, 45)), state="triage",
    ).model_dump()  # fmt: skip


def _fate(drawn: random.Random, at: datetime) -> dict[str, Any]:
    month = month_number(local_date(at))
    rule, fate = drawn.choice(list(CODES)), drawn.choice(FATES)
    return {"id": new_id(), "follow_up_id": new_id(), "recorded_at": at, "month": month, "rule": rule, "fate": fate}


def _events(drawn: random.Random, enquiry_id: UUID, at: datetime) -> Iterator[dict[str, Any]]:
    """Yield about 15 rows: a third of the enquiries are called, one in eight becomes a project."""
    facts = {
        "enquiry_id": enquiry_id, "sector": drawn.choice(list(SECTORS)), "area": drawn.choice(list(REGIONS)),
        "organisation_id": drawn.choice(COUNCILS[:300]), "topics": [], "waivers": [], "waiting_on": "team",
        "actor_role": "manager", "machine": "enquiry", "project_id": None, "on_hold": False, "epoch": 1, "version": 1,
        "outcome": None, "request_id": "", "data": {},
    }  # fmt: skip
    steps: list[tuple[str, str, str, dict[str, Any]]] = [("submit", "draft", "triage", {})]
    steps += [("amend", "scoping", "scoping", {"fields": ["sector"]}) for _ in range(drawn.randint(5, 10))]
    if drawn.random() < 0.35:
        steps.append(("publish", "sign_off", "open_call", {
            "recipients": [str(one) for one in UNIVERSITIES], "readiness": {"advised": ["scope"], "wording": 1},
        }))  # fmt: skip
        steps += [
            ("interest", "open_call", "open_call", {"organisation": str(one), "interest": str(new_id()), "late": False})
            if drawn.random() < 0.4
            else ("recipient_declined", "open_call", "open_call", {"organisation": str(one), "decline_reason": "other"})
            for one in UNIVERSITIES
        ]
        steps.append(("close_call", "open_call", "selecting", {}))
    project = new_id()
    if drawn.random() < 0.125:
        steps.append(("start", "planned", "active", {"product": drawn.choice(list(PRODUCTS))}))
        steps.append(("deliver", "active", "delivered", {}))
    steps += [("amend", "scoping", "scoping", {"fields": ["topics"]}) for _ in range(3)]
    steps.append(("close", "scoping", "closed", {}))
    for event, source, target, data in steps:
        at += timedelta(days=drawn.uniform(0, 9))
        moved = {"machine": "project", "project_id": project} if event in {"start", "deliver"} else {}
        outcome = "answered" if event == "close" else None
        yield {
            **facts,
            "recorded_at": at,
            "event": event,
            "from_state": source,
            "to_state": target,
            "data": data,
            **moved,
        } | {"outcome": outcome}
