"""What entries of the audit trail are about, by the names the things have today."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from service.records.database import Unit
from service.records.tables import (
    ApiKey,
    CalendarDay,
    FollowUp,
    GlossaryTerm,
    Organisation,
    OutboxMessage,
    Person,
    PublishedAnswer,
    Researcher,
    Webhook,
)

Named = Mapping[str, str | date]
"""What a thing is called; a day off is a date, a letter or a reminder goes by the code of its kind."""

_NAME_OF = {
    "organisation": (Organisation.id, Organisation.name),
    "person": (Person.id, Person.name),
    "researcher": (Researcher.id, Researcher.name),
    "api_key": (ApiKey.id, ApiKey.name),
    "answer": (PublishedAnswer.id, PublishedAnswer.title),
    "glossary_term": (GlossaryTerm.id, GlossaryTerm.word),
    "calendar_day": (CalendarDay.id, CalendarDay.day),
    "follow_up": (FollowUp.id, FollowUp.rule),
    "outbox": (OutboxMessage.id, OutboxMessage.kind),
    "webhook": (Webhook.id, Webhook.name),
}


def named(unit: Unit, subjects: Iterable[str]) -> Named:
    """Return the names of what is still there, by subject (`kind:id`), with one query for each kind."""
    asked: dict[str, set[UUID]] = defaultdict(set)
    for subject in subjects:
        kind, _, code = subject.partition(":")
        if kind in _NAME_OF:
            asked[kind].add(UUID(code))
    return {
        f"{kind}:{found}": name
        for kind, ids in asked.items()
        for found, name in unit.exec(
            select(*_NAME_OF[kind]).where(col(_NAME_OF[kind][0]).in_(ids))  # type: ignore[call-overload]
        )
    }
