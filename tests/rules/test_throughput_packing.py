"""Cases as bytes: nothing is lost on the way, and a change of what is packed has a number of its own."""

from datetime import date
from hashlib import sha256
from uuid import UUID

import numpy as np
import pytest

from service.states import EnquiryState, Outcome, WaitingOn
from service.throughput.cases import case_of
from service.throughput.groups import KEYS, GroupBy
from service.throughput.measured import Measured
from service.throughput.packing import EDITION, HEAD, NO_DAY, Counted, moves_of, pack, read_calls, words_of
from service.throughput.periods import Period
from service.throughput.versions import Dated, versions_of
from service.working_time import ticks_of
from tests.support.counted import counted
from tests.support.logs import CALENDARS, Log, london

PROJECT = UUID(int=7)
CLOSES = london("2026-06-01 00:00")
AS_OF = date(2026, 5, 31)


def a_full_case() -> Log:
    """Something of everything a case holds."""
    told = {"sector": "nhs", "area": "scotland", "enquiry_type": "evidence_review", "topics": ["homes", "gone"]}
    log = Log("2026-03-02 09:00", **told, organisation=UUID(int=5), data={"needed_by": "2026-05-01", "split_from": "x"})  # type: ignore[arg-type]
    log.then("2026-03-03 09:00", "first_response", data={"occurred_at": london("2026-03-02 11:30").isoformat()})
    log.then("2026-03-04 09:00", "hold", on_hold=True).then("2026-03-05 09:00", "resume", on_hold=False)
    log.then("2026-03-06 09:00", "publish", "open_call", data={"recipients": [str(UUID(int=30))]})
    for university in (UUID(int=31), UUID(int=30)):
        log.then("2026-03-09 09:00", "interest", data={"organisation": str(university), "late": True})
    log.then("2026-03-10 09:00", "recipient_declined", data={"decline_reason": "conflict"})
    log.then("2026-03-11 09:00", "offer", waiting_on="lead").then("2026-03-12 09:00", "accept_offer", "costing")
    line = {"funding_line": "1", "status": "confirmed", "project": str(PROJECT), "own_funds": False, "kind": "in_kind"}
    log.then("2026-03-13 09:00", "funding_line_added", data={**line, "amount": "1234.56"})
    log.commission("2026-03-16 09:00").project("2026-03-16 09:00", "start", "active", PROJECT)
    log.project("2026-04-10 17:00", "deliver", "delivered", PROJECT)
    log.close("2026-04-20 09:00", "completed")
    log.then("2026-05-02 09:00", "outcome_recorded", data={"used": "planned"})
    return log.then("2026-05-05 09:00", "reopen", "triage")


def test_a_change_of_what_is_packed_raises_the_edition() -> None:
    """Rows that other rules made would be read as ours. When this fails, raise EDITION and write the new digest here."""
    logs = [a_full_case(), Log("2026-03-02 09:00"), Log("2026-03-02 09:00").close("2026-03-03 09:00", "spam")]
    cases = [case for log in logs if (case := case_of(log.rows, CLOSES))]
    digest = sha256(b"|".join(b"|".join(pack(case)) for case in cases)).hexdigest()[:16]
    assert (EDITION, digest) == (1, "b91ffeae504f73b5")


def test_nothing_is_lost_on_the_way() -> None:
    case = case_of(a_full_case().rows, CLOSES)
    assert case is not None
    packed = pack(case)
    assert len(packed.head) == HEAD.itemsize
    assert words_of(packed.universities) == [str(UUID(int=30)), str(UUID(int=31))]
    assert moves_of(packed.moves) == list(case.moves)
    assert [move[2] for move in case.moves] == ["triage", "open_call", "costing", "commissioned", "closed", "triage"]
    [head] = Counted.of([packed.head], [packed.spans]).heads
    facts = ("by_split", "reopened", "delivered", "said", "has_body")
    assert [bool(head[name]) for name in facts] == [True] * 5
    assert (head["body_high"], head["body_low"], head["on_hold"]) == (0, 5, False)
    assert (head["money:in_kind:others"], head["interest"], head["late"], head["recipient_declined:conflict"]) == (
        123_456,
        2,
        2,
        1,
    )
    assert [KEYS[by][head[by.value]] for by in (GroupBy.SECTOR, GroupBy.AREA, GroupBy.ENQUIRY_TYPE)] == [
        "nhs", "scotland", "evidence_review",
    ]  # fmt: skip
    assert {key for place, key in enumerate(KEYS[GroupBy.TOPIC]) if int(head["topics"]) >> place & 1} == {
        "homes",
        "other",
    }
    assert list(Outcome)[head["outcome"]] == Outcome.COMPLETED
    [call] = read_calls([packed.calls, b""])
    assert (call["university"].tobytes(), call["interests"], call["late"]) == (UUID(int=30).bytes, 1, 1)
    assert (call["sent_at"], call["ended_at"]) == (
        ticks_of(london("2026-03-06 09:00")),
        ticks_of(london("2026-04-20 09:00")),
    )
    assert (call["answered_at"], call["end_on"]) == (ticks_of(london("2026-03-09 09:00")), NO_DAY)
    assert list(EnquiryState)[head["furthest"]] == EnquiryState.COMMISSIONED
    assert {list(WaitingOn)[span] for span in Counted.of([packed.head], [packed.spans]).spans["holder"]} == {
        "team",
        "universities",
        "lead",
    }


def test_of_cases_that_are_taken_everything_is_taken() -> None:
    logs = [a_full_case(), Log("2026-03-02 09:00"), a_full_case().then("2026-05-06 09:00", "hold", on_hold=True)]
    three = counted([log.rows for log in logs], CLOSES)
    middle = three.take(np.array([False, True, False]))
    assert (len(middle), len(middle.spans), middle.moves.tolist()) == (1, 1, [b"submit\tdraft\ttriage"])
    assert len(Counted.of([])) == 0
    cases = (case_of(log.rows, CLOSES) for log in logs)
    without = Counted.of(pack(case).head for case in cases if case)
    with pytest.raises(ValueError, match="not read"):
        _ = Measured(without, CALENDARS, Period(AS_OF.replace(day=1), date(2026, 6, 1), AS_OF)).watched


def test_a_month_with_nothing_new_makes_no_version() -> None:
    log = Log("2026-03-02 09:00").then("2026-03-20 09:00", "accept", "scoping")
    log.then("2026-05-04 09:00", "amend").close("2026-06-02 09:00", "answered")
    rows = [Dated(row, row.recorded_at.year * 12 + row.recorded_at.month - 1) for row in log.rows]
    march = 2026 * 12 + 2
    assert [month - march for month, _ in versions_of(rows, None, march + 9)] == [0, 3]
    assert [month - march for month, _ in versions_of(rows, march, march + 2)] == [2]
    assert [packed for _, packed in versions_of([Dated(log.rows[0], march, march)], None, march)] == [None]
