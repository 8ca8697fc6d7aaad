"""Closing months: what every case counted as at each month's end, kept as rows that a figure reads (decision 79).

Cases are seen to in the order of their ids, some at a time. How far that is stands in one row for each source of history;
whoever made something of the next cases keeps it only if that row still says what it said when they began. So it may be
done by several at once, broken off anywhere and begun again: a month is closed by the write that says so, the last.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from numpy.typing import NDArray
from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select, type_coerce, update
from sqlalchemy.types import NullType
from sqlmodel import col

from service.records import events, past
from service.records.database import Unit
from service.records.tables import Closing, CountedCase, Enquiry, Event
from service.records.tables.counted_case import STILL
from service.throughput.log import LoggedEvent
from service.throughput.packing import RULES, Beside, Counted, Packed, read_calls
from service.throughput.periods import month_counted_from
from service.throughput.versions import Dated, Version, closes_of, versions_of

LOG, PAST = "log", "past"
SOURCES = (LOG, PAST)
"""The service's own log, and what came in from an earlier service."""
CASES_AT_ONCE = 1_000
_ROWS_AT_ONCE = 5_000
OTHER_RULES_KEPT = timedelta(days=7)
"""For as long a process of another version may still be asked for figures."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The next cases to see to, and how things stood when they were looked up."""

    source: str
    through: int | None
    heading_for: int
    """The month to close."""
    reached: UUID | None
    cases: Sequence[UUID]
    is_last: bool


def is_closed(unit: Unit, month: int, sources: Sequence[str] = SOURCES) -> bool:
    """Tell whether figures as of a month's end can be read that count what these sources say."""
    found = [_standing(unit, source) for source in sources]
    return all(row is not None and row.through is not None and row.through >= month for row in found)


def next_batch(unit: Unit, most: int = CASES_AT_ONCE) -> Batch | None:
    """Return the next cases to see to, at most so many, or None when everything that can be closed is."""
    for source in SOURCES:
        row = _standing(unit, source)
        through, reached = (row.through, row.reached) if row else (None, None)
        month = row.heading_for if row and row.heading_for is not None else _last_closable(unit, source)
        if month is not None and (through is None or through < month):
            cases = _changed_cases(unit, source, through, month, reached, most)
            return Batch(source, through, month, reached, cases, is_last=len(cases) < most)
    return None


def made_of(unit: Unit, batch: Batch) -> dict[UUID, list[Version]]:
    """Return what the cases of a batch count as in the months that are being closed."""
    return {
        case_id: list(versions_of(rows, batch.through, batch.heading_for))
        for case_id, rows in _histories(unit, batch.source, batch.cases, batch.heading_for)
    }


def keep(unit: Unit, batch: Batch, made: Mapping[UUID, Sequence[Version]], now: datetime) -> bool:
    """Write down what was made of a batch, unless somebody else has; tell whether it was written."""
    row = unit.exec(_of_source(batch.source).with_for_update()).scalars().first()
    if row is None:
        last = unit.connection().scalar(select(func.max(col(Closing.id)))) or 0
        row = Closing(id=last + 1, rules=RULES, source=batch.source, changed_at=now)
    if (row.through, row.reached) != (batch.through, batch.reached) or row.heading_for not in {None, batch.heading_for}:
        return False
    row.heading_for, row.reached, row.changed_at = batch.heading_for, batch.cases[-1] if batch.cases else None, now
    if batch.is_last:
        row.through, row.heading_for, row.reached = batch.heading_for, None, None
    unit.add(row)
    unit.flush()
    _write(unit, row.id, made, is_first=batch.through is None)
    return True


def counted(unit: Unit, month: int, *beside: Beside, sources: Sequence[str] = SOURCES) -> Iterator[Counted]:
    """Yield every case as counted at the end of a closed month, some at a time: heads, and what is named beside them."""
    for heads, *more in _columns(unit, month, sources, ("head", *beside)):
        yield Counted.of(heads, **dict(zip(beside, more, strict=True)))


