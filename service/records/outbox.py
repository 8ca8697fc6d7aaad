"""Messages on their way out: written in the transaction of the change that caused them, sent after its commit.

What is read and counted here are letters; pokes, which wait in the same box, are read in `webhooks`.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, delete, select, update

from service.context import Context
from service.errors import conflict, not_found
from service.ids import new_id
from service.records.database import Unit
from service.records.tables import AuditEntry, DeliveryAttempt, Enquiry, OutboxMessage
from service.records.walks import along_no_index

Status = Literal["queued", "held", "sent", "failed", "cancelled"]

MessageRow = tuple[OutboxMessage, str | None]
"""A message with the reference of the enquiry it is about."""
TryRow = DeliveryAttempt

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""When a message that was not tried yet is next due."""
TO_OLD_ADDRESS = "address_changed"
"""The kind of letter that stays with the address it was written to."""
_SETTLED = ("sent", "failed", "cancelled")
"""What waits for nothing any more, but for somebody to have it sent again."""
_ROWS_AT_ONCE = 500
"""How many are deleted in one transaction."""
_IS_LETTER = along_no_index(col(OutboxMessage.webhook_id)).is_(None)


def queue(
    unit: Unit,
    ctx: Context,
    *,
    kind: str,
    to_address: str,
    to_name: str = "",
    to_person_id: UUID | None = None,
    reply_to: str | None = None,
    params: Mapping[str, object],
    enquiry_id: UUID | None = None,
    held: bool = False,
) -> OutboxMessage:
    """Put one message in the outbox, to leave once the caller's transaction has committed, and return it.

    `kind` names the wording file, `params` what it says: dates, amounts and ids are kept as JSON writes them, and no
    secret may stand there, because managers read the outbox. A `held` message waits for `release`.
    """
    message = OutboxMessage(
        id=new_id(),
        kind=kind,
        to_address=to_address,
        to_name=to_name,
        to_person_id=to_person_id,
        reply_to=reply_to,
        params=to_jsonable_python(dict(params)),
        enquiry_id=enquiry_id,
        status="held" if held else "queued",
        queued_at=ctx.now,
        available_at=AT_ONCE,
    )
    unit.add(message)
    return message


def release(unit: Unit, person_id: UUID) -> int:
    """Let go what was held for a person until their address was confirmed; return how many messages that were."""
    done = unit.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.to_person_id) == person_id, col(OutboxMessage.status) == "held")
        .values(status="queued")
    )
    return done.rowcount


def replay(unit: Unit, ctx: Context, message_id: UUID) -> OutboxMessage:
    """Queue a dead letter again with all its tries before it, audited, and return it.

    Raises Problem 404 for an unknown message and 409 for one that is not a dead letter.
    """
    message = _locked(unit, message_id)
    if message.status != "failed":
        raise conflict(f"Only a message that failed can be sent again. This one is {message.status}.")
    queue_again(message)
    _audit(unit, ctx, "replay", message)
    return message


def set_aside(unit: Unit, why: str) -> int:
    """Make dead letters of all that is still to be sent, to be sent again by a person only; return how many it were."""
    done = unit.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.status) == "queued")
        .values(status="failed", last_error=why, lease_token=None, lease_until=None)
    )
    return done.rowcount


def queue_again(message: OutboxMessage) -> None:
    """Let a message be sent again at once, with all its tries before it."""
    message.status, message.attempts, message.available_at, message.lease_token = "queued", 0, AT_ONCE, None


def cancel(unit: Unit, ctx: Context, message_id: UUID) -> OutboxMessage:
    """Keep a message from leaving, audited, and return it.

    One that is being handed over at this moment may still go, and is then recorded as sent. Raises Problem 404 for
    an unknown message and 409 for one that has left already.
    """
    message = _locked(unit, message_id)
    if message.status == "sent":
        raise conflict("This message has left already.")
    message.status = "cancelled"
    _audit(unit, ctx, "cancel", message)
    return message


def forget(unit: Unit, enquiry_id: UUID) -> None:
    """Delete every message about an enquiry, with the tries at sending it: a draft leaves nothing behind.

    The messages are locked first, so that no worker begins a try in between.
    """
    about = select(OutboxMessage.id).where(OutboxMessage.enquiry_id == enquiry_id)
    ids = unit.exec(about.order_by(col(OutboxMessage.id)).with_for_update()).all()
    unit.exec(delete(DeliveryAttempt).where(col(DeliveryAttempt.outbox_id).in_(ids)))
    unit.exec(delete(OutboxMessage).where(col(OutboxMessage.id).in_(ids)))


