"""The log of an earlier service as its spreadsheet has it: each row's words and dates read, or what is wrong with them.

The columns are a promise (docs/history.md): names are added, none is renamed or taken away.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from service import vocabulary
from service.sources.files import Unreadable, read_rows
from service.sources.spreadsheets import is_formula, read_table, value_of
from service.sources.strict_json import SaidTwice, parse
from service.states import ENQUIRY_STATES, EnquiryState, Outcome, WaitingOn
from service.workflows.past_cases import FIRST_RESPONSE, Fault, PastRow
from service.working_time import LONDON, opening

REQUIRED = ("reference", "state", "entered_at")
COLUMNS = (*REQUIRED, "waiting_on", "outcome", "sector", "area", "enquiry_type", "topic")
MAP_COLUMNS = ("activity", "state", "waiting_on", "outcome")

_STATES = {state.value: words.label for state, words in ENQUIRY_STATES.items()}
_CODES: Mapping[str, Mapping[str, str]] = {
    "state": _STATES | {FIRST_RESPONSE: "First response"},
    "waiting_on": {each.value: each.value for each in WaitingOn},
    "outcome": {each.value: each.value.replace("_", " ") for each in Outcome},
    "sector": vocabulary.SECTORS,
    "area": vocabulary.REGIONS,
    "enquiry_type": vocabulary.ENQUIRY_TYPES,
    "topic": vocabulary.TOPICS,
}
_NOT_YET = EnquiryState.DRAFT.value
_LONGEST_REFERENCE = 64
_MAPPED = {"state": " With --map FILE your own words are read as ours."}
_FIRST_YEAR = 1990
_BRITISH = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[ ,T]+(\d{1,2}:\d{2}(?::\d{2})?))?")
_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].+)?")

Words = Mapping[str, Mapping[str, str]]
"""By another service's own word, folded: our state, and waiting_on and outcome where given; no state leaves the row out."""


