"""Purge: what has been kept its time is deleted. Drafts after 28 days; links, sessions, answers and counts after theirs."""

from datetime import datetime
from uuid import UUID

from service.clock import Clock, machine_now
from service.records import drafts, enquiries, expiry
from service.records.database import Database, Unit
from service.states import EnquiryState

BATCH = 50


def run(database: Database, clock: Clock) -> int:
    """Delete one small batch of drafts and everything else that is due, and return how many rows that were."""
    now = clock.now()
    due = database.read(lambda unit: drafts.old(unit, now))[:BATCH]
    forgotten = sum(_forget(database, draft_id, now) for draft_id in due)
    return forgotten + database.transact(lambda unit: _expire(unit, now))


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


def _expire(unit: Unit, now: datetime) -> int:
    return (
        expiry.old_links(unit, now)
        + expiry.old_sessions(unit, now)
        + expiry.old_answers(unit, now)
        + expiry.old_pokes(unit, now)
        + expiry.old_rates(unit, machine_now())
    )
