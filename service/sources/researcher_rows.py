"""Researchers as a spreadsheet lists them: one row for each, and one more for each further publication.

The columns are a promise (docs/universities.md): names are added, none is renamed or taken away.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from service import vocabulary
from service.sources.files import Unreadable
from service.sources.spreadsheets import Line, is_formula, read_table, value_of

PUBLICATION = {
    "publication_title": "title",
    "publication_year": "year",
    "publication_doi": "doi",
    "publication_abstract": "abstract",
    "publication_organisations": "organisations",
}
COLUMNS = (
    "organisation", "external_id", "name", "email", "orcid", "statement", "keywords", "methods", "topics", "conflicts", "employers",
    "capacity_days", "available_from", "career_stage", "hidden", *PUBLICATION,
)  # fmt: skip
"""Every column a file may have. `organisation` is for managers: a university's file holds its own researchers."""
_LISTS: Mapping[str, Mapping[str, str]] = {
    "keywords": {},
    "methods": vocabulary.METHODS,
    "topics": vocabulary.TOPICS,
    "conflicts": {},
    "employers": {},
}
"""Columns whose cells hold several, separated by semicolons; and the vocabulary whose labels stand for its codes."""
_YES_NO = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
_WHOLE = re.compile(r"(\d+)(?:[.,]0+)?")
_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


@dataclass(slots=True)
class Origin:
    """Where a researcher stands in a file, and what is wrong there before anybody looks at what it means."""

    line: int
    publications: list[int] = field(default_factory=list)
    """The line of each publication."""
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, column and sentence."""

    def place(self, named: str) -> tuple[int, str]:
        """Return the line and the column of a field, named as it is in JSON: `publications.0.doi`."""
        parts = named.split(".")
        if parts[0] != "publications" or len(parts) < 2 or not parts[1].isdigit():
            return self.line, parts[0]
        column = f"publication_{parts[2]}" if len(parts) > 2 else "publication_title"
        return self.publications[int(parts[1])], column


def read_researchers(content: bytes) -> tuple[list[dict[str, object]], list[Origin]]:
    """Return what a CSV file says of each researcher, as JSON would, and where it says so.

    A row whose address (without one: whose external id) stood in an earlier row adds its publication there; what else
    it says has to be the same. Raises Unreadable for a file that is no such table.
    """
    table = read_table(content, COLUMNS)
    missing = [column for column in ("name", "email", "capacity_days") if column not in table.columns]
    if missing:
        raise Unreadable(f"it has no column {missing[0]}: every file needs name, email and capacity_days")
    people: list[_Person] = []
    known: dict[tuple[str, ...], _Person] = {}
    for line in table.lines:
        keys = _keys(line)
        person = known.get(keys[0]) if keys else None
        if person is None:
            person = _Person(line.number)
            people.append(person)
        for key in keys:
            known.setdefault(key, person)
        person.add(line)
    return [person.row() for person in people], [person.origin for person in people]


class _Person:
    """The rows of a file that are about one researcher."""

    def __init__(self, line: int) -> None:
        self.origin = Origin(line)
        self._said: dict[str, str] = {}
        self._publications: list[dict[str, object]] = []

    def add(self, line: Line) -> None:
        """Take in what one more row says."""
        for column, cell in line.cells.items():
            if is_formula(cell):
                self._fault(line, column, "The cell holds a formula or its error: put its value there.")
            elif column not in PUBLICATION and not self._says(column, value_of(cell)):
                told = f"Line {self.origin.line} is about the same person and says something else here."
                self._fault(line, column, told)
        written = {name: value_of(line.cells[column]) for column, name in PUBLICATION.items() if column in line.cells}
        if written:
            publication = {name: _of_publication(name, cell) for name, cell in written.items()}
            if publication not in self._publications:
                self._publications.append(publication)
                self.origin.publications.append(line.number)

    def _says(self, column: str, value: str) -> bool:
        """Tell whether this is what is said of them already, noting what is said for the first time."""
        said = self._said.setdefault(column, value)
        return said.lower() == value.lower() if column == "email" else said == value

    def row(self) -> dict[str, object]:
        """Return all of it as one row of JSON. What cannot be told apart stays as it is written, to be refused by name."""
        row: dict[str, object] = {column: _value(column, cell) for column, cell in self._said.items()}
        return row | ({"publications": self._publications} if self._publications else {})

    def _fault(self, line: Line, column: str, sentence: str) -> None:
        self.origin.faults.append((line.number, column, sentence))


def _keys(line: Line) -> list[tuple[str, ...]]:
    """Return what tells whom a row is about, the surest first."""
    at = line.cells.get("organisation", "").lower()
    named = {name: line.cells.get(name, "").lower() for name in ("email", "external_id")}
    return [(at, name, value) for name, value in named.items() if value]


def _value(column: str, cell: str) -> object:
    if column in _LISTS:
        return _several(cell, _LISTS[column])
    if column == "capacity_days":
        return _whole(cell)
    if column == "available_from":
        return _day(cell)
    if column == "career_stage":
        return _code(cell, vocabulary.CAREER_STAGES)
    if column == "hidden":
        return _YES_NO.get(cell.lower(), cell)
    return cell


def _of_publication(name: str, cell: str) -> object:
    if name == "organisations":
        return _several(cell, {})
    return _whole(cell) if name == "year" else cell


def _several(cell: str, codes: Mapping[str, str]) -> Sequence[str]:
    parts = (" ".join(part.split()) for part in re.split(r"[;\n]", cell))
    return list(dict.fromkeys(_code(part, codes) for part in parts if part))


def _code(text: str, codes: Mapping[str, str]) -> str:
    """Return the code that a text is, or the one whose label it is; else the text."""
    said = text.lower()
    return next((code for code, label in codes.items() if said in {code, label.lower()}), text)


def _whole(cell: str) -> object:
    match = _WHOLE.fullmatch(cell)
    return int(match[1]) if match and len(match[1]) < 10 else cell


def _day(cell: str) -> str:
    """Return a day as 2027-01-11, also where it is written as people in Britain do: 11/01/2027."""
    match = _DAY.fullmatch(cell)
    if match is None:
        return cell.removesuffix(" 00:00:00").removesuffix("T00:00:00")
    try:
        return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
    except ValueError:
        return cell
