"""Whose working days a case is counted in."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.working_time import Calendar, Nation

_OWN_CALENDAR = {"scotland": Nation.SCOTLAND, "northern_ireland": Nation.NORTHERN_IRELAND}
_NOWHERE = frozenset({None, "", "elsewhere"})


@dataclass(frozen=True, slots=True)
class Calendars:
    """The three nations' calendars as known at one as_of, and whose counts where the log names no area."""

    by_nation: Mapping[Nation, Calendar]
    default: Nation

    def of_area(self, area: str | None) -> Calendar:
        """Return the calendar of the nation an area lies in: England and Wales unless it is one of the other two."""
        if area in _NOWHERE:
            return self.by_nation[self.default]
        return self.by_nation[_OWN_CALENDAR.get(area or "", Nation.ENGLAND_AND_WALES)]
