"""The hunt for impossible states: every enquiry as it is stored is shown to the pure rules, and the counters are counted."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from sqlmodel import col, func, select

from service.records import briefs, closing, enquiries, plans
from service.records.database import Unit
from service.records.tables import (
    BriefVersion,
    Call,
    CallRecipient,
    Enquiry,
    Event,
    EventCounter,
    FeedCounter,
    FeedEntry,
    Offer,
    Project,
)
from service.states import BriefState, EnquiryState, OfferState, Outcome, ProjectState, WaitingOn
from service.workflows.invariants import CallRecord, CaseFacts, Step, VersionFacts, broken

_AT_ONCE = 200
WHOLLY = frozenset({"forget", "erase"})
"""The events that may destroy any text of an enquiry."""


class _OfEnquiry(Protocol):
    enquiry_id: UUID


T = TypeVar("T", bound=_OfEnquiry)


def find_broken(unit: Unit) -> list[str]:
    """Return a sentence for each thing that is recorded and cannot be; none when all is well."""
    found = [complaint for case in _cases(unit) for complaint in broken(case)]
    return [*found, *_miscounted(unit), *plans.misplaced(unit), *closing.misread(unit)]


def _cases(unit: Unit) -> Iterator[CaseFacts]:
    last: UUID | None = None
    while True:
        query = select(Enquiry).order_by(col(Enquiry.id)).limit(_AT_ONCE)
        some = unit.exec(query if last is None else query.where(Enquiry.id > last)).all()
        if not some:
            return
        yield from _gathered(unit, some)
        last = some[-1].id


def _gathered(unit: Unit, some: Sequence[Enquiry]) -> Iterator[CaseFacts]:
    ids = [enquiry.id for enquiry in some]
    events = _by_enquiry(unit.exec(select(Event).where(col(Event.enquiry_id).in_(ids)).order_by(col(Event.seq))))
    versions = _by_enquiry(
        unit.exec(select(BriefVersion).where(col(BriefVersion.enquiry_id).in_(ids)).order_by(col(BriefVersion.number)))
    )
    calls = _by_enquiry(unit.exec(select(Call).where(col(Call.enquiry_id).in_(ids)).order_by(col(Call.number))))
    told = Counter(unit.exec(select(CallRecipient.call_id).where(col(CallRecipient.enquiry_id).in_(ids))))
    offers = _by_enquiry(unit.exec(select(Offer).where(col(Offer.enquiry_id).in_(ids))))
    projects = _by_enquiry(unit.exec(select(Project).where(col(Project.enquiry_id).in_(ids))))
    fed = _by_enquiry(
        unit.exec(
            select(FeedEntry).where(
                col(FeedEntry.enquiry_id).in_(ids), col(FeedEntry.type).in_(("published", "revised"))
            )
        )
    )
    for enquiry in some:
        yield _case(
            unit,
            enquiry,
            events=events.get(enquiry.id, []),
            versions=versions.get(enquiry.id, []),
            calls=[
                CallRecord(
                    brief_version=call.brief_version,
                    is_open=call.closed_at is None and call.pulled_at is None,
                    recipients=told[call.id],
                    pulled=call.pulled_at is not None,
                )
                for call in calls.get(enquiry.id, [])
            ],
            offers=offers.get(enquiry.id, []),
            projects=projects.get(enquiry.id, []),
            fed=fed.get(enquiry.id, []),
        )


def _case(
    unit: Unit,
    enquiry: Enquiry,
    *,
    events: Sequence[Event],
    versions: Sequence[BriefVersion],
    calls: Sequence[CallRecord],
    offers: Sequence[Offer],
    projects: Sequence[Project],
    fed: Sequence[FeedEntry],
) -> CaseFacts:
    project = next((one for one in projects if one.id == enquiry.project_id), None)
    return CaseFacts(
        reference=enquiry.reference or str(enquiry.id),
        state=EnquiryState(enquiry.state),
        waiting_on=WaitingOn(enquiry.waiting_on),
        submitted=enquiry.submitted_at is not None,
        outcome=Outcome(enquiry.outcome) if enquiry.outcome else None,
        closed_from=EnquiryState(enquiry.closed_from) if enquiry.closed_from else None,
        on_hold=enquiry.on_hold,
        hold_until=enquiry.hold_until,
        owner_id=enquiry.owner_id,
        call_pulled=enquiry.call_pulled,
        is_duplicate=enquiry.duplicate_of_id is not None,
        leads_back=enquiries.final_target(unit, enquiry).duplicate_of_id is not None,
        versions=tuple(_versions(versions, events, fed)),
        calls=tuple(calls),
        offers=tuple(OfferState(offer.state) for offer in offers),
        projects=tuple(ProjectState(one.state) for one in projects),
        project=ProjectState(project.state) if project else None,
        costs_version=project.costs_version if project else None,
        costs_agreed_version=project.costs_agreed_version if project else None,
        steps=tuple(_step(event) for event in events if event.machine == "enquiry"),
        project_steps=tuple(
            _step(event) for event in events if event.machine == "project" and event.project_id == enquiry.project_id
        ),
    )


def _versions(
    versions: Sequence[BriefVersion], events: Sequence[Event], fed: Sequence[FeedEntry]
) -> Iterator[VersionFacts]:
    agreed = {event.data.get("version"): str(event.data.get("hash")) for event in events if event.event == "agree"}
    redacted = {event.data.get("section") for event in events if event.event == "redact"}
    destroyed = any(event.event in WHOLLY for event in events)
    for version in versions:
        items = [json.loads(entry.item) for entry in fed if entry.brief_version == version.number]
        yield VersionFacts(
            number=version.number,
            state=BriefState(version.state),
            hash=version.hash,
            computed_hash=None
            if destroyed or redacted & set(version.sections)
            else briefs.sections_hash(version.sections),
            agreed_hash=agreed.get(version.number),
            fed_hashes=frozenset(str(item["payload"]["hash"]) for item in items),
        )


def _step(event: Event) -> Step:
    return Step(event.event, event.from_state, event.to_state, event.waiting_on)


def _miscounted(unit: Unit) -> Iterator[str]:
    """The event log and every feed are numbered from 1 without a gap, up to their counters."""
    counter = unit.exec(select(EventCounter.seq)).first() or 0
    count, highest = unit.exec(select(func.count(), func.max(Event.seq)).select_from(Event)).one()
    if not count == (highest or 0) == counter:
        yield f"The event log holds {count} events up to number {highest or 0}, and its counter says {counter}."
    counters = {row.organisation_id: row.seq for row in unit.exec(select(FeedCounter))}
    numbered = unit.exec(
        select(FeedEntry.organisation_id, func.count(), func.max(FeedEntry.seq)).group_by(
            col(FeedEntry.organisation_id)
        )
    ).all()
    for organisation_id, entries, top in numbered:
        if not entries == top == counters.get(organisation_id, 0):
            yield (
                f"The feed of {organisation_id} holds {entries} entries up to number {top}, and its counter says "
                f"{counters.get(organisation_id, 0)}."
            )


def _by_enquiry(rows: Iterable[T]) -> dict[UUID, list[T]]:
    found: dict[UUID, list[T]] = defaultdict(list)
    for row in rows:
        found[row.enquiry_id].append(row)
    return found
