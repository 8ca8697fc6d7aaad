"""Where a redacted text may also stand: messages, the reason of an event, and answers kept for repeated requests."""

from collections.abc import Mapping

from sqlmodel import col, delete, select

from service.records.database import Unit
from service.records.tables import Enquiry, Event, IdempotencyRecord, OutboxMessage

_TOO_SHORT = 12
"""A word or two says nothing by itself, and cut out wherever it stands would make nonsense of dates and names."""


def forget_texts(unit: Unit, enquiry: Enquiry, forget: Mapping[str, str]) -> None:
    """Put stubs for texts in an enquiry's messages and reasons, and drop stored answers that speak of it."""
    for event in unit.exec(
        select(Event)
        .where(Event.enquiry_id == enquiry.id, col(Event.reason).in_(list(forget)))
        .order_by(col(Event.seq))
    ):
        event.reason = forget[event.reason or ""]
        unit.add(event)
    for message in unit.exec(select(OutboxMessage).where(OutboxMessage.enquiry_id == enquiry.id)):
        params = {key: _without(value, forget) for key, value in message.params.items()}
        if params != message.params:
            message.params = params
            unit.add(message)
    if enquiry.reference:
        unit.exec(
            delete(IdempotencyRecord).where(
                IdempotencyRecord.body.contains(enquiry.reference)  # type: ignore[attr-defined]
                | IdempotencyRecord.path.contains(enquiry.reference)  # type: ignore[attr-defined]
            )
        )


def without(text: str, forget: Mapping[str, str]) -> str:
    """Return a text with stubs where it says what is to be forgotten."""
    return str(_without(text, forget))


def _without(value: object, forget: Mapping[str, str]) -> object:
    """A message's title is its text's beginning on one line: it goes as well."""
    if isinstance(value, list):
        return [_without(inner, forget) for inner in value]
    if not isinstance(value, str):
        return value
    for text, stub in forget.items():
        beginning = " ".join(text.split())
        if value and (value == text or (beginning.startswith(value.removesuffix("…")) and len(value) > 20)):
            return stub
        if len(text) > _TOO_SHORT:
            value = value.replace(text, stub)
    return value
