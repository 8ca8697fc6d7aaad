"""Who could answer a brief, as managers read it (DESIGN.md section 8)."""

from datetime import date
from uuid import UUID

from pydantic import Field

from service.routers.schemas.common import Shown
from service.routers.schemas.shortlist import DecisionShown


class ResearcherMatched(Shown):
    """A researcher, by name."""

    id: UUID
    name: str
    career_stage: str | None
    available_from: date | None
    free_days: int


class ReasonShown(Shown):
    """One part of a score: what this signal added, at most its weight, why, and what earned it."""

    signal: str
    weight: float
    contribution: float
    text: str
    evidence: list[str]


class MatchShown(Shown):
    """One person; `score` is exactly the sum of the contributions. With a conflict they are shown, never suggested."""

    researcher: ResearcherMatched
    university: str
    university_id: UUID
    score: float = Field(description="0 to 1, with four places.")
    reasons: list[ReasonShown]
    conflicts: list[str]
    warnings: list[str] = Field(description="What may be a conflict and is not sure: it keeps nobody out.")
    available: bool
    newcomer: bool
    decision: DecisionShown | None = Field(
        description="What a manager decided of them for this brief, where it stands."
    )


class MemberShown(Shown):
    """One place in the proposed team."""

    researcher: ResearcherMatched
    university: str
    university_id: UUID
    role: str
    covers: list[str] = Field(description="Codes such as method:economic or topic:homes.")
    alternate: ResearcherMatched | None = Field(description="The first of `alternates`.")
    alternates: list[ResearcherMatched] = Field(description="Who could stand in, in the order in which to ask.")


class TeamShown(Shown):
    """People who together cover the brief, and what nobody among them covers."""

    members: list[MemberShown]
    uncovered: list[str]
    universities: list[str]
    free_days: int = Field(description="The days its people have left between them.")


class UnmetShown(Shown):
    """Something that stands in the way; `would_return` people come back without it."""

    requirement: str
    text: str
    would_return: int


class MatchesShown(Shown):
    """The ranking: people on the subject, best first, those with conflicts after all others.

    Managers' decisions leave people out of this one ranking or mark them; they change nobody's score, here or elsewhere.
    """

    items: list[MatchShown]
    next_cursor: None = Field(default=None, description="A ranking has no next stretch: ask for more with `limit`.")
    team: TeamShown | None
    unmet: list[UnmetShown]
    suitable: int
    excluded: int
    newcomers: int
    by_meaning: bool = Field(description="Whether meaning was compared beside words.")
    texts_waiting: int = Field(
        description="Texts of researchers that were read by their words alone: their meaning is still being worked out."
    )
