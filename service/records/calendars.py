"""Calendar days as rows: the library's bank holidays written in, days an administrator added, and days taken out.

What was counted before a change stays as it was counted: rows say since when and until when they were known.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlmodel import and_, col, func, or_, select

from service.records.database import Unit
from service.records.tables import CalendarDay
from service.working_time import Calendar, Nation, library_days, local_date

LIBRARY, ADMINISTRATOR = "library", "administrator"

_YEARS_BACK, _YEARS_AHEAD = 15, 2
_ALL_YEARS = range(2010, 2041)


def calendar_for(unit: Unit, nation: str, as_of: datetime | None = None) -> Calendar:
    """Return a nation's calendar, as it was known at `as_of` where given.

    It vouches for the years whose bank holidays were written in. Where none were (a database that was never
    prepared), the library's own are used.
    """
    if as_of is not None:
        return _read(unit, Nation(nation), as_of)
    # Library days follow from how many there are; what people added or took out is told apart row by row, so that a
    # change that was rolled back is never taken for one that was committed.
    count = unit.exec(select(func.count()).where(CalendarDay.nation == nation)).one()
    changed = unit.exec(
        select(col(CalendarDay.id), col(CalendarDay.removed_at))
        .where(
            CalendarDay.nation == nation,
            or_(col(CalendarDay.source) != LIBRARY, col(CalendarDay.removed_at).is_not(None)),
        )
        .order_by(col(CalendarDay.id))
    ).all()
    version = (count, *((row_id, removed_at is None) for row_id, removed_at in changed))
    key = (str(unit.get_bind().engine.url), nation)
    known = _KNOWN.get(key)
    if known is None or known[0] != version:
        known = (version, _read(unit, Nation(nation), None))
        _KNOWN[key] = known
    return known[1]


_KNOWN: dict[tuple[str, str], tuple[tuple[object, ...], Calendar]] = {}
"""Calendars as last read in this process, by database and nation, with the rows they were read from."""


def _read(unit: Unit, nation: Nation, as_of: datetime | None) -> Calendar:
    rows = unit.exec(
        select(CalendarDay)
        .where(CalendarDay.nation == str(nation))
        .order_by(col(CalendarDay.day), col(CalendarDay.recorded_at))
    ).all()
    written = [row for row in rows if row.source == LIBRARY]
    if as_of is not None and written:
        # Bank holidays of the first writing were public knowledge long before somebody installed this.
        as_of = max(as_of, min(row.recorded_at for row in written))
    days_off = {row.day: row.name for row in rows if _was_known(row, as_of)}
    if not written:
        return _library_calendar(nation, days_off)
    years = [row.day.year for row in written]
    return Calendar(nation, days_off, known_until=date(max(years), 12, 31), known_from=date(min(years), 1, 1))


def calendars(unit: Unit, nations: Iterable[str] = tuple(Nation)) -> dict[str, Calendar]:
    """Return calendars by nation."""
    return {str(nation): calendar_for(unit, nation) for nation in sorted(set(nations))}


def write_library(unit: Unit, now: datetime) -> set[str]:
    """Write in the library's bank holidays as far as two years ahead; return the nations that gained days.

    A day that is known already, or was and has been taken out by somebody, is left as it is.
    """
    gained: set[str] = set()
    today = local_date(now)
    for nation in Nation:
        rows = unit.exec(select(CalendarDay).where(CalendarDay.nation == nation)).all()
        known = {row.day for row in rows}
        written = {row.day.year for row in rows if row.source == LIBRARY}
        first = min(today.year, max(written) + 1) if written else today.year - _YEARS_BACK
        for day, name in library_days(nation, range(first, today.year + _YEARS_AHEAD + 1)).items():
            if day not in known and (day.year not in written or day > today):
                # An id of its own for each library day: of two writers at once one is run again, and finds them known.
                day_id = uuid5(NAMESPACE_URL, f"bank-holiday:{nation}:{day.isoformat()}")
                unit.add(CalendarDay(id=day_id, nation=nation, day=day, name=name, source=LIBRARY, recorded_at=now))
                gained.add(str(nation))
    unit.flush()
    return gained


def write_library_back(unit: Unit, year: int) -> None:
    """Write in the library's bank holidays back to `year`, known as long as those written first.

    Nothing was counted in those years before: what came in from an earlier service is the first that lies there.
    """
    for nation in Nation:
        rows = unit.exec(select(CalendarDay).where(CalendarDay.nation == nation)).all()
        written = [row for row in rows if row.source == LIBRARY]
        if not written:
            continue
        known, first = {row.day for row in rows}, min(row.day.year for row in written)
        since = min(row.recorded_at for row in written)
        for day, name in library_days(nation, range(year, first)).items():
            if day not in known:
                day_id = uuid5(NAMESPACE_URL, f"bank-holiday:{nation}:{day.isoformat()}")
                unit.add(CalendarDay(id=day_id, nation=nation, day=day, name=name, source=LIBRARY, recorded_at=since))
    unit.flush()


def days(unit: Unit, nation: str | None = None, since: date | None = None) -> list[CalendarDay]:
    """Return the days off that stand, by date and nation; only one nation's, and from a day on, where given."""
    query = select(CalendarDay).where(col(CalendarDay.removed_at).is_(None))
    if nation is not None:
        query = query.where(CalendarDay.nation == nation)
    if since is not None:
        query = query.where(CalendarDay.day >= since)
    return list(unit.exec(query.order_by(col(CalendarDay.day), col(CalendarDay.nation))))


