"""Figures as funders and managers read them (API.md section 4)."""

from datetime import date
from typing import Literal

from pydantic import ConfigDict, Field

from service.routers.schemas.common import Shown
from service.routers.schemas.figure_examples import DEFINITIONS_AT, FUNNEL, THROUGHPUT
from service.throughput.groups import GroupBy


class PeriodShown(Shown):
    """The cohort: submitted from the first day of one month up to but not including that of another."""

    model_config = ConfigDict(from_attributes=True, frozen=True, serialize_by_alias=True, populate_by_name=True)

    start: date = Field(alias="from")
    end: date = Field(alias="to")
    months: int = Field(description="Months of it that were over by as_of.")


class DefinitionUsed(Shown):
    """Which definitions hold, by id and version, and where they are told."""

    id: str
    href: str = DEFINITIONS_AT
    figures: dict[str, str] = Field(description="The id of each figure's definition.")
    suppression_threshold: int
    nation: str = Field(description="Whose working days count where an enquirer's area is not known.")


class FiguresAnswer(Shown):
    """Figures of a cohort, as of the end of a month."""

    as_of: date
    definition: DefinitionUsed
    period: PeriodShown
    invented: bool = Field(description="The service was filled with invented enquiries to show how it works.")


class ConversionShown(Shown):
    """Commissioned among decided."""

    numerator: int
    denominator: int
    value: float | None = Field(description="Null where nothing was decided.")


class Spread(Shown):
    """Quantiles in days; `not_reached` says that at least one of them lies beyond what was seen, and is null."""

    median: float | None
    p75: float | None
    p90: float | None
    not_reached: bool


class TimeTo(Spread):
    """Working days from submission to a milestone."""

    reached: int
    still_open: int
    closed_before: int


class TimeWith(Spread):
    """Working days of the turns that one party had with the ball."""

    reached: int = Field(description="Turns that are over.")
    still_open: int
    working_days: float = Field(description="All turns together, over or not.")


class Held(Shown):
    """Time on hold, which is in no other figure but elapsed."""

    stays: int
    working_days: float


class TimeIn(Spread):
    """Working days of the stays in a state."""

    reached: int = Field(description="Stays that have ended.")
    still_open: int
    elapsed: Spread = Field(description="The same in days of 24 hours, with holds, nights and weekends.")
    waiting_on: dict[str, TimeWith]
    held: Held


class TimesTo(Shown):
    """Working days from submission to each milestone; null where withheld."""

    first_response: TimeTo | None = None
    agreed_brief: TimeTo | None = None
    published: TimeTo | None = None
    commissioned: TimeTo | None = None
    closed: TimeTo | None = None


class InTimeShown(Shown):
    """Something usable (an answer, a signpost, delivered findings) by the needed-by date; adds up to submitted."""

    in_time: int
    late: int
    nothing_usable: int = Field(description="Closed without anything usable.")
    not_yet: int = Field(description="Open, and the date still ahead.")
    no_date: int


class UseShown(Shown):
    """What people said of delivered findings; the last four make up answered."""

    asked: int = Field(description="Enquiries with delivered findings: everybody concerned is asked.")
    answered: int
    planned: int
    no: int
    cannot_say: int
    used: int


class MoneyTotal(Shown):
    """A sum of money, which may be larger than one amount that is sent."""

    amount: str = Field(pattern=r"^\d+\.\d\d$")
    currency: Literal["GBP"]


class MoneyBySource(Shown):
    """Confirmed for projects that began: the service's own, and everybody else's."""

    service: MoneyTotal
    others: MoneyTotal


class EnquirersShown(Shown):
    """Whether the body that asked had asked before; adds up to submitted."""

    first_time: int
    returning: int
    not_known: int


class ThroughputCell(Shown):
    """What became of a cohort. What is withheld is null, and `suppressed` true."""

    submitted: int | None
    originating: int | None
    decided: int | None
    open: int | None
    commissioned: int | None
    reopened: int | None
    spam: int | None
    conversion: ConversionShown | None
    exits: dict[str, int | None] | None
    time_to: TimesTo | None
    time_in_state: dict[str, TimeIn] | None
    in_time: InTimeShown | None
    use: UseShown | None
    money: dict[Literal["cash", "in_kind"], MoneyBySource] | None
    enquirers: EnquirersShown | None
    suppressed: bool


class GroupCell(ThroughputCell):
    """The same of one group; what is withheld of any group is so in every period, lest it follow."""

    key: str = Field(
        description="A code of the vocabulary or not_known; 2026-04; 2026-Q2; or a university's organisation id."
    )


class ThroughputAnswer(FiguresAnswer):
    """Honest throughput."""

    model_config = ConfigDict(from_attributes=True, frozen=True, json_schema_extra={"examples": [THROUGHPUT]})

    group_by: GroupBy | None
    total: ThroughputCell
    groups: list[GroupCell] = Field(
        description="Groups of sector, area, enquiry_type, month and quarter share the enquiries out; those of topic and "
        "university overlap. Empty without group_by."
    )


class StageShown(Shown):
    """How many got to a state or past it, were closed before it, or may get there yet."""

    state: str
    reached: int
    closed_before: int
    still_before: int


class FunnelCell(Shown):
    """How far a cohort got. What is withheld is null, and `suppressed` true."""

    submitted: int | None
    stages: list[StageShown] | None
    suppressed: bool


class FunnelAnswer(FiguresAnswer):
    """How far a cohort got."""

    model_config = ConfigDict(from_attributes=True, frozen=True, json_schema_extra={"examples": [FUNNEL]})

    total: FunnelCell


class DefinitionShown(Shown):
    """What a figure means."""

    id: str
    figure: str
    version: int
    unit: str
    text: str
    rules: list[str]
