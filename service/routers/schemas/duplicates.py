"""Entries of the directory that may be one person, as managers read and decide on them."""

from typing import Self
from uuid import UUID

from pydantic import ConfigDict, Field

from service.actions.shapes import Sent
from service.actions.unmerging import Unmerged
from service.records.database import Unit
from service.records.duplicates import Pair
from service.records.researchers import rows
from service.routers.schemas.common import Shown
from service.routers.schemas.researchers import KnownResearcher

_OTHER = "0193533f-3d0c-7a53-8f42-0b8a6a1c0a02"


class PairShown(Shown):
    """Two entries that may be one person, the older first, and why."""

    first: KnownResearcher
    second: KnownResearcher
    reasons: list[str] = Field(examples=[["the same ORCID iD"]])
    differing: list[str] = Field(description="The facts in which they differ.", examples=[["email", "capacity_days"]])
    across: bool = Field(description="Two universities list them.")

    @classmethod
    def of(cls, pair: Pair) -> Self:
        """Show a pair."""
        return cls(
            first=KnownResearcher.of(pair.first),
            second=KnownResearcher.of(pair.second),
            reasons=list(pair.reasons),
            differing=pair.differing,
            across=pair.is_across,
        )


class MergeSent(Sent):
    """The entry that this one is to stand for from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"other": _OTHER, "across": True}]})

    other: UUID
    across: bool = Field(default=False, description="Needed where two universities list them.")


class ApartSent(Sent):
    """The entry that is somebody else."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"other": _OTHER}]})

    other: UUID


class ToldApartShown(Shown):
    """Two entries that are two people: they are not proposed again."""

    first: UUID
    second: UUID


class UnmergedShown(Shown):
    """A merge that was undone: both entries as they stand now, what went back, and what could not."""

    researcher: KnownResearcher = Field(description="The entry that stands by itself again.")
    kept: KnownResearcher
    publications: int = Field(description="How many went back.")
    interests: int = Field(description="How many teams name the entry as their lead again.")
    gone: int = Field(description="Publications that the merge moved and that are there no more.")
    left: list[str] = Field(
        description="Facts of the kept entry that the merge had changed and somebody changed since: they stay as they stand.",
        examples=[["conflicts"]],
    )

    @classmethod
    def of(cls, unit: Unit, done: Unmerged) -> Self:
        """Show what became of it."""
        found = rows(unit, [done.researcher.id, done.kept.id])
        return cls(
            researcher=KnownResearcher.of(found[done.researcher.id]),
            kept=KnownResearcher.of(found[done.kept.id]),
            publications=done.publications,
            interests=done.interests,
            gone=done.gone,
            left=list(done.left),
        )
