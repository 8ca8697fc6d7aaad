"""Whose working days a case is counted in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.working_time import Calendar, Clocks, Nation, Ticks

_OWN_CALENDAR = {"scotland": Nation.SCOTLAND, "northern_ireland": Nation.NORTHERN_IRELAND}
_NOWHERE = frozenset({None, "", "elsewhere"})


def nation_of(area: str | None) -> Nation | None:
    """Return the nation an area lies in: England and Wales unless it is one of the other two; None for nowhere."""
    return None if area in _NOWHERE else _OWN_CALENDAR.get(area or "", Nation.ENGLAND_AND_WALES)


@dataclass(frozen=True)
class Calendars:
    """The three nations' calendars as known at one as_of, and whose counts where the log names no area."""

    by_nation: Mapping[Nation, Calendar]
    default: Nation

    def of_area(self, area: str | None) -> Calendar:
        """Return the calendar by which working days in an area are counted."""
        return self.by_nation[nation_of(area) or self.default]

    def worked_until(self, instants: Ticks, nations: NDArray[Any]) -> Ticks:
        """Return working time up to each instant, by the calendar of the nation beside it: its place, or past the last."""
        return self._clocks.worked_until(instants, np.minimum(nations, len(Nation)))

    @cached_property
    def _clocks(self) -> Clocks:
        return Clocks([self.by_nation[nation] for nation in (*Nation, self.default)])
