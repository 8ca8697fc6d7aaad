"""Cases of an earlier service: the words of its spreadsheet, and which orders of states can be."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.sources.files import Unreadable
from service.sources.history_rows import History, read_history, read_words
from service.states import OPEN_STATES, EnquiryState
from service.workflows.past_cases import PastRow, faults_of, in_order, steps_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def read(folder: Path, text: str, name: str = "log.csv", words: str | None = None, encoding: str = "utf-8") -> History:
    (folder / name).write_bytes(text.encode(encoding))
    if words is None:
        return read_history(folder / name, NOW)
    (folder / "words.csv").write_text(words, "utf-8")
    return read_history(folder / name, NOW, read_words(folder / "words.csv"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"Open": "reviewing", "Open": null}', ": /Open is there twice: say it once"),
        ('{"Open": {"state": "closed", "state": "reviewing"}}', ": /Open/state is there twice: say it once"),
        ('{"Open": {"state": {"is": "reviewing"}}}', "“Open”: state is a word"),
        ('{"Open": ["reviewing"]}', "“Open”: state is a word"),
        ('{"Open": {"activity": {}}}', "activity is a word"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is no object"),
    ],
)
def test_a_map_of_words_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "words.json"
    path.write_text(text, "utf-8")
    with pytest.raises(Unreadable, match=told):
        read_words(path)


def case(*states: str, outcome: str | None = "answered") -> list[PastRow]:
    ended = [outcome if state == "closed" else None for state in states]
    began = datetime(2025, 1, 6, 9, tzinfo=UTC)
    return [
        PastRow(place, "A", state, began + timedelta(days=place), outcome=end)
        for place, (state, end) in enumerate(zip(states, ended, strict=True), 1)
    ]


def test_a_spreadsheet_is_read_in_its_own_words_dates_and_encoding(tmp_path: Path) -> None:
    text = (
        "Reference;State;Entered at;Outcome;Sector;Area;Topic\r\n"
        "É-1;Triage;02/06/2025;;NHS;north east;Warm and safe homes; \r\n"
        "É-1;Finding the money;2025-06-03T14:30;;;;\r\n"
        "É-1;first response;05/12/2025 08:05;;;;\r\n"
        "É-1;Closed;2025-12-09T10:00:00+02:00;Answered;;;\r\n"
    ).replace("homes; \r", "homes\r")
    history = read(tmp_path, text, encoding="cp1252")
    assert (history.faults, history.lines) == ([], {1: 2, 2: 3, 3: 4, 4: 5})
    told = [(row.state, row.at.isoformat(), row.sector, row.area, row.topics) for row in history.rows]
    assert told == [
        ("triage", "2025-06-02T08:00:00+00:00", "nhs", "north_east", ("homes",)),
        ("funding", "2025-06-03T13:30:00+00:00", None, None, ()),
        ("first_response", "2025-12-05T08:05:00+00:00", None, None, ()),
        ("closed", "2025-12-09T08:00:00+00:00", None, None, ()),
    ]
    same = read(
        tmp_path,
        json.dumps([{"reference": 7, "state": "triage", "entered_at": "2025-06-02", "topic": ["food", "jobs"]}]),
        "log.json",
    )
    assert [(row.reference, row.topics) for row in same.rows] == [("7", ("food", "jobs"))]
    assert same.lines == {}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025-06-02", "08:00"),
        ("2025-06-02 00:00", "08:00"),
        ("2025-06-02T00:00", "08:00"),
        ("2025-06-02T00:00:00.000", "08:00"),
        ("02/06/2025 0:00", "08:00"),
        ("02/06/2025 00:00:00", "08:00"),
        ("02/06/2025 9:05", "08:05"),
        ("02.06.2025 09:05:30", "08:05:30"),
        ("2025-06-02T00:01", "23:01"),
        ("2025-06-02T00:00Z", "00:00"),
    ],
)
def test_midnight_is_a_day_alone_however_a_spreadsheet_writes_it(tmp_path: Path, written: str, meant: str) -> None:
    [row] = read(tmp_path, f"reference,state,entered_at\nA,triage,{written}\n").rows
    assert row.at.time().isoformat().startswith(meant)


def test_what_is_wrong_is_told_by_row_and_column(tmp_path: Path) -> None:
    rows = [
        "A,thinking,2025-06-02,",
        "A,triage,31/02/2025,",
        "A,triage,2026-03-02T09:01:00Z,",
        "A,triage,1925-06-02,",
        "pat@council.example,triage,2025-06-02,",
        ",triage,,",
        "A,=1+1,2025-06-02,",
        "A,triage,2025-06-02,left",
    ]
    history = read(tmp_path, "reference,state,entered_at,outcome\n" + "\n".join(rows) + "\n")
    assert history.rows == []
    assert [(fault.number, fault.column) for fault in history.faults] == [
        (1, "state"), (2, "entered_at"), (3, "entered_at"), (4, "entered_at"), (5, "reference"), (6, "reference"),
        (6, "entered_at"), (7, "state"), (7, "state"), (8, "outcome"),
    ]  # fmt: skip
    assert "--map FILE" in history.faults[0].message
    for heading in ("reference,state", "reference,state,entered_at,name"):
        with pytest.raises(Unreadable, match=r"entered_at|nobody knows the column “name”"):
            read(tmp_path, f"{heading}\nA,triage\n")
    with pytest.raises(Unreadable, match="no rows"):
        read(tmp_path, "[]", "log.json")


def test_another_services_words_are_mapped_and_some_left_out(tmp_path: Path) -> None:
    words = "activity,state,waiting_on,outcome\nLogged,Triage,,\nSent to uni,open_call,lead,\nFiled,,,\nDone,closed,,Answered\n"
    log = "reference,state,entered_at,outcome\nA,LOGGED,2025-06-02,\nA,Sent  to uni,2025-06-03,\nA,Filed,2025-06-04,\nA,done,2025-06-05,\nB,Draft,2025-06-04,\nB,scoping,2025-06-05,\nC,Done,2025-06-05,declined\n"
    history = read(tmp_path, log, words=words)
    told = [(row.number, row.state, row.waiting_on, row.outcome) for row in history.rows]
    assert told == [
        (1, "triage", None, None), (2, "open_call", "lead", None), (4, "closed", None, "answered"),
        (6, "scoping", None, None), (7, "closed", None, "declined"),
    ]  # fmt: skip
    assert (history.left_out, history.faults) == (2, [])
    with pytest.raises(Unreadable, match=r"“Logged”: state is none of ours: thinking\. There is: draft, [a-z_, ]+\.$"):
        read(tmp_path, log, words="activity,state\nLogged,thinking\n")
    with pytest.raises(Unreadable, match="twice"):
        read(tmp_path, log, words="activity,state\nLogged,triage\nlogged,scoping\n")


@pytest.mark.parametrize(
    "states",
    [
        ("triage",),
        ("commissioned", "closed"),
        ("triage", "open_call", "drafting", "selecting"),
        ("scoping", "funding", "costing", "selecting", "drafting"),
        ("triage", "first_response", "triage", "closed", "first_response", "scoping", "closed"),
    ],
)
def test_an_order_that_can_be(states: tuple[str, ...]) -> None:
    assert faults_of(case(*states)) == []


@pytest.mark.parametrize(
    ("states", "outcome", "at", "column"),
    [
        (("closed",), "answered", 1, "state"),
        (("first_response", "triage"), None, 1, "state"),
        (("scoping", "triage"), None, 2, "state"),
        (("drafting", "scoping"), None, 2, "state"),
        (("triage", "commissioned", "contracting"), None, 3, "state"),
        (("triage", "closed", "closed"), "answered", 3, "state"),
        (("triage", "closed"), None, 2, "outcome"),
        (("triage", "closed"), "completed", 2, "outcome"),
        (("triage", "closed"), "terminated", 2, "outcome"),
        (("scoping", "closed"), "spam", 2, "outcome"),
    ],
)
def test_an_order_that_cannot_be(states: tuple[str, ...], outcome: str | None, at: int, column: str) -> None:
    assert [(fault.number, fault.column) for fault in faults_of(case(*states, outcome=outcome))] == [(at, column)]


def test_no_open_state_leads_behind_where_the_machine_can_lead() -> None:
    allowed = {(one, other) for one in OPEN_STATES for other in OPEN_STATES if not faults_of(case(one, other))}
    back = {
        (str(one), str(other))
        for one, other in allowed
        if list(EnquiryState).index(other) < list(EnquiryState).index(one)
    }
    working = ["drafting", "sign_off", "open_call", "selecting", "costing", "funding", "contracting"]
    assert back == {(later, earlier) for place, later in enumerate(working) for earlier in working[:place]}


def test_rows_become_steps_with_the_facts_as_known_then() -> None:
    began = datetime(2025, 1, 6, 9, tzinfo=UTC)
    rows = [
        PastRow(1, "A", "closed", began + timedelta(days=3), outcome="answered"),
        PastRow(2, "A", "triage", began, sector="nhs"),
        PastRow(3, "A", "triage", began + timedelta(days=1), waiting_on="enquirer", area="london"),
        PastRow(4, "A", "first_response", began + timedelta(days=2)),
        PastRow(5, "A", "scoping", began + timedelta(days=9), sector="other", topics=("food",)),
        PastRow(6, "A", "commissioned", began + timedelta(days=10)),
        PastRow(7, "A", "closed", began + timedelta(days=11), outcome="completed"),
    ]
    told = [
        (step.event, step.from_state, step.to_state, step.waiting_on, step.outcome, step.sector, step.area, step.topics)
        for step in steps_of(in_order(rows))
    ]
    assert told == [
        ("submit", "draft", "triage", "team", None, "nhs", None, ()),
        ("update", "triage", "triage", "enquirer", None, "nhs", "london", ()),
        ("first_response", "triage", "triage", "enquirer", None, "nhs", "london", ()),
        ("close", "triage", "closed", "nobody", "answered", "nhs", "london", ()),
        ("reopen", "closed", "scoping", "team", None, "other", "london", ("food",)),
        ("enter", "scoping", "commissioned", "lead", None, "other", "london", ("food",)),
        ("complete", "commissioned", "closed", "nobody", "completed", "other", "london", ("food",)),
    ]
