"""Purge: what has been kept its time is deleted. Drafts, closed enquiries' content, letters, links, sessions, answers and counts."""

from datetime import datetime, timedelta
from uuid import UUID

from service.actions.retention import forget_enquiry
from service.clock import Clock, machine_now
from service.context import Context
from service.records import drafts, enquiries, expiry, retention
from service.records.database import Database, Unit
from service.states import EnquiryState
from service.workflows.retention import Periods

BATCH = 50


def run(database: Database, clock: Clock, periods: Periods = Periods()) -> int:  # noqa: B008 - it cannot be changed
    """Delete one small batch of everything that is due, and return how much that was."""
    now = clock.now()
    due = database.read(lambda unit: drafts.old(unit, now))[:BATCH]
    forgotten = sum(_forget(database, draft_id, now) for draft_id in due)
    closed = database.read(lambda unit: retention.due(unit, now, periods, BATCH))
    forgotten += sum(_forget_enquiry(database, enquiry_id, Context(now=now), periods) for enquiry_id in closed)
    return forgotten + database.transact(lambda unit: _expire(unit, now, periods))


def _forget_enquiry(database: Database, enquiry_id: UUID, ctx: Context, periods: Periods) -> bool:
    """One transaction each: whoever works meanwhile waits for one enquiry at most."""
    return database.transact(lambda unit: forget_enquiry(unit, ctx, enquiry_id, periods))


def _forget(database: Database, draft_id: UUID, now: datetime) -> bool:
    """Forget a draft, unless it was saved, sent or discarded since it was looked for."""

    def forget(unit: Unit) -> bool:
        try:
            draft = enquiries.lock(unit, draft_id)
        except LookupError:
            return False
        if draft.state != EnquiryState.DRAFT or drafts.kept_until(draft) > now:
            return False
        drafts.forget(unit, draft)
        return True

    return database.transact(forget)


def _expire(unit: Unit, now: datetime, periods: Periods) -> int:
    return (
        expiry.old_links(unit, now)
        + expiry.old_sessions(unit, now)
        + expiry.old_answers(unit, now)
        + expiry.old_pokes(unit, now)
        + expiry.old_letters(unit, now, timedelta(days=periods.letters_days))
        + expiry.old_rates(unit, machine_now())
        + expiry.old_flows(unit, machine_now())
    )
