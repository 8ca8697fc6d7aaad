"""Fates: whoever took a letter is asked what became of it; what could not be delivered is a dead letter."""

import logging
from functools import partial
from uuid import UUID

from service.clock import machine_now
from service.delivery.failures import TemporaryFailure
from service.delivery.notify import Fate
from service.delivery.transports import Accountable
from service.records import sending
from service.records.database import Database, Unit

logger = logging.getLogger(__name__)

BATCH = 10


def run(database: Database, transport: Accountable) -> int:
    """Ask for one small batch of letters and return how many those were."""
    batch = database.transact(lambda unit: sending.claim_asked(unit, machine_now(), BATCH))
    for message_id in batch:
        try:
            fate = transport.fate(message_id)
        except TemporaryFailure as failure:
            # Asked again when it is next due.
            logger.info("the fate of message %s is not known: %s", message_id, failure)
            continue
        database.transact(partial(_settle, message_id, fate))
    return len(batch)


def _settle(message_id: UUID, fate: Fate, unit: Unit) -> None:
    if fate.state == "delivered":
        sending.record_delivered(unit, message_id)
    elif fate.state == "failed" and sending.record_undelivered(
        unit, message_id, f"handed over, then not delivered: {fate.words}"
    ):
        logger.warning("message %s could not be delivered and is a dead letter", message_id)
