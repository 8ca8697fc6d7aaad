"""Researchers: a university's own directory, entry by entry. Whole files come in through `importing`."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from service.actions import publications as written
from service.actions import telling
from service.actions.audit import audit
from service.actions.shapes import CareerStage, Doi, EmailAddress, Name, Orcid, Sent
from service.context import Context
from service.errors import conflict, not_found
from service.principals import Role
from service.records import publications, researchers, source_runs
from service.records.database import Unit
from service.records.tables import Organisation, Person, Publication, Researcher
from service.workflows.commands import Day, Line, Prose

UNIQUE = ("external_id", "email", "orcid")
"""What tells the researchers of one university apart, the surest first."""
WORDS = {"external_id": "external id", "email": "email address", "orcid": "ORCID"}

CapacityDays = Annotated[int, Field(ge=0, le=3650, description="Working days they could give.")]
Texts = Annotated[tuple[Line, ...], Field(max_length=200)]

_METHODS = "Codes of our own vocabulary, or their own words."
_EMPLOYERS = "Organisations they work for now beside the university, such as a council they are seconded to."
_CONFLICTS = "Organisations they must not be matched to, by name or id."
_CONFIRMED_ANEW = timedelta(days=1)
"""A confirmation younger than this is not written again: a nightly file would change every row for nothing."""
_ANNOUNCED = "How the university's own system knows them."


class PublicationEntry(Sent):
    """Something they have written."""

    title: Line
    abstract: Prose | None = None
    year: Annotated[int, Field(ge=1800, le=2199)] | None = None
    doi: Doi | None = None
    organisations: Annotated[tuple[Line, ...], Field(max_length=100)] = Field(
        default=(),
        description="For whom its authors worked, as far as known: councils and other public bodies above all.",
    )


class ResearcherEntry(Sent):
    """A researcher as their university describes them."""

    name: Name
    email: EmailAddress
    orcid: Orcid | None = None
    statement: Prose | None = Field(default=None, description="What they work on, in their own words.")
    keywords: Texts = ()
    methods: Texts = Field(default=(), description=_METHODS)
    topics: Texts = Field(default=(), description=_METHODS)
    publications: Annotated[tuple[PublicationEntry, ...], Field(max_length=1000)] = ()
    conflicts: Texts = Field(default=(), description=_CONFLICTS)
    employers: Texts = Field(default=(), description=_EMPLOYERS)
    capacity_days: CapacityDays
    available_from: Day | None = None
    career_stage: CareerStage | None = None
    external_id: Line | None = Field(default=None, description=_ANNOUNCED)
    hidden: bool = Field(default=False, description="Kept, but not to be matched.")


class ResearcherChange(Sent):
    """What is to change of a researcher; what is not sent stays, and a list that is sent replaces the whole list."""

    name: Name = Field(default_factory=str)
    email: EmailAddress = Field(default_factory=str)
    orcid: Orcid | None = None
    statement: Prose | None = None
    keywords: Texts = Field(default_factory=tuple)
    methods: Texts = Field(default_factory=tuple, description=_METHODS)
    topics: Texts = Field(default_factory=tuple, description=_METHODS)
    publications: Annotated[tuple[PublicationEntry, ...], Field(max_length=1000)] = Field(default_factory=tuple)
    conflicts: Texts = Field(default_factory=tuple, description=_CONFLICTS)
    employers: Texts = Field(default_factory=tuple, description=_EMPLOYERS)
    capacity_days: CapacityDays = Field(default_factory=int)
    available_from: Day | None = None
    career_stage: CareerStage | None = None
    external_id: Line | None = Field(default=None, description=_ANNOUNCED)
    not_theirs: Annotated[tuple[UUID, ...], Field(max_length=1000)] = Field(
        default_factory=tuple,
        description="Publications that a source found and that are not theirs, by id: they stay away from then on.",
    )
    hidden: bool = Field(
        default_factory=bool, description="Who hid their own profile is shown again by nobody but themselves."
    )


def add_researcher(unit: Unit, ctx: Context, organisation_id: UUID, entry: ResearcherEntry) -> Researcher:
    """Add and return a researcher of a university. Raises Problem 409 when it has them already."""
    researchers.lock_university(unit, organisation_id)
    taken = clash(entry, researchers.of_university(unit, organisation_id, also_merged=True))
    if taken is not None:
        raise conflict(
            f"There is a researcher with this {WORDS[taken[0]]} already.",
            existing=str(taken[1].merged_into_id or taken[1].id),
        )
    researcher = place(unit, ctx, organisation_id, entry)
    audit(unit, ctx, "create", f"researcher:{researcher.id}")
    return researcher


def change_researcher(
    unit: Unit, ctx: Context, researcher_id: UUID, change: ResearcherChange, *, organisation_id: UUID | None = None
) -> Researcher:
    """Change and return a researcher, one of `organisation_id` where given.

    Raises Problem 404 for an unknown one or somebody else's, and 409 for an address or id another of them has.
    """
    researcher = researchers.find(unit, researcher_id, organisation_id)
    if researcher is None:
        raise not_found("researcher")
    researchers.lock_university(unit, researcher.organisation_id)
    unit.refresh(researcher)
    everyone = researchers.of_university(unit, researcher.organisation_id, also_merged=True)
    taken = clash(change, (other for other in everyone if other.id != researcher.id))
    if taken is not None:
        raise conflict(f"Another researcher has this {WORDS[taken[0]]}.", existing=str(taken[1].id))
    if researcher.merged_into_id is not None:
        raise conflict(
            "This entry was merged: change the one that stands for it.", existing=str(researcher.merged_into_id)
        )
    changed = write(
        unit, ctx, researcher, change, researchers.publications_of(unit, [researcher.id]).get(researcher.id, [])
    )
    if changed:
        audit(unit, ctx, "change", f"researcher:{researcher.id}", changed=changed)
    return researcher


def place(unit: Unit, ctx: Context, organisation_id: UUID, entry: ResearcherEntry) -> Researcher:
    """Add and return a researcher whose place in the university is known to be free; they are told of it by mail."""
    facts, sent = told(entry)
    researcher = Researcher(**facts, organisation_id=organisation_id, created_at=ctx.now, updated_at=ctx.now)
    unit.add(researcher)
    unit.flush()
    confirm(unit, ctx, researcher)
    written.put(unit, ctx, researcher.id, _source(unit, ctx, researcher), (), sent, ())
    _tell_listed(unit, ctx, researcher)
    return researcher


def confirm(unit: Unit, ctx: Context, researcher: Researcher) -> None:
    """Note that a university or the researcher says that this is so. Saying so is no change: versions stay."""
    source = _source(unit, ctx, researcher)
    if source not in {"university", "researcher"}:
        return
    before = researcher.confirmed_at
    if before is None or source != researcher.confirmed_by or ctx.now - before >= _CONFIRMED_ANEW:
        researcher.confirmed_at, researcher.confirmed_by = ctx.now, source
        unit.add(researcher)


def note_seen(unit: Unit, ctx: Context, profiles: Iterable[Researcher]) -> None:
    """Note that somebody looked at what is said of them. Looking is no change: versions stay."""
    for researcher in profiles:
        researcher.seen_at = ctx.now
        unit.add(researcher)


def write(
    unit: Unit,
    ctx: Context,
    researcher: Researcher,
    entry: ResearcherEntry | ResearcherChange,
    published: Sequence[Publication],
) -> list[str]:
    """Set what was sent, `published` being what is known as written, and return the fields that changed.

    A new address is somebody who has not been told: they are now. Raises Problem 409 where somebody else than the
    researcher would show again what they hid themselves.
    """
    confirm(unit, ctx, researcher)
    changed = differences(researcher, entry, published)
    if not changed:
        return []
    if "hidden" in changed:
        _mind_their_choice(unit, ctx, researcher)
    facts, sent = told(entry)
    for name in changed:
        if name != "publications":
            setattr(researcher, name, facts[name])
    researcher.version += 1
    researcher.updated_at = ctx.now
    unit.add(researcher)
    unit.flush()
    if "publications" in changed:
        source = _source(unit, ctx, researcher)
        written.put(unit, ctx, researcher.id, source, published, sent, _not_theirs(entry))
    if "orcid" in changed:
        publications.forget_found(unit, researcher.id)
        source_runs.forget(unit, researcher.id)
        researcher.employments = []
    if "email" in changed:
        _tell_listed(unit, ctx, researcher)
    return changed


def _mind_their_choice(unit: Unit, ctx: Context, researcher: Researcher) -> None:
    """Note who hid a profile, before it is hidden or shown again. Raises Problem 409 for who may not show it."""
    is_self = _is_self(unit, ctx, researcher)
    if researcher.hidden_by_self and not is_self:
        raise conflict(
            f"{researcher.name} hid this profile themselves, so only they can show it again, on their own page. Leave it "
            "hidden, and the rest can be saved."
        )
    researcher.hidden_by_self = is_self and not researcher.hidden


def _is_self(unit: Unit, ctx: Context, researcher: Researcher) -> bool:
    author = unit.get(Person, ctx.actor.person_id) if ctx.actor.person_id else None
    return author is not None and author.email == researcher.email


def _source(unit: Unit, ctx: Context, researcher: Researcher) -> str:
    """Return who says what is written now: the researcher, their university, or the service's team for them."""
    if _is_self(unit, ctx, researcher):
        return "researcher"
    return "university" if ctx.actor.role is Role.UNIVERSITY else "team"


