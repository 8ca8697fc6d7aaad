"""Effects of choosing: offers, their answers, and standing the others down kindly."""

from collections.abc import Collection
from functools import partial
from uuid import UUID

from service.actions import telling
from service.actions.change import Change
from service.actions.feeding import feed_all, shown_organisation
from service.records import calls, feed, rankings
from service.records.tables import Interest, Offer, Organisation, Project
from service.records.usual_days import usual_respond_by
from service.states import OfferState, ProjectState
from service.workflows import commands as c
from service.workflows.guards import CHOICE_EXPLAINED


def offer(change: Change, command: c.MakeOffer) -> None:
    """Offer the work to one interest, keep the alternates, and tell the enquirer when they preferred another."""
    interest = _interest(change, command.interest)
    kept = rankings.keep_for_lead(change.unit, change.corpus, interest, change.ctx.now)
    respond_by = command.respond_by or usual_respond_by(change.unit, change.ctx, change.enquiry).due
    made = Offer(
        enquiry_id=change.enquiry.id,
        interest_id=interest.id,
        organisation_id=interest.organisation_id,
        state=OfferState.OPEN,
        respond_by=respond_by,
        alternates=[str(alternate) for alternate in command.alternates],
        offered_at=change.ctx.now,
        snapshot_id=kept.snapshot.id if kept.snapshot else None,
        standing=kept.place.standing,
        rank=kept.place.rank,
        score=kept.place.score,
        newcomer=kept.place.is_newcomer,
    )
    change.unit.add(made)
    if any(waiver.guard == "conflicts_cleared" for waiver in change.decision.waivers):
        interest.conflicts_cleared_at = change.ctx.now
        change.unit.add(interest)
    recipient = calls.recipient(change.unit, change.enquiry.id, interest.organisation_id)
    if recipient is not None:
        recipient.offered_at, recipient.stood_down_at = change.ctx.now, None
        change.unit.add(recipient)
    change.unit.flush()
    change.data |= {"offer": str(made.id), "interest": str(interest.id), "respond_by": respond_by.isoformat()}
    _feed_offer(change, made, interest)
    change.then(
        lambda: telling.tell_lead(
            change.unit, change.ctx, change.enquiry, interest, "offer_made", respond_by=respond_by.isoformat()
        )
    )
    change.then(
        lambda: telling.tell_contacts(
            change.unit, change.ctx, change.enquiry, [interest.organisation_id], "offer_made_contact",
            respond_by=respond_by.isoformat(), lead_name=interest.lead_name,
        )
    )  # fmt: skip
    _explain_choice(change, command, interest)


def _feed_offer(change: Change, made: Offer, interest: Interest) -> None:
    version = change.facts.published_version or interest.brief_version
    payload: dict[str, object] = {
        "brief_id": str(change.enquiry.brief_id),
        "offer_id": str(made.id),
        "interest_id": str(interest.id),
        "respond_by": made.respond_by.isoformat(),
        "organisation": shown_organisation(change.unit, change.enquiry, interest.organisation_id),
    }
    feed.stage(change.unit, change.ctx, change.enquiry, interest.organisation_id, "offered", version, payload)


def _explain_choice(change: Change, command: c.MakeOffer, interest: Interest) -> None:
    """Tell the enquirer why another team than the one they preferred is asked: in the words given, or waived with."""
    waived = (waiver.reason for waiver in change.decision.waivers if waiver.guard == CHOICE_EXPLAINED.code)
    explanation = command.explanation or next(waived, None)
    preference = calls.newest_preference(change.unit, change.enquiry.id)
    is_preferred = preference is None or not preference.ranked or preference.ranked[0] == str(interest.id)
    if is_preferred or explanation is None:
        return
    university = change.unit.get(Organisation, interest.organisation_id)
    change.then(
        lambda: telling.tell_enquirer(
            change.unit, change.ctx, change.enquiry, "choice_explained",
            team=university.name if university else "another team", explanation=explanation,
        )
    )  # fmt: skip


def accept_offer(change: Change, command: c.AcceptOffer) -> None:
    """Plan the project; everybody who is neither chosen nor an alternate is stood down."""
    offer = _open_offer(change)
    interest = _interest(change, offer.interest_id)
    offer.state, offer.answered_at = OfferState.ACCEPTED, change.ctx.now
    project = Project(
        enquiry_id=change.enquiry.id,
        offer_id=offer.id,
        interest_id=interest.id,
        organisation_id=interest.organisation_id,
        lead_person_id=interest.lead_person_id,
        state=ProjectState.PLANNED,
        created_at=change.ctx.now,
    )
    change.unit.add_all([offer, project])
    change.unit.flush()
    change.enquiry.project_id = project.id
    recipient = calls.recipient(change.unit, change.enquiry.id, interest.organisation_id)
    if recipient is not None:
        recipient.accepted_at = change.ctx.now
        change.unit.add(recipient)
    change.data |= {"offer": str(offer.id), "interest": str(interest.id), "project": str(project.id)}
    if command.entry:
        change.data["entry"] = str(command.entry)
    stand_down(change, spared={interest.id, *(UUID(alternate) for alternate in offer.alternates)})
    university = _university_name(change, interest.organisation_id)
    change.then(
        lambda: telling.tell_owner(change.unit, change.ctx, change.enquiry, "offer_accepted", university=university)
    )
    change.then(
        lambda: telling.tell_enquirer(
            change.unit, change.ctx, change.enquiry, "offer_accepted_enquirer", university=university
        )
    )
    change.then(
        lambda: telling.tell_contacts(
            change.unit, change.ctx, change.enquiry, [interest.organisation_id], "costing_wanted"
        )
    )
    change.then(lambda: telling.tell_lead(change.unit, change.ctx, change.enquiry, interest, "costing_wanted"))


