"""What a project hands over, how it is going, and what came of it."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field

from service.records.projects import DeliverableRow, OutcomeRow, ReportRow
from service.routers.schemas.common import Day, Instant, Line, OneOf, Prose, Sent, Shown
from service.states import DeliverableStatus
from service.vocabulary import USE_KINDS, USES

Used = Annotated[str, OneOf(USES)]
UseKind = Annotated[str, OneOf(USE_KINDS)]


class DeliverableSent(Sent):
    """Something a project will hand over."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Final report", "due_on": "2027-06-30"}]})

    title: Line
    due_on: Day
    status: DeliverableStatus = DeliverableStatus.PLANNED


class DeliverableChanged(Sent):
    """What is to change of a deliverable; what is not sent stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "delivered"}, {"due_on": "2027-07-14"}]})

    title: Line = Field(default_factory=str)
    due_on: Day = Field(default_factory=lambda: date.max)
    status: DeliverableStatus = Field(default_factory=lambda: DeliverableStatus.PLANNED)


class DeliverableShown(Shown):
    """One thing to be delivered by a date."""

    id: UUID
    title: str
    due_on: date
    status: DeliverableStatus
    delivered_at: Instant | None
    settled_at: Instant | None = Field(description="When it was accepted or waived.")
    created_at: Instant
    version: int

    @classmethod
    def of(cls, row: DeliverableRow) -> "DeliverableShown":
        """Show a deliverable."""
        return cls.model_validate(row)


class ReportSent(Sent):
    """How the project is going, in the lead's words; wanted every three months."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"body": "All sites have agreed to take part.", "period_end": "2027-03-31"}]}
    )

    body: Prose
    period_end: Day | None = Field(default=None, description="The last day it speaks of.")


class ReportShown(Shown):
    """One report."""

    id: UUID
    body: str
    period_end: date | None
    submitted_at: Instant
    submitted_by_role: str

    @classmethod
    def of(cls, row: ReportRow) -> "ReportShown":
        """Show a report."""
        return cls.model_validate(row)


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


class OutcomeSent(Sent):
    """What the findings changed afterwards, in one person's answers."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "used": "yes",
                    "in_time": True,
                    "used_for": "The cabinet paper on the retrofit scheme",
                    "how": ["changed_decision"],
                    "what_changed": "The scheme now begins with the coldest homes.",
                    "may_quote": True,
                }
            ]
        }
    )

    used: Used
    in_time: bool | None = Field(default=None, description="Whether it came in time to be used; null: cannot say.")
    used_for: Prose | None = None
    how: Annotated[list[UseKind], BeforeValidator(_several)] = Field(default=[], max_length=len(USE_KINDS))
    what_changed: Prose | None = None
    may_quote: bool = False


class OutcomeShown(Shown):
    """One person's answers about the use of a project's findings."""

    id: UUID
    used: Used
    in_time: bool | None
    used_for: str | None
    how: list[UseKind]
    what_changed: str | None
    may_quote: bool
    recorded_at: Instant
    recorded_by_role: str

    @classmethod
    def of(cls, row: OutcomeRow) -> "OutcomeShown":
        """Show an outcome."""
        return cls.model_validate(row)
