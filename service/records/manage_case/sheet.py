"""What the form of one event is filled from: whether it is possible, and what each of its members may be chosen from."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from service import vocabulary
from service.context import Context
from service.records import answers, briefs, calls, conversation, enquiries, files, people, queue
from service.records.database import Unit
from service.records.snapshots import snapshot
from service.records.surroundings import quoted, surroundings
from service.records.tables import Enquiry, Entry
from service.states import ENQUIRY_STATES, EnquiryState, ProjectState
from service.workflows.commands import MakeOffer
from service.workflows.decide import obstacles
from service.workflows.exits import OUTCOMES
from service.workflows.facts import Around, EnquiryFacts
from service.workflows.verdicts import GuardFailure, Machine, Refusal, Transition
from service.working_time import local_date
from service.working_time.wording import short_date

_QUOTING = frozenset({"quotes_enquirer", "quotes_lead"})
_MOST_TARGETS = 20


@dataclass(frozen=True, slots=True)
class Option:
    """Something a member may be: what is sent, what it says, and what helps to choose."""

    value: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class CallOut:
    """An open call: until when universities have to reply, how many were asked, and who has said neither yes nor no."""

    reply_by: date
    is_past: bool
    asked: int
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoveSheet:
    """An event as it stands before its form is filled in."""

    version: int
    """The enquiry's, for the form to carry."""
    state: EnquiryState
    question: str
    owner: str
    refusal: str | None
    """Why it is out of place or not for this actor; None when it is possible."""
    is_for_owner: bool
    """It is refused only because somebody else owns the enquiry."""
    guards: tuple[GuardFailure, ...]
    """What fails already, those that may be waived among them."""
    options: Mapping[str, tuple[Option, ...]]
    """By kind of member."""
    given: Mapping[str, str]
    """What members that nobody chooses are: the version and hash that are with the enquirer, the open offer."""
    is_on_hold: bool
    is_project_paused: bool
    call_out: CallOut | None = None
    """The call that is open; None without one."""


@dataclass(frozen=True, slots=True)
class _Look:
    unit: Unit
    ctx: Context
    enquiry: Enquiry
    facts: EnquiryFacts
    around: Around
    row: Transition


def move_sheet(
    unit: Unit, ctx: Context, enquiry_id: UUID, machine: Machine, event: str, kinds: Collection[str]
) -> MoveSheet:
    """Return the sheet of an event, with the options of those `kinds` of member that are chosen from a list."""
    enquiry = enquiries.one(unit, enquiry_id)
    facts, around = snapshot(unit, ctx, enquiry), surroundings(unit, ctx, enquiry)
    found = obstacles(machine, event, facts, ctx.actor, around)
    refused = isinstance(found, Refusal)
    look = _Look(unit, ctx, enquiry, facts, around, machine.transitions[event])
    return MoveSheet(
        version=enquiry.version,
        state=facts.state,
        question=enquiry.question,
        owner=facts.owner_name,
        refusal=found.detail if isinstance(found, Refusal) else None,
        is_for_owner=refused and look.row.owner_only and facts.state in look.row.sources,
        guards=() if isinstance(found, Refusal) else found,
        options={kind: _OPTIONS[kind](look) for kind in kinds if kind in _OPTIONS},
        given=_given(facts),
        is_on_hold=facts.on_hold,
        is_project_paused=facts.project is not None and facts.project.state == ProjectState.PAUSED,
        call_out=_call_out(unit, enquiry_id, around.today) if event == "close_call" else None,
    )


def _call_out(unit: Unit, enquiry_id: UUID, today: date) -> CallOut | None:
    call = calls.current(unit, enquiry_id)
    if call is None or not calls.is_open(call):
        return None
    asked = calls.recipients(unit, call.id)
    silent = (name.name for sent, name in asked if sent.interested_at is None and sent.declined_at is None)
    return CallOut(call.reply_by, today > call.reply_by, len(asked), tuple(silent))


def targets(unit: Unit, ctx: Context, enquiry_id: UUID, words: str) -> tuple[Option, ...]:
    """Return the enquiries that words, or a reference, bring up and that another could be merged into, at most 20.

    Those whose question has the words stand before those whose organisation or enquirer has them.
    """
    today, most = local_date(ctx.now), _MOST_TARGETS + 1
    found: dict[UUID, queue.Standing] = {}
    for filters in (queue.Filters(asks=words), queue.Filters(q=words)):
        for row in queue.page(unit, filters, today=today, limit=most):
            found.setdefault(row.standing.enquiry.id, row.standing)
    return tuple(
        _target(standing)
        for standing in found.values()
        if standing.enquiry.id != enquiry_id and standing.enquiry.duplicate_of_id is None
    )[:_MOST_TARGETS]


def target(unit: Unit, ctx: Context, reference: str) -> Option | None:
    """Return the enquiry that a reference names as `targets` tells it, or None where it names none."""
    found = enquiries.by_reference(unit, reference)
    if found is None or found.reference is None:
        return None
    return _target(queue.one(unit, found.id, local_date(ctx.now)))


def _target(standing: queue.Standing) -> Option:
    enquiry = standing.enquiry
    state = ENQUIRY_STATES[EnquiryState(enquiry.state)].label
    stands = f"{state}: {OUTCOMES[enquiry.outcome]}" if enquiry.outcome else state
    asker = standing.organisation.name if standing.organisation else enquiry.organisation_name
    return Option(enquiry.reference or "", enquiry.question, f"{stands}. {asker}" if asker else stands)


