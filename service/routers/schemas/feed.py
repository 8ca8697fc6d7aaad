"""A university's feed as it reads it."""

from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from service.routers.schemas.briefs import PUBLISHED, PublishedBrief
from service.routers.schemas.common import Instant, Shown

FeedType = Literal[
    "published", "revised", "extended", "withdrawn", "closed", "delisted", "answered", "offered", "stood_down",
    "commissioned", "redacted",
]  # fmt: skip

_PAYLOADS = (
    "`published`: the brief. `revised`: the brief with `reason`. The others name `brief_id` and: `extended` `{reply_by, "
    "reason}`; `withdrawn` `{reason}`; `closed` `{closed_at}`; `delisted` and `stood_down` nothing more; `answered` "
    "`{id, question, answer}`; `offered` `{offer_id, interest_id, respond_by, organisation}`; `commissioned` "
    "`{project_id}`; `redacted` `{entry}`, `{section}` or `{everything}`: delete what you keep of it."
)


class FeedItem(Shown):
    """One thing that happened to a brief sent to you."""

    id: UUID
    seq: int = Field(description="Your own count, without gaps, in the order things were committed.")
    type: FeedType
    brief_id: UUID
    version: int = Field(description="The brief's version at the time.")
    occurred_at: Instant
    payload: PublishedBrief | dict[str, Any] = Field(description=_PAYLOADS)


class FeedPage(Shown):
    """A stretch of the feed, oldest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a05",
                            "seq": 1,
                            "type": "published",
                            "brief_id": "0193533f-3d0c-7a53-8f42-0b8a6a1c0a04",
                            "version": 1,
                            "occurred_at": "2026-11-24T10:00:00Z",
                            "payload": PUBLISHED,
                        }
                    ],
                    "next_cursor": "WyIwMTkzNTMzZi0zZDBjLTdhNTMtOGY0Mi0wYjhhNmExYzBhMDEiXQ",
                    "has_more": False,
                }
            ]
        }
    )

    items: list[FeedItem]
    next_cursor: str = Field(description="Goes on after the last item; there on empty pages too.")
    has_more: bool
