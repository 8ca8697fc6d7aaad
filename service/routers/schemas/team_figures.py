"""Figures of reach, of the team's own work and of products, as managers read them; reach as funders do too."""

from datetime import date
from uuid import UUID

from pydantic import Field

from service.routers.schemas.common import Shown
from service.routers.schemas.figure_examples import DEFINITIONS_AT
from service.routers.schemas.figures import PeriodShown


class DefinitionTold(Shown):
    """What the figures mean, in words, and where every definition is told."""

    id: str
    text: str
    rules: list[str]
    href: str = DEFINITIONS_AT
    suppression_threshold: int
    nation: str = Field(description="Whose working days count where nothing names an area.")


class FurtherAnswer(Shown):
    """Figures as of the end of a month."""

    as_of: date
    definition: DefinitionTold
    period: PeriodShown
    invented: bool = Field(description="The service was filled with invented enquiries to show how it works.")


class ReachCell(Shown):
    """Councils of the register, heard from or not. What is withheld is null, and `suppressed` true."""

    on_register: int
    heard_from: int | None = Field(description="They asked at least once, or a body did that they took over from.")
    never: int | None
    suppressed: bool


class AreaReached(ReachCell):
    """The same of one area."""

    key: str = Field(description="An area's code, or not_known.")


class ReachAnswer(FurtherAnswer):
    """Councils that have never been heard from, by area."""

    group_by: str
    total: ReachCell
    groups: list[AreaReached]


class CouncilShown(Shown):
    """A council of the register that has never been heard from, as it was named at the as_of."""

    id: UUID
    name: str
    area: str | None


class CouncilsAnswer(FurtherAnswer):
    """Every council of the register that has never been heard from, by name."""

    items: list[CouncilShown]


class AccessCell(Shown):
    """Who asked. The four kinds of asker make up submitted, and so do first_time, returning and body_not_known."""

    submitted: int
    bodies: int = Field(description="How many different bodies asked.")
    public_health: int = Field(description="From the public health department of a council.")
    other_department: int = Field(description="From another department of a council.")
    other_bodies: int = Field(description="From a body of another sector.")
    not_known: int = Field(description="No sector is recorded.")
    first_time: int
    returning: int
    body_not_known: int


class AreaAsked(AccessCell):
    """The same of one area."""

    key: str


class AccessAnswer(FurtherAnswer):
    """From which areas and departments enquiries come."""

    group_by: str
    total: AccessCell
    groups: list[AreaAsked]


class PerEnquiryShown(Shown):
    """Minutes of the enquiries on which any were logged; null without any."""

    median: int | None
    p75: int | None
    p90: int | None


class BrokerageCell(Shown):
    """Time logged with entries of the conversation."""

    entries: int
    minutes: int
    enquiries: int
    per_enquiry: PerEnquiryShown
    by_state: dict[str, int] = Field(description="Minutes by the state the enquiry was in; not_noted is older.")


class BrokerageMonth(BrokerageCell):
    """The same of one month."""

    key: str


class BrokerageAnswer(FurtherAnswer):
    """Minutes of brokerage."""

    group_by: str
    total: BrokerageCell
    groups: list[BrokerageMonth]


class RemindersCell(Shown):
    """What became of reminders that were settled in the period."""

    settled: int
    fates: dict[str, int]
    met: float | None = Field(description="Share of met_before_due, sent_on_time and sent_as_put_off; null of none.")


class RuleReminded(RemindersCell):
    """The same of one rule."""

    key: str = Field(description="The code of the reminder rule.")


class RemindersAnswer(FurtherAnswer):
    """Reminders met."""

    group_by: str
    total: RemindersCell
    groups: list[RuleReminded]


class ReadinessCell(Shown):
    """Briefs published, and what readiness still advised on them."""

    published: int
    ready: int = Field(description="Nothing was missing or weak any more.")
    advised: int
    not_noted: int = Field(description="Published before the log began to carry it.")
    wording: int = Field(description="Words were left that somebody may misread.")
    sections: dict[str, int] = Field(description="Briefs with advice on each section, and on the enquiry's own facts.")


class ReadinessMonth(ReadinessCell):
    """The same of one month."""

    key: str


class ReadinessAnswer(FurtherAnswer):
    """How ready briefs were when they were published."""

    group_by: str
    total: ReadinessCell
    groups: list[ReadinessMonth]


class ProductTaken(Shown):
    """What a product takes by default, and what it took here. Null and `suppressed` where fewer than the threshold did."""

    key: str = Field(description="The product's code.")
    label: str
    typical: int | None = Field(
        description="Working days it usually takes, as delivered; null of a product added here."
    )
    long: int | None = Field(description="Working days it may take; null where it has no usual end.")
    delivered: int
    unfinished: int
    stopped: int
    median: float | None = Field(description="Working days from start to delivery, after Kaplan and Meier.")
    p75: float | None
    p90: float | None
    suppressed: bool


class ProductsAnswer(FurtherAnswer):
    """How long products took, beside what the ladder promises."""

    items: list[ProductTaken]
