"""History that came in from an earlier service: the rows that stand, and which of them a figure counts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, insert, literal, null, or_, select, true, update
from sqlmodel import col, func

from service.records.database import Unit
from service.records.tables import Enquiry, PastEvent
from service.throughput.log import LoggedEvent
from service.throughput.periods import month_counted_from
from service.throughput.versions import Dated

_AT_ONCE = 500
_ROWS_AT_ONCE = 5_000
_AS_LOGGED: Mapping[str, Any] = {
    "seq": col(PastEvent.step),
    "recorded_at": col(PastEvent.occurred_at),
    "enquiry_id": col(PastEvent.case_id),
    "machine": literal("enquiry"),
    "on_hold": literal(value=False),
}
"""What the figures read of a row where a column has another name, or none: the rest is named as in the event log."""
_NO_DATA: Mapping[str, object] = {}


def standing(unit: Unit, references: Sequence[str]) -> dict[str, list[PastEvent]]:
    """Return the rows that stand of the cases so called, each case's in order; what never came in is left out."""
    found: dict[str, list[PastEvent]] = {}
    for some in _parts(references):
        rows = unit.exec(
            select(PastEvent)  # type: ignore[call-overload]
            .where(col(PastEvent.reference).in_(some), col(PastEvent.replaced_at).is_(None))
            .order_by(col(PastEvent.reference), col(PastEvent.step))
        ).scalars()
        for row in rows:
            found.setdefault(row.reference, []).append(row)
    return found


def taken_by_enquiries(unit: Unit, references: Sequence[str]) -> set[str]:
    """Return those references that enquiries of this service have."""
    found: set[str] = set()
    for some in _parts(references):
        found.update(unit.connection().scalars(select(col(Enquiry.reference)).where(col(Enquiry.reference).in_(some))))
    return found


def replace(unit: Unit, references: Sequence[str], until: datetime | None) -> None:
    """Let the rows that stand of these cases count only in figures told up to `until`; in none, when none were told."""
    for some in _parts(references):
        unit.connection().execute(
            update(PastEvent)
            .where(col(PastEvent.reference).in_(some), col(PastEvent.replaced_at).is_(None))
            .values(replaced_at=col(PastEvent.counts_from) if until is None else until)
            .execution_options(synchronize_session=False)
        )


def add(unit: Unit, rows: Iterable[PastEvent]) -> None:
    """Add rows to those that stand. No more than a few of them are held at a time."""
    left = iter(rows)
    while written := [row.model_dump() for row in islice(left, _ROWS_AT_ONCE)]:
        unit.connection().execute(insert(PastEvent), written)


def cases(unit: Unit) -> int:
    """Return how many cases stand."""
    return unit.connection().scalar(
        select(func.count()).select_from(PastEvent).where(col(PastEvent.step) == 1, col(PastEvent.replaced_at).is_(None))
    ) or 0  # fmt: skip


def first_submission(unit: Unit, closes: datetime) -> datetime | None:
    """Return when the first case began that counts in figures up to `closes`, or None."""
    found: datetime | None = unit.connection().scalar(
        select(col(PastEvent.occurred_at))
        .where(col(PastEvent.step) == 1, *_counted(closes))
        .order_by(col(PastEvent.occurred_at))
        .limit(1)
    )
    return found


def changed_cases(unit: Unit, since: datetime | None, until: datetime, after: UUID | None, limit: int) -> list[UUID]:
    """Return the next cases of which figures from `since` up to `until` count something new, or something no more."""
    changes = (col(PastEvent.counts_from), col(PastEvent.replaced_at))
    here = or_(*(and_(change < until, change >= since if since else true()) for change in changes))
    query = select(col(PastEvent.case_id)).where(here, col(PastEvent.case_id) > after if after else true())
    return list(unit.connection().scalars(query.distinct().order_by(col(PastEvent.case_id)).limit(limit)))


def dated_rows(unit: Unit, cases: Sequence[UUID], until: datetime) -> Iterator[Dated]:
    """Yield what counts in figures up to `until` as the log's rows, each case's together."""
    names = [name for name in LoggedEvent._fields if name != "data"]
    columns = [_AS_LOGGED.get(name, getattr(PastEvent, name, null())) for name in names]
    rows = unit.connection().execute(
        select(col(PastEvent.counts_from), col(PastEvent.replaced_at), *columns)
        .where(col(PastEvent.case_id).in_(cases), col(PastEvent.counts_from) < until)
        .order_by(col(PastEvent.case_id), col(PastEvent.step))
    )
    for since, gone, *row in rows:
        logged = LoggedEvent(**dict(zip(names, row, strict=True)), data=_NO_DATA)
        yield Dated(logged, month_counted_from(since), None if gone is None else month_counted_from(gone))


def _counted(closes: datetime) -> tuple[ColumnElement[bool], ...]:
    gone = col(PastEvent.replaced_at)
    return (col(PastEvent.counts_from) < closes, or_(gone.is_(None), gone >= closes))


def _parts(references: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(references), _AT_ONCE):
        yield references[first : first + _AT_ONCE]
