"""Respond: what a university says to a brief: received, interested, not this time, a question."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from service.actions import remind, telling
from service.actions.entries import add_entry
from service.context import Context
from service.errors import conflict, invalid, not_found
from service.records import calls, enquiries, events, people
from service.records.database import Unit
from service.records.tables import Call, CallRecipient, Enquiry, Entry, Interest, Organisation, Researcher
from service.states import EnquiryState
from service.working_time import local_date


@dataclass(frozen=True, slots=True)
class Team:
    """Who would do the work, and on what terms."""

    lead_name: str
    lead_email: str
    statement: str
    capacity_days: int
    earliest_start: date
    cost_band: str
    lead_researcher_id: UUID | None = None
    team: tuple[str, ...] = ()
    with_universities: tuple[str, ...] = ()
    conflicts: str | None = None
    show_enquirer: bool = False
    amended: frozenset[str] = field(default_factory=frozenset)


def acknowledge(unit: Unit, ctx: Context, enquiry_id: UUID, university_id: UUID) -> CallRecipient:
    """Mark the brief as received by people. A second receipt changes nothing."""
    enquiry, recipient, _ = _addressed(unit, enquiry_id, university_id)
    if recipient.acknowledged_at is None:
        recipient.acknowledged_at = ctx.now
        recipient.fetched_at = recipient.fetched_at or ctx.now
        unit.add(recipient)
        _log(unit, ctx, enquiry, "acknowledged", university_id)
    return recipient


def offer_interest(unit: Unit, ctx: Context, enquiry_id: UUID, university_id: UUID, team: Team) -> Interest:
    """Record a university's interest, marked late after the reply-by.

    Accepted until an offer is accepted. Raises Problem 409 after that, or when the brief was withdrawn.
    """
    enquiry, recipient, call = _addressed(unit, enquiry_id, university_id)
    _require(why_no_interest(enquiry, call))
    _check_researcher(unit, university_id, team.lead_researcher_id)
    lead = people.find_or_make(unit, now=ctx.now, name=team.lead_name, email=team.lead_email)
    late = local_date(ctx.now) > call.reply_by or not calls.is_open(call)
    interest = Interest(
        enquiry_id=enquiry.id,
        call_id=call.id,
        organisation_id=university_id,
        brief_version=call.brief_version,
        lead_researcher_id=team.lead_researcher_id,
        lead_person_id=lead.id,
        lead_name=team.lead_name,
        lead_email=team.lead_email.lower(),
        team=list(team.team),
        with_universities=list(team.with_universities),
        statement=team.statement,
        capacity_days=team.capacity_days,
        earliest_start=team.earliest_start,
        cost_band=team.cost_band,
        conflicts=team.conflicts,
        show_enquirer=team.show_enquirer,
        late=late,
        submitted_at=ctx.now,
    )
    unit.add(interest)
    recipient.acknowledged_at = recipient.acknowledged_at or ctx.now
    recipient.fetched_at = recipient.fetched_at or ctx.now
    recipient.interested_at = recipient.interested_at or ctx.now
    recipient.declined_at, recipient.decline_reason, recipient.decline_comment = None, None, None
    recipient.stood_down_at = None
    unit.add(recipient)
    unit.flush()
    _log(unit, ctx, enquiry, "interest", university_id, interest=str(interest.id), late=late)
    university = unit.get(Organisation, university_id)
    telling.tell_owner(
        unit,
        ctx,
        enquiry,
        "interest_received",
        university=university.name if university else "",
        lead_name=team.lead_name,
        late=late,
    )
    return interest


def amend_interest(unit: Unit, ctx: Context, interest_id: UUID, university_id: UUID, team: Team) -> Interest:
    """Change what an interest says, until an offer is accepted. Only its own university finds it (404 otherwise).

    Raises Problem 409 after that, or when the brief was withdrawn.
    """
    interest = unit.get(Interest, interest_id)
    if interest is None or interest.organisation_id != university_id:
        raise not_found("interest")
    enquiry = enquiries.lock(unit, interest.enquiry_id)
    unit.refresh(interest)
    call = unit.get(Call, interest.call_id)
    if call is None:
        raise LookupError(f"interest {interest_id} is in no call")
    _require(why_no_interest(enquiry, call))
    if team.lead_researcher_id != interest.lead_researcher_id:
        # Who was named stays named, though their entry may since have been merged into another university's.
        _check_researcher(unit, university_id, team.lead_researcher_id)
    if "lead" in team.amended:
        lead = people.find_or_make(unit, now=ctx.now, name=team.lead_name, email=team.lead_email)
        interest.lead_person_id, interest.lead_researcher_id = lead.id, team.lead_researcher_id
        interest.lead_name, interest.lead_email = team.lead_name, team.lead_email.lower()
    for name in team.amended - {"lead"}:
        value = getattr(team, name)
        setattr(interest, name, list(value) if isinstance(value, tuple) else value)
    if "conflicts" in team.amended:
        interest.conflicts_cleared_at = None
    interest.amended_at = ctx.now
    interest.version += 1
    unit.add(interest)
    unit.flush()
    _log(unit, ctx, enquiry, "interest_amended", university_id, interest=str(interest.id))
    return interest


def decline(
    unit: Unit, ctx: Context, enquiry_id: UUID, university_id: UUID, reason: str, comment: str | None
) -> CallRecipient:
    """Record that a university will not take part. Raises Problem 409 once it has offered a team or has an offer."""
    enquiry, recipient, call = _addressed(unit, enquiry_id, university_id)
    _require(why_no_decline(enquiry, call, recipient))
    recipient.acknowledged_at = recipient.acknowledged_at or ctx.now
    recipient.fetched_at = recipient.fetched_at or ctx.now
    recipient.declined_at = recipient.declined_at or ctx.now
    recipient.decline_reason, recipient.decline_comment = reason, comment
    unit.add(recipient)
    _log(unit, ctx, enquiry, "recipient_declined", university_id, decline_reason=reason)
    university = unit.get(Organisation, university_id)
    telling.tell_owner(
        unit, ctx, enquiry, "recipient_declined", university=university.name if university else "", reason=reason
    )
    return recipient


def ask_about_brief(unit: Unit, ctx: Context, enquiry_id: UUID, university_id: UUID, body: str) -> Entry:
    """Put a clarification question to the owner; the answer will reach every recipient, who asked will not."""
    enquiry, _, call = _addressed(unit, enquiry_id, university_id)
    _require(why_no_question(call))
    entry = add_entry(
        unit,
        ctx,
        enquiry,
        kind="message",
        visibility="universities",
        direction="in",
        body=body,
        organisation_id=university_id,
    )
    university = unit.get(Organisation, university_id)
    telling.tell_owner(
        unit, ctx, enquiry, "clarification_asked", university=university.name if university else "", body=body
    )
    return entry


def _addressed(unit: Unit, enquiry_id: UUID, university_id: UUID) -> tuple[Enquiry, CallRecipient, Call]:
    """Return the locked enquiry with a university's part in its newest call. Raises Problem 404 when it has none."""
    enquiry = enquiries.lock(unit, enquiry_id)
    recipient = calls.recipient(unit, enquiry.id, university_id)
    call = unit.get(Call, recipient.call_id) if recipient else None
    if recipient is None or call is None:
        raise not_found("brief")
    if call.pulled_at is not None:
        raise conflict(_WITHDRAWN)
    return enquiry, recipient, call


