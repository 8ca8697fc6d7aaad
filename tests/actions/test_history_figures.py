"""Figures over an imported log, against answers known beforehand and against a calculation that shares no code with them."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

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

    _, traces = read_xes(service.client("manager").get("/api/v1/events.xes").text)
    assert sum(len(events) for _, events in traces) == len(raw)
