"""Poke: universities' systems are told that their feed has gone on. Claimed, sent, then settled, like letters.

A queue of its own and a few at once: a system that does not answer holds up neither letters nor other systems.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from service.actions import webhooks as changes
from service.clock import Clock, machine_now
from service.context import Context
from service.delivery.failures import TemporaryFailure
from service.delivery.webhooks import Gone, Poster
from service.jobs.deferring import defer, defer_fault
from service.records import sending, webhooks
from service.records.database import Database, Unit
from service.records.sending import Claimed
from service.records.webhooks import WebhookRow
from service.tokens import Tokens

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BATCH = 8


def run(database: Database, clock: Clock, tokens: Tokens, poster: Poster) -> int:
    """Deliver one small batch and return how many pokes were claimed for it."""
    batch = database.transact(lambda unit: sending.claim(unit, machine_now(), LEASE, BATCH, pokes=True))
    if batch:
        with ThreadPoolExecutor(BATCH, "poke") as at_once:
            list(at_once.map(lambda claimed: hand_over(database, clock, tokens, poster, claimed), batch))
    return len(batch)


def hand_over(database: Database, clock: Clock, tokens: Tokens, poster: Poster, claimed: Claimed) -> None:
    """Deliver one claimed poke and record what came of it."""
    message, now = claimed.message, clock.now()
    webhook = database.read(lambda unit: webhooks.of_poke(unit, message))
    if not webhook.enabled:
        reason = "the webhook is switched off"
        database.transact(lambda unit: sending.withdraw(unit, claimed, machine_now=machine_now(), reason=reason))
        return
    try:
        poster.send(message, webhook.url, secrets_of(webhook, tokens, now), machine_now())
    except Gone as failure:
        logger.warning("webhook %s is gone", webhook.id)
        told = str(failure)
        database.transact(lambda unit: _settle_gone(unit, Context(now=now), claimed, webhook, told))
    except TemporaryFailure as failure:
        logger.info("poke %s is tried again later", message.id)
        defer(database, claimed, failure)
    except Exception as failure:
        logger.exception("poke %s could not be sent", message.id)
        defer_fault(database, claimed, failure)
    else:
        database.transact(lambda unit: _settle_told(unit, claimed, now))


def secrets_of(webhook: WebhookRow, tokens: Tokens, now: datetime) -> list[str]:
    """Return the secrets that sign at the business instant `now`: the newest, and those before while they overlap."""
    overlaps = webhook.overlap_until is not None and now < webhook.overlap_until
    rotations = [webhook.rotation, webhook.rotation - 1] if overlaps else [webhook.rotation]
    return [secret for rotation in rotations for secret in tokens.webhook_secrets(webhook.id, rotation)]


def _settle_told(unit: Unit, claimed: Claimed, sent_at: datetime) -> None:
    sending.record_sent(unit, claimed, machine_now=machine_now(), sent_at=sent_at)
    webhooks.supersede(unit, claimed.message)


def _settle_gone(unit: Unit, ctx: Context, claimed: Claimed, webhook: WebhookRow, error: str) -> None:
    sending.record_failed(unit, claimed, machine_now=machine_now(), error=error)
    changes.switch_off_gone(unit, ctx, webhook.id)
