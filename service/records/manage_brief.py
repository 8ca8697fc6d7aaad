"""The brief as it lies on a manager's desk: the text, what would make it clearer, and what we were told to write it from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.context import Context
from service.records import briefs, enquiries
from service.records.briefs import BriefRow
from service.records.circumstances import circumstances
from service.records.database import Unit
from service.records.enquirer_page.brief import goes_to, shown_as
from service.records.known_facts import Known, known_facts
from service.records.snapshots import snapshot
from service.records.surroundings import surroundings
from service.records.tables import Entry, Person
from service.states import BriefState, EnquiryState
from service.workflows.commands import Command
from service.workflows.decide import decide, obstacles, possibilities
from service.workflows.machines import ENQUIRY
from service.workflows.readiness import Advice, advise
from service.workflows.readiness.names import on_names
from service.workflows.verdicts import Refusal
from service.workflows.writing import why_not_writable

_ADVISED = frozenset({"key_sections_filled", "organisation_shown_set", "no_contact_details"})
"""The guards of sending that the advice tells of, at the place where it can be mended."""


@dataclass(frozen=True, slots=True)
class BriefDesk:
    """Everything the editor shows, read from one snapshot."""

    enquiry_version: int
    state: EnquiryState
    question: str
    newest: BriefRow | None
    """None before the first version."""
    published: int | None
    """The number of the version that universities have."""
    revision: int
    """How often the brief was saved, over all its versions: what a save is made against."""
    sections: Mapping[str, str]
    why_not: str | None
    """The sentence that refuses a save now."""
    advice: tuple[Advice, ...]
    known: Mapping[str, tuple[Known, ...]]
    """What we were told, by the section it belongs to."""
    available: tuple[str, ...]
    refused: Mapping[str, str]
    is_told_by_advice: bool
    """Whatever keeps the text from being sent stands among the advice too."""

    @property
    def number(self) -> int:
        """Return the number of the version that a save writes into."""
        if self.newest is None:
            return 1
        return self.newest.number + (self.newest.state != BriefState.DRAFT)


@dataclass(frozen=True, slots=True)
class Sending:
    """A version about to go somewhere: what it says, who reads it then, and why it cannot go yet."""

    enquiry_version: int
    newest: BriefRow | None
    revision: int
    earlier: BriefRow | None
    """The version that its reader had before."""
    obstacles: tuple[str, ...]
    """Sentences; none when it may go."""
    advice: tuple[Advice, ...]
    told: tuple[Advice, ...]
    """Names in the text that universities are not to know now."""
    goes_to: tuple[str, ...]
    shown_as: str | None
    organisation_shown: str | None
    enquirer: str
    email: str | None
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version in the list of them; `agreed_by` is a name, and `quoted` the entry in which the yes was said."""

    row: BriefRow
    agreed_by: str | None
    quoted: datetime | None
    earlier: int | None


def brief_desk(unit: Unit, ctx: Context, enquiry_id: UUID, sections: Mapping[str, str] | None = None) -> BriefDesk:
    """Return the editor's page, with advice on `sections` where they are given (what was typed), else on the newest."""
    enquiry, newest = enquiries.one(unit, enquiry_id), briefs.newest(unit, enquiry_id)
    standing = dict(newest.sections) if newest else {}
    published = briefs.published(unit, enquiry_id)
    around = circumstances(unit, ctx, enquiry)
    facts, beside = snapshot(unit, ctx, enquiry), surroundings(unit, ctx, enquiry)
    possible = possibilities(facts, ctx.actor, beside)
    hindering = obstacles(ENQUIRY, "send_for_agreement", facts, ctx.actor, beside)
    return BriefDesk(
        enquiry_version=enquiry.version,
        state=EnquiryState(enquiry.state),
        question=enquiry.question,
        newest=newest,
        published=published.number if published else None,
        revision=newest.revision if newest else 0,
        sections=standing,
        why_not=why_not_writable(EnquiryState(enquiry.state)),
        advice=advise(standing if sections is None else sections, around),
        known=known_facts(unit, enquiry, around),
        available=possible.available,
        refused=dict(possible.refused),
        is_told_by_advice=isinstance(hindering, tuple) and _ADVISED.issuperset(each.guard for each in hindering),
    )


def sending(unit: Unit, ctx: Context, enquiry_id: UUID, command: Command) -> Sending:
    """Return the newest version as `command` would send it: to the enquirer to agree, or to universities as revised."""
    enquiry, newest = enquiries.one(unit, enquiry_id), briefs.newest(unit, enquiry_id)
    facts, around = snapshot(unit, ctx, enquiry), surroundings(unit, ctx, enquiry, command)
    verdict = decide(facts, command, ctx.actor, around)
    sections, around_brief = (newest.sections if newest else {}), circumstances(unit, ctx, enquiry)
    enquirer = unit.get(Person, enquiry.enquirer_id) if enquiry.enquirer_id else None
    return Sending(
        enquiry_version=enquiry.version,
        newest=newest,
        revision=newest.revision if newest else 0,
        earlier=_earlier(unit, enquiry_id, newest, command.event),
        obstacles=_sentences(verdict) if isinstance(verdict, Refusal) else (),
        advice=advise(sections, around_brief),
        told=tuple(on_names(sections, around_brief)),
        goes_to=tuple(goes_to(unit, enquiry)),
        shown_as=shown_as(unit, enquiry),
        organisation_shown=enquiry.organisation_shown,
        enquirer=facts.enquirer_name,
        email=enquirer.email if enquirer else None,
        is_confirmed=enquirer is not None and enquirer.confirmed_at is not None,
    )


def version_lines(unit: Unit, enquiry_id: UUID) -> list[VersionLine]:
    """Return every version with who agreed it, the newest first."""
    found, before = [], None
    for row in briefs.versions(unit, enquiry_id):
        agreed_by = unit.get(Person, row.agreed_by_id) if row.agreed_by_id else None
        quoted = unit.get(Entry, row.agreed_entry_id) if row.agreed_entry_id else None
        found.append(
            VersionLine(row, agreed_by.name if agreed_by else None, quoted.occurred_at if quoted else None, before)
        )
        before = row.number
    return found[::-1]


def _earlier(unit: Unit, enquiry_id: UUID, newest: BriefRow | None, event: str) -> BriefRow | None:
    if newest is None:
        return None
    if event == "revise":
        return briefs.published(unit, enquiry_id)
    before = [row for row in briefs.versions(unit, enquiry_id) if row.number < newest.number and row.sent_at]
    return before[-1] if before else None


def _sentences(refusal: Refusal) -> tuple[str, ...]:
    return tuple(failure.detail for failure in refusal.guards) or (refusal.detail,)
