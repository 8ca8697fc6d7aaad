"""One enquiry as its own side may see it, and nothing else, from one snapshot."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from service.context import Context
from service.records import briefs, calls, conversation, enquiries
from service.records.database import Unit
from service.records.enquirer_page.brief import newest_brief
from service.records.enquirer_page.choice import choice_of
from service.records.enquirer_page.shapes import EnquirerPage
from service.records.enquirer_page.talk import messages_of, people_of, told_in_form
from service.records.enquirer_page.work import costs_of, terms_of, work_of
from service.records.files import listing
from service.records.places import Place
from service.records.snapshots import snapshot
from service.records.surroundings import surroundings
from service.records.tables import Enquiry, Person, Project
from service.states import BriefState, EnquiryState, ProjectState, WaitingOn
from service.workflows.decide import possibilities, project_possibilities
from service.workflows.facts import Around, EnquiryFacts


def enquirer_page(unit: Unit, ctx: Context, place: Place) -> EnquirerPage:
    """Return what the page shows to the actor of `ctx`, whose place it is."""
    enquiry = unit.get(Enquiry, place.enquiry_id)
    if enquiry is None or enquiry.submitted_at is None:
        raise LookupError(f"no enquiry {place.enquiry_id}")
    whole = place.sees_from is None
    owner = unit.get(Person, enquiry.owner_id) if enquiry.owner_id else None
    call = calls.current(unit, enquiry.id)
    newest = briefs.newest(unit, enquiry.id)
    project = unit.get(Project, enquiry.project_id) if enquiry.project_id else None
    person_id = ctx.actor.person_id
    facts, around = snapshot(unit, ctx, enquiry), surroundings(unit, ctx, enquiry)
    available = _available(ctx, facts, around)
    own_question = None if whole or person_id is None else enquiries.question_merged_here(unit, enquiry.id, person_id)
    return EnquirerPage(
        id=enquiry.id,
        reference=place.reference,
        role=place.role,
        question=enquiry.question if whole else (own_question or ""),
        original_question=enquiry.original_question if whole else (own_question or ""),
        earlier=next(_open_to(unit, person_id, [enquiries.one(unit, enquiry.continues_id)]), None)
        if enquiry.continues_id
        else None,
        later=list(_open_to(unit, person_id, enquiries.continued_by(unit, enquiry.id))),
        submitted_at=enquiry.submitted_at,
        state=EnquiryState(enquiry.state),
        outcome=enquiry.outcome,
        closed_from=EnquiryState(enquiry.closed_from) if enquiry.closed_from else None,
        closing_words=enquiry.closing_words if whole else None,
        answer=enquiry.answer if whole else None,
        signposted_to=enquiry.signposted_to if whole else None,
        reopen_requested_at=enquiry.reopen_requested_at,
        reopen_until=facts.reopen_until,
        may_reopen=facts.reopen_until is not None and around.today <= facts.reopen_until,
        is_satisfied=enquiries.satisfaction_of(unit, enquiry.id, person_id) is not None,
        waiting_on=WaitingOn(enquiry.waiting_on),
        hold_until=enquiry.hold_until if enquiry.on_hold else None,
        due_on=enquiry.due_on,
        due_arithmetic=enquiry.due_arithmetic,
        reply_by=call.reply_by if call and calls.is_open(call) else None,
        is_call_over=call is not None and calls.is_open(call) and call.reply_by < around.today,
        owner=owner.name if owner else None,
        owner_email=owner.email if owner else None,
        available=available if whole else frozenset({"reply"}) & available,
        told=told_in_form(enquiry) if whole else [],
        messages=messages_of(unit, enquiry, place.sees_from),
        brief=newest_brief(unit, enquiry) if whole else None,
        is_brief_reworked=newest is not None and newest.state == BriefState.DRAFT and newest.number > 1,
        choice=choice_of(unit, enquiry) if whole else None,
        costs=costs_of(unit, project) if whole and project else None,
        terms=terms_of(unit, enquiry, project) if whole and project else None,
        work=work_of(unit, project) if project and project.state != ProjectState.PLANNED else None,
        files=listing(unit, enquiry.id, conversation.FOR_ENQUIRERS, place.sees_from),
        people=people_of(unit, enquiry, person_id, whole=whole),
    )


def _open_to(unit: Unit, person_id: UUID | None, others: Iterable[Enquiry]) -> Iterator[str]:
    for other in others:
        if person_id and other.reference and enquiries.participation_of(unit, other.id, person_id):
            yield other.reference


def _available(ctx: Context, facts: EnquiryFacts, around: Around) -> frozenset[str]:
    events = possibilities(facts, ctx.actor, around).available
    return frozenset(events) | frozenset(project_possibilities(facts, ctx.actor, around).available)
