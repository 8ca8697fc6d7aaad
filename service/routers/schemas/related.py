"""What is like an enquiry, as managers read it."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, JsonValue

from service.routers.schemas.common import Instant, OneOf, OrganisationShown, Shown

KINDS = {"enquiry": "An enquiry", "answer": "A published answer", "study": "A study under way"}

_EXAMPLE: dict[str, JsonValue] = {
    "kind": "enquiry",
    "id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a01",
    "reference": "4J7KQ2-M",
    "title": "Does energy retrofit of housing cut GP and A&E visits?",
    "state": "scoping",
    "label": "Scoping",
    "outcome": None,
    "organisation": "Gateshead Council",
    "organisation_shown": "described",
    "asked_at": "2026-11-22T09:30:00Z",
    "score": 0.91,
    "why": ["Both say: retrofit, housing, A&E.", "Near in meaning."],
    "near_duplicate": True,
    "asked_by": ["Gateshead Council", "Sunderland City Council"],
}


class RelatedItem(Shown):
    """One matter like it, told once: as its published answer, as its study under way, or as the enquiry it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    kind: Annotated[str, OneOf(KINDS)]
    id: UUID = Field(description="The enquiry's, the answer's or the project's, by `kind`.")
    reference: str = Field(description="The enquiry that it is, or that it came of.")
    title: str
    state: str = Field(description="The enquiry's or the project's state; `published` for an answer.")
    label: str
    outcome: str | None
    organisation: str | None
    organisation_shown: OrganisationShown | None = Field(description="What others may be told of who asked.")
    asked_at: Instant
    score: float = Field(description="0 to 1, with four places.")
    why: list[str]
    near_duplicate: bool = Field(description="It asks much the same: one person should look at both.")
    asked_by: list[str] = Field(description="Who asked it, with those whose enquiries were merged into it.")


class RelatedShown(Shown):
    """What is like an enquiry, best first. What it is linked with already is left out."""

    items: list[RelatedItem]
    next_cursor: None = Field(default=None, description="There is no next stretch: ask for more with `limit`.")
    others: list[str] = Field(description="The other organisations that asked much the same.")
    enough_to_go_on: bool = Field(description="False for a question that says too little to compare.")
    by_meaning: bool = Field(description="Whether meaning was compared beside words.")
    texts_waiting: int = Field(description="Texts compared by their words alone: their meaning is being worked out.")
