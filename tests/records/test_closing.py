"""Closing months: what is kept of each case is what its history makes of it, however often the work was broken off."""

from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select, update

from service.actions.settle import close_some
from service.jobs import close
from service.records import closing, events, past
from service.records.database import Database, Unit
from service.records.invariants import find_broken
from service.records.tables import Closing, CountedCase, Enquiry, Event, EventCounter, PastEvent
from service.states import EnquiryState
from service.throughput.log import LoggedEvent
from service.throughput.packing import RULES, Counted
from service.throughput.periods import month_number
from service.throughput.versions import closes_of
from tests.support.clock import HandClock
from tests.support.counted import counted
from tests.support.logs import Log, london

JANUARY = month_number(date(2026, 1, 1))
NOW = london("2026-09-10 09:00")
AUGUST = JANUARY + 7
DAYS = 240


def a_log(chance: Random) -> Log:
    """An enquiry of 2026 to which things happen in no sensible order, some of them after it was closed."""
    when = datetime(2026, 1, 1) + timedelta(hours=chance.randrange(DAYS * 24))  # noqa: DTZ001 - London's clock, zone added by the log
    log = Log(
        str(when),
        sector=chance.choice(["nhs", None]),
        area=chance.choice(["scotland", "wales", None]),
        topics=chance.sample(["homes", "food"], 1),
        organisation=chance.choice([None, UUID(int=1)]),
    )
    for _ in range(chance.randrange(9)):
        when += timedelta(hours=chance.randrange(24 * 40))
        event = chance.choice(
            ["hold", "resume", "ask", "first_response", "interest", "scoping", "open_call", "closed", "reopen"]
        )
        if event in {"scoping", "open_call"}:
            log.then(str(when), "moved", event)
        elif event == "closed":
            log.close(str(when), "answered")
        elif event == "reopen":
            log.then(str(when), event, EnquiryState.TRIAGE)
        elif event in {"hold", "resume"}:
            log.then(str(when), event, on_hold=event == "hold")
        else:
            data = {"organisation": str(UUID(int=chance.randrange(9)))} if event == "interest" else None
            log.then(str(when), event, waiting_on="enquirer" if event == "ask" else None, data=data)
    return log


def write(database: Database, histories: list[list[LoggedEvent]]) -> list[list[LoggedEvent]]:
    """Write logs as they would have been recorded, one after the other; return what was recorded before NOW."""
    rows = sorted((row for rows in histories for row in rows if row.recorded_at < NOW), key=lambda row: row.recorded_at)

    def work(unit: Unit) -> None:
        for enquiry_id in {row.enquiry_id for row in rows}:
            unit.add(
                Enquiry(
                    id=enquiry_id, state="triage", waiting_on="team", waiting_since=NOW, state_since=NOW, created_at=NOW,
                    updated_at=NOW,
                )
            )  # fmt: skip
        unit.flush()
        for seq, row in enumerate(rows, 1):
            told = row._replace(seq=seq, topics=list(row.topics))._asdict()
            unit.add(Event(**told, from_state="", actor_role="manager"))
        unit.add(EventCounter(id=1, seq=len(rows), recorded_at=rows[-1].recorded_at))

    database.transact(work)
    return [[row for row in rows if row.recorded_at < NOW] for rows in histories]


def as_rows(*parts: Counted) -> list[tuple[bytes, bytes, bytes]]:
    found = []
    for cases in parts:
        ends = cases.heads["spans"].cumsum()
        spans = [
            cases.spans[end - count : end].tobytes() for end, count in zip(ends, cases.heads["spans"], strict=True)
        ]
        packed = zip(cases.heads, spans, cases.universities, cases.moves, strict=True)
        found += [(head.tobytes(), one, universities + b"|" + moves) for head, one, universities, moves in packed]
    return sorted(found)


def kept(database: Database, month: int) -> list[tuple[bytes, bytes, bytes]]:
    assert database.read(lambda unit: closing.is_closed(unit, month))
    return database.read(lambda unit: as_rows(*closing.counted(unit, month, "spans", "universities", "moves")))


def through(database: Database, month: int) -> None:
    """Tell figures of a month, so that it and all before it are closed."""
    database.transact(lambda unit: events.settle_before(unit, closes_of(month)))
    while close_some(database, NOW):
        pass


@pytest.fixture
def told(database: Database) -> list[list[LoggedEvent]]:
    chance = Random(79)  # noqa: S311 - the same logs each time
    return write(database, [a_log(chance).rows for _ in range(40)])


