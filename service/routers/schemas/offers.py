"""Offers as the university that received them reads them, and its answer."""

from datetime import date
from uuid import UUID

from pydantic import ConfigDict, Field

from service.routers.schemas.common import Instant, Prose, Sent, Shown
from service.states import OfferState


class OfferDeclined(Sent):
    """Why the lead cannot take the work on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "A grant came through for the same months."}]})

    reason: Prose


class OwnOffer(Shown):
    """An offer of the work to one of your teams."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a07",
                    "brief_id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a04",
                    "interest_id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a06",
                    "title": "Do homes that were retrofitted send fewer older residents to A&E?",
                    "organisation": "Gateshead Council",
                    "lead_name": "Dr Lee Lead",
                    "state": "open",
                    "offered_at": "2026-12-10T10:00:00Z",
                    "respond_by": "2026-12-24",
                    "answered_at": None,
                    "decline_reason": None,
                    "project_id": None,
                }
            ]
        }
    )

    id: UUID
    brief_id: UUID
    interest_id: UUID
    title: str
    organisation: str | None = Field(description="Who asks: named while the offer is open, and once it is accepted.")
    lead_name: str
    state: OfferState
    offered_at: Instant
    respond_by: date
    answered_at: Instant | None
    decline_reason: str | None
    project_id: UUID | None = Field(description="The project planned when the offer was accepted.")
