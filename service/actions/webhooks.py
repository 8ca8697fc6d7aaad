"""Webhooks: register an address to be poked at, change it, replace its secret, and send a poke again."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import Field

from service.actions.audit import audit
from service.actions.shapes import Name, Sent
from service.actions.telling import tell_person
from service.context import Context
from service.errors import conflict, not_found
from service.records import outbox, people, webhooks
from service.records.database import Unit
from service.records.tables import OutboxMessage, Webhook

MOST = 10
"""How many enabled webhooks a university may have."""
OVERLAP_HOURS = 24
"""How long the old secret signs beside the one that replaces it."""

WebAddress = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2000,
        description="An https address on the public internet, without a user name or password in it.",
    ),
]


class WebhookEntry(Sent):
    """A new webhook."""

    url: WebAddress
    name: Name | None = Field(default=None, description="To recognise it by; its host when left out.")


class WebhookChange(Sent):
    """What is to change of a webhook; what is not sent stays."""

    url: WebAddress = Field(default_factory=str)
    name: Name = Field(default_factory=str)
    enabled: bool = Field(default_factory=bool, description="Switched on again, it is poked at once.")


class SecretRotation(Sent):
    """How a webhook's secret is replaced."""

    overlap_hours: Annotated[int, Field(ge=0, le=30 * 24)] = OVERLAP_HOURS


@dataclass(frozen=True, slots=True)
class Signing:
    """A webhook and which of its secrets is new. The secret is told once; both are derived, and neither is kept."""

    row: Webhook
    rotation: int


def add_webhook(unit: Unit, ctx: Context, organisation_id: UUID, entry: WebhookEntry) -> Signing:
    """Register an address that was found safe to call, and return it. Raises Problem 409 when there are too many."""
    _require_room(unit, organisation_id)
    made = Webhook(
        organisation_id=organisation_id, name=entry.name or host_of(entry.url), url=entry.url, created_at=ctx.now
    )
    unit.add(made)
    unit.flush()
    audit(unit, ctx, "create", f"webhook:{made.id}", name=made.name)
    return Signing(made, made.rotation)


def rotate_secret(unit: Unit, ctx: Context, webhook_id: UUID, rotation: SecretRotation) -> Signing:
    """Replace a webhook's secret; the one before signs too until the overlap is over, and any older one no more.

    Raises Problem 404 for an unknown webhook.
    """
    webhook = _held(unit, webhook_id)
    webhook.rotation += 1
    webhook.rotated_at = ctx.now
    webhook.overlap_until = ctx.now + timedelta(hours=rotation.overlap_hours)
    unit.add(webhook)
    audit(unit, ctx, "rotate", f"webhook:{webhook.id}", overlap_hours=rotation.overlap_hours)
    return Signing(webhook, webhook.rotation)


def change_webhook(unit: Unit, ctx: Context, webhook_id: UUID, change: WebhookChange) -> Webhook:
    """Give a webhook another address or name, or switch it off or on; return it.

    What waits goes to the new address. Switching off cancels what waits; switching on pokes, because the feed may have
    gone on meanwhile. Raises Problem 404 for an unknown webhook, and 409 when there are too many to switch it on.
    """
    webhook = _held(unit, webhook_id)
    changed = [name for name in sorted(change.model_fields_set) if getattr(change, name) != getattr(webhook, name)]
    for name in changed:
        if name == "enabled":
            by = "the service's team" if ctx.actor.is_staff else "the university"
            _switch(unit, ctx, webhook, is_on=change.enabled, because=f"switched off by {by}")
        else:
            setattr(webhook, name, getattr(change, name))
    if changed:
        unit.add(webhook)
        audit(unit, ctx, "change", f"webhook:{webhook.id}", changed=changed)
    return webhook


