"""The universities' directory of researchers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.ids import new_id
from service.records.types import Instant, Json


class Researcher(SQLModel, table=True):
    """Somebody a university says could help."""

    __table_args__ = (
        UniqueConstraint("organisation_id", "external_id"),
        UniqueConstraint("organisation_id", "email"),
        Index("ix_researcher_version", "version", "updated_at"),  # whether anybody changed is asked before each ranking
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    name: str
    email: str = Field(index=True)
    orcid: str | None = Field(default=None, index=True)
    statement: str | None = None
    keywords: list[str] = Field(default_factory=list, sa_type=Json)
    methods: list[str] = Field(default_factory=list, sa_type=Json)
    topics: list[str] = Field(default_factory=list, sa_type=Json)
    conflicts: list[str] = Field(default_factory=list, sa_type=Json)
    """Organisations they must not be matched to."""
    employers: list[str] = Field(default_factory=list, sa_type=Json)
    """For whom else they work now, as their university or they themselves say."""
    employments: list[dict[str, str | None]] = Field(default_factory=list, sa_type=Json)
    """What a public record says of it: organisation, from, until (days, or nothing), source."""
    capacity_days: int
    available_from: date | None = None
    career_stage: str | None = None
    external_id: str | None = None
    hidden: bool = False
    hidden_by_self: bool = False
    """They hid it themselves, so that only they may show it again."""
    told_at: datetime | None = Field(default=None, sa_type=Instant)
    """When they were told that somebody else listed them."""
    seen_at: datetime | None = Field(default=None, sa_type=Instant)
    """When they last looked at or changed their own profile."""
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    """When their university or they themselves last said that this is so, whether or not they changed anything."""
    confirmed_by: str | None = None
    """university or researcher."""
    merged_into_id: UUID | None = Field(default=None, foreign_key="researcher.id", index=True)
    """The entry that stands for them since this one was found to be about the same person."""
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    version: int = 1
