"""An enquiry's story: its timeline from the newest backwards, narrowed to one kind of thing where wished."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlmodel import col, select

from service.records import timeline
from service.records.database import Unit
from service.records.tables import Organisation

KINDS: Mapping[str, frozenset[str]] = {
    "": frozenset({"events", "entries", "files"}),
    "conversation": frozenset({"entries"}),
    "notes": frozenset({"entries"}),
    "steps": frozenset({"events"}),
    "files": frozenset({"files"}),
    "mail": frozenset({"messages"}),
    "reminders": frozenset({"follow_ups"}),
}
"""What the timeline may be narrowed to, by the word in the address; the whole story leaves out our own mail and
reminders, which say again what the steps and the conversation tell."""


def story(
    unit: Unit, enquiry_id: UUID, kind: str = "", *, before: timeline.Place | None = None, limit: int
) -> list[timeline.Moment]:
    """Return moments of one kind, the newest first, at most `limit`: those before a place, where given."""
    return timeline.page(
        unit,
        enquiry_id,
        after=before,
        limit=limit,
        walks=KINDS[kind],
        newest_first=True,
        visibility={"notes": "back_stage"}.get(kind),
    )


def askers(unit: Unit, moments: Iterable[timeline.Moment]) -> dict[UUID, str]:
    """Return the names of the universities that asked something among these moments, by id: for the team's eyes only."""
    ids = {
        each.row.organisation_id for each in moments if isinstance(each, timeline.EntryAt) and each.row.organisation_id
    }
    query = select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(ids))
    return dict(unit.exec(query).all()) if ids else {}