def calls(unit: Unit, month: int) -> Iterator[NDArray[Any]]:
    """Yield every call to a university that the service's own log told of by the end of a month that is closed."""
    for [packed] in _columns(unit, month, (LOG,), ("calls",), col(CountedCase.calls) != b""):
        yield read_calls(packed)


def _columns(
    unit: Unit, month: int, sources: Sequence[str], names: Sequence[str], *which: ColumnElement[bool]
) -> Iterator[list[Sequence[bytes]]]:
    """Yield columns of the rows that count in a closed month, some rows at a time."""
    ours = select(col(Closing.id)).where(col(Closing.rules) == RULES, col(Closing.source).in_(sources))
    rows = unit.connection().execute(
        # The drivers hand over bytes as they are: nothing is made of a hundred thousand of them once more.
        select(*(type_coerce(getattr(CountedCase, name), NullType()) for name in names)).where(
            col(CountedCase.closing_id).in_(ours),
            col(CountedCase.valid_until) > month,
            col(CountedCase.valid_from) <= month,
            *which,
        ),
        execution_options={"yield_per": _ROWS_AT_ONCE},
    )
    for some in rows.partitions():
        yield list(zip(*some, strict=True))


def misread(unit: Unit) -> Iterator[str]:
    """Yield a sentence for each case whose rows are not what its history makes of them."""
    for source in SOURCES:
        row = _standing(unit, source)
        if row is None or row.through is None:
            continue
        last: UUID | None = None
        while cases := _changed_cases(unit, source, None, row.through, last):
            kept = _kept(unit, row, cases)
            for case_id, rows in _histories(unit, source, cases, row.through):
                versions = list(versions_of(rows, None, row.through))
                untils = [*(month for month, _ in versions[1:]), STILL]
                wanted = [
                    (since, until, packed) for (since, packed), until in zip(versions, untils, strict=False) if packed
                ]
                if wanted != kept.pop(case_id, []):
                    yield f"What figures count of the case {case_id} is not what its history says."
            yield from (f"Figures count a case {case_id} that has no history." for case_id in kept)
            last = cases[-1]


def forget_other_rules(unit: Unit, now: datetime) -> int:
    """Delete some of what was made by rules that nobody has used for a while, and return how much."""
    old = unit.connection().scalar(
        select(col(Closing.id)).where(col(Closing.rules) != RULES, col(Closing.changed_at) < now - OTHER_RULES_KEPT)
    )
    if old is None:
        return 0
    some = select(col(CountedCase.case_id)).where(col(CountedCase.closing_id) == old).limit(_ROWS_AT_ONCE)
    gone = unit.connection().execute(
        delete(CountedCase).where(col(CountedCase.closing_id) == old, col(CountedCase.case_id).in_(some))
    )
    if not gone.rowcount:
        unit.connection().execute(delete(Closing).where(col(Closing.id) == old))
    return gone.rowcount or 1


def _of_source(source: str) -> Any:
    return select(Closing).where(col(Closing.rules) == RULES, col(Closing.source) == source)


def _standing(unit: Unit, source: str) -> Closing | None:
    found: Closing | None = unit.exec(_of_source(source)).scalars().first()
    return found


def _last_closable(unit: Unit, source: str) -> int | None:
    """Return the last month in which nothing can come to count any more.

    The service's own events come under the counter that dates them. History from elsewhere counts in every month
    that was not told when it came in.
    """
    until = events.recorded_until(unit) if source == LOG else events.told_until(unit)
    return None if until is None else month_counted_from(until) - 1


def _changed_cases(
    unit: Unit, source: str, through: int | None, month: int, after: UUID | None, most: int = CASES_AT_ONCE
) -> list[UUID]:
    since = None if through is None else closes_of(through)
    if source == PAST:
        return past.changed_cases(unit, since, closes_of(month), after, most)
    if since is None:
        case_id, query = col(Enquiry.id), select(col(Enquiry.id))
    else:
        case_id = col(Event.enquiry_id)
        recorded = col(Event.recorded_at)
        query = select(case_id).where(recorded >= since, recorded < closes_of(month)).distinct()
    if after is not None:
        query = query.where(case_id > after)
    return list(unit.connection().scalars(query.order_by(case_id).limit(most)))