def decline_offer(change: Change, command: c.DeclineOffer) -> None:
    """Close the offer; the first alternate still free is proposed to the owner."""
    offer = _open_offer(change)
    offer.state, offer.answered_at, offer.decline_reason = OfferState.DECLINED, change.ctx.now, command.reason
    change.unit.add(offer)
    change.data |= {"offer": str(offer.id), "next_alternate": _next_alternate(change, offer)}
    if command.entry:
        change.data["entry"] = str(command.entry)
    university = _university_name(change, offer.organisation_id)
    change.then(
        lambda: telling.tell_owner(
            change.unit, change.ctx, change.enquiry, "offer_declined", university=university, reason=command.reason
        )
    )


def lead_withdraws(change: Change, command: c.LeadWithdraws) -> None:
    """End the planned project and go back to choosing."""
    project = change.unit.get(Project, change.enquiry.project_id) if change.enquiry.project_id else None
    if project is None:
        raise LookupError("no project to withdraw from")
    offer = change.unit.get(Offer, project.offer_id)
    if offer is not None:
        offer.state, offer.decline_reason = OfferState.DECLINED, command.reason
        change.unit.add(offer)
        change.data |= {"offer": str(offer.id), "next_alternate": _next_alternate(change, offer)}
    change.project_commands.append(c.TerminateProject(reason=command.reason))
    university = _university_name(change, project.organisation_id)
    change.then(
        lambda: telling.tell_owner(
            change.unit, change.ctx, change.enquiry, "lead_withdrew", university=university, reason=command.reason
        )
    )
    change.then(
        lambda: telling.tell_enquirer(
            change.unit, change.ctx, change.enquiry, "lead_withdrew_enquirer", reason=command.reason
        )
    )


def _next_alternate(change: Change, offer: Offer) -> str | None:
    found = calls.next_alternate(change.unit, offer)
    return str(found) if found else None


def stand_down(change: Change, spared: Collection[UUID]) -> None:
    """Tell each interested university, none of whose interests is spared, that another team was chosen."""
    told = _release(change, spared)
    change.then(lambda: telling.tell_contacts(change.unit, change.ctx, change.enquiry, told, "stood_down", reason=None))
    for interest in _interests_of(change, told):
        change.then(partial(_tell_lead_of_choice, change, interest))


def stand_down_all(change: Change) -> None:
    """Tell every university that offered a team and was not yet stood down that the enquiry ended without them."""
    told = _release(change, spared=())
    change.then(lambda: telling.tell_contacts(change.unit, change.ctx, change.enquiry, told, "brief_ended"))
    for interest in _interests_of(change, told):
        change.then(partial(_tell_lead_of_end, change, interest))


def _tell_lead_of_choice(change: Change, interest: Interest) -> None:
    telling.tell_lead(change.unit, change.ctx, change.enquiry, interest, "stood_down", reason=None)


def _tell_lead_of_end(change: Change, interest: Interest) -> None:
    telling.tell_lead(change.unit, change.ctx, change.enquiry, interest, "brief_ended")


def _interests_of(change: Change, organisations: Collection[UUID]) -> list[Interest]:
    found = calls.live_interests(change.unit, change.enquiry.id)
    return [interest for interest in found if interest.organisation_id in organisations]


def _release(change: Change, spared: Collection[UUID]) -> list[UUID]:
    """Mark and feed each interested university, none of whose interests is spared, as stood down; return them."""
    interests = calls.live_interests(change.unit, change.enquiry.id)
    keeping = {interest.organisation_id for interest in interests if interest.id in spared}
    told: list[UUID] = []
    for organisation_id in sorted({interest.organisation_id for interest in interests} - keeping):
        recipient = calls.recipient(change.unit, change.enquiry.id, organisation_id)
        if recipient is None or recipient.stood_down_at is not None:
            continue
        recipient.stood_down_at = change.ctx.now
        change.unit.add(recipient)
        told.append(organisation_id)
    feed_all(change.unit, change.ctx, change.enquiry, told, "stood_down", {})
    return told


def _interest(change: Change, interest_id: UUID) -> Interest:
    interest = change.unit.get(Interest, interest_id)
    if interest is None:
        raise LookupError(f"no interest {interest_id}")
    return interest


def _open_offer(change: Change) -> Offer:
    offer = calls.open_offer(change.unit, change.enquiry.id)
    if offer is None:
        raise LookupError(f"enquiry {change.enquiry.reference} has no open offer")
    return offer


def _university_name(change: Change, organisation_id: UUID) -> str:
    university = change.unit.get(Organisation, organisation_id)
    return university.name if university else "the university"
