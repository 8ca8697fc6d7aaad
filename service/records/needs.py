"""What an enquiry needs of the team today, as conditions: Today counts by them and the queue filters by them.

They hold what stands out to everybody (`records.flags`), and what matters only to whoever sits at the desk.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, tuple_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from service.context import Context
from service.principals import STAFF
from service.records.calendars import calendar_for
from service.records.database import Unit
from service.records.flags import is_open, raised
from service.records.tables import BriefVersion, Enquiry, Entry, Event, FollowUp, OutboxMessage
from service.states import BriefState, EnquiryState
from service.workflows.reminders import STAFF_DATE
from service.working_time import CalendarRanOut, add_working_days, local_date

OF_OPEN = frozenset({
    "due_today", "due_soon", "replied", "to_publish", "at_risk", "tight", "overdue", "dormant", "on_hold", "hold_ended",
    "question_waiting", "reply_by_passed", "no_interest", "late_interest", "offer_unanswered",
})  # fmt: skip
"""The needs that only an open enquiry can have."""
_NO_STEP = ("amend", "erase", "file_added", "forget", "first_response", "reply", "reword")
"""What is recorded beside a word, or kept from it, and is no answer to it."""
NEAR_DAYS = 5
"""Working days ahead that still count as near."""


@lru_cache(maxsize=8)
def conditions(today: date, soon: date) -> Mapping[str, ColumnElement[bool]]:
    """Return every need's condition on the enquiry of the query it will stand in, by code (`vocabulary.NEEDS`).

    `today` is the London day, `soon` the last day that still counts as near. A condition may be null: not needed.
    They are made once for each pair of days: to build them costs more than to ask them.
    """
    return {
        "due_today": _due(today, today),
        "due_soon": and_(_due(today, soon), col(Enquiry.due_on) > today),
        "replied": replied(),
        "to_publish": to_publish(),
        "staff_date_due": dated_by(None, today),
        "mail_failed": mail_failed(),
        "at_risk": and_(is_open(), col(Enquiry.latest_start_on) < today),
        "tight": and_(is_open(), col(Enquiry.latest_start_on) >= today, col(Enquiry.latest_start_on) <= soon),
        **raised(today),
    }


def shown(unit: Unit, enquiry_ids: Collection[UUID], today: date, soon: date) -> dict[UUID, tuple[str, ...]]:
    """Return which needs each of these enquiries has, in the order of `conditions`, with one query."""
    unit.flush()
    asked = conditions(today, soon)
    columns = [condition.label(code) for code, condition in asked.items()]
    found = unit.connection().execute(sql_select(col(Enquiry.id), *columns).where(col(Enquiry.id).in_(enquiry_ids)))
    return {
        enquiry_id: tuple(code for code, is_raised in zip(asked, answers, strict=True) if is_raised)
        for enquiry_id, *answers in found
    }


def replied() -> ColumnElement[bool]:
    """The enquirer's side said something real, and since then the team neither wrote nor took any step.

    A step need not move the stage on: to record what they prefer, or to offer the work, answers them too.
    """
    word, answer, step = aliased(Entry), aliased(Entry), aliased(Event)
    answered = exists().where(
        col(answer.enquiry_id) == col(word.enquiry_id),
        col(answer.direction) == "out",
        tuple_(col(answer.recorded_at), col(answer.id)) > tuple_(col(word.recorded_at), col(word.id)),
    )
    acted = exists().where(
        col(step.enquiry_id) == col(word.enquiry_id),
        col(step.actor_role).in_(sorted(STAFF)),
        col(step.event).not_in(_NO_STEP),
        tuple_(col(step.recorded_at), col(step.id)) > tuple_(col(word.recorded_at), col(word.id)),
    )
    return and_(
        is_open(),
        exists().where(
            col(word.enquiry_id) == col(Enquiry.id),
            col(word.direction) == "in",
            col(word.visibility) == "enquirer",
            col(word.automatic).is_(False),
            col(word.organisation_id).is_(None),
            col(word.recorded_at) >= col(Enquiry.state_since),
            ~answered,
            ~acted,
        ),
    )


def to_publish() -> ColumnElement[bool]:
    """The enquirer agreed the brief, and it goes to no university until the team publishes it: no date reminds of it."""
    agreed = exists().where(
        col(BriefVersion.enquiry_id) == col(Enquiry.id), col(BriefVersion.state) == BriefState.AGREED
    )
    return and_(col(Enquiry.state) == EnquiryState.SIGN_OFF, col(Enquiry.on_hold).is_(False), agreed)


def dated_by(person_id: UUID | None, today: date) -> ColumnElement[bool]:
    """A date that somebody of the team set has come and is not done; only this person's, where one is given."""
    dated = select(FollowUp.enquiry_id).where(
        FollowUp.rule == STAFF_DATE,
        FollowUp.due_on <= today,
        col(FollowUp.status).in_(("due", "sent")),
        col(FollowUp.settled_by_id).is_(None),
    )
    return col(Enquiry.id).in_(dated if person_id is None else dated.where(FollowUp.set_by_id == person_id))


def mail_failed() -> ColumnElement[bool]:
    """A message about it could not be delivered and waits as a dead letter."""
    failed = select(OutboxMessage.enquiry_id).where(
        OutboxMessage.status == "failed", col(OutboxMessage.enquiry_id).is_not(None)
    )
    return col(Enquiry.id).in_(failed)


def _due(first: date, last: date) -> ColumnElement[bool]:
    return and_(is_open(), col(Enquiry.due_on) >= first, col(Enquiry.due_on) <= last)


def soon_from(unit: Unit, ctx: Context) -> date:
    """Return the last day that counts as near: the fifth working day ahead, or a week where the calendar ends before."""
    today = local_date(ctx.now)
    try:
        return add_working_days(today, NEAR_DAYS, calendar_for(unit, ctx.nation)).due
    except CalendarRanOut:
        return today + timedelta(days=7)
