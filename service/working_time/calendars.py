"""Which days nobody works, nation by nation."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

import holidays

from service.working_time.wording import full_date

SATURDAY = 5
ONE_DAY = timedelta(days=1)


class Nation(StrEnum):
    """A part of the United Kingdom with bank holidays of its own."""

    ENGLAND_AND_WALES = "england_and_wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern_ireland"

    @property
    def label(self) -> str:
        """The plain name, for sentences."""
        return self.value.replace("_", " ").title().replace(" And ", " and ")


# England and Wales share one list by law; the library keeps two that agree (a test checks).
LIBRARY_SUBDIVISIONS = {Nation.ENGLAND_AND_WALES: "ENG", Nation.SCOTLAND: "SCT", Nation.NORTHERN_IRELAND: "NIR"}


class CalendarRanOut(LookupError):
    """A date was wanted beyond the days the calendar knows; an administrator must load more."""


def library_days(nation: Nation, years: Iterable[int]) -> dict[date, str]:
    """Bank holidays that fall on a weekday in `years`, with their names, in date order, from the `holidays` library.

    Weekend days are left out, as GOV.UK leaves them out: nobody works on them anyway, and the substitute day is listed.
    The list is the national one. Scotland's local holidays, and Easter Monday there, are each council's own and are
    added by an administrator, like any day proclaimed after the library's release.
    """
    found = holidays.country_holidays(
        "GB", subdiv=LIBRARY_SUBDIVISIONS[nation], years=sorted(years), expand=False, language="en_GB"
    )
    return {
        day: name.replace(" (observed)", ", substitute day")
        for day, name in sorted(found.items())
        if day.weekday() < SATURDAY
    }


@dataclass(frozen=True)
class Calendar:
    """One nation's working days: Monday to Friday, less `days_off` (day → why), between two dates it vouches for.

    Beyond `known_until`, or before `known_from`, every question raises CalendarRanOut: a guess there would be a
    wrong date that looks like a right one.
    """

    nation: Nation
    days_off: Mapping[date, str] = field(hash=False)
    known_until: date
    known_from: date = date.min

    def __post_init__(self) -> None:
        """Keep a copy, so that the caller's mapping cannot move a date afterwards."""
        object.__setattr__(self, "days_off", MappingProxyType(dict(self.days_off)))

    @classmethod
    def of(cls, nation: Nation, days: Mapping[date, str], known_until: date | None = None) -> "Calendar":
        """The calendar whose days off are `days`, known until the end of the last year among them unless told."""
        if known_until is None:
            if not days:
                raise ValueError("a calendar without days off must be told until when it is known")
            known_until = date(max(days).year, 12, 31)
        return cls(nation, days, known_until)

    @classmethod
    def from_library(cls, nation: Nation, years: Iterable[int]) -> "Calendar":
        """The library's calendar, vouching for exactly the span of `years`."""
        wanted = sorted(years)
        return cls(nation, library_days(nation, wanted), date(wanted[-1], 12, 31), date(wanted[0], 1, 1))

    def require(self, day: date) -> None:
        """Raise CalendarRanOut unless this calendar vouches for `day`."""
        if not self.known_from <= day <= self.known_until:
            raise self._ran_out()

    def reason_off(self, day: date) -> str | None:
        """Why nobody works on `day`: "Saturday", "Sunday" or the day's own reason; None on a working day."""
        self.require(day)
        return f"{day:%A}" if day.weekday() >= SATURDAY else self.days_off.get(day)

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is worked."""
        return self.reason_off(day) is None

    def next_working_day(self, day: date) -> date:
        """`day` itself when it is worked, else the first worked day after it."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def last_working_day(self, day: date) -> date:
        """`day` itself when it is worked, else the last worked day before it."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def working_days_before(self, day: date) -> int:
        """How many working days lie before `day`, counted from the calendar's beginning of time.

        Only differences mean anything. Its cost does not grow with the span, so figures over years of cases stay cheap.
        """
        self.require(day)
        return self._count_before(day)

    def working_day(self, number: int) -> date:
        """The working day that has exactly `number` working days before it: the inverse of `working_days_before`."""
        last = self._count_before(self.known_until) - (0 if self.is_working_day(self.known_until) else 1)
        if not self._count_before(self.known_from) <= number <= last:
            raise self._ran_out()
        weeks, rest = divmod(number, SATURDAY)
        day = date.fromordinal(weeks * 7 + rest + 1)  # exact but for the days off, so never too late
        while (missing := number - self._count_before(day)) > 0:
            day += timedelta(days=missing)
        return self.next_working_day(max(day, self.known_from))

    def _count_before(self, day: date) -> int:
        weeks, rest = divmod(day.toordinal() - 1, 7)  # ordinal 1, 1 January of the year 1, is a Monday
        return weeks * SATURDAY + min(rest, SATURDAY) - bisect_left(self.weekdays_off, day)

    def _ran_out(self) -> CalendarRanOut:
        since = "" if self.known_from == date.min else f"from {full_date(self.known_from)} "
        return CalendarRanOut(
            f"The {self.nation.label} calendar is known {since}until {full_date(self.known_until)}, and this count "
            "leaves it. Load the missing days first."
        )

    @cached_property
    def weekdays_off(self) -> tuple[date, ...]:
        """The days off that are no weekend, in order."""
        return tuple(sorted(day for day in self.days_off if day.weekday() < SATURDAY))


def calendar_runs_out(calendar: Calendar, today: date) -> int:
    """Days left, from `today`, that the calendar still knows; negative once it has run out."""
    return (calendar.known_until - today).days
