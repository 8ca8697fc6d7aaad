"""Follow-ups: the rows of reminders and staff dates, found, added once and locked."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, func, select

from service.records.database import Unit
from service.records.tables import Enquiry, FollowUp, Organisation, OutboxMessage, Person
from service.states import OPEN_STATES, EnquiryState, WaitingOn
from service.workflows.reminders import CALENDAR_RUNS_OUT, SPENDING, STAFF_DATE

FollowUpRow = tuple[FollowUp, str | None]
"""A follow-up with the reference of the enquiry it is about."""
Status = Literal["due", "sent", "cancelled", "collapsed", "suppressed"]

PRESSED_STATES = tuple(sorted(OPEN_STATES - {EnquiryState.COMMISSIONED}))
"""The states in which a deadline presses: once the work has begun, its own dates count."""

KEY = ("rule", "subject_id", "anchor_event_id", "step", "addressee")


def add_missing(unit: Unit, rows: Sequence[FollowUp]) -> None:
    """Insert those rows whose (rule, subject, anchor, step, addressee) is not there yet, sent or not."""
    if not rows:
        return
    insert = postgresql.insert if unit.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(FollowUp).values([row.model_dump() for row in rows])
    unit.exec(statement.on_conflict_do_nothing(index_elements=list(KEY)))


def add_one(unit: Unit, row: FollowUp) -> bool:
    """Insert a row unless it is there already, and tell whether it was inserted: to one of several writers, once."""
    insert = postgresql.insert if unit.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(FollowUp).values(**row.model_dump()).on_conflict_do_nothing(index_elements=list(KEY))
    return unit.exec(statement.returning(col(FollowUp.id))).first() is not None


def is_there(unit: Unit, row: FollowUp) -> bool:
    """Tell whether the same (rule, subject, anchor, step, addressee) was recorded before."""
    same = [col(getattr(FollowUp, name)) == getattr(row, name) for name in KEY]
    return unit.exec(select(FollowUp.id).where(*same)).first() is not None


def of_enquiries(unit: Unit, enquiry_ids: Iterable[UUID]) -> list[FollowUp]:
    """Return every follow-up of these enquiries, as they are in this transaction, by day."""
    return list(
        unit.exec(
            select(FollowUp)
            .where(col(FollowUp.enquiry_id).in_(list(enquiry_ids)))
            .order_by(col(FollowUp.due_on), col(FollowUp.id))
            .execution_options(populate_existing=True)
        )
    )


def get(unit: Unit, follow_up_id: UUID) -> FollowUp | None:
    """Return one follow-up, or None."""
    return unit.get(FollowUp, follow_up_id)


def is_dated(unit: Unit, enquiry_id: UUID, person_id: UUID | None, on: date, note: str) -> bool:
    """Tell whether this person has set this date for an enquiry, with the same note, and it is still to come."""
    same = (FollowUp.rule == STAFF_DATE, FollowUp.enquiry_id == enquiry_id, FollowUp.set_by_id == person_id)
    query = select(FollowUp.id).where(*same, FollowUp.status == "due", FollowUp.due_on == on, FollowUp.note == note)
    return unit.exec(query).first() is not None


def belongs_to(unit: Unit, follow_up_id: UUID, enquiry_id: UUID) -> bool:
    """Tell whether a follow-up is about this enquiry."""
    found = unit.get(FollowUp, follow_up_id)
    return found is not None and found.enquiry_id == enquiry_id


def locked(unit: Unit, follow_up_id: UUID) -> FollowUp | None:
    """Return one follow-up as committed last, its row locked to the end of the transaction; None when there is none."""
    return unit.exec(
        select(FollowUp).where(FollowUp.id == follow_up_id).with_for_update().execution_options(populate_existing=True)
    ).first()


def due_ids(unit: Unit, now: datetime, limit: int) -> list[UUID]:
    """Return at most `limit` follow-ups that are due, the one that was due first, first."""
    return list(
        unit.exec(
            select(FollowUp.id)
            .where(FollowUp.status == "due", FollowUp.due_at <= now)
            .order_by(col(FollowUp.due_at), col(FollowUp.id))
            .limit(limit)
        )
    )


def overdue_siblings(unit: Unit, row: FollowUp, now: datetime) -> list[FollowUp]:
    """Return what is due of the same rule, about the same subject, to the same addressee: `row` itself among it."""
    return list(
        unit.exec(
            select(FollowUp)
            .where(
                FollowUp.rule == row.rule,
                FollowUp.subject_id == row.subject_id,
                FollowUp.addressee == row.addressee,
                FollowUp.status == "due",
                FollowUp.due_at <= now,
            )
            .with_for_update()
        )
    )


def page(
    unit: Unit,
    *,
    status: Status | None = None,
    rule: str | None = None,
    enquiry_id: UUID | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[FollowUpRow]:
    """Return follow-ups with their enquiries' references, by due instant, at most `limit`: those after a place.

    A place is a due instant and an id.
    """
    query = select(FollowUp, Enquiry.reference).join(Enquiry, col(Enquiry.id) == col(FollowUp.enquiry_id), isouter=True)
    if status is not None:
        query = query.where(FollowUp.status == status)
    if rule is not None:
        query = query.where(FollowUp.rule == rule)
    if enquiry_id is not None:
        query = query.where(FollowUp.enquiry_id == enquiry_id)
    if after is not None:
        query = query.where(tuple_(col(FollowUp.due_at), col(FollowUp.id)) > tuple_(*after))
    return list(unit.exec(query.order_by(col(FollowUp.due_at), col(FollowUp.id)).limit(limit)))


def upcoming(unit: Unit, enquiry_id: UUID) -> list[FollowUp]:
    """Return what is still to come for one enquiry, the next first."""
    return [row for row in of_enquiries(unit, [enquiry_id]) if row.status == "due"]


def chasers_spent(unit: Unit, enquiry: Enquiry) -> bool:
    """Tell whether the enquirer was asked and reminded to the end, without a sign of life since."""
    return unit.exec(select(Enquiry.id).where(Enquiry.id == enquiry.id, is_dormant())).first() is not None


def is_dormant() -> ColumnElement[bool]:
    """Return the condition under which an enquiry (in the query around it) counts as dormant.

    The last step of a rule that waits for the enquirer is past, the enquirer still holds the ball, and has not
    stirred since.
    """
    spent = exists().where(
        col(FollowUp.enquiry_id) == col(Enquiry.id),
        tuple_(col(FollowUp.rule), col(FollowUp.step)).in_(sorted(SPENDING)),
        col(FollowUp.status).in_(("sent", "suppressed")),
        col(FollowUp.settled_at) > func.coalesce(col(Enquiry.enquirer_active_at), col(Enquiry.created_at)),
        col(FollowUp.settled_at) >= col(Enquiry.waiting_since),
    )
    return and_(col(Enquiry.waiting_on) == WaitingOn.ENQUIRER, spent)


def in_work(unit: Unit, after: UUID | None, limit: int, nation: str | None = None) -> list[UUID]:
    """Return enquiries with a date to come, a promise to keep or a deadline, by id, at most `limit`, those after `after`.

    With `nation` only those that somebody's calendar there concerns.
    """
    waiting = exists().where(col(FollowUp.enquiry_id) == col(Enquiry.id), col(FollowUp.status) == "due")
    dated = or_(col(Enquiry.due_on).is_not(None), may_be_pressed())
    query = select(Enquiry.id).where(or_(waiting, dated))
    if nation is not None:
        there = select(Organisation.id).where(Organisation.nation == nation)
        follows = exists().where(
            col(FollowUp.enquiry_id) == col(Enquiry.id),
            col(FollowUp.status) == "due",
            col(FollowUp.organisation_id).in_(there),
        )
        query = query.where(or_(col(Enquiry.organisation_id).in_(there), follows))
    if after is not None:
        query = query.where(Enquiry.id > after)
    return list(unit.exec(query.order_by(col(Enquiry.id)).limit(limit)))


def may_be_pressed() -> ColumnElement[bool]:
    """Return the condition under which a date could press an enquiry: it is open, its work has not begun, one is named."""
    dated = or_(col(Enquiry.needed_by).is_not(None), col(Enquiry.decision_date).is_not(None))
    return and_(col(Enquiry.state).in_(PRESSED_STATES), dated)


def locked_enquiries(unit: Unit, enquiry_ids: Sequence[UUID]) -> list[Enquiry]:
    """Return enquiries with their rows locked, in id order."""
    return list(
        unit.exec(
            select(Enquiry)
            .where(col(Enquiry.id).in_(enquiry_ids))
            .order_by(col(Enquiry.id))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def enquiries_of(unit: Unit, rows: Iterable[FollowUp]) -> list[Enquiry]:
    """Return the enquiries that these follow-ups are about, unlocked, each once."""
    ids = {row.enquiry_id for row in rows if row.enquiry_id}
    return list(unit.exec(select(Enquiry).where(col(Enquiry.id).in_(ids)))) if ids else []


def rehearsed(unit: Unit, *, closed_too: bool) -> list[Enquiry]:
    """Return the enquiries of a dry run, the oldest first: those that are not closed, or every one."""
    query = select(Enquiry).order_by(col(Enquiry.id))
    not_closed = sorted(set(EnquiryState) - {EnquiryState.CLOSED})
    return list(unit.exec(query if closed_too else query.where(col(Enquiry.state).in_(not_closed))))


def locked_person(unit: Unit, person_id: UUID) -> Person | None:
    """Return a person with their row locked, so that two workers agree on when they were last reminded."""
    return unit.exec(
        select(Person).where(Person.id == person_id).with_for_update().execution_options(populate_existing=True)
    ).first()


def last_written(unit: Unit, address: str, kinds: Iterable[str]) -> datetime | None:
    """Return when one of these kinds of message was last queued for an address of nobody we know, or None."""
    return unit.exec(
        select(func.max(OutboxMessage.queued_at)).where(
            OutboxMessage.to_address == address, col(OutboxMessage.kind).in_(sorted(kinds))
        )
    ).first()


def standing_by_themselves(row: FollowUp) -> bool:
    """Tell whether a follow-up hangs on a date alone, and not on what an enquiry's facts call for."""
    return row.rule in {STAFF_DATE, CALENDAR_RUNS_OUT}
