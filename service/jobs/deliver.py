"""Deliver: what the outbox holds leaves the house. Claimed, sent, then settled, each step committed by itself."""

import logging
from datetime import timedelta
from uuid import UUID

from service.clock import Clock, machine_now
from service.delivery.failures import FinalFailure, TemporaryFailure
from service.delivery.letterhead import Letterhead
from service.delivery.letters import letter
from service.delivery.render import render
from service.delivery.transports import Accountable, Transport
from service.delivery.wordings import wording
from service.jobs.deferring import defer, defer_fault
from service.principals import Staff
from service.records import directory, sending
from service.records.database import Database
from service.records.sending import Claimed

logger = logging.getLogger(__name__)

NOBODY_NAMED = Staff()
LEFT_THE_TEAM = "it is for the team, and its reader is of the team no longer (STAFF_EMAILS, LEAD_EMAILS, or their role)"
LEASE = timedelta(seconds=60)
BATCH = 5
_LEAST = LEASE / 2
"""A message is begun only with this much of its lease left, so that a slow server does not make two workers send it."""


def run(
    database: Database, clock: Clock, letterhead: Letterhead, transport: Transport, staff: Staff = NOBODY_NAMED
) -> int:
    """Send one small batch and return how many messages were claimed for it."""
    batch = database.transact(lambda unit: sending.claim(unit, machine_now(), LEASE, BATCH))
    for claimed in batch:
        hand_over(database, clock, letterhead, transport, claimed, staff)
    return len(batch)


def hand_over(
    database: Database,
    clock: Clock,
    letterhead: Letterhead,
    transport: Transport,
    claimed: Claimed,
    staff: Staff = NOBODY_NAMED,
) -> None:
    """Send one claimed message and record what came of it, or put it back when too little of its lease is left.

    What is for the team is not sent to somebody who left it.
    """
    if claimed.lease_until - machine_now() < _LEAST:
        database.transact(lambda unit: sending.put_back(unit, claimed))
        return
    message, sent_at = claimed.message, clock.now()
    asked = isinstance(transport, Accountable)
    try:
        if wording(message.kind).audience == "staff" and _has_left(database, message.to_person_id, staff):
            logger.info("message %s (%s) is not sent: it is for the team", message.id, message.kind)
            database.transact(
                lambda unit: sending.withdraw(unit, claimed, machine_now=machine_now(), reason=LEFT_THE_TEAM)
            )
            return
        # An earlier try may have been taken without our hearing of it: whoever can tell is asked before it is taken twice.
        if not (isinstance(transport, Accountable) and claimed.number > 1 and transport.has_taken(message.id)):
            transport.send(message.id, letter(message, render(message, letterhead), letterhead, sent_at))
    except FinalFailure as failure:
        logger.warning("message %s (%s) is a dead letter", message.id, message.kind)
        _fail(database, claimed, str(failure))
    except TemporaryFailure as failure:
        logger.info("message %s (%s) is tried again later", message.id, message.kind)
        defer(database, claimed, failure)
    except Exception as failure:
        logger.exception("message %s (%s) could not be sent", message.id, message.kind)
        defer_fault(database, claimed, failure)
    else:
        now = machine_now()
        ask_at = now + sending.FIRST_ASK if asked else None
        database.transact(
            lambda unit: sending.record_sent(unit, claimed, machine_now=now, sent_at=sent_at, ask_at=ask_at)
        )


def _has_left(database: Database, person_id: UUID | None, staff: Staff) -> bool:
    found = database.read(lambda unit: directory.person(unit, person_id)) if person_id else None
    return found is not None and staff.has_left(found[0])


def _fail(database: Database, claimed: Claimed, error: str) -> None:
    database.transact(lambda unit: sending.record_failed(unit, claimed, machine_now=machine_now(), error=error))