@dataclass(slots=True)
class History:
    """A file's rows, each read or with its faults; numbers begin at 1."""

    rows: list[PastRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    lines: dict[int, int] = field(default_factory=dict)
    """The line that a row begins on, where the file has lines."""
    spoilt: set[str] = field(default_factory=set)
    """Cases that have a row with a fault, whose order cannot be judged."""
    left_out: int = 0
    """Rows whose word the map says to leave out, and drafts: nobody had asked yet."""


def read_history(path: Path, now: datetime, words: Words | None = None) -> History:
    """Return what a CSV or JSON file says of past cases, up to `now`. Raises Unreadable for what is no such file."""
    history = History()
    for number, (line, cells) in enumerate(_cells(path), 1):
        if line is not None:
            history.lines[number] = line
        _read(history, number, cells, now, words or {})
    if not history.lines and not history.rows and not history.faults and not history.left_out:
        raise Unreadable(f"{path} has no rows.")
    return history


def read_words(path: Path) -> Words:
    """Return a map from another service's words to ours: CSV of `activity,state[,waiting_on,outcome]`, or JSON.

    In JSON each word has our state, null, or an object with `state`, `waiting_on` and `outcome`. Raises Unreadable.
    """
    if path.suffix.lower() == ".json":
        try:
            found = parse(path.read_text(encoding="utf-8-sig"))
        except OSError as problem:
            raise Unreadable(f"{path} cannot be read: {problem.strerror}") from problem
        except SaidTwice as problem:
            raise Unreadable(f"{path}: {problem}: say it once.") from problem
        except (ValueError, RecursionError) as problem:
            raise Unreadable(f"{path} is not JSON: {problem}") from problem
        if not isinstance(found, dict):
            raise Unreadable(f"{path} is no object from their words to our states.")
        lines = [
            {"activity": word, **(said if isinstance(said, dict) else {"state": said})} for word, said in found.items()
        ]
    else:
        table = read_table(_content(path), MAP_COLUMNS)
        lines = [dict(line.cells) for line in table.lines]
    words: dict[str, Mapping[str, str]] = {}
    for line in lines:
        if nested := [name for name, cell in line.items() if isinstance(cell, dict | list)]:
            raise Unreadable(f"{path}: “{line['activity']}”: {nested[0]} is a word, and no object or list.")
        said = {name: str(cell) for name, cell in line.items() if cell not in {None, ""}}
        word = said.pop("activity", "")
        if not word or _folded(word) in words:
            raise Unreadable(f"{path}: " + (f"“{word}” is there twice." if word else "a row has no activity."))
        for name, cell in said.items():
            if name not in MAP_COLUMNS or _code(name, cell) is None:
                raise Unreadable(f"{path}: “{word}”: {name} is none of ours: {cell[:60]}. {_choice(name)}")
        words[_folded(word)] = {name: _code(name, cell) or "" for name, cell in said.items()}
    return words


def _cells(path: Path) -> Sequence[tuple[int | None, Mapping[str, object]]]:
    if path.suffix.lower() == ".json":
        return [(None, row) for row in read_rows(path, "history")]
    try:
        table = read_table(_content(path), COLUMNS)
    except Unreadable as problem:
        raise Unreadable(f"{path} cannot come in: {problem}.") from problem
    missing = [column for column in REQUIRED if column not in table.columns]
    if missing:
        raise Unreadable(
            f"{path} cannot come in: it has no column {missing[0]}: every file needs {', '.join(REQUIRED)}."
        )
    return [(line.number, line.cells) for line in table.lines]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise Unreadable(f"{path} cannot be read: {problem.strerror}") from problem


def _read(history: History, number: int, cells: Mapping[str, object], now: datetime, words: Words) -> None:
    row = _Cells(number, cells)
    reference = row.text("reference")
    said = words.get(_folded(row.text("state")))
    state = _code("state", row.text("state")) if said is None else said.get("state", _NOT_YET)
    if state == _NOT_YET:
        history.left_out += 1
        return
    if "@" in reference or len(reference) > _LONGEST_REFERENCE or not reference.isprintable():
        row.fault(
            "reference",
            f"A reference names a case, not a person: at most {_LONGEST_REFERENCE} characters and no address.",
        )
    found = PastRow(
        number=number,
        reference=reference,
        state=said["state"] if said else row.code("state"),
        at=row.instant("entered_at", now),
        waiting_on=row.code("waiting_on") or (said or {}).get("waiting_on"),
        outcome=row.code("outcome") or (said or {}).get("outcome"),
        sector=row.code("sector") or None,
        area=row.code("area") or None,
        enquiry_type=row.code("enquiry_type") or None,
        topics=row.codes("topic"),
    )
    for column in REQUIRED:
        if not row.text(column) and not any(fault.column == column for fault in row.faults):
            row.fault(column, "Every row needs this.")
    if row.faults:
        history.faults += row.faults
        history.spoilt.add(reference)
    else:
        history.rows.append(found)


class _Cells:
    """One row's cells, and what is wrong with them."""

    def __init__(self, number: int, cells: Mapping[str, object]) -> None:
        self._number, self._cells = number, cells
        self.faults: list[Fault] = []
        for column, cell in cells.items():
            if column not in COLUMNS:
                self.fault(column, f"Nobody knows this: a row has {', '.join(COLUMNS)}.")
            elif isinstance(cell, str) and is_formula(cell):
                self.fault(column, "The cell holds a formula or its error: put its value there.")
            elif cell is not None and not isinstance(cell, str | int | list):
                self.fault(column, "This is no text.")

    def fault(self, column: str, message: str) -> None:
        self.faults.append(Fault(self._number, column, message))

    def text(self, column: str) -> str:
        cell: Any = self._cells.get(column)
        return "" if cell is None or isinstance(cell, list) else " ".join(value_of(str(cell)).split())

    def code(self, column: str) -> str:
        """Return the code that a cell says, empty when it says none."""
        return self._known(column, self.text(column))

    def codes(self, column: str) -> tuple[str, ...]:
        cell: Any = self._cells.get(column)
        parts = cell if isinstance(cell, list) else re.split(r"[;\n]", value_of(str(cell or "")))
        found = (self._known(column, " ".join(str(part).split())) for part in parts)
        return tuple(dict.fromkeys(code for code in found if code))

    def instant(self, column: str, now: datetime) -> datetime:
        """Return when it was; a time without its offset is London's, a day alone begins when people do."""
        text = self.text(column)
        if not text:
            return now
        try:
            found = _instant(text)
        except (ValueError, OverflowError):
            self.fault(
                column, f"This is no day or time: {text[:40]}. Write 2024-03-05, 2024-03-05T14:30 or 05/03/2024 14:30."
            )
            return now
        if found > now:
            self.fault(column, "This has not happened yet.")
        elif found.year < _FIRST_YEAR:
            self.fault(column, f"This is before {_FIRST_YEAR}: check the year.")
        return found

    def _known(self, column: str, text: str) -> str:
        if not text:
            return ""
        code = _code(column, text)
        if code is None:
            self.fault(column, f"“{text[:60]}” is none of ours. {_choice(column)}{_MAPPED.get(column, '')}")
        return code or ""


def _instant(text: str) -> datetime:
    british = _BRITISH.fullmatch(text)
    if british:
        day = date(int(british[3]), int(british[2]), int(british[1])).isoformat()
        text = day if british[4] is None else f"{day}T{british[4]:0>{8 if british[4].count(':') > 1 else 5}}"
    if not _WRITTEN.fullmatch(text):
        raise ValueError(text)
    found = datetime.fromisoformat(text)
    if found.tzinfo is None and found.time() == time.min:
        # A day alone; a spreadsheet writes midnight after it, in one of many ways.
        return opening(found.date())
    return (found if found.tzinfo else found.replace(tzinfo=LONDON)).astimezone(UTC)


def _code(column: str, text: str) -> str | None:
    codes = _CODES.get(column, {})
    said = _folded(text)
    return next((code for code, label in codes.items() if said in {_folded(code), _folded(label)}), None)


def _choice(column: str) -> str:
    return f"There is: {', '.join(_CODES.get(column, {}))}."


def _folded(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()
