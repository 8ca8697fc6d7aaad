"""How fast matching is at national size: a ranking by words and meaning beside one that reads the directory afresh.

10,000 researchers with 10 publications each (PEOPLE and EACH in the environment change that: PEOPLE=100000 makes a million
publications), on both engines (ENGINES=sqlite leaves one out). Texts are drawn from a made-up vocabulary as skewed as
English without its stop words; vectors are random, as their content changes no timing. Seconds are the processor's own beside those on the clock,
which say little on a machine that does other things.
"""

import os
import resource
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from uuid import UUID

import numpy as np
from sqlalchemy import insert

from service.ids import new_id
from service.matching import BriefProfile
from service.matching.query import text_of
from service.matching.texts import digest_of
from service.matching.vectors import as_whole_numbers
from service.records.corpus import Corpus
from service.records.database import Database, Unit
from service.records.tables import Organisation, Publication, Researcher, TextVector
from tests.support.engines import ENGINE_NAMES, Engines

PEOPLE = int(os.environ.get("PEOPLE", "10000"))
EACH = int(os.environ.get("EACH", "10"))
WORDS_EACH = 170
BRIEFS = int(os.environ.get("BRIEFS", "60"))
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
MODEL = "random"
_random = np.random.default_rng(5)


def measure() -> list[str]:
    """Return a table: an engine a row."""
    table = [
        f"{PEOPLE:,} researchers, {PEOPLE * EACH:,} publications of {WORDS_EACH} words, {BRIEFS} different briefs of 60 words.",
        "",
        "| Engine | p50, ms of clock | p95 | p50, ms of processor | p95 | A new publication, ms | Read afresh, s | Ratio | MB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    wanted = os.environ.get("ENGINES", ",".join(ENGINE_NAMES)).split(",")
    engines = Engines()
    try:
        for name in ENGINE_NAMES:
            if name in wanted:
                url = engines[name].migrated()
                table.append(f"| {name} | {_measured(Database(url, durable=False))} |")
                engines[name].drop(url)
    finally:
        engines.close()
    return table


def _measured(database: Database) -> str:
    vocabulary = _Vocabulary()
    someone = database.transact(lambda unit: _fill(unit, vocabulary))
    corpus = Corpus(MODEL)
    started = time.process_time()
    database.read(corpus.follow)
    afresh = time.process_time() - started
    clock: list[float] = []
    processor: list[float] = []
    for number in range(BRIEFS + 3):
        brief = BriefProfile({"questions": vocabulary.text(60)}, topics=("homes",), methods=("economic",))
        database.transact(lambda unit, brief=brief: _keep(unit, [digest_of("", text_of(brief))]))
        began, used = time.perf_counter(), time.process_time()
        found = database.read(lambda unit, brief=brief: corpus.ranking(unit, brief, today=TODAY, limit=20))
        assert len(found.items) == 20
        assert found.by_meaning
        if number >= 3:  # warm-up
            clock.append(1000 * (time.perf_counter() - began))
            processor.append(1000 * (time.process_time() - used))
    database.transact(lambda unit: _publish(unit, someone))
    began = time.perf_counter()
    question = BriefProfile({"questions": "Unheardof phenomenon observed"})
    found = database.read(lambda unit: corpus.ranking(unit, question, today=TODAY, limit=20))
    assert [item.researcher.id for item in found.items][:1] == [str(someone)]
    new = 1000 * (time.perf_counter() - began)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    database.dispose()
    middle = float(np.median(processor))
    p95 = float(np.percentile(processor, 95))
    return (
        f"{np.median(clock):.0f} | {np.percentile(clock, 95):.0f} | {middle:.0f} | {p95:.0f} | {new:.0f} "
        f"| {afresh:.1f} | {1000 * afresh / middle:,.0f} | {memory:,.0f}"
    )


class _Vocabulary:
    """Words as common as those of English without its stop words: some in many texts, most of them rare."""

    def __init__(self, size: int = 40_000) -> None:
        letters = np.array(list("abcdefghijklmnoprstuvw"))
        self.words = np.array(["".join(_random.choice(letters, length)) for length in _random.integers(4, 11, size)])
        shares = 1 / (np.arange(size) + 150.0)
        self.steps = np.cumsum(shares / shares.sum())

    def text(self, length: int) -> str:
        """Return so many words in a row."""
        return " ".join(self.words[np.searchsorted(self.steps, _random.random(length))])


def _fill(unit: Unit, vocabulary: _Vocabulary) -> UUID:
    universities = [
        {"id": new_id(), "name": f"University {n}", "name_key": f"university {n}", "created_at": NOW}
        for n in range(140)
    ]
    unit.execute(insert(Organisation), [{"kind": "university", **each} for each in universities])
    people = [
        {
            "id": new_id(),
            "organisation_id": universities[n % 140]["id"],
            "name": f"Person {n * 7919 % PEOPLE}",
            "email": f"p{n}@university.example",
            "statement": vocabulary.text(30),
            "keywords": [],
            "methods": ["economic"] if n % 7 == 0 else [],
            "topics": ["homes"] if n % 11 == 0 else [],
            "conflicts": [],
            "capacity_days": 10 + n % 9,
            "hidden": False,
            "created_at": NOW,
            "updated_at": NOW,
            "version": 1,
        }
        for n in range(PEOPLE)
    ]
    _in_parts(unit, Researcher, people)
    _keep(unit, [digest_of("", str(person["statement"])) for person in people])
    for start in range(0, PEOPLE, 1_000):
        papers = [
            {
                "id": new_id(),
                "researcher_id": person["id"],
                "title": vocabulary.text(12),
                "abstract": vocabulary.text(WORDS_EACH - 12),
                "year": 2000 + n % 26,
            }
            for person in people[start : start + 1_000]
            for n in range(EACH)
        ]
        _in_parts(unit, Publication, papers)
        _keep(unit, [digest_of(str(paper["title"]), str(paper["abstract"])) for paper in papers])
    found: UUID = people[PEOPLE // 2]["id"]  # type: ignore[assignment]  # an id, among other facts
    return found


def _keep(unit: Unit, digests: Iterable[str]) -> None:
    rows = [
        {
            "model": MODEL,
            "digest": digest,
            "vector": as_whole_numbers(_random.normal(size=384)).tobytes(),
            "made_at": NOW,
        }
        for digest in digests
    ]
    _in_parts(unit, TextVector, rows)


def _in_parts(unit: Unit, table: type, rows: list[dict[str, object]]) -> None:
    for part in _parts(rows):
        unit.execute(insert(table), part)


def _parts(rows: list[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    return (rows[start : start + 2_000] for start in range(0, len(rows), 2_000))


def _publish(unit: Unit, researcher_id: UUID) -> None:
    person = unit.get_one(Researcher, researcher_id)
    person.version += 1
    unit.add(person)
    unit.add(Publication(researcher_id=researcher_id, title="An unheardof phenomenon, observed", year=2026))
