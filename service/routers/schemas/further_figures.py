"""More figures as funders and managers read them (API.md section 4)."""

from typing import Literal

from pydantic import ConfigDict, Field

from service.routers.schemas.common import Shown
from service.routers.schemas.figure_examples import AGEING, DEMAND, TRANSITIONS, UNIVERSITIES
from service.routers.schemas.figures import FiguresAnswer


class AgesShown(Shown):
    """Open enquiries by working days since submission."""

    up_to_20: int
    up_to_60: int
    up_to_120: int
    over_120: int


class WaitingShown(Shown):
    """The open enquiries in a state."""

    state: str
    open: int
    on_hold: int
    ages: AgesShown


class AgeingCell(Shown):
    """How old what is open has become. What is withheld is null, and `suppressed` true."""

    submitted: int | None
    open: int | None
    states: list[WaitingShown] | None
    suppressed: bool


class AgeingAnswer(FiguresAnswer):
    """What was still open at as_of."""

    model_config = ConfigDict(from_attributes=True, frozen=True, json_schema_extra={"examples": [AGEING]})

    total: AgeingCell


class DemandCell(Shown):
    """What could not be met. What is withheld is null, and `suppressed` true."""

    submitted: int | None
    unmet: int | None
    reasons: dict[str, int] | None
    suppressed: bool


class TopicCell(Shown):
    """One topic; an enquiry may have several, or none."""

    key: str
    submitted: int | None
    unmet: int | None
    suppressed: bool


class DemandAnswer(FiguresAnswer):
    """What was wanted and could not be met."""

    model_config = ConfigDict(from_attributes=True, frozen=True, json_schema_extra={"examples": [DEMAND]})

    group_by: Literal["topic"]
    total: DemandCell
    groups: list[TopicCell]


class UniversitiesCell(Shown):
    """What universities answered, all together. What is withheld is null, and `suppressed` true."""

    submitted: int | None
    called: int | None = Field(description="Enquiries whose brief was published.")
    with_interest: int | None
    without_interest: int | None
    interests: int | None
    late_interests: int | None
    declines: dict[str, int] | None
    offers: int | None
    offers_accepted: int | None
    offers_declined: int | None
    suppressed: bool


class UniversitiesAnswer(FiguresAnswer):
    """What universities answered to calls."""

    model_config = ConfigDict(from_attributes=True, frozen=True, json_schema_extra={"examples": [UNIVERSITIES]})

    total: UniversitiesCell


class TransitionShown(Shown):
    """How often an event led from one state to another."""

    model_config = ConfigDict(from_attributes=True, frozen=True, serialize_by_alias=True, populate_by_name=True)

    event: str
    source: str = Field(alias="from")
    target: str = Field(alias="to")
    count: int


class TransitionsCell(Shown):
    """Which way a cohort went. What is withheld is null, and `suppressed` true."""

    submitted: int | None
    transitions: list[TransitionShown] | None
    suppressed: bool


class TransitionsAnswer(FiguresAnswer):
    """Which way a cohort went."""

    model_config = ConfigDict(from_attributes=True, frozen=True, json_schema_extra={"examples": [TRANSITIONS]})

    total: TransitionsCell
