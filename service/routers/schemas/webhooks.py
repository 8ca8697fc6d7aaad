"""Webhooks and the log of their deliveries, as universities send and read them."""

from typing import Any, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from service.actions.webhooks import SecretRotation, WebhookChange, WebhookEntry
from service.records.webhooks import PokeRow, WebhookRow
from service.routers.schemas.common import Instant, Shown
from service.routers.schemas.outbox import TryShown

_EXAMPLE = "https://hooks.university.example/briefs"


class WebhookSent(WebhookEntry):
    """A new webhook."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"url": _EXAMPLE, "name": "Research office"}]})


class WebhookChanged(WebhookChange):
    """What is to change of a webhook; what is not sent stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"enabled": True}]})


class SecretRotated(SecretRotation):
    """How a webhook's secret is replaced."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"overlap_hours": 48}]})


class WebhookShown(Shown):
    """A webhook, without its secret."""

    id: UUID
    name: str
    url: str
    enabled: bool
    created_at: Instant
    rotated_at: Instant | None
    overlap_until: Instant | None = Field(description="Until then the secret before the newest signs too.")
    disabled_at: Instant | None
    disabled_because: str | None


class NewSecretShown(WebhookShown):
    """A webhook with its new secret, which is shown this once."""

    secret: str = Field(
        description="Verifies `webhook-signature` as Standard Webhooks says. It cannot be shown again.",
        examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )

    @classmethod
    def made(cls, row: WebhookRow, secret: str) -> Self:
        """Show a webhook with a secret that was made just now."""
        return cls.model_validate({**row.model_dump(), "secret": secret})


class DeliveryShown(Shown):
    """One poke: what it says and whether it arrived."""

    id: UUID = Field(description="The `webhook-id` header, the same at every try.")
    seq: int = Field(description="How far the feed goes, as the poke says.")
    status: Literal["queued", "sent", "failed", "cancelled"] = Field(
        description="failed: given up until it is replayed; cancelled: a later one said more, or the webhook was switched off."
    )
    queued_at: Instant
    sent_at: Instant | None
    next_try_at: Instant | None = Field(description="In the machine's time; null when there is none, or it is due.")
    attempts: int
    last_error: str | None
    tries: list[TryShown]

    @classmethod
    def of(cls, row: PokeRow) -> Self:
        """Show a poke with its tries, the first first."""
        message, tries = row
        told: dict[str, Any] = message.model_dump()
        waits = message.status == "queued" and message.attempts > 0
        return cls.model_validate(
            {
                **told,
                "seq": message.params["seq"],
                "next_try_at": message.available_at if waits else None,
                "tries": [each.model_dump() for each in tries],
            }
        )
