"""Webhooks: where a university's system is poked when its feed has gone on (Standard Webhooks)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from service.actions import webhooks as changes
from service.delivery.guarded import UnsafeAddress
from service.delivery.webhooks import guard_of
from service.errors import invalid, not_found
from service.records import webhooks
from service.records.database import Unit
from service.records.webhooks import WebhookRow
from service.routers.calls import Answer, Call
from service.routers.doors import UniversityCall
from service.routers.identifiers import PathId, meant
from service.routers.paging import DEFAULT_LIMIT, Cursor, Limit, listed, place_at
from service.routers.requests import JsonRoute
from service.routers.schemas.common import PROBLEMS, Page
from service.routers.schemas.webhooks import (
    DeliveryShown,
    NewSecretShown,
    SecretRotated,
    WebhookChanged,
    WebhookSent,
    WebhookShown,
)
from service.routers.universities.own import own_university

router = APIRouter(prefix="/api/v1/webhooks", route_class=JsonRoute, tags=["universities"])


def _own(call: UniversityCall, webhook_id: PathId) -> UUID:
    """Return the id of the caller's webhook. Raises Problem 404 for any other."""
    wanted = meant(webhook_id, "webhook")
    if call.read(lambda unit: webhooks.find(unit, wanted, own_university(call))) is None:
        raise not_found("webhook")
    return wanted


OwnWebhook = Annotated[UUID, Depends(_own)]


def _own_delivery(call: UniversityCall, webhook: OwnWebhook, delivery_id: PathId) -> UUID:
    """Return the id of one delivery to the caller's webhook. Raises Problem 404 for any other."""
    wanted = meant(delivery_id, "delivery")
    if call.read(lambda unit: webhooks.delivery(unit, webhook, wanted)) is None:
        raise not_found("delivery")
    return wanted


OwnDelivery = Annotated[UUID, Depends(_own_delivery)]


@router.get("", response_model=Page[WebhookShown], responses=PROBLEMS(400))
def list_webhooks(call: UniversityCall, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Response:
    """Your webhooks without their secrets, the newest first."""
    before = place_at(cursor, UUID)
    return call.look_up(
        lambda unit: listed(
            call.request,
            webhooks.of_university(unit, own_university(call), before=before, limit=limit + 1),
            limit,
            show=WebhookShown.model_validate,
            place=lambda row: row.id,
        )
    )


@router.post("", status_code=201, response_model=NewSecretShown, responses=PROBLEMS(body=True))
def add_webhook(call: UniversityCall, body: WebhookSent) -> Response:
    """Have your system poked whenever your feed has gone on: `{"type": "feed.advanced", "timestamp", "data": {"seq"}}`.

    A poke holds nothing else: read the feed. The answer shows the secret this once, so Idempotency-Key is refused here.
    """
    _require_safe(call, body.url)

    def work(unit: Unit) -> Answer:
        return _told(call, changes.add_webhook(unit, call.ctx, own_university(call), body))

    return call.write(work, returns_secret=True)


@router.get("/{webhook_id}", response_model=WebhookShown, responses=PROBLEMS(404))
def show_webhook(call: UniversityCall, webhook: OwnWebhook) -> Response:
    """One webhook, without its secret."""
    return call.look_up(lambda unit: Answer(WebhookShown.model_validate(_row(unit, call, webhook))))


@router.patch("/{webhook_id}", response_model=WebhookShown, responses=PROBLEMS(404, body=True))
def change_webhook(call: UniversityCall, webhook: OwnWebhook, body: WebhookChanged) -> Response:
    """Give it another address or name, or switch it off or on. What waits goes to the new address."""
    if "url" in body.model_fields_set:
        _require_safe(call, body.url)
    return call.write(
        lambda unit: Answer(WebhookShown.model_validate(changes.change_webhook(unit, call.ctx, webhook, body)))
    )


@router.post("/{webhook_id}/rotate", status_code=201, response_model=NewSecretShown, responses=PROBLEMS(404, body=True))
def rotate_secret(call: UniversityCall, webhook: OwnWebhook, body: SecretRotated | None = None) -> Response:
    """Replace the secret. Both sign for the overlap, then only the new one. Idempotency-Key is refused here."""

    def work(unit: Unit) -> Answer:
        return _told(call, changes.rotate_secret(unit, call.ctx, webhook, body or SecretRotated()))

    return call.write(work, returns_secret=True)


@router.post("/{webhook_id}/test", status_code=202, response_model=DeliveryShown, responses=PROBLEMS(404, 409, 413))
def test_webhook(call: UniversityCall, webhook: OwnWebhook) -> Response:
    """Poke it now, to see whether that arrives."""

    def work(unit: Unit) -> Answer:
        return Answer(_delivery(unit, webhook, changes.poke_now(unit, call.ctx, webhook).id), 202)

    return call.write(work)


@router.get("/{webhook_id}/deliveries", response_model=Page[DeliveryShown], responses=PROBLEMS(400, 404))
def list_deliveries(
    call: UniversityCall, webhook: OwnWebhook, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """The pokes of the last four weeks and what became of them, the newest first."""
    before = place_at(cursor, UUID)
    return call.look_up(
        lambda unit: listed(
            call.request,
            webhooks.deliveries(unit, webhook, before=before, limit=limit + 1),
            limit,
            show=DeliveryShown.of,
            place=lambda row: row[0].id,
        )
    )


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/replay",
    response_model=DeliveryShown,
    responses=PROBLEMS(404, 409, 413),
)
def replay_delivery(call: UniversityCall, webhook: OwnWebhook, delivery: OwnDelivery) -> Response:
    """Send a poke again that was given up."""

    def work(unit: Unit) -> Answer:
        changes.replay_delivery(unit, call.ctx, webhook, delivery)
        return Answer(_delivery(unit, webhook, delivery))

    return call.write(work)


def _require_safe(call: Call, url: str) -> None:
    """Refuse an address that may not be called. The name is looked up here, before any transaction."""
    try:
        guard_of(call.services.settings).check(url)
    except UnsafeAddress as refusal:
        raise invalid("url", str(refusal)) from refusal


def _told(call: Call, signing: changes.Signing) -> Answer:
    secret = call.services.tokens.webhook_secret(signing.row.id, signing.rotation)
    return Answer(NewSecretShown.made(signing.row, secret), 201, {"Location": f"{router.prefix}/{signing.row.id}"})


def _row(unit: Unit, call: Call, webhook_id: UUID) -> WebhookRow:
    row = webhooks.find(unit, webhook_id, own_university(call))
    if row is None:
        raise not_found("webhook")
    return row


def _delivery(unit: Unit, webhook_id: UUID, message_id: UUID) -> DeliveryShown:
    unit.flush()
    row = webhooks.delivery(unit, webhook_id, message_id)
    if row is None:
        raise not_found("delivery")
    return DeliveryShown.of(row)
