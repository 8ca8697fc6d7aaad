"""Who could take which open brief, as managers read it (DESIGN.md section 8)."""

from datetime import date
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue

from service.routers.schemas.common import Shown
from service.routers.schemas.matches import ResearcherMatched
from service.states import EnquiryState

_SOMEBODY: dict[str, JsonValue] = {
    "id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a01",
    "name": "Dr Ada Homes",
    "career_stage": "senior",
    "available_from": None,
    "free_days": 20,
}
_THEIRS: dict[str, JsonValue] = {
    "university": "Durham University",
    "university_id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0b01",
}
_NEXT: dict[str, JsonValue] = {
    **_SOMEBODY,
    "id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a02",
    "name": "Dr Ben Bees",
    "free_days": 12,
}


class Fitting(Shown):
    """Somebody who fits a brief; `score` as in its matches."""

    researcher: ResearcherMatched
    university: str
    university_id: UUID
    score: float = Field(description="0 to 1, with four places.")


class ProposedShown(Fitting):
    """Somebody proposed for a brief."""

    place: int = Field(description="Their place among those who could take it, 1 for the best.")
    alternates: list[Fitting] = Field(description="Who could stand in, in the order in which to ask.")


class PassedUpShown(Fitting):
    """Somebody who fits better than those proposed, and why it is not them."""

    text: str


class LeftOutShown(Fitting):
    """Somebody who fits and is not proposed, for a conflict of interest, or by their own wish or the team's."""

    conflicts: list[str]


class BriefShared(Shown):
    """One open brief with who is proposed for it. Nobody is asked by this, and nothing is decided."""

    reference: str
    question: str
    state: EnquiryState
    needed_by: date | None
    people: list[ProposedShown]
    short: str | None = Field(description="Why there are fewer people than asked for, or nobody.")
    passed_up: list[PassedUpShown]
    left_out: list[LeftOutShown] = Field(description="The best of those who fit and must not be proposed.")
    excluded: int = Field(description="How many they are in all.")
    by_meaning: bool = Field(description="Whether meaning was compared beside words.")


class PersonLoadShown(Shown):
    """What somebody would have on their hands."""

    researcher: ResearcherMatched
    university: str
    university_id: UUID
    references: list[str] = Field(description="The briefs they are proposed for.")
    leads_already: int = Field(description="Live offers and projects they lead.")
    days_left: int = Field(description="Days left after these briefs.")


class UniversityLoadShown(Shown):
    """What a university would have on its hands."""

    university: str
    university_id: UUID
    references: list[str]
    people: int = Field(description="How many of its people are proposed.")


class AssignmentShown(Shown):
    """Open briefs, the most pressing first, shared out as well and as fairly as can be: a proposal."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "reference": "4J7KQ2-M",
                            "question": "Does retrofit cut emergency admissions?",
                            "state": "open_call",
                            "needed_by": "2027-03-01",
                            "people": [
                                {
                                    "researcher": _NEXT,
                                    **_THEIRS,
                                    "score": 0.6812,
                                    "place": 2,
                                    "alternates": [],
                                }
                            ],
                            "short": None,
                            "passed_up": [
                                {
                                    "researcher": _SOMEBODY,
                                    **_THEIRS,
                                    "score": 0.7043,
                                    "text": "Is proposed for 9C2WXH-T (where they rank first and nobody else who fits is free); "
                                    "one more would load them more than the better fit is worth.",
                                }
                            ],
                            "left_out": [],
                            "excluded": 0,
                            "by_meaning": True,
                        }
                    ],
                    "next_cursor": None,
                    "has_more": False,
                    "people": [
                        {
                            "researcher": _NEXT,
                            **_THEIRS,
                            "references": ["4J7KQ2-M"],
                            "leads_already": 0,
                            "days_left": 7,
                        }
                    ],
                    "universities": [{**_THEIRS, "references": ["4J7KQ2-M"], "people": 1}],
                    "fit": 0.6812,
                    "per_brief": 1,
                    "per_university": None,
                    "days": 5,
                }
            ]
        }
    )

    items: list[BriefShared]
    next_cursor: None = Field(default=None, description="Briefs are shared out together: ask for more with `limit`.")
    has_more: bool = Field(description="Whether there are more such briefs than `limit`.")
    people: list[PersonLoadShown] = Field(description="Everybody proposed, who has most to do first.")
    universities: list[UniversityLoadShown] = Field(description="The same for universities.")
    fit: float = Field(description="The scores of all who are proposed, added up.")
    per_brief: int
    per_university: int | None
    days: int
