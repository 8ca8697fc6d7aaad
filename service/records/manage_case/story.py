"""An enquiry's story: its timeline from the newest backwards, narrowed to one kind of thing where wished."""

from collections.abc import Mapping
from uuid import UUID

from service.records import timeline
from service.records.database import Unit

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
