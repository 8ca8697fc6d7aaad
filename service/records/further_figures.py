"""What further figures read: a few columns of the rows they count, and nothing recorded after a closed instant."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from service.records.database import Unit
from service.records.tables import Entry, Event
from service.throughput.internal import Logged, Published
from service.throughput.ladder import Moved
from service.throughput.periods import Period, first_day, month_number, month_of
from service.working_time import local_date, london_midnight

_AT_ONCE = 5_000


def minutes(unit: Unit, period: Period) -> tuple[Logged, Mapping[str, Logged]]:
    """Return the time logged in a period, and month by month where there was any. The database adds it up."""
    start, end = _window(period)
    recorded = col(Entry.recorded_at)
    written = select(func.min(recorded), func.max(recorded)).where(*_with_time(start, end))
    first, last = cast("tuple[datetime | None, datetime | None]", unit.connection().execute(written).one())
    if first is None or last is None:
        return Logged(), {}
    months = range(month_number(local_date(first)), month_number(local_date(last)) + 1)
    bounds = {month: london_midnight(first_day(month)) for month in (*months, months.stop)}
    by_month = {month_of(month): _logged(unit, bounds[month], min(bounds[month + 1], end)) for month in months}
    return _logged(unit, start, end), by_month


def _logged(unit: Unit, start: datetime, end: datetime) -> Logged:
    written = _with_time(start, end)
    spent = func.sum(col(Entry.minutes)).label("spent")
    each = select(spent).where(*written).group_by(col(Entry.enquiry_id)).subquery()
    by_state = select(col(Entry.state), func.count(), spent).where(*written).group_by(col(Entry.state))
    enquiries = select(each.c.spent, func.count()).group_by(each.c.spent)
    return Logged(
        {state: (entries, minutes or 0) for state, entries, minutes in unit.connection().execute(by_state)},
        {spent_on_each: count for spent_on_each, count in unit.connection().execute(enquiries)},  # noqa: C416 - rows are no pairs to a type checker
    )


def _with_time(start: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    recorded = col(Entry.recorded_at)
    return col(Entry.minutes).is_not(None), recorded >= start, recorded < end


def publications(unit: Unit, period: Period) -> Iterator[Published]:
    """Yield the publications of briefs in a period."""
    start, end = _window(period)
    rows = unit.connection().execute(
        select(col(Event.recorded_at), col(Event.data))
        .where(col(Event.event) == "publish", col(Event.recorded_at) >= start, col(Event.recorded_at) < end)
        .order_by(col(Event.seq))
    )
    for recorded_at, data in rows:
        noted: Any = data.get("readiness")
        yield Published(recorded_at, tuple(noted["advised"]) if noted else None, int(noted["wording"]) if noted else 0)


def project_moves(unit: Unit, closes: datetime) -> Iterator[Moved]:
    """Yield when projects started, were delivered or stopped, in order."""
    rows = unit.connection().execute(
        select(col(Event.project_id), col(Event.recorded_at), col(Event.to_state), col(Event.area), col(Event.data))
        .where(
            col(Event.event).in_(("start", "deliver", "terminate")),
            col(Event.project_id).is_not(None),
            col(Event.machine) == "project",
            col(Event.recorded_at) < closes,
        )
        .order_by(col(Event.seq)),
        execution_options={"yield_per": _AT_ONCE},
    )
    for project_id, recorded_at, to_state, area, data in rows:
        product: Any = data.get("product")
        yield Moved(project_id, recorded_at, to_state, area, product)  # type: ignore[arg-type]  # never None, see above


def _window(period: Period) -> tuple[datetime, datetime]:
    return london_midnight(period.start), min(london_midnight(period.end), period.closes)
