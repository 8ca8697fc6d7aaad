"""What further figures read: a few columns of the rows they count, and nothing recorded after a closed instant."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, type_coerce
from sqlalchemy.orm import Mapped, aliased
from sqlalchemy.types import NullType
from sqlmodel import col

from service.records.database import Unit
from service.records.tables import Entry, Event
from service.states import EnquiryState, Outcome
from service.throughput.access import Submission
from service.throughput.internal import Minutes, Published
from service.throughput.ladder import Moved
from service.throughput.periods import Period
from service.workflows.machines import ENQUIRY
from service.working_time import london_midnight

_AT_ONCE = 5_000
CLOSINGS = tuple(event for event, row in ENQUIRY.transitions.items() if row.target == EnquiryState.CLOSED)


def submissions(unit: Unit, closes: datetime) -> Iterator[Submission]:
    """Yield every enquiry submitted before `closes`, spam apart, with the facts last known before its first closing.

    Few events close an enquiry and one submits it, so only those of what is open are looked through for the last.
    """
    was_before = col(Event.recorded_at) < closes
    submitted = (
        select(col(Event.enquiry_id), func.min(col(Event.recorded_at)).label("at"))
        .where(col(Event.event) == "submit", _is_submission(), was_before)
        .group_by(col(Event.enquiry_id))
        .subquery()
    )
    closed = (
        select(col(Event.enquiry_id), func.min(col(Event.seq)).label("seq"))
        .where(
            col(Event.event).in_(CLOSINGS),
            col(Event.machine) == "enquiry",
            col(Event.to_state) == EnquiryState.CLOSED,
            was_before,
        )
        .group_by(col(Event.enquiry_id))
        .subquery()
    )
    other = aliased(Event)
    newest = (
        select(func.max(col(other.seq)))
        .where(col(other.enquiry_id) == submitted.c.enquiry_id, col(other.recorded_at) < closes)
        .scalar_subquery()
    )
    rows = unit.connection().execute(
        select(
            submitted.c.at,
            _as_kept(col(Event.enquiry_id)),
            _as_kept(col(Event.organisation_id)),
            col(Event.area),
            col(Event.sector),
        )
        .select_from(submitted)
        .join(closed, closed.c.enquiry_id == submitted.c.enquiry_id, isouter=True)
        .join(Event, col(Event.seq) == func.coalesce(closed.c.seq, newest))
        .where(or_(col(Event.outcome).is_(None), col(Event.outcome) != Outcome.SPAM)),
        execution_options={"yield_per": _AT_ONCE},
    )
    return (Submission(*row) for row in rows)


def minutes(unit: Unit, period: Period) -> Iterator[Minutes]:
    """Yield the time logged in a period, in the order it was written down."""
    start, end = _window(period)
    rows = unit.connection().execute(
        select(_as_kept(col(Entry.enquiry_id)), col(Entry.recorded_at), col(Entry.state), col(Entry.minutes))
        .where(col(Entry.minutes).is_not(None), col(Entry.recorded_at) >= start, col(Entry.recorded_at) < end)
        .order_by(col(Entry.recorded_at), col(Entry.id)),
        execution_options={"yield_per": _AT_ONCE},
    )
    return map(Minutes._make, rows)


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


def _as_kept(column: Mapped[Any]) -> ColumnElement[Any]:
    """Return an id as the engine keeps it: one that is only compared need not be made into a UUID."""
    return type_coerce(column, NullType())


def _is_submission() -> ColumnElement[bool]:
    return and_(col(Event.from_state) == EnquiryState.DRAFT, col(Event.to_state) != EnquiryState.DRAFT)


def _window(period: Period) -> tuple[datetime, datetime]:
    return london_midnight(period.start), min(london_midnight(period.end), period.closes)
