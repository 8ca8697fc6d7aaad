"""Organisations as managers send and read them."""

from uuid import UUID

from pydantic import ConfigDict

from service.actions.organisations import OrganisationChange, OrganisationEntry
from service.routers.schemas.common import Area, Instant, Nation, OrganisationKind, Sector, Shown


class OrganisationSent(OrganisationEntry):
    """A new organisation."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Gateshead Council",
                    "kind": "council",
                    "area": "north_east",
                    "sector": "council_public_health",
                },
                {"name": "Durham University", "kind": "university", "area": "north_east", "partner": True},
            ]
        }
    )


class OrganisationChanged(OrganisationChange):
    """What is to change of an organisation; what is not sent stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"succeeded_by": "Westmorland and Furness Council"}, {"partner": True}]}
    )


class KnownOrganisation(Shown):
    """A body that asks, answers or pays."""

    id: UUID
    name: str
    kind: OrganisationKind
    nation: Nation
    area: Area | None
    sector: Sector | None
    code: str | None
    partner: bool
    agenda_clear_days: int
    clearance_working_days: int
    succeeded_by_id: UUID | None
    created_at: Instant
    version: int
