"""How the ranking did, as managers read it."""

from datetime import date

from pydantic import ConfigDict, Field

from service.routers.schemas.common import Shown
from service.throughput.ranking import TOO_FEW


class ShareShown(Shown):
    """So many of so many; the share is null where they are too few to tell."""

    model_config = ConfigDict(
        from_attributes=True, frozen=True,
        json_schema_extra={"examples": [{"count": 9, "of": 12, "value": 0.75, "too_few": False}]},
    )  # fmt: skip

    count: int
    of: int
    value: float | None
    too_few: bool = Field(description=f"Fewer than {TOO_FEW}: too few to tell.")


class SpreadShown(Shown):
    """How people are spread over universities."""

    people: int
    universities: int
    top: ShareShown = Field(description="The university with most of them.")
    effective: float | None = Field(description="The effective number of universities.", examples=[3.6])
    too_few: bool


class BandShown(Shown):
    """What became of the offers to leads who stood in one place of the ranking."""

    band: str = Field(examples=["1_to_5"])
    offers: int
    accepted: int
    declined: int
    unanswered: int = Field(description="Open still, or ended with the enquiry.")
    acceptance: ShareShown


class RanksShown(Shown):
    """Where the chosen stood when the work was offered to them."""

    chosen: int
    known: int = Field(description="Those of whom it is known where they stood.")
    ranked: int
    median: float | None = Field(description="The middle rank of the ranked; null where they are too few to tell.")
    top_5: ShareShown
    top_10: ShareShown
    top_20: ShareShown
    unlisted: ShareShown = Field(description="Not in the directory.")


class PeopleShares(Shown):
    """Of those shown, shortlisted and chosen."""

    shown: ShareShown
    shortlisted: ShareShown
    chosen: ShareShown


class PeopleSpread(Shown):
    """Of those shown, shortlisted and chosen."""

    shown: SpreadShown
    shortlisted: SpreadShown
    chosen: SpreadShown


class RankingPeriod(Shown):
    """From a day up to but not including another, London days."""

    model_config = ConfigDict(from_attributes=True, frozen=True, serialize_by_alias=True, populate_by_name=True)

    start: date = Field(alias="from")
    end: date = Field(alias="to")


class RankingReportShown(Shown):
    """How the ranking did. Nothing reads these figures back: no weight and no order changes by them."""

    period: RankingPeriod
    definition: str = Field(examples=["ranking_report/1"])
    rules: list[str]
    invented: bool = Field(description="The service was filled with invented enquiries to show how it works.")
    briefs: int = Field(description="Briefs of which a ranking was written down.")
    shortlisted: int
    passed_over: int
    taken_back: int
    replaced: int
    reasons: dict[str, int] = Field(description="Why people are passed over, by code.", examples=[{"too_busy": 3}])
    ranks: RanksShown
    bands: list[BandShown]
    spread: PeopleSpread
    newcomers: PeopleShares
