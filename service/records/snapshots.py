"""Snapshots: the facts about one enquiry that the rules judge, read in the transaction that will record the event."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from service.context import Context
from service.records import briefs, calls, conversation, enquiries, files, follow_ups, products, projects
from service.records.calendars import calendar_for
from service.records.database import Unit
from service.records.tables import Enquiry, Person, Project
from service.states import (
    BriefState,
    EnquiryState,
    FundingStatus,
    OfferState,
    Outcome,
    ProjectState,
    WaitingOn,
)
from service.workflows import facts as f
from service.workflows.contact_details import find_contact_details
from service.workflows.products import is_rapid
from service.working_time import add_working_days, local_date

REOPENING_DAYS = 60
"""Working days after closing within which an enquiry may be reopened."""


def snapshot(unit: Unit, ctx: Context, enquiry: Enquiry) -> f.EnquiryFacts:
    """Return the facts about an enquiry as they stand in this transaction."""
    enquirer = unit.get(Person, enquiry.enquirer_id) if enquiry.enquirer_id else None
    owner = unit.get(Person, enquiry.owner_id) if enquiry.owner_id else None
    call = calls.current(unit, enquiry.id)
    published = briefs.published(unit, enquiry.id)
    preference = calls.newest_preference(unit, enquiry.id)
    return f.EnquiryFacts(
        state=EnquiryState(enquiry.state),
        waiting_on=WaitingOn(enquiry.waiting_on),
        reference=enquiry.reference or "",
        question=enquiry.question,
        enquirer_name=enquirer.name if enquirer else (enquiry.form_name or ""),
        enquirer_email=enquirer.email if enquirer else enquiry.form_email,
        enquirer_phone=enquirer.phone if enquirer else enquiry.form_phone,
        enquirer_id=enquiry.enquirer_id,
        owner_id=enquiry.owner_id,
        owner_name=owner.name if owner else "",
        on_hold=enquiry.on_hold,
        hold_until=enquiry.hold_until,
        outcome=Outcome(enquiry.outcome) if enquiry.outcome else None,
        closed_on=local_date(enquiry.closed_at) if enquiry.closed_at else None,
        closed_from=EnquiryState(enquiry.closed_from) if enquiry.closed_from else None,
        call_pulled=enquiry.call_pulled,
        reopen_until=_reopen_until(unit, ctx, enquiry),
        organisation_shown=enquiry.organisation_shown,
        rapid_product=is_rapid(enquiry.product, enquiry.enquiry_type, products.ladder(unit)),
        enquiry_type=enquiry.enquiry_type,
        brief=_brief(unit, enquiry),
        published_version=published.number if published else None,
        call=f.CallFacts(
            reply_by=call.reply_by,
            brief_version=call.brief_version,
            opened_at=call.opened_at,
            is_open=calls.is_open(call),
            recipients=len(calls.recipients(unit, call.id)),
        )
        if call
        else None,
        interests=_interests(unit, enquiry),
        offer=_offer(unit, enquiry),
        preference_recorded=preference is not None,
        preferred=tuple(UUID(interest) for interest in preference.ranked) if preference else (),
        joint_meeting_logged=_joint_meeting_logged(unit, ctx, enquiry),
        answer_file=_answer_file(unit, enquiry),
        chasers_spent=follow_ups.chasers_spent(unit, enquiry),
        project=_project(unit, enquiry),
    )


def working_days_to(unit: Unit, nation: str, today: date, day: date) -> int:
    """Return the working days from `today` to `day` in a nation's calendar; 0 for a day not after today."""
    calendar = calendar_for(unit, nation)
    return max(
        0,
        calendar.working_days_before(day + timedelta(days=1)) - calendar.working_days_before(today + timedelta(days=1)),
    )


def _brief(unit: Unit, enquiry: Enquiry) -> f.BriefFacts | None:
    newest = briefs.newest(unit, enquiry.id)
    if newest is None:
        return None
    found = [detail for text in newest.sections.values() for detail in find_contact_details(text)]
    return f.BriefFacts(
        number=newest.number,
        state=BriefState(newest.state),
        hash=newest.hash,
        sections=newest.sections,
        sent_at=newest.sent_at,
        personal_details=tuple(dict.fromkeys(found)),
    )