def test_every_month_is_what_the_log_makes_of_it(database: Database, told: list[list[LoggedEvent]]) -> None:
    """Closed at once, one by one or with months between: any figure reads the same rows."""
    for month in (JANUARY + 1, JANUARY + 2, AUGUST - 1, AUGUST):
        through(database, month)
    for month in range(JANUARY - 1, AUGUST + 1):
        assert kept(database, month) == as_rows(counted(told, closes_of(month))), month
    assert not database.read(lambda unit: closing.is_closed(unit, AUGUST + 1))
    by_steps = database.read(_everything)
    database.transact(_forget)
    through(database, AUGUST)
    assert database.read(_everything) == by_steps
    assert not any("figures count" in complaint.lower() for complaint in database.read(find_broken))

    spoil = update(CountedCase).where(col(CountedCase.valid_from) == by_steps[0][1]).values(moves=b"")
    database.transact(lambda unit: unit.connection().execute(spoil))
    assert any("What figures count of the case" in complaint for complaint in database.read(find_broken))


def test_work_that_is_broken_off_and_shared_is_done_once(database: Database, told: list[list[LoggedEvent]]) -> None:
    database.transact(lambda unit: events.settle_before(unit, closes_of(AUGUST)))
    taken: list[closing.Batch] = []
    while batch := database.read(partial(closing.next_batch, most=7)):
        # Two look at the same cases; one of them never comes to write them down, or comes too late.
        made = database.read(partial(closing.made_of, batch=batch))
        assert not database.read(partial(closing.is_closed, month=JANUARY))
        keep = partial(closing.keep, batch=batch, made=made, now=NOW)
        assert database.transact(keep)
        assert not database.transact(keep)
        taken.append(batch)
    cases = [case for batch in taken for case in batch.cases]
    assert len(cases) == len(set(cases)) == len(told)
    assert len(taken) > 5
    for month in (JANUARY, AUGUST):
        assert kept(database, month) == as_rows(counted(told, closes_of(month)))


def test_what_other_rules_made_is_made_anew_and_forgotten_later(
    database: Database, told: list[list[LoggedEvent]]
) -> None:
    through(database, AUGUST)
    wanted, rows = kept(database, AUGUST), len(database.read(_everything))
    assert len(wanted) <= len(told) <= rows
    database.transact(lambda unit: unit.connection().execute(update(Closing).values(rules="0-of-before")))
    assert not database.read(lambda unit: closing.is_closed(unit, AUGUST))
    clock = HandClock(NOW)
    while close.run(database, clock):
        pass
    assert kept(database, AUGUST) == wanted
    assert len(database.read(_standing)) == 4
    clock.move(days=8)
    while close.run(database, clock):
        pass
    assert kept(database, AUGUST) == wanted
    assert {row.rules for row in database.read(_standing)} == {RULES}
    assert len(database.read(_everything)) == rows


def test_history_from_elsewhere_counts_until_the_month_was_told(
    database: Database, told: list[list[LoggedEvent]]
) -> None:
    """The worker closes the service's own log as soon as a month is over; imports still count where nobody asked."""
    clock = HandClock(NOW)
    while close.run(database, clock):
        pass
    assert not database.read(lambda unit: closing.is_closed(unit, JANUARY))
    case, other = uuid4(), uuid4()
    rows = [imported(case, 1, "2025-11-03 09:00", "triage"), imported(case, 2, "2026-08-03 09:00", "closed")]
    database.transact(lambda unit: past.add(unit, rows))
    through(database, AUGUST)
    own = {month: as_rows(counted(told, closes_of(month))) for month in range(JANUARY - 3, AUGUST + 2)}
    assert [len(kept(database, month)) - len(own[month]) for month in (JANUARY - 3, JANUARY - 2, AUGUST)] == [0, 1, 1]
    before = {month: kept(database, month) for month in own if month <= AUGUST}

    settled = closes_of(AUGUST)

    def correct(unit: Unit) -> None:
        past.replace(unit, ["old/1"], settled)
        past.add(unit, [imported(other, 1, "2025-11-04 09:00", "triage", counts_from=settled)])

    database.transact(correct)
    clock.set(london("2026-10-02 09:00"))
    through(database, AUGUST + 1)
    assert {month: kept(database, month) for month in before} == before
    assert len(kept(database, AUGUST + 1)) == len(own[AUGUST]) + 1
    assert kept(database, AUGUST + 1) != before[AUGUST]


def imported(case: UUID, step: int, when: str, state: str, counts_from: datetime | None = None) -> PastEvent:
    at = london(when)
    outcome = "answered" if state == "closed" else None
    return PastEvent(
        case_id=case, reference="old/1", step=step, occurred_at=at, counts_from=counts_from or at, imported_at=NOW,
        event="enter", from_state="", to_state=state, waiting_on="team", outcome=outcome,
    )  # fmt: skip


def _everything(unit: Unit) -> list[tuple[object, ...]]:
    rows = select(CountedCase).order_by(
        col(CountedCase.closing_id), col(CountedCase.case_id), col(CountedCase.valid_from)
    )
    return [
        (row.case_id, row.valid_from, row.valid_until, row.head, row.spans, row.universities, row.moves)
        for row in unit.exec(rows)
    ]


def _standing(unit: Unit) -> list[Closing]:
    return list(unit.exec(select(Closing)))


def _forget(unit: Unit) -> None:
    for table in (CountedCase, Closing):
        for row in unit.exec(select(table)):
            unit.delete(row)
