"""Tables as spreadsheets save them: which characters, which separator, which line each row stands on.

Excel in Britain writes commas, in much of Europe semicolons, and “Unicode text” as tabs in UTF-16; older ones write
Windows-1252. Python's csv module reads the rows; what is decided here is how to open them.
"""

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from service.sources.files import Unreadable

_WORKBOOKS = {
    b"PK\x03\x04": "an Excel or OpenDocument workbook",
    b"\xd0\xcf\x11\xe0": "an older Excel workbook",
}
_SAVE_AS = (
    "open it in your spreadsheet, choose Save As (or Download), and save the sheet as “CSV UTF-8 (comma delimited)”"
)
_SEPARATORS = ",;\t|"
_NAMED_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""A first line by which Excel is told the separator; it is no row."""
_AS_TEXT = re.compile(r'="([^"]*)"')
"""How a spreadsheet is kept from reading 00123 as a number: a formula that is nothing but a text."""
_BEFORE_FORMULAS = re.compile(r"'(?=[=+\-@\t\r])")
"""The apostrophe with which a careful export keeps a spreadsheet from running a cell."""
_FAULTS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})


@dataclass(frozen=True, slots=True)
class Line:
    """One row with something in it: the line of the file it begins on, and its cells that are not empty, by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and its rows."""

    columns: Sequence[str]
    lines: Sequence[Line]


def read_table(content: bytes, known: Collection[str]) -> Table:
    """Return the table in a file of comma-, semicolon-, tab- or bar-separated text, its columns named as in `known`.

    The separator is the one that finds most of the known columns in the heading. Raises Unreadable for a workbook, a
    text that is none, no heading, a column that nobody knows or that comes twice, and for rows that cannot be told apart.
    """
    text = text_of(content)
    named = _NAMED_SEPARATOR.match(text)
    first = 1
    if named:
        text, first = text[named.end() :], 2
    separator = named[1] if named else _separator(text, known)
    # The stream keeps line ends as they are, so that a line break inside a quoted cell stays one.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[Line] = []
    columns: list[str] = []
    begins = first
    try:
        for cells in reader:
            number, begins = begins, reader.line_num + first
            plain = [_plain(cell) for cell in cells]
            if not any(plain):
                continue
            if columns:
                lines.append(Line(number, _named(number, columns, plain)))
            else:
                columns = _heading(plain, known)
    except csv.Error as problem:
        raise Unreadable(f"the row that begins on line {begins} cannot be read: {problem}") from problem
    if not columns:
        raise Unreadable("it is empty: its first line must name the columns")
    return Table([column for column in columns if column], lines)


def is_formula(cell: str) -> bool:
    """Tell whether a cell holds a formula or the error of one, instead of a value."""
    return cell.startswith("=") or cell.upper() in _FAULTS


def value_of(cell: str) -> str:
    """Return what a cell says, without the apostrophe that kept it from being run as a formula."""
    return _BEFORE_FORMULAS.sub("", cell, count=1) if cell.startswith("'") else cell


def text_of(content: bytes) -> str:
    """Return the text of a file, whichever of its usual encodings it is in. Raises Unreadable for what is no text."""
    for beginning, what in _WORKBOOKS.items():
        if content.startswith(beginning):
            raise Unreadable(f"it is {what}, not CSV: {_SAVE_AS}")
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(character < " " and character not in "\t\r\n\f\v" for character in text):
            break
        return text
    raise Unreadable(f"it is no text: {_SAVE_AS}")


def _separator(text: str, known: Collection[str]) -> str:
    heading = next((line for line in text.splitlines() if line.strip(_SEPARATORS + ' "')), "")

    def found(separator: str) -> int:
        cells = next(csv.reader([heading], delimiter=separator), [])
        return sum(_name(cell) in known for cell in cells)

    return max(_SEPARATORS, key=found)


def _heading(cells: Sequence[str], known: Collection[str]) -> list[str]:
    names = [_name(cell) for cell in cells]
    unknown = [cell for cell, name in zip(cells, names, strict=True) if name and name not in known]
    if unknown:
        raise Unreadable(f"nobody knows the column “{unknown[0][:60]}”: the columns are {', '.join(known)}")
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice:
        raise Unreadable(f"the column {twice} is there twice")
    return names


def _name(cell: str) -> str:
    """Return how a column is called, however its heading is written: `External ID` is external_id."""
    return re.sub(r"[\s_-]+", "_", cell.strip().lower())


def _named(number: int, columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    if any(cells[len(columns) :]) or any(cell and not name for name, cell in zip(columns, cells, strict=False)):
        raise Unreadable(
            f"line {number} has a cell under no heading: a cell that holds a separator has to stand in quotes"
        )
    return {name: cell for name, cell in zip(columns, cells, strict=False) if cell}


def _plain(cell: str) -> str:
    """Return a cell's text, without what only a spreadsheet needs."""
    text = cell.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").strip()
    as_text = _AS_TEXT.fullmatch(text)
    return as_text[1].strip() if as_text else text
