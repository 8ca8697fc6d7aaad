"""Fates: whoever took a letter is asked what became of it; what could not be delivered is a dead letter."""

import logging

from service.clock import machine_now
from service.delivery.failures import TemporaryFailure
from service.delivery.transports import Accountable
from service.records import sending
from service.records.database import Database

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
        if fate.state == "delivered":
            database.transact(lambda unit, it=message_id: sending.record_delivered(unit, it))
        elif fate.state == "failed":
            logger.warning("message %s could not be delivered and is a dead letter", message_id)
            words = f"handed over, then not delivered: {fate.words}"
            database.transact(lambda unit, it=message_id, words=words: sending.record_undelivered(unit, it, words))
    return len(batch)
