"""Whom managers shortlisted and passed over for a brief, as they send and read it."""

from typing import Any
from uuid import UUID

from pydantic import ConfigDict, Field

from service.actions.shortlist import ShortlistEntry
from service.matching.survey import Standing
from service.routers.schemas.common import Instant, Shown

_PERSON, _STANDS = "0193533f-3d0c-7a53-8f42-0b8a6a1c0a01", "0193533f-3d0c-7a53-8f42-0b8a6a1c0b02"
_DECISION: dict[str, Any] = {
    "id": _STANDS,
    "researcher_id": _PERSON,
    "researcher": "Dr Ada Homes",
    "university": "Durham University",
    "decision": "passed_over",
    "reason": "too_busy",
    "words": "She leads two of our projects until June.",
    "standing": "ranked",
    "rank": 2,
    "score": 0.6133,
    "newcomer": False,
    "ranking": {
        "taken_at": "2026-11-22T09:30:00Z",
        "inputs": {
            "edition": 1,
            "weights": {"publications": 7018, "statement": 2807},
            "by_meaning": False,
            "model": None,
        },
    },
    "decided_at": "2026-11-22T09:30:00Z",
    "decided_by": "Mo Manager",
    "ended_at": None,
    "ended_by": None,
    "ended_how": None,
}


class ShortlistSent(ShortlistEntry):
    """What is decided of one person, for this brief alone: the same again changes nothing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "decision": "passed_over",
                    "reason": "too_busy",
                    "words": "She leads two of our projects until June.",
                }
            ]
        }
    )


class RankingShown(Shown):
    """The ranking as it stood when it was written down."""

    taken_at: Instant
    inputs: dict[str, Any] = Field(
        description="What it went by: the edition of the rules, each weight in ten-thousandths, the model, the brief's version."
    )


class DecisionShown(Shown):
    """One decision. It stands until it is taken back or replaced by another; then `ended_at` says since when it does not."""

    model_config = ConfigDict(json_schema_extra={"examples": [_DECISION]})

    id: UUID
    researcher_id: UUID
    researcher: str
    university: str
    decision: str = Field(description="shortlisted or passed_over.")
    reason: str | None
    words: str | None
    standing: Standing = Field(description="How they stood in the ranking then.")
    rank: int | None = Field(description="Their rank then, as if nobody had been passed over.")
    score: float | None
    newcomer: bool | None
    ranking: RankingShown | None = Field(description="Null where no ranking was to be had.")
    decided_at: Instant
    decided_by: str | None
    ended_at: Instant | None
    ended_by: str | None
    ended_how: str | None = Field(description="taken_back or replaced.")


class PersonDecisions(Shown):
    """What stands of one person for this brief, and everything that was decided of them, the newest first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"researcher_id": _PERSON, "standing": _DECISION, "history": [_DECISION]}]}
    )

    researcher_id: UUID
    standing: DecisionShown | None
    history: list[DecisionShown]
