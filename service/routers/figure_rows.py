"""Figures laid out for spreadsheets: one number a row, with what it is, its unit and its definition beside it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from service.routers.csv_answers import Cell
from service.throughput.definitions import DEFINITION_IDS

FIGURE_COLUMNS = (
    "as_of", "from", "to", "group_by", "group", "figure", "of", "by", "statistic", "value", "unit", "definition", "suppressed", "invented",
)  # fmt: skip

_NO_NUMBERS = frozenset({"suppressed", "not_reached", "key", "currency"})
_WITHIN = {"reasons": "demand", "declines": "universities"}
"""The figure that a breakdown belongs to."""
_ALONE = {
    "unmet": "demand", "reasons": "demand",
    **dict.fromkeys(
        ("called", "with_interest", "without_interest", "interests", "late_interests", "declines", "offers",
         "offers_accepted", "offers_declined"),
        "universities",
    ),
}  # fmt: skip
"""Single numbers, and the figure they belong to."""
_UNITS = {
    "interests": "interests", "late_interests": "interests", "offers": "offers", "offers_accepted": "offers",
    "offers_declined": "offers",
}  # fmt: skip
_DURATIONS = frozenset({"median", "p75", "p90", "working_days"})


class Table(NamedTuple):
    """How an answer is laid out: its columns, its rows, which are made from the JSON, and what stands on each."""

    columns: Sequence[str]
    rows: Callable[[Mapping[str, Any]], Iterator[Sequence[Cell]]]
    row: str = "number"


class Place(NamedTuple):
    """Which number: of an outcome, milestone or state; by a holder of the ball, `elapsed` or `held`; which statistic."""

    figure: str
    of: str
    by: str
    statistic: str

    @property
    def unit(self) -> str:
        if self.statistic in _DURATIONS:
            return "days" if self.by == "elapsed" else "working days"
        if self.statistic == "value":
            return "share"
        if self.figure == "universities" and (self.of or self.statistic in _UNITS):
            return _UNITS.get(self.statistic, "declines")
        if self.figure == "transitions":
            return "events"
        if self.figure == "money":
            return "GBP"
        if self.figure == "time_in_state":
            return "turns" if self.by not in {"", "held"} else "stays"
        return "enquiries"

    @property
    def definition(self) -> str:
        names = (f"{self.figure}.{self.of}", self.figure, "throughput")
        return next(DEFINITION_IDS[name] for name in names if name in DEFINITION_IDS)


def figure_rows(answer: Mapping[str, Any]) -> Iterator[Sequence[Cell]]:
    """Yield the rows of an answer, which is the JSON one."""
    period = answer["period"]
    for group, cell in [(None, answer["total"]), *((each["key"], each) for each in answer.get("groups", ()))]:
        for place, value in _numbers(cell):
            yield (
                answer["as_of"], period["from"], period["to"], group and answer["group_by"], group, *place, value,
                place.unit, place.definition, value is None and cell["suppressed"], answer["invented"],
            )  # fmt: skip


COHORT = Table(FIGURE_COLUMNS, figure_rows)


def _numbers(total: Mapping[str, Any]) -> Iterator[tuple[Place, Cell]]:
    for name, told in total.items():
        if name == "stages":
            for stage in told or ():
                yield from (
                    (Place("funnel", stage["state"], "", fate), stage[fate]) for fate in stage if fate != "state"
                )
        elif name == "states":
            for waiting in told or ():
                counts = {"open": waiting["open"], "on_hold": waiting["on_hold"], **waiting["ages"]}
                yield from ((Place("ageing", waiting["state"], "", count), counts[count]) for count in counts)
        elif name == "transitions":
            for move in told or ():
                yield Place(name, f"{move['from']}>{move['to']}", move["event"], "count"), move["count"]
        elif name in {"reasons", "declines"} and told is not None:
            yield from ((Place(_WITHIN[name], reason, "", "count"), count) for reason, count in told.items())
        elif name in _ALONE or (name == "open" and "states" in total):
            yield Place(_ALONE.get(name, "ageing"), "", "", name), told
        elif name == "exits" and told is not None:
            yield from ((Place(name, outcome, "", "count"), count) for outcome, count in told.items())
        elif name not in _NO_NUMBERS:
            yield from _within(name, told, ())


def _within(figure: str, told: Any, path: tuple[str, ...]) -> Iterator[tuple[Place, Cell]]:
    if isinstance(told, Mapping):
        for key, inner in told.items():
            if key not in _NO_NUMBERS:
                yield from _within(figure, inner, path if key == "waiting_on" else (*path, key))
        return
    *where, statistic = path or ("count",)
    of, by = [*where, "", ""][:2]
    yield Place(figure, of, by, statistic), told
