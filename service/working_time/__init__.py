"""Working days and hours, London time, and the arithmetic behind every computed date (DESIGN.md section 6).

Pure: no clock, no database. A `Calendar` says which days nobody works; everything else is counted over one.
"""

from service.working_time.calendars import Calendar, CalendarRanOut, Nation, calendar_runs_out, library_days
from service.working_time.hours import (
    WORKING_DAY,
    Pause,
    closing,
    elapsed_days,
    opening,
    pause_shift,
    working_days_between,
    working_time_between,
)
from service.working_time.instants import LONDON, local_date, london_midnight, month_end, month_start
from service.working_time.many import TICK, Clocks, Ticks, ticks_of, worked_until
from service.working_time.reckoning import Reckoning, add_working_days, granted_again, whole_working_days_between

__all__ = [
    "LONDON",
    "TICK",
    "WORKING_DAY",
    "Calendar",
    "CalendarRanOut",
    "Clocks",
    "Nation",
    "Pause",
    "Reckoning",
    "Ticks",
    "add_working_days",
    "calendar_runs_out",
    "closing",
    "elapsed_days",
    "granted_again",
    "library_days",
    "local_date",
    "london_midnight",
    "month_end",
    "month_start",
    "opening",
    "pause_shift",
    "ticks_of",
    "whole_working_days_between",
    "worked_until",
    "working_days_between",
    "working_time_between",
]
