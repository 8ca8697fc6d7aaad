"""Days off, as managers send and read them."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from service.routers.schemas.common import Day, Instant, Name, Nation, Sent, Shown


class CalendarDaySent(Sent):
    """A day on which a nation's bodies will not work: a proclaimed holiday."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"nation": "scotland", "day": "2027-06-14", "name": "Proclaimed bank holiday"}]}
    )

    nation: Nation
    day: Day
    name: Name


class CalendarDayChanged(Sent):
    """Take a day off back: it is worked after all."""

    removed: Literal[True]


class CalendarDayShown(Shown):
    """A day on which a nation's bodies do not work."""

    id: UUID
    nation: Nation
    day: date
    name: str
    source: str = Field(description="library or administrator.")
    recorded_at: Instant
    removed_at: Instant | None
