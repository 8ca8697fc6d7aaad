"""Whom a call could go to: the partner universities, who there would be told, and what was said to them before."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, or_, select

from service.context import Context
from service.records import calls, conversation, people
from service.records.database import Unit
from service.records.tables import ApiKey, Entry, Person


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner university: its contacts by name, whether a system of its own reads the feed, and earlier calls."""

    id: UUID
    name: str
    contacts: tuple[str, ...]
    has_system: bool
    was_sent: bool
    """An earlier call about this enquiry went there."""

    @property
    def is_reached(self) -> bool:
        """Tell whether anybody or anything there would learn of a call."""
        return bool(self.contacts) or self.has_system


@dataclass(frozen=True, slots=True)
class Sounding:
    """An entry that names a partner university or somebody there, from before the brief went out."""

    at: datetime
    kind: str
    body: str
    named: tuple[str, ...]


def partners(unit: Unit, ctx: Context, enquiry_id: UUID) -> list[Partner]:
    """Return the partner universities, by name."""
    found = people.partner_universities(unit)
    contacts = _contacts(unit, [each.id for each in found])
    systems = _systems(unit, ctx)
    before = set(calls.ever_recipients(unit, enquiry_id))
    return [
        Partner(
            id=each.id,
            name=each.name,
            contacts=tuple(person.name for person in contacts if person.organisation_id == each.id and person.email),
            has_system=each.id in systems,
            was_sent=each.id in before,
        )
        for each in found
    ]


def soundings(unit: Unit, enquiry_id: UUID) -> list[Sounding]:
    """Return what was said or noted that names a partner university or a contact there, before any call, oldest first.

    Sounding somebody out is ordinary work and never refused (DOMAIN.md section 2); who publishes should remember it.
    """
    opened = calls.first_opened(unit, enquiry_id)
    names = _names(unit)
    found = []
    for entry in conversation.entries(unit, enquiry_id):
        if entry.redacted_at is not None or (opened is not None and entry.occurred_at > opened):
            continue
        named = _named(entry, names)
        if named:
            found.append(Sounding(entry.occurred_at, entry.kind, entry.body, named))
    return found


def _contacts(unit: Unit, universities: Iterable[UUID]) -> list[Person]:
    return list(
        unit.exec(
            select(Person)
            .where(col(Person.organisation_id).in_(set(universities)), col(Person.is_contact).is_(True))
            .order_by(col(Person.name))
        )
    )


def _systems(unit: Unit, ctx: Context) -> set[UUID | None]:
    return set(
        unit.exec(
            select(ApiKey.organisation_id).where(
                ApiKey.role == "university",
                col(ApiKey.revoked_at).is_(None),
                or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > ctx.now),
            )
        )
    )


def _names(unit: Unit) -> dict[str, str]:
    """Return what a partner is recognised by in a text (its name, its contacts' names and addresses) and its name."""
    found = people.partner_universities(unit)
    names = {each.name.casefold(): each.name for each in found}
    universities = {each.id: each.name for each in found}
    for person in _contacts(unit, universities):
        for text in (person.name, person.email):
            if text and person.organisation_id:
                names[text.casefold()] = universities[person.organisation_id]
    return names


def _named(entry: Entry, names: dict[str, str]) -> tuple[str, ...]:
    text = " ".join([entry.body, *entry.attendees]).casefold()
    found = [name for written, name in names.items() if re.search(rf"(?<!\w){re.escape(written)}(?!\w)", text)]
    return tuple(sorted(set(found)))
