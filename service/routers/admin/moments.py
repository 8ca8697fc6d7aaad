"""The timeline's moments as managers are shown them."""

from dataclasses import asdict
from typing import assert_never

from service.records import timeline
from service.records.conversation import EntryRow
from service.routers.schemas.conversation import (
    EntryMoment,
    EntryShown,
    EventMoment,
    FileMoment,
    FollowUpMoment,
    MessageMoment,
    Moment,
)
from service.workflows.machines import ENQUIRY, PROJECT

_MACHINES = {machine.name: machine for machine in (ENQUIRY, PROJECT)}
_RECORDED = {
    "amend": "Facts changed",
    "first_response": "First response",
    "file_added": "File added",
    "acknowledged": "A university received the brief",
    "interest": "A university offered a team",
    "interest_amended": "A university changed its team",
    "recipient_declined": "A university declined",
    "forget": "It had its time: people and words destroyed",
    "erase": "Somebody's personal data erased",
    "continued": "Taken up by a new enquiry",
}
"""What is recorded beside the machines' own events, in words."""


def event_label(machine: str, event: str) -> str:
    """Return an event in words."""
    row = _MACHINES[machine].transitions.get(event)
    return row.label if row else _RECORDED.get(event, event.replace("_", " ").capitalize())


def moment_shown(moment: timeline.Moment) -> Moment:
    """Show one moment of the timeline."""
    place = {"id": moment.place.id, "at": moment.place.at, "audience": moment.audience}
    match moment:
        case timeline.EventAt():
            label = event_label(moment.row.machine, moment.row.event)
            actor = moment.actor or ""
            return EventMoment.model_validate({**moment.row.model_dump(), **place, "label": label, "actor": actor})
        case timeline.EntryAt():
            return EntryMoment.model_validate({**_entry(moment.row), **place})
        case timeline.FileAt():
            return FileMoment.model_validate({**asdict(moment), **place})
        case timeline.MessageAt():
            return MessageMoment.model_validate({**moment.row.model_dump(), **place, "to": moment.row.to_name})
        case timeline.FollowUpAt():
            return FollowUpMoment.model_validate({**moment.row.model_dump(), **place, "to": moment.row.addressee})
        case _:
            assert_never(moment)


def entry_shown(entry: EntryRow) -> EntryShown:
    """Show one entry of the conversation."""
    return EntryShown.model_validate(_entry(entry))


def _entry(entry: EntryRow) -> dict[str, object]:
    return {
        **entry.model_dump(),
        "author": entry.author_name,
        "said_by": entry.said_by_name,
        "answers": entry.answers_id,
        "redacted": entry.redacted_at is not None,
    }
