"""What every attacker on figures has: the answers of one as_of, and exact reasoning on what follows from them."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any, Generic, TypeVar

import highspy
import numpy as np

from service.throughput.periods import MONTHS, Period, month_number

THRESHOLD = 5
AS_OF = date(2027, 5, 31)
END = month_number(AS_OF) + 1

Part = tuple[int, frozenset[str]]
"""A stretch of time, and which facts hold."""
Cell = TypeVar("Cell", bound=Hashable)


def period_of(start: int, end: int) -> Period:
    """Return the months from one number up to another, as of the day that is attacked."""
    return Period(date(start // 12, start % 12 + 1, 1), date(end // 12, end % 12 + 1, 1), AS_OF)


def stretch(month: int, first: int) -> int:
    """Return which of the years that end with the as_of a month lies in; the oldest takes the rest."""
    return min((END - 1 - month) // MONTHS, max((END - first) // MONTHS, 1) - 1)


def windows(first: int) -> Iterator[tuple[int, int]]:
    """Yield every period that begins and ends with a stretch; a test shows that no other tells anything of a group."""
    years = max((END - first) // MONTHS, 1)
    return combinations([first, *(END - MONTHS * place for place in range(years - 1, -1, -1))], 2)


def is_counted(name: str, part: Part, window: tuple[int, int], first: int) -> bool:
    """Tell whether what is in a part counts in a window as "submitted", or as some fact."""
    start, end = window
    inside = {stretch(month, first) for month in range(max(start, first), end)}
    return part[0] in inside and (name == "submitted" or name in part[1])


def answers(figures: Any) -> Iterator[tuple[str, int]]:
    """Yield every number that is told of a group; nothing else may be."""
    for name in ("submitted", "decided", "open", "commissioned"):
        if (count := getattr(figures, name)) is not None:
            yield name, count
    if figures.conversion is not None:
        yield "commissioned", figures.conversion.numerator
        yield "decided", figures.conversion.denominator
    for name, count in (figures.exits or {}).items():
        if count is not None:
            yield f"exit:{name}", count
    if figures.time_to is not None:
        assert set(figures.time_to) == {"commissioned"}
        reached = figures.time_to["commissioned"]
        yield "commissioned", reached.reached
        yield "open", reached.still_open
    assert figures.time_in_state is None
    withheld = ("originating", "reopened", "spam", "in_time", "use", "money", "enquirers")
    assert {getattr(figures, name) for name in withheld} == {None}


class Worlds(Generic[Cell]):
    """Every world that gives all the same answers: how many are in each cell, as an integer programme."""

    def __init__(self, truth: Mapping[Cell, int], most: Mapping[Cell, float]) -> None:
        """Begin with whatever numbers up to `most` in its cells; the true ones are among them."""
        self._truth = truth
        self._place = {cell: place for place, cell in enumerate(most)}
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]  # the library has no types
        self._solver.setOptionValue("output_flag", False)  # noqa: FBT003 - as the library has it
        self._solver.addVars(len(most), np.zeros(len(most)), np.array([*most.values()], dtype=float))
        for place in range(len(most)):
            self._solver.changeColIntegrality(place, highspy.HighsVarType.kInteger)

    def tell(self, cells: Sequence[Cell], weights: Sequence[int] | None = None) -> int:
        """Keep the worlds in which these cells add up to what they truly do, and return that."""
        counted = weights or [1] * len(cells)
        true = sum(self._truth.get(cell, 0) * weight for cell, weight in zip(cells, counted, strict=True))
        places = np.array([self._place[cell] for cell in cells], dtype=np.int32)
        self._solver.addRow(float(true), float(true), len(places), places, np.array(counted, dtype=float))
        return true

    def is_small(self, cells: Sequence[Cell]) -> bool:
        """Tell whether these cells hold somebody, and fewer than the threshold."""
        return 1 <= self._true(cells) < THRESHOLD

    def follows(self, cells: Sequence[Cell]) -> bool:
        """Tell whether every world has the same number in these cells together."""
        costs = np.zeros(len(self._place))
        costs[[self._place[cell] for cell in cells]] = 1
        self._solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        senses = highspy.ObjSense.kMaximize, highspy.ObjSense.kMinimize
        return all(abs(self._best(sense) - self._true(cells)) < 0.5 for sense in senses)

    def _true(self, cells: Sequence[Cell]) -> int:
        return sum(self._truth.get(cell, 0) for cell in cells)

    def _best(self, sense: Any) -> float:
        self._solver.changeObjectiveSense(sense)
        self._solver.run()
        assert self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return float(self._solver.getInfo().objective_function_value)
