"""Reminders and staff dates as managers send and read them."""

from datetime import date
from uuid import UUID

from pydantic import ConfigDict, Field

from service.records.follow_ups import Status
from service.routers.schemas.common import Day, Instant, Line, Sent, Shown
from service.routers.schemas.enquiries import Words


class StaffDate(Sent):
    """A date of one's own: whoever sets it is reminded on that very day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"enquiry": "4J7KQ2-M", "on": "2027-01-11", "note": "Ask whether the budget passed."}]
        }
    )

    enquiry: Line = Field(description="The enquiry's reference.")
    on: Day
    note: Words


class FollowUpShown(Shown):
    """One step of one reminder, or a staff date."""

    id: UUID
    rule: str
    enquiry: str | None = Field(description="The enquiry's reference; null for a form that was not sent.")
    project_id: UUID | None
    organisation_id: UUID | None
    step: int = Field(description="Working days from the anchor; negative before a date.")
    addressee: str = Field(description="A person's id, or whom the rule names.")
    anchor_on: date
    due_on: date
    due_at: Instant
    arithmetic: str
    status: Status
    deferred_from: date | None
    settled_at: Instant | None
    settled_why: str | None
    outbox_id: UUID | None = Field(description="The message that went out.")
    note: str | None
    set_by_id: UUID | None
    created_at: Instant
