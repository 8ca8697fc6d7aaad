"""The call as managers read it: whom it went to, who would do it, and what was offered."""

from datetime import date
from uuid import UUID

from service.routers.schemas.common import Instant, Shown, UniversityDeclineReason
from service.states import OfferState, RecipientStatus


class RecipientShown(Shown):
    """One university's part in one call; `status` is the furthest thing that happened."""

    id: UUID
    call: int
    organisation_id: UUID
    organisation: str
    status: RecipientStatus
    reply_by: date
    told_at: Instant
    fetched_at: Instant | None
    acknowledged_at: Instant | None
    replied_at: Instant | None
    interested_at: Instant | None
    declined_at: Instant | None
    decline_reason: UniversityDeclineReason | None
    decline_comment: str | None
    offered_at: Instant | None
    accepted_at: Instant | None
    stood_down_at: Instant | None


class LeadShown(Shown):
    """Who would lead."""

    researcher_id: UUID | None
    name: str
    email: str


class InterestShown(Shown):
    """One team that would take the brief on."""

    id: UUID
    call: int
    organisation_id: UUID
    organisation: str
    brief_version: int
    lead: LeadShown
    team: list[str]
    with_universities: list[str]
    statement: str
    capacity_days: int
    earliest_start: date
    cost_band: str
    conflicts: str | None
    conflicts_cleared_at: Instant | None
    show_enquirer: bool
    late: bool
    preference: int | None
    """Its place in the enquirer's order, 1 being most wanted; null when they said nothing of it."""
    submitted_at: Instant
    amended_at: Instant | None
    version: int


class OfferShown(Shown):
    """One offer of the work, and its answer."""

    id: UUID
    interest_id: UUID
    organisation_id: UUID
    organisation: str
    lead_name: str
    state: OfferState
    respond_by: date
    alternates: list[UUID]
    offered_at: Instant
    answered_at: Instant | None
    decline_reason: str | None
