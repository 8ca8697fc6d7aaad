"""Erasing a person at many enquiries beside few: seconds of the processor in all, and those during which others wait.

Three people: one of an unusual name, one with a telephone number too, and one whose name many bear. Each is rehearsed, then
erased. From the environment: ENQUIRIES (100,000), BESIDE (1,000), ENGINES (sqlite: the one on which whoever writes waits for every other).
"""

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, func, select

from bench.support.multiply import Size
from bench.support.stock import stocked
from service.actions.erasing import erase_subject
from service.context import Context
from service.records.database import Database, Unit
from service.records.tables import Enquiry, Person
from service.workflows.retention import Periods
from tests.support.clock import MONDAY
from tests.support.engines import ENGINE_NAMES, Engines

T = TypeVar("T")
ENQUIRIES, BESIDE = (
    int(os.environ.get(name, usual)) for name, usual in {"ENQUIRIES": "100000", "BESIDE": "1000"}.items()
)
TAKEN = os.environ.get("ENGINES", "sqlite").split(",")
PEOPLE = {
    "of an unusual name": ("orla@bench.example", "Orla Quibblethwaite", None),
    "with a telephone number": ("zymanska@bench.example", "Zoë Zymanska", "0191 498 0777"),
    "whose name many bear": ("many@bench.example", None, None),
}


def measure() -> Iterator[str]:
    """Return the figures, a row for each engine, size and person."""
    yield from (
        "Seconds of this process's own processor time; *held*: those of the writing transaction, during which others may wait.",
        "",
        "| Engine | Enquiries | Somebody | Rows told | Dry run | held | Erasure | held |",
        "|---|---:|---|---:|---:|---:|---:|---:|",
    )
    engines = Engines()
    try:
        for engine in (name for name in ENGINE_NAMES if name in TAKEN):
            for size in (BESIDE, ENQUIRIES):
                with stocked(engines, engine, Size(size)) as url:
                    for row in _rows(_Timed(url)):
                        yield f"| {engine} | {size:,} | {row} |"
    finally:
        engines.close()


class _Timed(Database):
    """A database that adds up how long its writing transactions take."""

    held = 0.0

    def transact(self, work: Callable[[Unit], T]) -> T:
        began = time.process_time()
        try:
            return super().transact(work)
        finally:
            self.held += time.process_time() - began


def _rows(database: _Timed) -> Iterator[str]:
    database.transact(_introduce)
    for whom, (email, _, _) in PEOPLE.items():
        figures = []
        for rehearse in (True, False):
            database.held, began = 0.0, time.process_time()
            ctx = Context(now=MONDAY + timedelta(days=1))
            lines = erase_subject(database, ctx, email, Periods(), rehearse=rehearse)
            figures += [f"{time.process_time() - began:.2f}", f"{database.held:.2f}"]
        yield f"{whom} | {sum(line.count for line in lines):,} | {' | '.join(figures)}"
    database.dispose()


def _introduce(unit: Unit) -> None:
    """Give three enquirers the addresses, names and numbers of those to be erased."""
    askers = [
        row for row in unit.exec(select(Enquiry.enquirer_id).distinct().order_by(col(Enquiry.enquirer_id))) if row
    ]
    common, _ = max(_bearers(unit).items(), key=lambda each: len(each[1]))
    known = _bearers(unit)[common]
    others = iter(person for person in askers if person not in known)
    for email, name, phone in PEOPLE.values():
        person = unit.get_one(Person, next(others) if name else next(each for each in askers if each in known))
        person.email, person.name, person.phone = email, name or common, phone
        unit.add(person)
    assert unit.exec(select(func.count()).where(col(Person.name) == common)).one() > 1


def _bearers(unit: Unit) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = {}
    for person, name in unit.exec(select(Person.id, Person.name).where(col(Person.staff_role).is_(None))):
        found.setdefault(name, set()).add(person)
    return found
