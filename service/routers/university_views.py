"""What a university is shown of a brief it was sent and of an offer to one of its teams, whichever door it comes through."""

from uuid import UUID

from service.actions import respond
from service.actions.feeding import brief_payload, shown_organisation, title_in_version
from service.context import Context
from service.errors import not_found
from service.records import briefs, calls, conversation, projects
from service.records.calls import CallRow, OfferRow, SentCall
from service.records.database import Unit
from service.routers.schemas.briefs import InterestSent, OwnInterest, OwnQuestion, ReceivedBrief
from service.routers.schemas.offers import OwnOffer
from service.working_time import local_date


def sent_row(unit: Unit, brief_id: UUID, university: UUID) -> CallRow:
    """Return a brief in the newest call that a university was sent. Raises Problem 404 when it was sent none."""
    row = calls.newest_sent(unit, brief_id, university)
    if row is None:
        raise not_found("brief")
    return row


def received_brief(unit: Unit, ctx: Context, row: CallRow) -> ReceivedBrief:
    """Show a brief to one of its recipients: what the feed said, brought up to date, and its own answers."""
    sent, enquiry, recipient = row
    university = recipient.organisation_id
    version = briefs.version(unit, enquiry.id, sent.brief_version)
    if version is None:
        raise LookupError(f"call {sent.id} is of no version of its brief")
    found = calls.interests_of(unit, enquiry.id, university)
    return ReceivedBrief.model_validate(
        {
            **recipient.model_dump(exclude={"id"}),
            **brief_payload(unit, enquiry, version, sent.reply_by, university),
            "id": enquiry.brief_id,
            "state": call_state(sent),
            "status": calls.status_of(recipient, sent.reply_by, local_date(ctx.now)),
            "interests": [OwnInterest.of(interest, enquiry.brief_id) for interest in found],
            "asked": [OwnQuestion.of(*each) for each in conversation.questions_of(unit, enquiry.id, university)],
        }
    )


def own_offer(unit: Unit, row: OfferRow) -> OwnOffer:
    """Show an offer to the university whose team it was made to."""
    offer, enquiry = row
    interest = calls.interest(unit, offer.interest_id)
    if interest is None:
        raise LookupError(f"offer {offer.id} is to no interest")
    return OwnOffer.model_validate(
        {
            **offer.model_dump(),
            "brief_id": enquiry.brief_id,
            "title": title_in_version(unit, enquiry, interest.brief_version),
            "organisation": shown_organisation(unit, enquiry, offer.organisation_id),
            "lead_name": interest.lead_name,
            "project_id": projects.of_offer(unit, offer.id),
        }
    )


def call_state(sent: SentCall) -> str:
    """Return how a call stands: open, closed or withdrawn."""
    if sent.pulled_at is not None:
        return "withdrawn"
    return "closed" if sent.closed_at is not None else "open"


def team_of(body: InterestSent) -> respond.Team:
    """Return the team that an interest names."""
    return respond.Team(
        lead_name=body.lead.name,
        lead_email=body.lead.email,
        lead_researcher_id=body.lead.researcher_id,
        team=tuple(body.team),
        with_universities=tuple(body.with_universities),
        statement=body.statement,
        capacity_days=body.capacity_days,
        earliest_start=body.earliest_start,
        cost_band=body.cost_band,
        conflicts=body.conflicts,
        show_enquirer=body.show_enquirer,
    )
