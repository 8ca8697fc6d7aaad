"""Webhooks and their pokes, which wait in the outbox beside the letters and say only how far a feed goes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func
from sqlmodel import col, delete, select, update

from service.ids import new_id
from service.records import outbox
from service.records.database import Unit
from service.records.tables import DeliveryAttempt, FeedCounter, Organisation, OutboxMessage, Webhook

ADVANCED = "feed.advanced"
"""The type of the one event that webhooks are told of."""
KEPT = timedelta(days=28)
"""How long the log of deliveries goes back."""

WebhookRow = Webhook
PokeRow = tuple[OutboxMessage, Sequence[DeliveryAttempt]]
"""A poke with the tries at delivering it, the first first."""


def of_university(unit: Unit, organisation_id: UUID, *, before: UUID | None = None, limit: int) -> list[Webhook]:
    """Return a university's webhooks, the newest first, at most `limit`: those made before `before`, where given."""
    query = select(Webhook).where(Webhook.organisation_id == organisation_id).order_by(col(Webhook.id).desc())
    if before is not None:
        query = query.where(Webhook.id < before)
    return list(unit.exec(query.limit(limit)))


def everybodys(unit: Unit, *, before: UUID | None = None, limit: int) -> "list[tuple[WebhookRow, str, PokeRow | None]]":
    """Return webhooks, the newest first, at most `limit`, each with whose it is and its newest poke."""
    query = (
        select(Webhook, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Webhook.organisation_id))
        .order_by(col(Webhook.id).desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Webhook.id < before)
    return [(row, name, next(iter(deliveries(unit, row.id, limit=1)), None)) for row, name in unit.exec(query).all()]


def is_there(unit: Unit, webhook_id: UUID) -> bool:
    """Tell whether there is such a webhook, whoever's it is."""
    return unit.get(Webhook, webhook_id) is not None


def find(unit: Unit, webhook_id: UUID, organisation_id: UUID) -> Webhook | None:
    """Return a university's webhook, or None for one that is not there or another's."""
    found = unit.get(Webhook, webhook_id)
    return found if found is not None and found.organisation_id == organisation_id else None


def of_poke(unit: Unit, message: OutboxMessage) -> Webhook:
    """Return the webhook that a poke is for."""
    return unit.exec(select(Webhook).where(Webhook.id == message.webhook_id)).one()


def lock(unit: Unit, webhook_id: UUID) -> Webhook | None:
    """Return a webhook with its row locked to the end of the transaction, or None."""
    return unit.exec(
        # Not so strongly that a poke, which refers to it, could not be written meanwhile.
        select(Webhook)
        .where(Webhook.id == webhook_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).first()


def enabled(unit: Unit, organisation_id: UUID) -> int:
    """Return how many of a university's webhooks are poked."""
    return unit.exec(
        select(func.count()).where(Webhook.organisation_id == organisation_id, col(Webhook.enabled).is_(True))
    ).one()


# ---------------------------------------------------------------------------------------------------------------- pokes


def poke(unit: Unit, advanced: Mapping[UUID, tuple[int, datetime]]) -> None:
    """Have the enabled webhooks of universities told how far their feeds go, and since which business instant.

    To be called in the transaction that drew the numbers, and no other.
    """
    found = unit.exec(
        select(Webhook.id, Webhook.url, Webhook.organisation_id)
        .where(col(Webhook.organisation_id).in_(advanced), col(Webhook.enabled).is_(True))
        .order_by(col(Webhook.id))
    )
    for webhook_id, url, organisation_id in found.all():
        tell(unit, webhook_id, url, *advanced[organisation_id])


def tell(unit: Unit, webhook_id: UUID, url: str, seq: int, at: datetime) -> OutboxMessage:
    """Return the poke that will tell a webhook of `seq`: one that nobody has tried to deliver yet is raised to it.

    One that was tried stays as it is: under the same webhook-id its receiver may have it already.
    """
    said: dict[str, object] = {
        "seq": seq,
        "timestamp": at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    raised = unit.exec(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.webhook_id) == webhook_id,
            col(OutboxMessage.status) == "queued",
            col(OutboxMessage.attempts) == 0,
            ~exists().where(col(DeliveryAttempt.outbox_id) == col(OutboxMessage.id)),
        )
        .values(params=said)
        .returning(OutboxMessage)
        .execution_options(populate_existing=True)
    ).scalars()
    waiting: list[OutboxMessage] = list(raised)
    if waiting:
        return waiting[0]
    made = OutboxMessage(
        id=new_id(),
        kind=ADVANCED,
        webhook_id=webhook_id,
        to_address=url,
        params=said,
        queued_at=at,
        available_at=outbox.AT_ONCE,
    )
    unit.add(made)
    return made