def _histories(unit: Unit, source: str, cases: Sequence[UUID], month: int) -> Iterator[tuple[UUID, list[Dated]]]:
    if source == PAST:
        rows: Iterable[Dated] = past.dated_rows(unit, cases, closes_of(month))
    else:
        columns = [getattr(Event, name) for name in LoggedEvent._fields]
        found = unit.connection().execute(
            select(*columns)
            .where(col(Event.enquiry_id).in_(cases), col(Event.recorded_at) < closes_of(month))
            .order_by(col(Event.enquiry_id), col(Event.seq))
        )
        rows = (Dated(row, month_counted_from(row.recorded_at)) for row in map(LoggedEvent._make, found))
    for case_id, some in groupby(rows, key=lambda dated: dated.row.enquiry_id):
        yield case_id, list(some)


def _write(unit: Unit, closing_id: int, made: Mapping[UUID, Sequence[Version]], *, is_first: bool) -> None:
    standing = {} if is_first else _standing_rows(unit, closing_id, list(made))
    ended, begun = [], []
    for case_id, versions in made.items():
        since, before = standing.get(case_id, (None, None))
        fresh = [version for version in versions if version is not versions[0] or version[1] != before]
        if fresh and since is not None:
            ended.append({"of_closing": closing_id, "of_case": case_id, "since": since, "until": fresh[0][0]})
        ends = [month for month, _ in fresh[1:]]
        for (month, packed), until in zip(fresh, [*ends, STILL], strict=True) if fresh else ():
            if packed is not None:
                key = {"closing_id": closing_id, "case_id": case_id, "valid_from": month, "valid_until": until}
                begun.append(key | packed._asdict())
    if ended:
        unit.connection().execute(
            update(CountedCase)
            .where(
                col(CountedCase.closing_id) == bindparam("of_closing"),
                col(CountedCase.case_id) == bindparam("of_case"),
                col(CountedCase.valid_from) == bindparam("since"),
            )
            .values(valid_until=bindparam("until")),
            ended,
        )
    if begun:
        unit.connection().execute(insert(CountedCase), begun)


def _standing_rows(unit: Unit, closing_id: int, cases: Sequence[UUID]) -> dict[UUID, tuple[int, Packed]]:
    """Return the rows of some cases that nothing has followed yet. They are looked up by case: there are few of each."""
    columns = ("case_id", "valid_until", "valid_from", *Packed._fields)
    rows = unit.connection().execute(
        select(*(getattr(CountedCase, name) for name in columns)).where(
            col(CountedCase.closing_id) == closing_id, col(CountedCase.case_id).in_(cases)
        )
    )
    return {case_id: (since, Packed(*packed)) for case_id, until, since, *packed in rows if until == STILL}


def _kept(unit: Unit, row: Closing, cases: Sequence[UUID]) -> dict[UUID, list[tuple[int, int, Packed]]]:
    """Return the rows of some cases as they counted through the closed month, in their order: from when, until when, what."""
    found: dict[UUID, list[tuple[int, int, Packed]]] = {}
    rows = unit.connection().execute(
        select(
            col(CountedCase.case_id),
            col(CountedCase.valid_from),
            col(CountedCase.valid_until),
            *(getattr(CountedCase, name) for name in Packed._fields),
        )
        .where(
            col(CountedCase.closing_id) == row.id,
            col(CountedCase.case_id).in_(cases),
            col(CountedCase.valid_from) <= row.through,
        )
        .order_by(col(CountedCase.case_id), col(CountedCase.valid_from))
    )
    for case_id, since, until, *packed in rows:
        counted_until = until if until <= (row.through or 0) else STILL
        found.setdefault(case_id, []).append((since, counted_until, Packed(*packed)))
    return found