def page(
    unit: Unit,
    *,
    nation: str | None = None,
    since: date | None = None,
    until: date | None = None,
    after: tuple[date, UUID] | None = None,
    limit: int,
) -> list[CalendarDay]:
    """Return the days off that stand, by date, at most `limit`: those that come after the day and row `after`."""
    query = select(CalendarDay).where(col(CalendarDay.removed_at).is_(None))
    if nation is not None:
        query = query.where(CalendarDay.nation == nation)
    if since is not None:
        query = query.where(CalendarDay.day >= since)
    if until is not None:
        query = query.where(CalendarDay.day < until)
    if after is not None:
        day, row_id = after
        query = query.where(
            or_(col(CalendarDay.day) > day, and_(col(CalendarDay.day) == day, col(CalendarDay.id) > row_id))
        )
    return list(unit.exec(query.order_by(col(CalendarDay.day), col(CalendarDay.id)).limit(limit)))


def standing(unit: Unit, nation: str, day: date) -> CalendarDay | None:
    """Return the row that makes `day` a day off in a nation, or None when it makes none."""
    return unit.exec(
        select(CalendarDay).where(
            CalendarDay.nation == nation, CalendarDay.day == day, col(CalendarDay.removed_at).is_(None)
        )
    ).first()


def by_id(unit: Unit, day_id: UUID) -> CalendarDay | None:
    """Return one row, or None."""
    return unit.get(CalendarDay, day_id)


def known_until(unit: Unit) -> dict[Nation, date]:
    """Return until when each nation's bank holidays are written in; nations without any are left out."""
    last = unit.exec(
        select(CalendarDay.nation, func.max(CalendarDay.day))
        .where(CalendarDay.source == LIBRARY)
        .group_by(col(CalendarDay.nation))
    ).all()
    return {Nation(nation): date(day.year, 12, 31) for nation, day in last}


def _was_known(row: CalendarDay, as_of: datetime | None) -> bool:
    if as_of is None:
        return row.removed_at is None
    return row.recorded_at <= as_of and (row.removed_at is None or row.removed_at > as_of)


def _library_calendar(nation: Nation, added: dict[date, str]) -> Calendar:
    return Calendar(nation, {**_library(nation), **added}, date(_ALL_YEARS[-1], 12, 31), date(_ALL_YEARS[0], 1, 1))


@cache
def _library(nation: Nation) -> dict[date, str]:
    return library_days(nation, _ALL_YEARS)
