"""Messages on their way out, as managers read them."""

from collections.abc import Sequence
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import Field

from service.records.outbox import MessageRow, TryRow
from service.routers.schemas.common import Instant, Shown

Status = Literal["queued", "held", "sent", "failed", "cancelled"]


class TryShown(Shown):
    """One try at sending a message, in the machine's time."""

    number: int
    started_at: Instant
    finished_at: Instant | None
    result: str | None = Field(description="sent, deferred or refused; null when it never reported back.")
    detail: str | None


class MessageShown(Shown):
    """A message on its way out."""

    id: UUID
    kind: str
    status: Status = Field(description="held: until the address is confirmed; failed: until it is replayed.")
    to_address: str
    to_name: str
    to_person_id: UUID | None
    reply_to: str | None
    enquiry: str | None = Field(description="The reference of the enquiry it is about.")
    params: dict[str, Any]
    queued_at: Instant
    sent_at: Instant | None
    attempts: int
    last_error: str | None

    @classmethod
    def of(cls, row: MessageRow) -> Self:
        """Show a message with the reference of its enquiry."""
        return cls.model_validate(_facts(row))


class MessageWithTries(MessageShown):
    """A message and every try at sending it."""

    tries: list[TryShown]

    @classmethod
    def tried(cls, row: MessageRow, tries: Sequence[TryRow]) -> Self:
        """Show a message with its tries, the first first."""
        return cls.model_validate({**_facts(row), "tries": [attempt.model_dump() for attempt in tries]})


def _facts(row: MessageRow) -> dict[str, Any]:
    message, reference = row
    return {**message.model_dump(), "enquiry": reference}
