"""CSV as the doors write it: RFC 4180, UTF-8, and no cell that a spreadsheet would run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from fastapi.responses import Response

from service.routers.schemas.common import shown_instant

MEDIA_TYPE = "text/csv"
_RUN_BY_SPREADSHEETS = tuple("=+-@\t\r\n\x00＝＋－＠")
"""What a cell must not begin with: formulas, also in full width, and what is skipped before one (OWASP, CSV injection)."""

Cell = str | int | float | bool | date | datetime | None


class CsvResponse(Response):
    """An answer in CSV."""

    media_type = MEDIA_TYPE


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return the rows under their header, lines ended as RFC 4180 wants."""
    return csv_lines([header, *rows])


def csv_lines(rows: Iterable[Iterable[Cell]]) -> str:
    """Return rows alone, for what is written piece by piece."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def safe_cell(cell: Cell) -> str | int | float:
    """Return a cell as it is written: a text that a spreadsheet would run gets an apostrophe before it.

    Numbers stay numbers, a minus included; nothing is an empty cell, true and false are words.
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return cell
    if isinstance(cell, datetime):
        return shown_instant(cell)
    text = str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(_RUN_BY_SPREADSHEETS) else text


def prefers_csv(accept: str | None) -> bool:
    """Tell whether an Accept header wants CSV rather than JSON; without a preference it is JSON."""
    return _quality(accept, MEDIA_TYPE) > _quality(accept, "application/json")


def _quality(accept: str | None, wanted: str) -> float:
    """Return how much a media type is wanted, 0 to 1: the most exact range that covers it decides (RFC 9110, 12.5.1)."""
    best = (-1, 0.0)
    for part in (accept or "*/*").split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        ranges = ("*/*", f"{wanted.partition('/')[0]}/*", wanted)
        if name in ranges:
            best = max(best, (ranges.index(name), _weight(parameters)))
    return best[1]


def _weight(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return min(1.0, max(0.0, float(parameter[2:])))
            except ValueError:
                return 0.0
    return 1.0
