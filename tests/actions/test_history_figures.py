"""Figures over an imported log, against answers known beforehand and against a calculation that shares no code with them."""

import csv
import io
import math
import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import r4pm
from r4pm import bindings as mining

from service.actions.history import import_history
from service.records import calendars
from service.sources.history_rows import read_history, read_words
from tests.support.clock import HandClock
from tests.support.doors import House, house
from tests.support.logs import london
from tests.support.plainly import figures
from tests.support.receipt import WORDS, as_map, as_sheet, made_up, read_raw
from tests.support.xes import read_xes

BANK_HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        "2010-12-27", "2010-12-28", "2011-01-03", "2011-04-22", "2011-04-25", "2011-04-29", "2011-05-02", "2011-05-30", "2011-08-29",
        "2011-12-26", "2011-12-27", "2012-01-02",
    )
)  # fmt: skip
"""In England, from GOV.UK: the wedding of 2011 among them."""


@pytest.fixture
def service(engine_url: str) -> Iterator[House]:
    with house(engine_url, HandClock(london("2026-03-02 09:00"))) as opened:
        opened.database.transact(lambda unit: calendars.write_library(unit, opened.clock.now()))
        yield opened


def bring(service: House, folder: Path, sheet: str, words: str | None = None) -> None:
    (folder / "log.csv").write_text(sheet, "utf-8")
    (folder / "words.csv").write_text(words or "", "utf-8")
    read = read_words(folder / "words.csv") if words else None
    file = read_history(folder / "log.csv", service.clock.now(), read)
    report = service.database.transact(lambda unit: import_history(unit, service.ctx(), file.rows, file.faults))
    assert report.is_accepted, report.rows[-1]


def told(service: House, as_of: str) -> Any:
    answer = service.client("funder").get("/api/v1/metrics/throughput", params={"as_of": as_of})
    assert answer.status_code == 200, answer.text
    return answer.json()["total"]


def test_a_service_whose_answers_are_known(service: House, tmp_path: Path) -> None:
    """Of a hundred that began on one Monday, 62 were answered after ten working days, 38 commissioned after sixty."""
    ends = [("closed", "2025-06-16", "answered")] * 62 + [("commissioned", "2025-08-25", "")] * 38
    rows = [f"{n},triage,2025-06-02,\n{n},{state},{day},{outcome}\n" for n, (state, day, outcome) in enumerate(ends)]
    bring(service, tmp_path, "reference,state,entered_at,outcome\n" + "".join(rows))
    total = told(service, "2025-08-31")

    assert [total[name] for name in ("submitted", "decided", "open", "commissioned")] == [100, 100, 0, 38]
    assert total["conversion"] == {"numerator": 38, "denominator": 100, "value": 0.38}
    assert total["exits"]["answered"] == 62
    commissioned, closed = total["time_to"]["commissioned"], total["time_to"]["closed"]
    assert (commissioned["median"], commissioned["reached"], commissioned["closed_before"]) == (None, 38, 62)
    assert (closed["median"], closed["p75"], closed["still_open"]) == (10.0, None, 38)
    triage = total["time_in_state"]["triage"]
    assert (triage["median"], triage["p75"], triage["elapsed"]["p90"]) == (10.0, 60.0, 84.0)
    # Halfway only the ten days are over, and thirty-eight still run.
    halfway = told(service, "2025-06-30")
    assert (halfway["decided"], halfway["open"], halfway["time_in_state"]["triage"]["still_open"]) == (62, 38, 38)


def simulated(count: int, answered: float, commissioned: float, until: date) -> Iterator[str]:
    """Yield the rows of a service in which each working day ends an open enquiry with these two chances."""
    chance = random.Random(20_110_104)  # noqa: S311 - a simulation
    days = [date(2011, 1, 4) + timedelta(days=n) for n in range((until - date(2011, 1, 4)).days)]
    working = [day for day in days if day.weekday() < 5 and day not in BANK_HOLIDAYS]
    for case in range(count):
        begun = chance.randrange(len(working))
        yield f"{case},triage,{working[begun]},\n"
        for day in working[begun + 1 :]:
            drawn = chance.random()
            if drawn < answered:
                yield f"{case},closed,{day},answered\n"
                break
            if drawn < answered + commissioned:
                yield f"{case},commissioned,{day},\n"
                break


