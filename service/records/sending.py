"""Sending what is queued: messages are claimed under a lease, tried, and settled once.

A claim is committed before anything is sent and the result is recorded in a second transaction, so a message may be
sent twice after a crash, under the same Message-ID, but is never forgotten. All of it in machine time.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select, update

from service.ids import new_id
from service.records.database import Unit
from service.records.tables import DeliveryAttempt, OutboxMessage
from service.records.walks import along_no_index

MAX_TRIES = 24
"""With these back-offs some three days at most, a day and a half on average: a mail server's lost weekend."""
FIRST_BACK_OFF = timedelta(seconds=30)
LONGEST_BACK_OFF = timedelta(hours=4)

FIRST_ASK = timedelta(minutes=1)
LONGEST_ASK = timedelta(hours=12)
ASKED_FOR = timedelta(days=5)
"""Whoever takes a letter tries for some three days; after this its fate is not asked for any more."""

_ERROR_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is ours to send until `lease_until`, and the try that was begun for it."""

    message: OutboxMessage
    token: UUID
    attempt_id: UUID
    number: int
    """Which try this is, those before a replay included."""
    lease_until: datetime


def claim(unit: Unit, machine_now: datetime, lease: timedelta, limit: int, *, pokes: bool = False) -> list[Claimed]:
    """Take at most `limit` letters, or pokes, that nobody else holds, and begin a try for each.

    New ones go first, in the order they were queued: a sign-in link does not wait behind what could not be sent.
    The caller commits before it sends. What a dead worker held comes free when its lease has run out; a message
    whose last permitted try never reported back becomes a dead letter.
    """
    _bury_abandoned(unit, machine_now)
    webhook = col(OutboxMessage.webhook_id)
    of_kind = webhook.is_not(None) if pokes else webhook.is_(None)
    free = (*_unclaimed(machine_now), of_kind, col(OutboxMessage.attempts) < MAX_TRIES)
    candidates = unit.exec(
        select(OutboxMessage.id)
        .where(*free)
        .order_by(col(OutboxMessage.available_at), col(OutboxMessage.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not candidates:
        return []
    token, until = new_id(), machine_now + lease
    # The condition stands here too: in the inner query alone, PostgreSQL gives the same row twice.
    taken = unit.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.id).in_(candidates), *free)
        .values(lease_until=until, lease_token=token, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage)
        .execution_options(populate_existing=True)
    ).scalars()
    messages = sorted(taken, key=lambda message: message.id)
    begun = ((message, _begin(unit, message, machine_now)) for message in messages)
    return [Claimed(message, token, attempt.id, attempt.number, until) for message, attempt in begun]


def record_sent(
    unit: Unit, claimed: Claimed, *, machine_now: datetime, sent_at: datetime, ask_at: datetime | None = None
) -> bool:
    """Record that the message left, at the business instant `sent_at`; `ask_at` is when to ask what became of it.

    True when the lease still was ours. Otherwise only the try is recorded: the message is somebody else's to settle.
    """
    _finish(unit, claimed, machine_now, "sent")
    # A message cancelled while it was being handed over did leave, and the record says so.
    return _settle(
        unit, claimed, ("queued", "cancelled"), status="sent", sent_at=sent_at, ask_at=ask_at, last_error=None
    )


def record_deferred(
    unit: Unit,
    claimed: Claimed,
    *,
    machine_now: datetime,
    error: str,
    draw: Callable[[float, float], float] = random.uniform,
) -> bool:
    """Record a temporary failure: the message is tried again after a back-off, or is a dead letter after the last try.

    True when the lease still was ours.
    """
    if claimed.message.attempts >= MAX_TRIES:
        return record_failed(unit, claimed, machine_now=machine_now, error=f"given up after {MAX_TRIES} tries: {error}")
    _finish(unit, claimed, machine_now, "deferred", error)
    again = machine_now + back_off(claimed.message.attempts, draw)
    return _settle(unit, claimed, ("queued",), available_at=again, last_error=_short(error))


def record_failed(unit: Unit, claimed: Claimed, *, machine_now: datetime, error: str) -> bool:
    """Record a final failure: the message is a dead letter until a manager replays it. True when the lease was ours."""
    _finish(unit, claimed, machine_now, "refused", error)
    return _settle(unit, claimed, ("queued",), status="failed", last_error=_short(error))


def claim_asked(unit: Unit, machine_now: datetime, limit: int) -> list[UUID]:
    """Take at most `limit` letters whose fate is to be asked for now, and return their ids.

    Each is asked for again after as long as it has been under way, from a minute to half a day, until it is known or
    five days old. The caller commits before it asks.
    """
    due = (along_no_index(col(OutboxMessage.status)) == "sent", col(OutboxMessage.ask_at) <= machine_now)
    found = unit.exec(
        select(OutboxMessage.id)
        .where(*due)
        .order_by(col(OutboxMessage.ask_at), col(OutboxMessage.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    taken = []
    for message_id in found:
        handed_at = unit.exec(
            select(func.max(DeliveryAttempt.finished_at)).where(DeliveryAttempt.outbox_id == message_id)
        ).one()
        age = machine_now - (handed_at or machine_now)
        again = None if age >= ASKED_FOR else machine_now + min(max(age, FIRST_ASK), LONGEST_ASK)
        done = unit.exec(update(OutboxMessage).where(col(OutboxMessage.id) == message_id, *due).values(ask_at=again))
        taken += [message_id] if done.rowcount else []
    return taken


def record_delivered(unit: Unit, message_id: UUID) -> None:
    """Record that a letter that was handed over is known to have arrived."""
    unit.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == message_id, col(OutboxMessage.status) == "sent")
        .values(ask_at=None)
    )


def record_undelivered(unit: Unit, message_id: UUID, error: str) -> bool:
    """Record that a letter that was handed over could not be delivered: it is a dead letter until a manager replays it.

    The try that handed it over counts as refused. True unless that was known, or the letter is under way again.
    """
    done = unit.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == message_id, col(OutboxMessage.status) == "sent")
        .values(status="failed", ask_at=None, last_error=_short(error))
    )
    if done.rowcount:
        newest = select(func.max(DeliveryAttempt.number)).where(DeliveryAttempt.outbox_id == message_id)
        unit.exec(
            update(DeliveryAttempt)
            .where(
                col(DeliveryAttempt.outbox_id) == message_id,
                col(DeliveryAttempt.number) == newest.scalar_subquery(),
            )
            .values(result="refused", detail=_short(error))
        )
    return done.rowcount == 1


def put_back(unit: Unit, claimed: Claimed) -> bool:
    """Return a claimed message that was not tried after all, as if it had never been claimed. True when it was ours."""
    attempt = unit.get(DeliveryAttempt, claimed.attempt_id)
    if attempt is not None:
        unit.delete(attempt)
    return _settle(unit, claimed, ("queued",), attempts=OutboxMessage.attempts - 1)


def withdraw(unit: Unit, claimed: Claimed, *, machine_now: datetime, reason: str) -> bool:
    """Cancel a claimed message that is not to be sent any more. True when the lease still was ours."""
    _finish(unit, claimed, machine_now, "refused", reason)
    return _settle(unit, claimed, ("queued",), status="cancelled", last_error=_short(reason))


def back_off(tries: int, draw: Callable[[float, float], float] = random.uniform) -> timedelta:
    """Return how long to wait after `tries` tries: exponential, capped, with full jitter (`draw(0, ceiling)` seconds)."""
    ceiling = min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** min(tries - 1, 20))
    return timedelta(seconds=draw(0, ceiling.total_seconds()))


def _unclaimed(machine_now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(OutboxMessage.status) == "queued",
        col(OutboxMessage.available_at) <= machine_now,
        or_(col(OutboxMessage.lease_until).is_(None), col(OutboxMessage.lease_until) <= machine_now),
    )


def _bury_abandoned(unit: Unit, machine_now: datetime) -> None:
    unit.exec(
        update(OutboxMessage)
        .where(*_unclaimed(machine_now), col(OutboxMessage.attempts) >= MAX_TRIES)
        .values(status="failed", lease_token=None, last_error=f"given up: the last of {MAX_TRIES} tries never ended")
    )


def _begin(unit: Unit, message: OutboxMessage, machine_now: datetime) -> DeliveryAttempt:
    earlier = unit.exec(select(func.max(DeliveryAttempt.number)).where(DeliveryAttempt.outbox_id == message.id)).one()
    attempt = DeliveryAttempt(id=new_id(), outbox_id=message.id, number=(earlier or 0) + 1, started_at=machine_now)
    unit.add(attempt)
    return attempt


def _finish(unit: Unit, claimed: Claimed, machine_now: datetime, result: str, detail: str | None = None) -> None:
    unit.exec(
        update(DeliveryAttempt)
        .where(col(DeliveryAttempt.id) == claimed.attempt_id)
        .values(finished_at=machine_now, result=result, detail=None if detail is None else _short(detail))
    )


def _settle(unit: Unit, claimed: Claimed, statuses: tuple[str, ...], **values: object) -> bool:
    done = unit.exec(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.id) == claimed.message.id,
            col(OutboxMessage.lease_token) == claimed.token,
            col(OutboxMessage.status).in_(statuses),
        )
        .values(lease_until=None, lease_token=None, **values)
    )
    return done.rowcount == 1


def _short(error: str) -> str:
    # What a mail server says is not ours to trust: one line, without the NUL that PostgreSQL refuses.
    return " ".join(error.replace("\0", "").split())[:_ERROR_LENGTH]
