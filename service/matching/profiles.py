"""What matching reads: a brief and the researchers who might answer it. Frozen, plain, and free of where they came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

FEW_PUBLICATIONS = 3
EARLY_STAGES = frozenset({"student", "early"})


@dataclass(frozen=True)
class Publication:
    """One publication; `year` and `doi` where known. How often it is cited is never read."""

    id: str
    title: str
    abstract: str = ""
    year: int | None = None
    doi: str | None = None
    organisations: tuple[str, ...] = ()
    """For whom its authors worked, as far as known."""


@dataclass(frozen=True)
class Employer:
    """An organisation somebody works or worked for, from and until when as far as known; `source` says so."""

    name: str
    since: date | None = None
    until: date | None = None
    source: str = "directory"


@dataclass(frozen=True)
class ResearcherProfile:
    """What a university tells us of one researcher.

    `methods` and `topics` hold vocabulary codes or the researcher's own words. Of the `capacity_days` they offer,
    `committed_days` are taken by live offers and projects. `declared_conflicts` are names or ids of
    organisations. `past_projects` are titles of projects done with councils. `career_stage` is a vocabulary code.
    """

    id: str
    name: str
    university_id: str
    university: str
    statement: str = ""
    keywords: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    publications: tuple[Publication, ...] = ()
    capacity_days: int = 0
    committed_days: int = 0
    available_from: date | None = None
    declared_conflicts: tuple[str, ...] = ()
    employers: tuple[Employer, ...] = ()
    hidden: bool = False
    career_stage: str | None = None
    past_projects: tuple[str, ...] = ()

    @property
    def free_days(self) -> int:
        """The days they offer that no live offer or project takes."""
        return max(0, self.capacity_days - self.committed_days)

    @property
    def is_newcomer(self) -> bool:
        """Early in their career; where the stage is not known, with few publications and no project with a council."""
        if self.career_stage is not None:
            return self.career_stage in EARLY_STAGES
        return len(self.publications) <= FEW_PUBLICATIONS and not self.past_projects


@dataclass(frozen=True)
class BriefProfile:
    """What is asked for.

    `sections` are keyed by the brief's section codes (an enquiry not yet a brief has its wording under `questions`).
    `topics`, `methods` and `populations` are vocabulary codes. `commissioner` lists every id and name the asking
    organisation goes by, its predecessors' too. `exclusions` maps a researcher's id to why a manager left them out.
    `universities` are the ids of those the brief can go to, None where there is no telling: everybody is ranked, but a
    team or an assignment is made of their people.
    """

    sections: Mapping[str, str] = field(default_factory=dict, hash=False)
    title: str = ""
    topics: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    needed_by: date | None = None
    commissioner: tuple[str, ...] = ()
    exclusions: Mapping[str, str] = field(default_factory=dict, hash=False)
    universities: frozenset[str] | None = None
