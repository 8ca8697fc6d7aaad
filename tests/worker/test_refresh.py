"""Bank holidays are written in by the worker, once, however many workers there are, and as the years go by."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

from sqlmodel import select

from service.jobs import refresh
from service.records import calendars
from service.records.database import Database
from service.records.tables import CalendarDay
from service.settings import Settings
from service.working_time import Nation

SETTINGS = Settings(secret_key="a secret for these tests only, long enough")


class At:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime) -> None:
        self.instant = now

    def now(self) -> datetime:
        return self.instant


def test_an_empty_database_learns_every_nations_days_once(database: Database) -> None:
    clock = At(datetime(2026, 11, 23, 9, tzinfo=UTC))

    assert refresh.run(database, clock, SETTINGS) > 300
    assert refresh.run(database, clock, SETTINGS) == 0

    for nation, day in ((Nation.SCOTLAND, date(2027, 1, 4)), (Nation.NORTHERN_IRELAND, date(2027, 3, 17))):
        assert database.read(lambda unit, day=day, nation=nation: calendars.standing(unit, nation, day)) is not None  # type: ignore[misc]  # mypy cannot type a default in a lambda
        assert database.read(lambda unit, day=day: calendars.standing(unit, Nation.ENGLAND_AND_WALES, day)) is None  # type: ignore[misc]  # see above


def test_the_calendar_grows_by_itself_when_a_year_has_passed(database: Database) -> None:
    refresh.run(database, At(datetime(2026, 11, 23, 9, tzinfo=UTC)), SETTINGS)
    before = database.read(lambda unit: calendars.calendar_for(unit, Nation.SCOTLAND)).known_until

    assert refresh.run(database, At(datetime(2027, 1, 4, 9, tzinfo=UTC)), SETTINGS) > 0

    after = database.read(lambda unit: calendars.calendar_for(unit, Nation.SCOTLAND)).known_until
    assert (before, after) == (date(2028, 12, 31), date(2029, 12, 31))


def test_workers_at_once_write_no_day_twice(database: Database) -> None:
    clock = At(datetime(2026, 11, 23, 9, tzinfo=UTC))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: refresh.run(database, clock, SETTINGS), range(4)))

    rows = database.read(lambda unit: [(row.nation, row.day) for row in unit.exec(select(CalendarDay))])
    assert len(rows) == len(set(rows)) > 300
