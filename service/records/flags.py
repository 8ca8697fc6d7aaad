"""What stands out about an enquiry, as conditions: the queue filters by them and shows them, in the same query.

Each is derived from what is recorded and the day; none is stored (DESIGN.md section 6).
"""

from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import col

from service.records.follow_ups import is_dormant
from service.records.tables import Call, Enquiry, Entry, Interest, Offer, Person
from service.records.walks import along_no_index
from service.states import OPEN_STATES, EnquiryState, OfferState, WaitingOn

_LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)


def raised(today: date) -> dict[str, ColumnElement[bool]]:
    """Return every flag's condition on the enquiry of the query it will stand in, in the order in which they are shown.

    `today` is the London day. A condition may be null where a date is: that is not raised.
    """
    return {
        "overdue": overdue(today),
        "dormant": and_(is_open(), is_dormant()),
        "unconfirmed": unconfirmed(),
        "on_hold": on_hold(),
        "hold_ended": hold_ended(today),
        "reopen_requested": reopen_requested(),
        "question_waiting": question_waiting(),
        "reply_by_passed": reply_by_passed(today),
        "no_interest": no_interest(),
        "late_interest": late_interest(),
        "offer_unanswered": offer_unanswered(today),
    }


def is_open() -> ColumnElement[bool]:
    """Tell whether an enquiry is neither closed nor a draft."""
    return col(Enquiry.state).in_(sorted(OPEN_STATES))


def overdue(today: date) -> ColumnElement[bool]:
    """The next promised date has passed; a hold promises its own end instead."""
    return and_(is_open(), col(Enquiry.due_on) < today, col(Enquiry.on_hold).is_(False))


def unconfirmed() -> ColumnElement[bool]:
    """The enquirer gave an address that nobody has shown to be theirs."""
    enquirer = aliased(Person)
    return exists().where(
        col(enquirer.id) == col(Enquiry.enquirer_id),
        col(enquirer.email).is_not(None),
        col(enquirer.confirmed_at).is_(None),
    )


def on_hold() -> ColumnElement[bool]:
    """It is on hold; only what is open can be."""
    return and_(is_open(), col(Enquiry.on_hold).is_(True))


def hold_ended(today: date) -> ColumnElement[bool]:
    """It is on hold beyond the date that was set."""
    return and_(on_hold(), col(Enquiry.hold_until) < today)


def reopen_requested() -> ColumnElement[bool]:
    """The enquirer wrote after it was closed and nobody has decided yet."""
    # Nearly all are closed, and next to none is asked back: it is the asking that has an index to be found by.
    closed = along_no_index(col(Enquiry.state)) == EnquiryState.CLOSED
    return and_(closed, col(Enquiry.reopen_requested_at) > _LONG_AGO)


def question_waiting() -> ColumnElement[bool]:
    """A university asked about the brief and nothing answers it yet."""
    asked, answer = aliased(Entry), aliased(Entry)
    # The answer stands in the same conversation: saying so lets the index find it.
    answered = exists().where(col(answer.enquiry_id) == col(asked.enquiry_id), col(answer.answers_id) == col(asked.id))
    return and_(
        is_open(),
        exists().where(
            col(asked.enquiry_id) == col(Enquiry.id),
            col(asked.visibility) == "universities",
            col(asked.direction) == "in",
            col(asked.organisation_id).is_not(None),
            col(asked.redacted_at).is_(None),
            ~answered,
        ),
    )


def reply_by_passed(today: date) -> ColumnElement[bool]:
    """The call is open and its reply-by has passed: close or extend it."""
    late = exists().where(
        col(Call.enquiry_id) == col(Enquiry.id),
        col(Call.closed_at).is_(None),
        col(Call.pulled_at).is_(None),
        col(Call.reply_by) < today,
    )
    return and_(col(Enquiry.state) == EnquiryState.OPEN_CALL, late)


def held_by(holder: str, today: date) -> ColumnElement[bool]:
    """Who has to act next, as the desk is told: the holder on record, but for a call that ran out of time.

    An open call is with the universities, and late interest is still taken. Once its reply-by has passed they have had
    their time, and nothing goes on until the team closes or extends it (DOMAIN.md section 2: reply-by raises a task and
    never closes). So the desk shows that call as the team's. What is recorded stays as it is: `waiting_on` moves by
    events alone, closed periods keep their figures, and the API tells what is recorded.
    """
    ran_out = and_(col(Enquiry.waiting_on) == WaitingOn.UNIVERSITIES, reply_by_passed(today))
    recorded = col(Enquiry.waiting_on) == holder
    if holder == WaitingOn.TEAM:
        return or_(recorded, ran_out)
    return and_(recorded, ~ran_out) if holder == WaitingOn.UNIVERSITIES else recorded


def no_interest() -> ColumnElement[bool]:
    """The call has closed and no team can be chosen."""
    return and_(col(Enquiry.state) == EnquiryState.SELECTING, ~_interest())


def late_interest() -> ColumnElement[bool]:
    """A team came in after the reply-by, while one is still to be chosen."""
    choosing = col(Enquiry.state).in_((EnquiryState.OPEN_CALL, EnquiryState.SELECTING))
    return and_(choosing, _interest(col(Interest.late).is_(True)))


def offer_unanswered(today: date) -> ColumnElement[bool]:
    """An offer is open beyond its date, which none is once somebody was chosen."""
    late = exists().where(
        col(Offer.enquiry_id) == col(Enquiry.id), col(Offer.state) == OfferState.OPEN, col(Offer.respond_by) < today
    )
    return and_(col(Enquiry.state) == EnquiryState.SELECTING, late)


def _interest(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        col(Interest.enquiry_id) == col(Enquiry.id),
        col(Call.id) == col(Interest.call_id),
        col(Call.pulled_at).is_(None),
        *conditions,
    )
