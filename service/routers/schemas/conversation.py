"""The conversation, the files and the timeline as managers send and read them."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from service.routers.schemas.common import EntryKind, Instant, Name, Sent, Shown, Visibility
from service.routers.schemas.enquiries import Words

Direction = Literal["in", "out"]
Minutes = Annotated[int, Field(ge=0, le=100_000)]


class EntrySent(Sent):
    """Something said or noted. `direction` is seen from the team: `in` came to us, `out` left us."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "call",
                    "visibility": "enquirer",
                    "direction": "out",
                    "body": "Talked through the question; the paper goes to cabinet in March.",
                    "occurred_at": "2026-11-22T09:30:00Z",
                    "minutes": 25,
                }
            ]
        }
    )

    kind: EntryKind
    visibility: Visibility = Field(
        description="Who may read it. Freedom of information and a person's own data request may reach any of it."
    )
    direction: Direction
    body: Words
    occurred_at: Instant | None = Field(default=None, description="Now when left out; only a meeting may lie ahead.")
    minutes: Minutes | None = None
    starts_at: Instant | None = Field(default=None, description="A meeting ahead sends a calendar invitation.")
    ends_at: Instant | None = None
    attendees: Annotated[list[Name], Field(max_length=100)] = Field(default_factory=list)
    automatic: bool = Field(default=False, description="An auto-reply: it is kept, and changes nothing.")
    answers: UUID | None = Field(default=None, description="The university's question that this answers.")


class EntryShown(Shown):
    """One entry of the conversation. A redacted one keeps its place and loses its text."""

    id: UUID
    kind: EntryKind
    visibility: Visibility
    direction: Direction
    body: str
    occurred_at: Instant
    recorded_at: Instant
    author: str
    author_role: str
    said_by: str | None = Field(description="Whose words they are, where the author wrote them down and it is known.")
    organisation_id: UUID | None = Field(description="The university that asked, for a question about the brief.")
    answers: UUID | None
    minutes: int | None
    starts_at: Instant | None
    ends_at: Instant | None
    attendees: list[str]
    automatic: bool
    redacted: bool


class FileShown(Shown):
    """A file, without its content. A redacted one keeps its place and loses its content and its name."""

    id: UUID
    filename: str
    media_type: str
    size: int = Field(description="Bytes.")
    visibility: Visibility
    uploaded_at: Instant
    uploaded_by: str | None
    redacted: bool = Field(description="It was destroyed, its name with it: there is nothing to download.")


class _Moment(Shown):
    """Where something stands on the timeline, and who besides the team has seen it."""

    id: UUID
    at: Instant
    audience: Visibility


class EventMoment(_Moment):
    """A recorded event."""

    type: Literal["event"] = "event"
    event: str
    label: str
    machine: Literal["enquiry", "project"]
    from_state: str
    to_state: str
    waiting_on: str
    outcome: str | None
    version: int
    actor: str
    actor_role: str
    reason: str | None
    waivers: list[dict[str, str]]
    data: dict[str, object]


class EntryMoment(_Moment, EntryShown):
    """Something said or noted."""

    type: Literal["entry"] = "entry"


class FileMoment(_Moment):
    """A file that was added."""

    type: Literal["file"] = "file"
    filename: str
    media_type: str
    size: int
    uploaded_by: str | None
    redacted: bool


class MessageMoment(_Moment):
    """A message of the service's own, from the moment it was queued."""

    type: Literal["message"] = "message"
    kind: str
    to: str
    status: str
    sent_at: Instant | None


class FollowUpMoment(_Moment):
    """A reminder or staff date, at the moment it is due."""

    type: Literal["follow_up"] = "follow_up"
    rule: str
    to: str
    due_on: date
    status: str
    arithmetic: str
    note: str | None


Moment = Annotated[EventMoment | EntryMoment | FileMoment | MessageMoment | FollowUpMoment, Field(discriminator="type")]


class Timeline(Shown):
    """A stretch of the timeline, the earliest first."""

    items: list[Moment]
    next_cursor: str | None
