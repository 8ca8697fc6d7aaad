"""The log of every case, taken out: for a spreadsheet and for process mining, without people, and noted."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from service.actions.history import import_history
from service.records import past
from service.records.tables import PastEvent
from service.routers.case_log_files import COLUMNS, written
from service.sources.history_rows import read_history
from tests.support.clock import HandClock
from tests.support.doors import MANAGER, House, house
from tests.support.journey import Journey
from tests.support.logs import london
from tests.support.visiting import Visitor
from tests.support.xes import read_xes

AT = "/api/v1/events"
LOG = "reference,state,entered_at,outcome,sector,area,topic\n=A&<1>,triage,2025-06-02,,nhs,london,food;jobs\n=A&<1>,closed,2025-06-09,answered,,,\n"


@pytest.fixture
def service(engine_url: str, tmp_path: Path) -> Iterator[House]:
    """One journey to a commissioned project, and one case of an earlier service."""
    with house(engine_url, HandClock(london("2026-03-02 09:00")), staff_emails=MANAGER) as opened:
        Journey(
            opened.database, opened.clock, organisation="Gateshead Council"
        ).submitted().accepted().contracting().commissioned()
        (tmp_path / "log.csv").write_text(LOG.replace("=A", "'=A"), "utf-8")
        file = read_history(tmp_path / "log.csv", opened.clock.now())
        opened.database.transact(lambda unit: import_history(unit, opened.ctx(), file.rows, file.faults))
        yield opened


def test_the_log_leaves_in_both_forms_and_says_who_took_it(service: House) -> None:
    manager = service.client("manager")
    sheet, log = manager.get(f"{AT}.csv"), manager.get(f"{AT}.xes")
    assert (sheet.status_code, sheet.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert (log.status_code, log.headers["content-type"]) == (200, "application/xml")
    assert sheet.headers["content-disposition"] == 'attachment; filename="events-2026-03-02.csv"'
    assert sheet.text == manager.get(f"{AT}.csv").text

    rows = list(csv.DictReader(io.StringIO(sheet.text, newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert COLUMNS[:5] == ("case", "event", "state", "waiting_on", "time")
    ours = [row for row in rows if row["source"] == "service"]
    assert [row["event"] for row in ours][:2] == ["submit", "accept"]
    assert ours[-1]["machine"] in {"enquiry", "project"}
    assert {row["state"] for row in ours} >= {"triage", "scoping", "open_call", "contracting", "commissioned", "active"}
    assert [list(row.values()) for row in rows if row["source"] == "imported"] == [
        ["'=A&<1>", "submit", "triage", "team", "2025-06-02T08:00:00Z", "", "false", "enquiry", "", "nhs", "london", "", "food; jobs", "imported", "false"],
        ["'=A&<1>", "close", "closed", "nobody", "2025-06-09T08:00:00Z", "answered", "false", "enquiry", "", "nhs", "london", "", "food; jobs", "imported", "false"],
    ]  # fmt: skip

    told, traces = read_xes(log.text)
    assert told == {"lifecycle:model": "standard", "invented": False}
    assert [len(events) for _, events in traces] == [len(ours), 2]
    assert traces[1][0] == {"concept:name": "=A&<1>", "source": "imported"}
    assert [(event["concept:name"], event["state"], event["time:timestamp"]) for event in traces[1][1]] == [
        ("submit", "triage", datetime(2025, 6, 2, 8, tzinfo=UTC)),
        ("close", "closed", datetime(2025, 6, 9, 8, tzinfo=UTC)),
    ]
    assert "project:start" in {event["concept:name"] for event in traces[0][1]}
    for text in (sheet.text, log.text):
        assert not [word for word in ("@", "Gateshead", "Sal", "Mo ", "Pat", "Lin") if word in text]

    desk = Visitor(service)
    desk.sign_in(MANAGER)
    settings = desk.open("/manage/settings")
    for path in ("/manage/events.csv", "/manage/events.xes"):
        assert path in settings.links
    assert desk.client.get("/manage/events.csv").text == sheet.text
    trail = manager.get("/api/v1/audit", params={"action": "export"}).json()["items"]
    assert sorted(entry["subject"] for entry in trail) == ["case_log:csv"] * 3 + ["case_log:xes"]
    assert "events.xes" in desk.open("/manage/settings/audit").text


def test_what_is_held_of_a_log_does_not_grow_with_it(engine_url: str) -> None:
    began = datetime(2025, 1, 6, 9, tzinfo=UTC)

    def rows(first: int, last: int) -> list[PastEvent]:
        return [
            PastEvent(
                case_id=UUID(int=number // 10), reference=f"C-{number // 10}", step=number % 10 + 1, occurred_at=began + timedelta(minutes=number),
                counts_from=began, imported_at=began, event="enter", from_state="triage", to_state="scoping", waiting_on="team",
            )
            for number in range(first, last)
        ]  # fmt: skip

    def peak(opened: House) -> tuple[int, int]:
        tracemalloc.start()
        try:
            length = sum(map(len, written(opened.database, "xes")))
            return tracemalloc.get_traced_memory()[1], length
        finally:
            tracemalloc.stop()

    with house(engine_url) as opened:
        opened.database.transact(lambda unit: past.add(unit, rows(0, 5_200)))
        few, short = peak(opened)
        opened.database.transact(lambda unit: past.add(unit, rows(5_200, 10_400)))
        many, long = peak(opened)
    assert long > 1.9 * short
    assert many < 1.2 * few