def forget_old(unit: Unit, before: datetime) -> int:
    """Delete letters about no enquiry that left by then, or were written by then and given up; return how many.

    The others go with their enquiry.
    """
    old = unit.exec(select(OutboxMessage.id).where(*_is_old(before)).limit(_ROWS_AT_ONCE).with_for_update()).all()
    unit.exec(delete(DeliveryAttempt).where(col(DeliveryAttempt.outbox_id).in_(old)))
    unit.exec(delete(OutboxMessage).where(col(OutboxMessage.id).in_(old)))
    return len(old)


def count_old(unit: Unit, before: datetime) -> int:
    """Return how many letters about no enquiry left by then, or were written by then and given up."""
    return unit.exec(select(func.count()).select_from(OutboxMessage).where(*_is_old(before))).one()


def _is_old(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(OutboxMessage.enquiry_id).is_(None),
        _IS_LETTER,
        col(OutboxMessage.status).in_(_SETTLED),
        func.coalesce(OutboxMessage.sent_at, OutboxMessage.queued_at) <= before,
    )


def get(unit: Unit, message_id: UUID) -> OutboxMessage | None:
    """Return one letter, or None."""
    return unit.exec(select(OutboxMessage).where(OutboxMessage.id == message_id, _IS_LETTER)).first()


def about(unit: Unit, enquiry_id: UUID) -> list[OutboxMessage]:
    """Return every message about an enquiry or one that came out of it, in the order they were queued."""
    out_of_it = select(Enquiry.id).where(Enquiry.continues_id == enquiry_id)
    return list(
        unit.exec(
            select(OutboxMessage)
            .where(or_(col(OutboxMessage.enquiry_id) == enquiry_id, col(OutboxMessage.enquiry_id).in_(out_of_it)))
            .order_by(col(OutboxMessage.queued_at), col(OutboxMessage.id))
        )
    )


def page(
    unit: Unit,
    *,
    status: Status | None = None,
    enquiry_id: UUID | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[OutboxMessage]:
    """Return letters, the newest first, at most `limit`: those queued before the letter `before`, where given."""
    query = select(OutboxMessage).where(_IS_LETTER).order_by(col(OutboxMessage.id).desc()).limit(limit)
    if status is not None:
        # Nearly all were sent: those are met at once on the way back through the ids. The others are found by status.
        of_status = along_no_index(col(OutboxMessage.status)) if status == "sent" else col(OutboxMessage.status)
        query = query.where(of_status == status)
    if enquiry_id is not None:
        query = query.where(OutboxMessage.enquiry_id == enquiry_id)
    if before is not None:
        query = query.where(OutboxMessage.id < before)
    return list(unit.exec(query))


def attempts(unit: Unit, message_id: UUID) -> list[DeliveryAttempt]:
    """Return the tries at one message, the first first. A try without a result never reported back."""
    return list(
        unit.exec(
            select(DeliveryAttempt)
            .where(DeliveryAttempt.outbox_id == message_id)
            .order_by(col(DeliveryAttempt.number), col(DeliveryAttempt.id))
        )
    )


def with_references(unit: Unit, messages: Sequence[OutboxMessage]) -> list[MessageRow]:
    """Return messages with the references of the enquiries they are about."""
    ids = {message.enquiry_id for message in messages if message.enquiry_id}
    known = dict(unit.exec(select(Enquiry.id, Enquiry.reference).where(col(Enquiry.id).in_(ids))).all()) if ids else {}
    return [(message, known.get(message.enquiry_id) if message.enquiry_id else None) for message in messages]


def counts(unit: Unit) -> dict[str, int]:
    """Return how many letters there are by status."""
    found = select(OutboxMessage.status, func.count()).where(_IS_LETTER).group_by(OutboxMessage.status)
    return dict(unit.exec(found).all())


def failed(unit: Unit) -> int:
    """Return how many letters could not be delivered and wait as dead letters."""
    dead = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.status == "failed", _IS_LETTER)
    return unit.exec(dead).one()


def _locked(unit: Unit, message_id: UUID) -> OutboxMessage:
    message = unit.exec(
        select(OutboxMessage)
        .where(OutboxMessage.id == message_id, _IS_LETTER)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if message is None:
        raise not_found("message")
    return message


def _audit(unit: Unit, ctx: Context, action: str, message: OutboxMessage) -> None:
    unit.add(message)
    unit.add(
        AuditEntry(
            recorded_at=ctx.now,
            actor_role=ctx.actor.role,
            actor_id=ctx.actor.person_id,
            key_id=ctx.actor.key_id,
            action=action,
            subject=f"outbox:{message.id}",
            detail={"kind": message.kind},
            request_id=ctx.request_id,
        )
    )
