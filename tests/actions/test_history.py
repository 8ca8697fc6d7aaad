"""History of an earlier service: what comes in counts from day one, moves no figure told before, and disturbs nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from service.actions.history import HistoryReport, import_history
from service.records import calendars, invariants, past
from service.records.database import Unit
from service.records.tables import AuditEntry, Enquiry, FeedEntry, FollowUp, OutboxMessage, PastEvent
from service.sources.history_rows import read_history
from tests.support.clock import HandClock
from tests.support.doors import House, house
from tests.support.journey import Journey
from tests.support.logs import london

AT = "/api/v1/metrics/throughput"
HEADING = "reference,state,entered_at,outcome\n"
ONE = "A-1,triage,2025-06-02,\nA-1,scoping,2025-06-04,\nA-1,closed,2025-06-09,answered\n"
TWO = "B-2,triage,2025-07-01,\nB-2,commissioned,2025-07-31,\n"


@pytest.fixture
def service(engine_url: str) -> Iterator[House]:
    with house(engine_url, HandClock(london("2026-03-02 09:00"))) as opened:
        opened.database.transact(lambda unit: calendars.write_library(unit, opened.clock.now()))
        yield opened


def bring(service: House, folder: Path, rows: str, **options: bool) -> HistoryReport:
    (folder / "log.csv").write_text(HEADING + rows, "utf-8")
    file = read_history(folder / "log.csv", service.clock.now())
    return service.database.transact(
        lambda unit: import_history(
            unit, service.ctx(), file.rows, file.faults, spoilt=frozenset(file.spoilt), lines=file.lines, **options
        )
    )


def rows(service: House) -> int:
    return service.database.read(lambda unit: unit.exec(select(func.count()).select_from(PastEvent)).one())


def counts(report: HistoryReport) -> list[int]:
    return [report.count(done) for done in ("created", "updated", "unchanged", "refused")]


def test_a_new_service_has_figures_on_its_first_day(service: House, tmp_path: Path) -> None:
    rehearsed = bring(service, tmp_path, ONE + TWO, dry_run=True)
    assert (counts(rehearsed), rows(service)) == ([5, 0, 0, 0], 0)
    report = bring(service, tmp_path, ONE + TWO)
    assert (counts(report), report.closed, report.open, report.counts_from) == ([5, 0, 0, 0], 1, 1, None)

    funder = service.client("funder")
    answer = funder.get(AT).json()
    assert (answer["as_of"], answer["period"]["from"]) == ("2026-02-28", "2025-06-01")
    total = answer["total"]
    assert [total[name] for name in ("submitted", "decided", "open", "commissioned")] == [2, 2, 0, 1]
    assert (total["exits"]["answered"], total["conversion"]["value"]) == (1, 0.5)
    assert total["time_to"]["closed"]["median"] == 5.0
    assert total["time_to"]["commissioned"]["median"] == 22.0
    assert total["time_in_state"]["triage"]["median"] == 2.0
    # An earlier period is told as it would have been told then.
    then = funder.get(AT, params={"as_of": "2025-06-30"}).json()["total"]
    assert (then["submitted"], then["decided"]) == (1, 1)


def test_figures_told_before_stay_and_later_ones_count_all_of_it(service: House, tmp_path: Path) -> None:
    funder = service.client("funder")
    asked = [
        {"as_of": "2026-02-28"},
        {"as_of": "2025-12-31"},
        {"from": "2025-01-01", "to": "2026-01-01", "as_of": "2026-01-31"},
    ]
    before = [funder.get(AT, params=each).content for each in asked]
    report = bring(service, tmp_path, ONE + TWO)
    assert str(report.counts_from) == "2026-03-31"
    assert [funder.get(AT, params=each).content for each in asked] == before

    service.clock.set(london("2026-04-01 09:00"))
    told = funder.get(AT, params={"from": "2025-06-01", "as_of": "2026-03-31"})
    assert [told.json()["total"][name] for name in ("submitted", "decided", "commissioned")] == [2, 2, 1]
    # A correction, and a case's next row, leave what was told by then as it was too.
    wrong = bring(service, tmp_path, ONE.replace("answered", "declined"))
    assert counts(wrong) == [0, 0, 2, 1]
    assert (wrong.rows[2].errors[0]["line"], "--replace" in wrong.rows[2].errors[0]["message"]) == (4, True)
    mended = bring(
        service, tmp_path, ONE.replace("answered", "declined") + TWO + "B-2,closed,2026-03-31,completed\n", replace=True
    )
    assert (counts(mended), mended.closed) == ([1, 3, 2, 0], 2)
    assert [funder.get(AT, params=each).content for each in asked] == before
    assert funder.get(AT, params={"from": "2025-06-01", "as_of": "2026-03-31"}).content == told.content
    service.clock.set(london("2026-05-01 09:00"))
    total = funder.get(AT, params={"from": "2025-06-01"}).json()["total"]
    assert (
        total["submitted"],
        total["exits"]["declined"],
        total["exits"]["answered"],
        total["exits"]["completed"],
    ) == (2, 1, 0, 1)


def test_the_same_file_again_doubles_nothing_and_a_fault_lets_nothing_in(service: House, tmp_path: Path) -> None:
    bring(service, tmp_path, ONE)
    again = bring(service, tmp_path, ONE)
    assert (counts(again), rows(service)) == ([0, 0, 3, 0], 3)
    Journey(service.database, service.clock).submitted()
    reference = service.database.read(lambda unit: unit.exec(select(Enquiry.reference)).one())
    faulty = bring(
        service, tmp_path,
        TWO + f"C-3,scoping,2025-06-04,\nC-3,triage,2025-06-05,\n{reference},triage,2025-06-05,\nD-4,triage,soon,\nD-4,closed,2025-06-05,\n"
        "A-1,triage,2025-06-02,\n",
    )  # fmt: skip
    told = {(error["line"], error["field"]) for row in faulty.rows for error in row.errors}
    assert told == {(5, "state"), (6, "reference"), (7, "entered_at"), (9, "reference")}
    assert rows(service) == 3
    more = bring(service, tmp_path, ONE + "A-1,drafting,2025-09-01,\n")
    assert (counts(more), more.open) == ([1, 0, 3, 0], 1)


def test_history_disturbs_nothing_else(service: House, tmp_path: Path) -> None:
    many = "".join(f"Q-{n},triage,2025-06-02,\nQ-{n},costing,2025-06-0{n % 5 + 3},\n" for n in range(30))
    bring(service, tmp_path, many)

    def quiet(unit: Unit) -> list[int]:
        return [
            unit.exec(select(func.count()).select_from(table)).one()
            for table in (Enquiry, FollowUp, OutboxMessage, FeedEntry)
        ]

    assert service.database.read(quiet) == [0, 0, 0, 0]
    assert service.database.read(invariants.find_broken) == []
    assert service.client("manager").get("/api/v1/enquiries").json()["items"] == []
    audited = service.database.read(
        lambda unit: [row.detail for row in unit.exec(select(AuditEntry).where(col(AuditEntry.action) == "import"))]
    )
    assert audited == [{"name": "Its log", "cases": 30, "rows": 60, "replaced": 0}]
    assert service.database.read(past.cases) == 30


def test_bank_holidays_reach_back_as_far_as_the_history(service: House, tmp_path: Path) -> None:
    # Good Friday and Easter Monday of 1999 were 2 and 5 April.
    bring(service, tmp_path, "X,triage,1999-04-01,\nX,closed,1999-04-06,answered\n")
    total = service.client("funder").get(AT).json()["total"]
    assert total["time_to"]["closed"]["median"] == 1.0