def why_no_interest(enquiry: Enquiry, call: Call) -> str | None:
    """Return why no interest may be sent or amended now, as a sentence; None while one may."""
    if call.pulled_at is not None:
        return _WITHDRAWN
    if enquiry.state not in _CHOOSING:
        return "This brief is no longer open for interest: a team has been chosen, or it has been withdrawn."
    return None


def why_no_decline(enquiry: Enquiry, call: Call, recipient: CallRecipient) -> str | None:
    """Return why a university cannot say "not this time" now, as a sentence; None while it may."""
    if call.pulled_at is not None:
        return _WITHDRAWN
    if recipient.interested_at is not None:
        return "You have offered a team. Tell the research manager if it can no longer take part."
    return None if enquiry.state in _CHOOSING else "This brief is no longer open."


def why_no_question(call: Call) -> str | None:
    """Return why nothing can be asked about the brief through its call now, as a sentence; None while something may."""
    if call.pulled_at is not None:
        return _WITHDRAWN
    if not calls.is_open(call):
        return "The call has closed, so questions about the brief are no longer answered through it."
    return None


_WITHDRAWN = "This brief has been withdrawn."
_CHOOSING = frozenset({EnquiryState.OPEN_CALL, EnquiryState.SELECTING})


def _require(obstacle: str | None) -> None:
    if obstacle is not None:
        raise conflict(obstacle)


def _check_researcher(unit: Unit, university_id: UUID, researcher_id: UUID | None) -> None:
    researcher = unit.get(Researcher, researcher_id) if researcher_id else None
    if researcher_id is not None and (researcher is None or researcher.organisation_id != university_id):
        raise invalid("lead.researcher_id", "There is no such researcher in your directory.")


def _log(unit: Unit, ctx: Context, enquiry: Enquiry, event: str, university_id: UUID, **data: object) -> None:
    """Append to the log what a recipient did; the enquiry's state and version stay."""
    row = events.note(unit, ctx, enquiry, event, data={"organisation": str(university_id), **data})
    remind.schedule(unit, ctx, enquiry, row)