def poke_now(unit: Unit, ctx: Context, webhook_id: UUID) -> OutboxMessage:
    """Queue a poke that says how far the feed goes, to see whether it arrives; return it. One that waits will do.

    Raises Problem 404 for an unknown webhook and 409 for one that is switched off.
    """
    return _poke(unit, ctx, _enabled(unit, webhook_id))


def tell_again(unit: Unit, ctx: Context, webhook_id: UUID) -> OutboxMessage:
    """Queue the newest poke again where it was given up, and one that says how far the feed goes otherwise; audited.

    Raises Problem 404 for an unknown webhook and 409 for one that is switched off.
    """
    newest = webhooks.deliveries(unit, webhook_id, limit=1)
    if newest and newest[0][0].status == "failed":
        return replay_delivery(unit, ctx, webhook_id, newest[0][0].id)
    message = poke_now(unit, ctx, webhook_id)
    audit(unit, ctx, "replay", f"webhook:{webhook_id}", delivery=message.id)
    return message


def replay_delivery(unit: Unit, ctx: Context, webhook_id: UUID, message_id: UUID) -> OutboxMessage:
    """Queue a poke that was given up again, audited, and return it.

    Raises Problem 404 for an unknown one, 409 for one that was not given up or whose webhook is switched off.
    """
    _enabled(unit, webhook_id)
    message = webhooks.lock_delivery(unit, webhook_id, message_id)
    if message is None:
        raise not_found("delivery")
    if message.status != "failed":
        raise conflict(f"Only a delivery that failed can be sent again. This one is {message.status}.")
    outbox.queue_again(message)
    unit.add(message)
    audit(unit, ctx, "replay", f"webhook:{webhook_id}", delivery=message_id)
    return message


def switch_off_gone(unit: Unit, ctx: Context, webhook_id: UUID) -> None:
    """Switch off a webhook whose system answers that it is gone, and tell the university's contacts; once only."""
    webhook = webhooks.lock(unit, webhook_id)
    if webhook is None or not webhook.enabled:
        return
    _switch(unit, ctx, webhook, is_on=False, because="its system answered that it is gone (410)")
    unit.add(webhook)
    audit(unit, ctx, "switch_off", f"webhook:{webhook.id}", why="gone")
    host = host_of(webhook.url)
    for person in people.contacts_of(unit, webhook.organisation_id):
        tell_person(unit, ctx, person, "webhook_gone", None, {"webhook_name": webhook.name, "host": host})


def _switch(unit: Unit, ctx: Context, webhook: Webhook, *, is_on: bool, because: str) -> None:
    if is_on:
        _require_room(unit, webhook.organisation_id)
    webhook.enabled = is_on
    webhook.disabled_at = None if is_on else ctx.now
    webhook.disabled_because = None if is_on else because
    if is_on:
        _poke(unit, ctx, webhook)
    else:
        webhooks.cancel_waiting(unit, webhook.id, f"the webhook was switched off: {because}")


def _poke(unit: Unit, ctx: Context, webhook: Webhook) -> OutboxMessage:
    seq = webhooks.head(unit, webhook.organisation_id)
    return webhooks.tell(unit, webhook.id, webhook.url, seq, ctx.now)


def _held(unit: Unit, webhook_id: UUID) -> Webhook:
    webhook = webhooks.lock(unit, webhook_id)
    if webhook is None:
        raise not_found("webhook")
    return webhook


def _enabled(unit: Unit, webhook_id: UUID) -> Webhook:
    webhook = _held(unit, webhook_id)
    if not webhook.enabled:
        raise conflict(f"This webhook is switched off: {webhook.disabled_because}. Switch it on first.")
    return webhook


def _require_room(unit: Unit, organisation_id: UUID) -> None:
    if webhooks.enabled(unit, organisation_id) >= MOST:
        raise conflict(f"There are {MOST} webhooks already. Switch one off first.")


def host_of(url: str) -> str:
    """Return what of an address may be shown to others: its path may be a secret."""
    return urlsplit(url).hostname or url
