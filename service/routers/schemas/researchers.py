"""Researchers as universities and managers send and read them, one by one and by the file."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import ConfigDict, Field, RootModel

from service.actions.importing import ImportReport
from service.actions.researchers import ResearcherChange, ResearcherEntry
from service.records.researchers import ResearcherRow
from service.routers.schemas.common import CareerStage, Instant, Name, Shown

_RESEARCHER: dict[str, Any] = {
    "name": "Dr Lin Zhao",
    "email": "lin.zhao@university.example",
    "orcid": "0000-0002-1825-0097",
    "statement": "I evaluate what councils do about housing and health.",
    "keywords": ["housing", "fuel poverty"],
    "methods": ["realist", "qualitative"],
    "topics": ["homes"],
    "publications": [
        {
            "title": "Warm homes and winter admissions",
            "year": 2025,
            "doi": "10.1136/bmj.n71",
            "organisations": ["Gateshead Council"],
        }
    ],
    "employers": [],
    "capacity_days": 30,
    "available_from": "2027-01-11",
    "career_stage": "mid",
}


class ResearcherSent(ResearcherEntry):
    """A new researcher: of the caller's own university or, from a manager, of the one that is named."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RESEARCHER]})

    organisation: Name | None = Field(
        default=None, description="Managers only: the university, by name or id. A university leaves it out."
    )

    def entry(self) -> ResearcherEntry:
        """Return what describes the researcher, without the university."""
        return ResearcherEntry.model_validate(self.model_dump(exclude={"organisation"}, exclude_unset=True))


class ResearcherFile(RootModel[list[dict[str, Any]]]):
    """Researchers, each as `POST /researchers` takes one; a row that does not fit is told by its number."""

    model_config = ConfigDict(json_schema_extra={"examples": [[_RESEARCHER]]})


class ResearcherChanged(ResearcherChange):
    """What is to change of a researcher."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"capacity_days": 12, "available_from": "2027-05-03"}]})


class KnownPublication(Shown):
    """Something a researcher has written."""

    title: str
    abstract: str | None
    year: int | None
    doi: str | None
    organisations: list[str] = Field(description="For whom its authors worked, as far as known.")


class Employment(Shown):
    """Where somebody works or worked, as a public record has it."""

    model_config = ConfigDict(
        from_attributes=True, frozen=True, serialize_by_alias=True, populate_by_name=True,
        json_schema_extra={"examples": [{"organisation": "Gateshead Council", "from": "2019-09-01", "until": None, "source": "orcid"}]},
    )  # fmt: skip

    organisation: str
    since: date | None = Field(alias="from")
    until: date | None
    source: str


class SourcedPublication(KnownPublication):
    """Something a researcher has written, and who says so."""

    id: UUID
    source: str = Field(description="university, researcher, team, orcid or openalex.")
    completed: dict[str, str] = Field(description="The fields that were left empty, with the source that filled each.")


class SourcedPublications(Shown):
    """All that a researcher has written, the newest first."""

    items: list[SourcedPublication]

    @classmethod
    def of(cls, row: ResearcherRow) -> Self:
        """Show a researcher's publications with where each comes from."""
        return cls(items=[SourcedPublication.model_validate(each) for each in row.publications])


class KnownResearcher(Shown):
    """A researcher as their university describes them."""

    id: UUID
    organisation: str
    organisation_id: UUID
    name: str
    email: str
    orcid: str | None
    statement: str | None
    keywords: list[str]
    methods: list[str]
    topics: list[str]
    conflicts: list[str]
    employers: list[str] = Field(description="For whom else they work now, as the university or they themselves say.")
    employments: list[Employment]
    publications: list[KnownPublication]
    capacity_days: int
    available_from: date | None
    career_stage: CareerStage | None
    external_id: str | None
    hidden: bool
    hidden_by_self: bool = Field(description="They hid their profile themselves: only they can show it again.")
    confirmed_at: Instant | None = Field(
        description="When the university or they themselves last said that this is so."
    )
    confirmed_by: str | None = Field(description="university or researcher.")
    sources_read_at: Instant | None = Field(description="When a public record of their works was last read.")
    created_at: Instant
    updated_at: Instant
    version: int

    @classmethod
    def of(cls, row: ResearcherRow) -> Self:
        """Show a researcher with their university and what they have written."""
        return cls.model_validate(
            {
                **row.researcher.model_dump(),
                "organisation": row.university.name,
                "sources_read_at": row.read_at,
                "publications": [publication.model_dump() for publication in row.publications],
            }
        )


class FieldError(Shown):
    """One field at fault."""

    field: str
    message: str
    line: int | None = Field(default=None, description="In a CSV file, the line at fault; `field` is then its column.")


class ImportedRow(Shown):
    """What became of one row, the first being 1."""

    row: int
    line: int | None = Field(default=None, description="The line of a CSV file that the row begins on.")
    action: str = Field(description="created, updated, unchanged or refused.")
    id: UUID | None
    errors: list[FieldError]


class Imported(Shown):
    """What an import did, or what it would do: all of it, or nothing."""

    dry_run: bool
    accepted: bool
    created: int
    updated: int
    unchanged: int
    refused: int
    rows: list[ImportedRow]

    @classmethod
    def of(cls, report: ImportReport) -> Self:
        """Show a report."""
        return cls(
            dry_run=report.dry_run,
            accepted=report.is_accepted,
            created=report.count("created"),
            updated=report.count("updated"),
            unchanged=report.count("unchanged"),
            refused=report.count("refused"),
            rows=[ImportedRow.model_validate(row) for row in report.rows],
        )