def _not_theirs(entry: ResearcherEntry | ResearcherChange) -> tuple[UUID, ...]:
    return entry.not_theirs if isinstance(entry, ResearcherChange) and "not_theirs" in entry.model_fields_set else ()


def _tell_listed(unit: Unit, ctx: Context, researcher: Researcher) -> None:
    """Tell a researcher that a university lists them, unless they wrote it themselves."""
    if _is_self(unit, ctx, researcher):
        return
    university = unit.get_one(Organisation, researcher.organisation_id)
    telling.tell_researcher(unit, ctx, researcher, "researcher_listed", university=university.name)
    researcher.told_at = ctx.now
    unit.add(researcher)


def differences(
    researcher: Researcher, entry: ResearcherEntry | ResearcherChange, published: Sequence[Publication]
) -> list[str]:
    """Return the fields of `entry` that were sent and say something else than what is recorded."""
    facts, sent = told(entry)
    differing = [name for name, value in facts.items() if getattr(researcher, name) != value]
    if written.differ(published, sent, _not_theirs(entry)):
        differing.append("publications")
    return sorted(differing)


def told(entry: ResearcherEntry | ResearcherChange) -> tuple[dict[str, Any], list[dict[str, Any]] | None]:
    """Return what was sent of a researcher, by column, and the publications apart; None when those were not sent."""
    sent = entry.model_dump(exclude_unset=True, exclude={"not_theirs"})
    listed = sent.pop("publications", None)
    facts = {name: list(value) if isinstance(value, tuple) else value for name, value in sent.items()}
    if listed is None:
        return facts, None
    return facts, [PublicationEntry.model_validate(publication).model_dump() for publication in listed]


def clash(entry: ResearcherEntry | ResearcherChange, known: Iterable[Researcher]) -> tuple[str, Researcher] | None:
    """Return a field that is to be unique in a university and that one of `known` has already, with who has it."""
    sent = entry.model_dump(include=set(UNIQUE), exclude_unset=True, exclude_none=True)
    for researcher in known:
        for field, value in sent.items():
            if getattr(researcher, field) == value:
                return field, researcher
    return None