def _given(facts: EnquiryFacts) -> dict[str, str]:
    given: dict[str, str] = {}
    if facts.brief:
        given |= {"brief_version": str(facts.brief.number), "brief_hash": facts.brief.hash}
    if facts.project:
        given |= {"costs_version": str(facts.project.costs_version)}
    if facts.offer:
        given |= {"offer": str(facts.offer.id)}
    return given


def _staff(look: _Look) -> tuple[Option, ...]:
    return tuple(Option(str(person.id), person.name, person.email or "") for person in people.staff(look.unit))


def _partners(look: _Look) -> tuple[Option, ...]:
    return tuple(
        Option(
            str(university.id),
            university.name,
            "" if people.contacts_of(look.unit, university.id) else "Nobody there receives our mail yet.",
        )
        for university in people.partner_universities(look.unit)
    )


def _quotable(look: _Look) -> tuple[Option, ...]:
    """The entries that the event's own guard would take as the other side's word, the newest first."""
    guard = next((guard for guard in look.row.guards if guard.code in _QUOTING), None)
    if guard is None:
        return ()
    found = []
    for entry in reversed(conversation.entries(look.unit, look.enquiry.id)):
        members: dict[str, Any] = {"entry": entry.id}
        command = look.row.command.model_construct(**members)
        around = Around(today=look.around.today, quoted=quoted(entry))
        if entry.direction == "in" and guard.check(look.facts, command, look.ctx.actor, around) is None:
            found.append(quotable_option(entry))
    return tuple(found)


def quotable_option(entry: Entry) -> Option:
    """Return an entry as it is told from others that may be quoted."""
    return Option(str(entry.id), entry.body, _when(entry))


def _when(entry: Entry) -> str:
    kind = vocabulary.ENTRY_KINDS.get(entry.kind, entry.kind)
    return f"{kind}, {short_date(local_date(entry.occurred_at))}, written down by {entry.author_name or 'somebody'}"


def _interests(look: _Look) -> tuple[Option, ...]:
    live = {interest.id for interest in look.facts.interests if not interest.declined_offer}
    found = []
    for interest, _call, university in answers.interests(look.unit, look.enquiry.id, limit=200):
        if interest.id not in live:
            continue
        told = [
            f"{interest.capacity_days} days",
            vocabulary.BUDGET_BANDS.get(interest.cost_band or "", ""),
            f"from {short_date(interest.earliest_start)}",
            "came in late" if interest.late else "",
        ]
        if interest.conflicts and interest.conflicts_cleared_at is None:
            told.append(f"declares a conflict: {interest.conflicts}")
        warns = look.row.warns(look.facts, MakeOffer.model_construct(interest=interest.id)) if look.row.warns else ()
        hint = ", ".join(each for each in told if each) + "." + "".join(f" {warning}" for warning in warns)
        found.append(Option(str(interest.id), f"{interest.lead_name}, {university.name}", hint))
    return tuple(found)


def _offers(look: _Look) -> tuple[Option, ...]:
    offer = calls.open_offer(look.unit, look.enquiry.id)
    if offer is None:
        return ()
    for made, interest, university in answers.offers(look.unit, look.enquiry.id, limit=200):
        if made.id == offer.id:
            hint = f"Offered on {short_date(local_date(made.offered_at))}, to answer by {short_date(made.respond_by)}."
            return (Option(str(made.id), f"{interest.lead_name}, {university.name}", hint),)
    return ()


def _brief_versions(look: _Look) -> tuple[Option, ...]:
    brief = look.facts.brief
    if brief is None:
        return ()
    sent = f"sent on {short_date(local_date(brief.sent_at))}" if brief.sent_at else "not sent yet"
    return (Option(str(brief.number), f"Version {brief.number}, {sent}", brief.hash),)


def _costs(look: _Look) -> tuple[Option, ...]:
    project = look.facts.project
    if project is None:
        return ()
    return (
        Option(str(project.costs_version), f"Version {project.costs_version}", f"£{project.cost_total:,.2f} in all"),
    )


def _redactable(look: _Look) -> tuple[Option, ...]:
    """Everything there still is to destroy: wordings of the question, sections of the brief, entries, files."""
    found = [
        Option(f"question:{version.number}", version.text, "The question as it was asked" if version.number == 1 else f"Wording {version.number} of the question")
        for version in enquiries.question_versions(look.unit, look.enquiry.id)
        if version.redacted_at is None
    ]  # fmt: skip
    newest = briefs.newest(look.unit, look.enquiry.id)
    found += [
        Option(f"section:{code}", newest.sections[code], f"Brief: {label}, in every version")
        for code, label in vocabulary.BRIEF_SECTIONS.items()
        if newest and newest.sections.get(code, "").strip()
    ]
    found += [
        Option(f"entry:{entry.id}", entry.body, _when(entry))
        for entry in conversation.entries(look.unit, look.enquiry.id)
        if entry.redacted_at is None
    ]
    found += [
        Option(f"file:{file.id}", file.filename, f"File, added by {file.uploaded_by or 'somebody'}")
        for file in files.listing(look.unit, look.enquiry.id)
        if not file.redacted
    ]
    return tuple(found)


_OPTIONS: Mapping[str, Callable[[_Look], tuple[Option, ...]]] = {
    "staff": _staff,
    "partners": _partners,
    "quoted": _quotable,
    "interest": _interests,
    "alternates": _interests,
    "offer": _offers,
    "brief_version": _brief_versions,
    "costs_version": _costs,
    "redactable": _redactable,
}