def _interests(unit: Unit, enquiry: Enquiry) -> tuple[f.InterestFacts, ...]:
    turned_down = {offer.interest_id for offer in calls.offers(unit, enquiry.id) if offer.state == OfferState.DECLINED}
    return tuple(
        f.InterestFacts(
            id=interest.id,
            organisation_id=interest.organisation_id,
            conflicts=interest.conflicts,
            conflicts_cleared=interest.conflicts_cleared_at is not None,
            show_enquirer=interest.show_enquirer,
            capacity_days=interest.capacity_days,
            lead_person_id=interest.lead_person_id,
            declined_offer=interest.id in turned_down,
        )
        for interest in calls.live_interests(unit, enquiry.id)
    )


def _offer(unit: Unit, enquiry: Enquiry) -> f.OfferFacts | None:
    offer = calls.open_offer(unit, enquiry.id)
    if offer is None:
        return None
    lead = next((i.lead_person_id for i in calls.interests(unit, enquiry.id) if i.id == offer.interest_id), None)
    return f.OfferFacts(
        id=offer.id,
        interest_id=offer.interest_id,
        organisation_id=offer.organisation_id,
        state=OfferState(offer.state),
        offered_at=offer.offered_at,
        respond_by=offer.respond_by,
        lead_person_id=lead,
    )


def _project(unit: Unit, enquiry: Enquiry) -> f.ProjectFacts | None:
    project = unit.get(Project, enquiry.project_id) if enquiry.project_id else None
    if project is None:
        return None
    lines = projects.cost_lines(unit, project)
    confirmed = [line for line in projects.funding_lines(unit, project.id) if line.status == FundingStatus.CONFIRMED]
    agreement = projects.agreement(unit, project.id)
    terms = agreement.terms if agreement else {}
    current = agreement.version if agreement else 0
    return f.ProjectFacts(
        id=project.id,
        state=ProjectState(project.state),
        organisation_id=project.organisation_id,
        lead_person_id=project.lead_person_id,
        start_on=project.start_on,
        end_on=project.end_on,
        costs_version=project.costs_version,
        cost_lines=len(lines),
        cost_total=sum((line.amount for line in lines), Decimal(0)),
        cost_cash=sum((line.amount for line in lines if line.kind == "cash"), Decimal(0)),
        costs_submitted_version=project.costs_submitted_version,
        costs_submitted_at=project.costs_submitted_at,
        confirmed_total=sum((line.amount for line in confirmed), Decimal(0)),
        confirmed_cash=sum((line.amount for line in confirmed if line.kind == "cash"), Decimal(0)),
        own_funds_confirmed_by=tuple(line.confirmed_by_id for line in confirmed if line.own_funds),
        signed_parties=frozenset(
            signature.party for signature in projects.signatures(unit, project.id) if signature.terms_version == current
        ),
        ethics_route=terms.get("ethics_route", ""),
        data_protection_route=terms.get("data_protection_route", ""),
        deliverables=len(projects.deliverables(unit, project.id)),
        delivered_at=project.delivered_at,
    )


def _joint_meeting_logged(unit: Unit, ctx: Context, enquiry: Enquiry) -> bool:
    since = calls.first_opened(unit, enquiry.id)
    return since is not None and conversation.meeting_since(unit, enquiry.id, since, ctx.now)


def _answer_file(unit: Unit, enquiry: Enquiry) -> bool:
    return any(
        file.is_ours and not file.redacted for file in files.listing(unit, enquiry.id, conversation.FOR_ENQUIRERS)
    )


def _reopen_until(unit: Unit, ctx: Context, enquiry: Enquiry) -> date | None:
    if enquiry.closed_at is None:
        return None
    calendar = calendar_for(unit, enquiries.nation_of(unit, enquiry, ctx.nation))
    return add_working_days(enquiry.closed_at, REOPENING_DAYS, calendar).due
