"""What a project costs and what pays for it, as managers and its university send and read it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import ConfigDict, Field

from service.records.projects import FundingRow
from service.routers.schemas.common import Day, Instant, Line, Money, MoneyKind, Prose, Sent, Shown
from service.states import FundingStatus


class CostLineSent(Sent):
    """One line of the costs."""

    label: Line
    amount: Money
    kind: MoneyKind


class CostsSent(Sent):
    """The whole of a project's costs, and when it would run."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "lines": [
                        {"label": "Research time", "amount": {"amount": "12000.00", "currency": "GBP"}, "kind": "cash"},
                        {"label": "Supervision", "amount": "1500.00", "kind": "in_kind"},
                    ],
                    "start": "2027-01-11",
                    "end": "2027-06-30",
                }
            ]
        }
    )

    lines: list[CostLineSent] = Field(max_length=200)
    start: Day | None = None
    end: Day | None = None


class CostLineShown(Shown):
    """One line of the costs."""

    label: str
    amount: Money
    kind: MoneyKind


class CostsShown(Shown):
    """A project's costs in their newest version: the one to agree is the one that was submitted."""

    version: int = Field(description="0 before anything was entered; raised by each change.")
    lines: list[CostLineShown]
    total: Money
    cash: Money
    in_kind: Money
    start: date | None
    end: date | None
    submitted_version: int | None
    submitted_at: Instant | None
    agreed_version: int | None
    agreed_at: Instant | None


class FundingLineSent(Sent):
    """One source of money, or of help in kind."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "Public health grant",
                    "amount": {"amount": "12000.00", "currency": "GBP"},
                    "kind": "cash",
                    "status": "confirmed",
                    "evidence": "Cabinet minute 14 of 3 December",
                }
            ]
        }
    )

    source: Line
    amount: Money
    kind: MoneyKind
    status: FundingStatus = FundingStatus.SOUGHT
    evidence: Prose | None = Field(default=None, description="Where the confirmation can be seen; required with it.")
    own_funds: bool = Field(
        default=False,
        description="The service's own money: confirmed only by a service lead who does not own the enquiry.",
    )


class FundingLineChanged(Sent):
    """What is to change of a funding line; what is not sent stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"status": "confirmed", "evidence": "Award letter of 3 December"}]}
    )

    source: Line = Field(default_factory=str)
    amount: Money = Field(default_factory=Decimal)
    kind: MoneyKind = Field(default_factory=str)
    status: FundingStatus = Field(default_factory=lambda: FundingStatus.SOUGHT)
    evidence: Prose | None = None
    own_funds: bool = Field(default_factory=bool)


class FundingLineShown(Shown):
    """One source, sought, confirmed or refused."""

    id: UUID
    source: str
    amount: Money
    kind: MoneyKind
    status: FundingStatus
    evidence: str | None
    own_funds: bool
    confirmed_by: UUID | None
    confirmed_at: Instant | None
    created_at: Instant
    version: int

    @classmethod
    def of(cls, row: FundingRow) -> "FundingLineShown":
        """Show a funding line."""
        return cls.model_validate({**row.model_dump(), "confirmed_by": row.confirmed_by_id})


class FundingShown(Shown):
    """How far the confirmed lines cover the cost; money may stand in for help in kind, never the other way round."""

    confirmed: Money
    sought: Money
    short_by: Money
    covers_cost: bool
