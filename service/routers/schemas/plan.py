"""The backward plan as managers read it."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from service.routers.schemas.common import Nation, Shown
from service.states import EnquiryState
from service.workflows.plan import Standing, Verdict

_EXAMPLE: dict[str, Any] = {
    "reference": "4J7KQ2-M",
    "today": "2026-11-23",
    "basis": "decision_date",
    "usable_by": "2027-08-06",
    "deadline": [
        {
            "label": "The agenda goes out",
            "on": "2027-09-06",
            "arithmetic": "5 clear days lie between the agenda and the meeting. Monday 6 September 2027 is 6 working "
            "days before Tuesday 14 September 2027. Not counted: the weekend of 11 and 12 September 2027.",
        }
    ],
    "notice_by": None,
    "council": {
        "organisation_id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a02",
        "name": "Gateshead Council",
        "nation": "england_and_wales",
        "agenda_clear_days": 5,
        "clearance_working_days": 20,
    },
    "product": "rapid_review",
    "latest_start_on": "2026-12-15",
    "slack_working_days": 16,
    "explanation": None,
    "stages": [
        {
            "state": "scoping",
            "label": "Scoping",
            "standing": "now",
            "working_days": 5,
            "source": "a conversation is promised in 5 working days",
            "starts_by": "2026-12-08",
            "ends_by": "2026-12-15",
            "arithmetic": "Tuesday 8 December 2026 is 5 working days before Tuesday 15 December 2026. Not counted: "
            "the weekend of 12 and 13 December 2026.",
        }
    ],
    "products": [
        {
            "code": "rapid_review",
            "label": "Rapid review",
            "wanted": True,
            "verdict": "fits",
            "working_days": 60,
            "working_days_before": 90,
            "starts_by": "2027-05-11",
            "stage_ends_by": "2026-12-15",
            "slack_working_days": 16,
            "slack_if_long": -14,
            "arithmetic": "The work starts by Tuesday 11 May 2027.",
            "history": {"median_working_days": 64, "projects": 7},
        }
    ],
}


class DeadlineStep(Shown):
    """One day on the way to the deadline, and how it came about."""

    label: str
    on: date
    arithmetic: str


class CouncilNeeds(Shown):
    """Whose working days are counted, and what the enquirer's organisation needs before a decision."""

    organisation_id: UUID | None = Field(description="Null where we do not know the body: the usual days then count.")
    name: str | None
    nation: Nation
    agenda_clear_days: int
    clearance_working_days: int


class PlannedStage(Shown):
    """One stage on the way to the wanted product; the last is the work itself. Dates are null while none presses."""

    state: EnquiryState
    label: str
    standing: Standing
    working_days: int
    source: str = Field(description="Where the number of days comes from.")
    starts_by: date | None
    ends_by: date | None
    arithmetic: str


class ProductHistory(Shown):
    """How long this service's own delivered projects took."""

    median_working_days: int
    projects: int


class PlannedProduct(Shown):
    """One product, and whether it can still be had in time."""

    code: str
    label: str
    wanted: bool
    verdict: Verdict | None = Field(
        description="Null while no date presses. tight: at most five working days to spare."
    )
    working_days: int = Field(description="As it typically takes; as it was costed, for the wanted one.")
    working_days_before: int = Field(description="Of the stages between the one it is in and the work.")
    starts_by: date | None
    stage_ends_by: date | None = Field(description="The last day on which the stage it is in can end.")
    slack_working_days: int | None
    slack_if_long: int | None = Field(description="The same if the work takes the longer time.")
    arithmetic: str
    history: ProductHistory | None = Field(description="Null until five projects were delivered.")


class PlanShown(Shown):
    """The backward plan: from the day something usable is needed to the latest safe start of everything before it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    reference: str
    today: date
    basis: Literal["needed_by", "decision_date"] | None
    usable_by: date | None = Field(description="The last working day on which something usable helps.")
    deadline: list[DeadlineStep]
    notice_by: date | None = Field(
        description="For a key decision: when its 28 clear days' notice appears at the latest."
    )
    council: CouncilNeeds
    product: str | None = Field(description="The wanted product's code: as named, else as methods or type mean it.")
    latest_start_on: date | None = Field(description="The last day on which the stage it is in can end safely.")
    slack_working_days: int | None
    explanation: str | None = Field(description="Why there are no dates.")
    stages: list[PlannedStage]
    products: list[PlannedProduct]
