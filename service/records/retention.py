"""Which enquiries have had their time, which soon will, and what keeps one longer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select

from service.records.database import Unit
from service.records.tables import Enquiry, Project, Signature
from service.states import EnquiryState, Outcome
from service.workflows.retention import Category, Periods, Standing, category, is_due, kept_until

_AT_ONCE = 100
"""Rows fetched at a time, so that a small batch does not read all that waits."""
_A_YEAR = timedelta(days=365)
"""No year is shorter, so that none is overlooked; the rule itself counts by the calendar."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A closed enquiry, until when it is kept, and what keeps it longer."""

    id: UUID
    reference: str
    category: Category
    closed_at: datetime
    until: datetime
    is_due: bool
    held_because: str | None
    """The reason of its legal hold, where it is under one."""
    waits_for_target: bool

    @property
    def is_kept_longer(self) -> bool:
        return self.held_because is not None or self.waits_for_target


def standing(unit: Unit, enquiry: Enquiry) -> Standing:
    """Return what the schedule looks at in one enquiry."""
    has_record = unit.exec(select(Enquiry.id).where(Enquiry.id == enquiry.id, _has_project_record())).first()
    target = unit.get(Enquiry, enquiry.duplicate_of_id) if enquiry.duplicate_of_id else None
    return _standing(
        enquiry,
        has_project_record=has_record is not None,
        target_kept=target is not None and target.forgotten_at is None,
    )


def due(unit: Unit, now: datetime, periods: Periods, limit: int) -> list[UUID]:
    """Return enquiries whose content goes now, the longest closed first, at most `limit`."""
    free = (col(Enquiry.legal_hold_at).is_(None), col(Enquiry.reopen_requested_at).is_(None))
    return [each.id for each in islice((one for one in _listed(unit, now, now, periods, free) if one.is_due), limit)]


def until(unit: Unit, now: datetime, horizon: datetime, periods: Periods) -> list[Kept]:
    """Return what will have had its time by `horizon`, the longest closed first, also what a hold keeps beyond it."""
    return list(_listed(unit, now, horizon, periods, ()))


def _listed(
    unit: Unit, now: datetime, horizon: datetime, periods: Periods, conditions: Iterable[ColumnElement[bool]]
) -> Iterator[Kept]:
    target = aliased(Enquiry)
    record = _has_project_record()
    rows = unit.exec(
        select(Enquiry, record, target.forgotten_at)
        .join(target, col(target.id) == col(Enquiry.duplicate_of_id), isouter=True)
        .where(
            col(Enquiry.forgotten_at).is_(None),
            col(Enquiry.state) == EnquiryState.CLOSED,
            _old_enough(horizon, periods, record),
            *conditions,
        )
        .order_by(col(Enquiry.closed_at), col(Enquiry.id))
        .execution_options(yield_per=_AT_ONCE)
    )
    for enquiry, has_record, target_forgotten_at in rows:
        waits = enquiry.duplicate_of_id is not None and target_forgotten_at is None
        case = _standing(enquiry, has_project_record=bool(has_record), target_kept=waits)
        ends = kept_until(case, periods)
        if ends is not None and enquiry.closed_at is not None and ends <= horizon:
            held = enquiry.legal_hold_reason or "" if enquiry.legal_hold_at else None
            yield Kept(
                enquiry.id, enquiry.reference or "", category(case), enquiry.closed_at, ends,
                is_due(case, periods, now), held, waits,
            )  # fmt: skip


def _old_enough(horizon: datetime, periods: Periods, record: ColumnElement[bool]) -> ColumnElement[bool]:
    closed = col(Enquiry.closed_at)
    return or_(
        and_(col(Enquiry.outcome) == Outcome.SPAM, closed <= horizon - timedelta(days=periods.spam_days)),
        and_(closed <= horizon - periods.unfunded_years * _A_YEAR, ~record),
        closed <= horizon - periods.project_years * _A_YEAR,
    )


def _has_project_record() -> ColumnElement[bool]:
    """A project that was begun, or an agreement that somebody signed."""
    begun = exists().where(col(Project.enquiry_id) == col(Enquiry.id), col(Project.started_at).is_not(None))
    signed = exists().where(col(Project.enquiry_id) == col(Enquiry.id), col(Signature.project_id) == col(Project.id))
    return or_(begun, signed)


def _standing(enquiry: Enquiry, *, has_project_record: bool, target_kept: bool) -> Standing:
    return Standing(
        state=EnquiryState(enquiry.state),
        outcome=Outcome(enquiry.outcome) if enquiry.outcome else None,
        closed_at=enquiry.closed_at,
        has_project_record=has_project_record,
        is_held=enquiry.legal_hold_at is not None,
        reopening_asked=enquiry.reopen_requested_at is not None,
        target_kept=target_kept,
        is_forgotten=enquiry.forgotten_at is not None,
    )
