"""An enquiry's main page: where it stands, who is part of it, and what may happen next."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from service.context import Context
from service.records import briefs, conversation, enquiries, files, follow_ups, outbox, plans, projects, queue
from service.records.database import Unit
from service.records.snapshots import snapshot, working_days_to
from service.records.surroundings import surroundings
from service.records.tables import Enquiry, Entry, FollowUp, Organisation, Person, Project, QuestionVersion
from service.states import BriefState, Outcome
from service.workflows.decide import Possibilities, possibilities, project_possibilities
from service.workflows.reminders import Audience
from service.working_time import CalendarRanOut, local_date
from service.working_time.wording import short_date


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody of the enquirer's side, and how they came in."""

    id: UUID
    name: str
    email: str | None
    phone: str | None
    role: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Related:
    """Another enquiry that this one is linked with, and how."""

    reference: str
    question: str
    how: str
    is_merged_here: bool = False


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A reminder or a date of the team's own that is still to come."""

    id: UUID
    rule: str
    to: str
    due_on: date
    arithmetic: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Clarification:
    """A university's question about the brief that nothing answers yet."""

    id: UUID
    body: str
    university: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class CasePage:
    """What the page shows, read from one snapshot."""

    standing: queue.Standing
    wordings: tuple[QuestionVersion, ...]
    """The question's wordings, the original first."""
    waiting_days: int | None
    """Working days for which the ball has been where it is; None where no calendar tells."""
    waiting_arithmetic: str
    slack: int | None
    """Working days left until the stage has to be begun or ended, negative once that day is past; None when none presses."""
    possible: Possibilities
    project_possible: Possibilities
    project: Project | None
    earlier_projects: tuple[tuple[Project, str], ...]
    """Those that ended before the current one was planned, each with its university."""
    brief: tuple[int, str] | None
    """The number and state of the brief's newest version that holds something."""
    parts: tuple[Part, ...]
    related: tuple[Related, ...]
    files: tuple[files.Listed, ...]
    upcoming: tuple[Upcoming, ...]
    clarifications: tuple[Clarification, ...]
    has_call: bool
    call_ran_out_on: date | None
    """The reply-by of an open call, once it has passed and the team has to close or extend it."""
    criteria: tuple[str, ...]
    """What it was declined for, as the enquirer's letter has it."""

    @property
    def enquiry(self) -> Enquiry:
        return self.standing.enquiry


def case_page(unit: Unit, ctx: Context, enquiry_id: UUID) -> CasePage:
    """Return an enquiry's page as it stands. Raises LookupError when there is none."""
    today = local_date(ctx.now)
    standing = queue.one(unit, enquiry_id, today)
    enquiry = standing.enquiry
    facts, around = snapshot(unit, ctx, enquiry), surroundings(unit, ctx, enquiry)
    nation = enquiries.nation_of(unit, enquiry, ctx.nation)
    since = local_date(enquiry.waiting_since)
    waiting = _working_days(unit, nation, since, today)
    brief = briefs.newest(unit, enquiry_id)
    is_written = brief is not None and (
        brief.state != BriefState.DRAFT or any(t.strip() for t in brief.sections.values())
    )
    return CasePage(
        standing=standing,
        wordings=tuple(enquiries.question_versions(unit, enquiry_id)),
        waiting_days=waiting,
        waiting_arithmetic=_told_since(since, today, waiting),
        slack=plans.slacks(unit, [(enquiry, standing.organisation)], today, ctx.nation).get(enquiry_id),
        possible=possibilities(facts, ctx.actor, around),
        project_possible=project_possibilities(facts, ctx.actor, around),
        project=unit.get(Project, enquiry.project_id) if enquiry.project_id else None,
        earlier_projects=tuple(projects.earlier(unit, enquiry)) if enquiry.project_id else (),
        brief=(brief.number, brief.state) if brief and is_written else None,
        parts=_parts(unit, enquiry),
        related=_related(unit, enquiry),
        files=tuple(files.listing(unit, enquiry_id)),
        upcoming=tuple(_upcoming(unit, row) for row in follow_ups.upcoming(unit, enquiry_id)),
        clarifications=tuple(_clarification(unit, entry) for entry in conversation.open_questions(unit, enquiry_id)),
        has_call=facts.call is not None,
        call_ran_out_on=facts.call.reply_by if facts.call and standing.holder != enquiry.waiting_on else None,
        criteria=_criteria(unit, enquiry),
    )


def _criteria(unit: Unit, enquiry: Enquiry) -> tuple[str, ...]:
    if enquiry.outcome != Outcome.DECLINED:
        return ()
    # Letters about enquiries that came out of this one are among those about it.
    letters = [each for each in outbox.about(unit, enquiry.id) if each.enquiry_id == enquiry.id]
    told = next((each.params.get("criteria") for each in reversed(letters) if each.kind == "closed_declined"), None)
    return tuple(str(each) for each in told) if isinstance(told, list) else ()


def _working_days(unit: Unit, nation: str, start: date, end: date) -> int | None:
    with suppress(CalendarRanOut):
        return working_days_to(unit, nation, start, end)
    return None


def _told_since(since: date, today: date, working: int | None) -> str:
    days = (today - since).days
    if days == 0:
        return "Since today."
    counted = f"{working} working day{'' if working == 1 else 's'}, " if working is not None else ""
    return f"Since {short_date(since)}: {counted}{days} day{'' if days == 1 else 's'} in all."


def _parts(unit: Unit, enquiry: Enquiry) -> tuple[Part, ...]:
    return tuple(
        Part(
            person.id,
            person.name,
            person.email,
            person.phone,
            participation.role,
            person.confirmed_at is not None or person.email is None,
        )
        for participation, person in enquiries.participants(unit, enquiry.id)
    )


def _related(unit: Unit, enquiry: Enquiry) -> tuple[Related, ...]:
    merged = unit.exec(select(Enquiry).where(Enquiry.duplicate_of_id == enquiry.id).order_by(col(Enquiry.id)))
    found = [
        Related(each.reference or "", each.question, "Merged into this one", is_merged_here=True) for each in merged
    ]
    found += [
        Related(each.reference or "", each.question, "Came out of this one")
        for each in enquiries.continued_by(unit, enquiry.id)
    ]
    for other_id, how in (
        (enquiry.continues_id, "This one came out of it"),
        (enquiry.duplicate_of_id, "Goes on there"),
    ):
        other = unit.get(Enquiry, other_id) if other_id else None
        if other is not None:
            found.append(Related(other.reference or "", other.question, how))
    return tuple(found)


def _upcoming(unit: Unit, row: FollowUp) -> Upcoming:
    return Upcoming(row.id, row.rule, _addressee(unit, row), row.due_on, row.arithmetic, row.note)


def _addressee(unit: Unit, row: FollowUp) -> str:
    """Return to whom a follow-up goes: a name where it is one person's, else the code of a rule's audience."""
    try:
        person = unit.get(Person, UUID(row.addressee))
    except ValueError:
        is_theirs = row.addressee in {Audience.CONTACTS, Audience.LEAD} and row.organisation_id is not None
        university = unit.get(Organisation, row.organisation_id) if is_theirs else None
        return f"{row.addressee}: {university.name}" if university else row.addressee
    return person.name if person else "somebody"


def _clarification(unit: Unit, entry: Entry) -> Clarification:
    university = unit.get(Organisation, entry.organisation_id) if entry.organisation_id else None
    return Clarification(entry.id, entry.body, university.name if university else "A university", entry.occurred_at)