def reached_by(share: float, one: float, other: float) -> float:
    """Return after how many working days this share has met the first of two ends, by the formula."""
    return math.log(1 - share * (one + other) / one) / math.log(1 - one - other)


def within(share: float, one: float, other: float, count: int) -> tuple[float, float]:
    """Return between which days that share is reached, five standard errors either way."""
    # As if a third of the enquiries were not watched at all: more than are unfinished.
    slack = 5 * math.sqrt(share * (1 - share) / (count * 2 / 3))
    return reached_by(share - slack, one, other), reached_by(share + slack, one, other)


def test_a_simulated_service_is_told_what_the_formulas_say(service: House, tmp_path: Path) -> None:
    """Enquiries begin all year and many are unfinished at its end; constant chances make every answer a formula."""
    count, answered, commissioned = 1_500, 0.01, 0.03
    rows = simulated(count, answered, commissioned, date(2011, 12, 31))
    bring(service, tmp_path, "reference,state,entered_at,outcome\n" + "".join(rows))
    total = told(service, "2011-12-31")

    assert total["submitted"] == count
    assert total["open"] > count / 10, "unfinished ones that must not be dropped"
    commissioned_after, triage = total["time_to"]["commissioned"], total["time_in_state"]["triage"]
    assert commissioned_after["p90"] is None, "three quarters are ever commissioned"
    lowest, highest = within(0.5, commissioned, answered, count)
    assert lowest > reached_by(0.5, answered + commissioned, 0), "those that were commissioned took less by themselves"
    assert lowest <= commissioned_after["median"] <= highest
    for name, share in (("median", 0.5), ("p75", 0.75), ("p90", 0.9)):
        lowest, highest = within(share, answered + commissioned, 0, count)
        assert math.floor(lowest) <= triage[name] <= math.ceil(highest), name


def test_a_log_is_counted_as_another_calculation_counts_it(service: House, tmp_path: Path) -> None:
    folder = os.environ.get("REAL_DATA")
    raw = list(read_raw(Path(folder) / "event_logs" / "08_receipt.xes.gz")) if folder else made_up(120)
    if folder:
        assert (len(raw), len({row.case for row in raw}), len({row.activity for row in raw})) == (8_577, 1_434, 27)
    bring(service, tmp_path, as_sheet(raw), as_map())

    rows = [(row.case, *WORDS[row.activity], datetime.fromisoformat(row.time).astimezone(UTC)) for row in raw]
    for as_of, closes in (("2011-06-30", "2011-07-01 00:00"), ("2012-01-31", "2012-02-01 00:00")):
        total = told(service, as_of)
        expected = figures(rows, london(closes), BANK_HOLIDAYS)
        assert {name: total[name] for name in expected} == expected
        assert total["submitted"] > 10

    manager = service.client("manager")
    log = manager.get("/api/v1/events.xes").text
    _, traces = read_xes(log)
    assert sum(len(events) for _, events in traces) == len(raw)
    (tmp_path / "events.xes").write_text(log, "utf-8")
    mined = mining.discover_dfg(r4pm.import_item("EventLog", str(tmp_path / "events.xes")))
    assert {tuple(pair): count for pair, count in mined["directly_follows_relations"]} == follows(
        manager.get("/api/v1/events.csv").text
    )
    assert sum(mined["activities"].values()) == len(raw)


def follows(sheet: str) -> Counter[tuple[str, str]]:
    """Return how often each event of the log came right after which, counted from the spreadsheet."""
    cases: dict[str, list[str]] = {}
    for row in csv.DictReader(io.StringIO(sheet, newline="")):
        leads = row["event"] in {"enter", "update"}
        cases.setdefault(row["case"], []).append(f"{row['event']}:{row['state']}" if leads else row["event"])
    return Counter(pair for events in cases.values() for pair in pairwise(events))
