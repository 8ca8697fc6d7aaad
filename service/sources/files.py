"""Files of rows that people hand over: JSON, or CSV as spreadsheets write it."""

import csv
from pathlib import Path

from service.sources.strict_json import SaidTwice, parse


class Unreadable(Exception):
    """The file holds no rows; the message says why."""


def read_rows(path: Path, kind: str) -> list[dict[str, object]]:
    """Return the rows of a `.json` or `.csv` file, as they are written there.

    JSON is a list of objects, or an object that holds that list under `kind`. CSV has a heading; a cell left empty says
    nothing. Raises Unreadable.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise Unreadable(f"{path} cannot be read: {problem.strerror}") from problem
    except UnicodeDecodeError as problem:
        raise Unreadable(f"{path} is not UTF-8: save it as “CSV UTF-8”.") from problem
    return _from_csv(path, text) if path.suffix.lower() == ".csv" else _from_json(path, text, kind)


def _from_json(path: Path, text: str, kind: str) -> list[dict[str, object]]:
    try:
        found = parse(text)
    except SaidTwice as problem:
        raise Unreadable(f"{path}: {problem}: say it once.") from problem
    except (ValueError, RecursionError) as problem:
        raise Unreadable(f"{path} is not JSON: {problem}") from problem
    rows = found.get(kind) if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unreadable(f"{path} holds neither a list of objects nor one under “{kind}”.")
    return rows


def _from_csv(path: Path, text: str) -> list[dict[str, object]]:
    lines = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        heading = [name.strip().lower() for name in next(lines, [])]
        if not heading or len(set(heading)) < len(heading):
            raise Unreadable(f"{path} needs a heading whose names differ.")
        return [row for cells in lines if (row := _row(path, lines.line_num, heading, cells))]
    except csv.Error as problem:
        raise Unreadable(f"{path} is not CSV: line {lines.line_num}: {problem}") from problem


def _row(path: Path, line: int, heading: list[str], cells: list[str]) -> dict[str, object]:
    if len(cells) > len(heading):
        raise Unreadable(f"{path}: line {line} has more cells than the heading.")
    return {name: cell.strip() for name, cell in zip(heading, cells, strict=False) if cell.strip()}