def head(unit: Unit, organisation_id: UUID) -> int:
    """Return how far a university's feed goes, with its counter locked, so that no number is drawn meanwhile."""
    counter = select(FeedCounter.seq).where(FeedCounter.organisation_id == organisation_id).with_for_update()
    return unit.exec(counter).first() or 0


def supersede(unit: Unit, told: OutboxMessage) -> None:
    """Cancel what waits to tell a webhook less than it was told just now."""
    older = select(OutboxMessage.id).where(
        OutboxMessage.webhook_id == told.webhook_id, OutboxMessage.id < told.id, OutboxMessage.status == "queued"
    )
    free = unit.exec(older.with_for_update(skip_locked=True)).all()
    unit.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.id).in_(free), col(OutboxMessage.lease_until).is_(None))
        .values(status="cancelled", last_error="a later delivery said more")
    )


def cancel_waiting(unit: Unit, webhook_id: UUID, reason: str) -> None:
    """Cancel what waits for a webhook; what is under way at this moment may still arrive."""
    unit.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.webhook_id) == webhook_id, col(OutboxMessage.status) == "queued")
        .values(status="cancelled", last_error=reason)
    )


def deliveries(unit: Unit, webhook_id: UUID, *, before: UUID | None = None, limit: int) -> list[PokeRow]:
    """Return a webhook's pokes, the newest first, at most `limit`, with every try at delivering them."""
    query = select(OutboxMessage).where(OutboxMessage.webhook_id == webhook_id).order_by(col(OutboxMessage.id).desc())
    if before is not None:
        query = query.where(OutboxMessage.id < before)
    return _tried(unit, unit.exec(query.limit(limit)).all())


def delivery(unit: Unit, webhook_id: UUID, message_id: UUID) -> PokeRow | None:
    """Return one poke of a webhook with its tries, or None."""
    found = unit.exec(
        select(OutboxMessage).where(OutboxMessage.id == message_id, OutboxMessage.webhook_id == webhook_id)
    ).first()
    return _tried(unit, [found])[0] if found else None


def lock_delivery(unit: Unit, webhook_id: UUID, message_id: UUID) -> OutboxMessage | None:
    """Return one poke of a webhook with its row locked to the end of the transaction, or None."""
    return unit.exec(
        select(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.webhook_id == webhook_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def counts(unit: Unit) -> dict[str, int]:
    """Return how many pokes there are by status."""
    found = select(OutboxMessage.status, func.count()).where(_is_poke())
    return dict(unit.exec(found.group_by(OutboxMessage.status)).all())


def forget_old(unit: Unit, now: datetime) -> int:
    """Delete pokes that were settled and are older than the log goes back; return how many."""
    old = unit.exec(
        select(OutboxMessage.id)
        .where(
            _is_poke(),
            OutboxMessage.status != "queued",
            OutboxMessage.queued_at <= now - KEPT,
        )
        .limit(500)
    ).all()
    if old:
        unit.exec(delete(DeliveryAttempt).where(col(DeliveryAttempt.outbox_id).in_(old)))
        unit.exec(delete(OutboxMessage).where(col(OutboxMessage.id).in_(old)))
    return len(old)


def _is_poke() -> ColumnElement[bool]:
    # By its webhook: there are few of those, and many letters.
    return col(OutboxMessage.webhook_id).in_(select(Webhook.id))


def _tried(unit: Unit, messages: Sequence[OutboxMessage]) -> list[PokeRow]:
    tries: dict[UUID, list[DeliveryAttempt]] = defaultdict(list)
    ids = [message.id for message in messages]
    found = select(DeliveryAttempt).where(col(DeliveryAttempt.outbox_id).in_(ids)) if ids else None
    for attempt in (
        unit.exec(found.order_by(col(DeliveryAttempt.number), col(DeliveryAttempt.id))) if found is not None else ()
    ):
        tries[attempt.outbox_id].append(attempt)
    return [(message, tries[message.id]) for message in messages]
