"""Words of the same meaning as managers send and read them."""

from pydantic import ConfigDict, Field

from service.actions.synonyms import GroupEntry
from service.routers.schemas.common import Shown


class GroupSent(GroupEntry):
    """What people call one thing."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"wordings": ["A&E", "emergency department"]}]})


class GroupShown(Shown):
    """What people call one thing: a search for one wording finds texts that use another, and says so."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "housing",
                    "wordings": ["housing", "homes"],
                    "removed": False,
                    "is_default": True,
                    "version": 0,
                }
            ]
        }
    )

    code: str
    wordings: list[str]
    removed: bool = Field(description="It no longer widens a search.")
    is_default: bool = Field(description="It is as the service was delivered.")
    version: int = Field(description="0 for a default that nobody changed.")
