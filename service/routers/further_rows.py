"""Further figures laid out for spreadsheets: one number a row, as the other figures are, each with its own unit."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from service.routers.csv_answers import Cell
from service.routers.figure_rows import FIGURE_COLUMNS, Table

_NO_NUMBERS = frozenset({"key", "label", "suppressed", "not_reached"})
_UNITS = {
    "median": "working days", "p75": "working days", "p90": "working days", "median_days_to_answer": "working days",
    "typical": "working days", "long": "working days", "met": "share",
}  # fmt: skip
Units = Mapping[str, str]


def counted_in(units: Units) -> Table:
    """Return how figures are laid out that count in `units`: of a statistic, of a part of it, or of the rest by "*"."""
    return Table(FIGURE_COLUMNS, partial(rows, units=units))


def rows(answer: Mapping[str, Any], units: Units) -> Iterator[Sequence[Cell]]:
    """Yield one number a row, laid out as the other figures are.

    `units` names the unit of a statistic, of a part of it, or of the rest by "*"; enquiries where it says nothing.
    """
    period, figure = answer["period"], answer["definition"]["id"].partition("/")[0]
    cells: list[tuple[str | None, Any]] = [(None, answer["total"])] if "total" in answer else []
    cells += [(each["key"], each) for each in (*answer.get("groups", ()), *answer.get("items", ()))]
    cells += [("others", answer["others"])] if "others" in answer else []
    for key, cell in cells:
        group_by = answer.get("group_by", "product" if "items" in answer else "") if key else None
        for (*where, statistic), value in _numbers(cell, ()):
            of, by = [*where, "", ""][:2]
            unit = (
                units.get(where[0] if where else "")
                or units.get(statistic)
                or _UNITS.get(statistic)
                or units.get("*", "enquiries")
            )
            yield (
                answer["as_of"], period["from"], period["to"], group_by, key, figure, of, by, statistic, value, unit,
                answer["definition"]["id"], value is None and cell.get("suppressed", False), answer["invented"],
            )  # fmt: skip


def _numbers(told: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Cell]]:
    for name, value in told.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, (*path, name))
        elif name not in _NO_NUMBERS:
            yield (*path, name), value
