"""The research brief as managers write and read it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from service.routers.schemas.common import Instant, OneOf, Sent, Shown
from service.states import BriefState
from service.vocabulary import BRIEF_SECTIONS

Section = Annotated[str, OneOf(BRIEF_SECTIONS)]
SectionText = Annotated[str, Field(max_length=20_000)]

_SECTIONS: dict[str, Any] = {
    "purpose": "Cabinet decides in March whether the scheme goes on.",
    "questions": "Do homes that were retrofitted send fewer older residents to A&E than similar homes that were not?",
}


class BriefSent(Sent):
    """The whole brief: a section that is left out becomes empty."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"sections": _SECTIONS}]})

    sections: dict[Section, SectionText]


class BriefShown(Shown):
    """The newest version of the brief; `sections` holds those that say something, and `hash` covers exactly them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "brief_id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a04",
                    "version": 1,
                    "state": "draft",
                    "hash": "9f2b0c3a6c0f4b0e8a6b4f5d2c1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e",
                    "sections": _SECTIONS,
                    "saved_at": "2026-11-24T10:00:00Z",
                    "sent_at": None,
                    "agreed_at": None,
                    "published_at": None,
                    "change_comment": None,
                }
            ]
        }
    )

    brief_id: UUID
    version: int
    state: BriefState
    hash: str = Field(description="SHA-256, in hexadecimal, of `sections` as canonical JSON (RFC 8785).")
    sections: dict[Section, str]
    saved_at: Instant | None
    sent_at: Instant | None
    agreed_at: Instant | None
    published_at: Instant | None
    change_comment: str | None = Field(description="What the enquirer wanted changed in it.")


class AdviceShown(Shown):
    """One thing to look at in a brief."""

    section: Annotated[str, OneOf(BRIEF_SECTIONS)] | None = Field(description="None: in the enquiry's own facts.")
    level: Literal["needed", "advised", "wording"] = Field(
        description="needed: it cannot be sent without; advised: universities will ask; wording: it may be misread."
    )
    message: str
    suggestion: str


class ReadinessShown(Shown):
    """What would make the brief clearer before it goes out. It advises; only sending refuses."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "version": 1,
                    "ready": False,
                    "items": [
                        {
                            "section": "purpose",
                            "level": "needed",
                            "message": "Purpose and decision is empty.",
                            "suggestion": "Say what will be decided, by whom and when.",
                        }
                    ],
                }
            ]
        }
    )

    version: int
    ready: bool = Field(description="Nothing that is needed is missing.")
    items: list[AdviceShown]
