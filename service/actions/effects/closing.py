"""Effects of closing and reopening: everything that is still under way is wound up, and people are told plainly."""

from service.actions import telling
from service.actions.change import Change
from service.actions.effects.call import pull_call
from service.actions.effects.choice import stand_down_all
from service.actions.feeding import feed_all, recipients_of_call
from service.actions.publishing_answers import withdraw_with
from service.errors import conflict
from service.principals import Role
from service.records import briefs, calls, enquiries
from service.records.tables import Enquiry, Participation, Project
from service.states import BriefState, EnquiryState, OfferState, Outcome, ProjectState
from service.workflows import commands as c
from service.workflows.exits import EXITS
from service.workflows.verdicts import State

_UNDER_WAY = frozenset({ProjectState.ACTIVE, ProjectState.PAUSED, ProjectState.DELIVERED})
_BEFORE_A_CALL = frozenset({EnquiryState.TRIAGE, EnquiryState.SCOPING, EnquiryState.DRAFTING, EnquiryState.SIGN_OFF})


def close(change: Change, command: c.Close) -> None:
    """Close with an outcome: pull the call, stand offers down, end the project, and explain."""
    enquiry = change.enquiry
    enquiry.outcome = command.outcome
    enquiry.closing_words = command.wording
    enquiry.answer = command.answer
    enquiry.signposted_to = command.signposted_to
    enquiry.signpost_consent = command.consent
    change.data |= {"outcome": command.outcome.value}
    _wind_up(change, command)
    joined = _merge(change, command) if command.outcome is Outcome.DUPLICATE else {}
    if command.outcome is Outcome.SPAM:
        return
    _explain(change, command, joined)


def _explain(change: Change, command: c.Close, joined: dict[str, object]) -> None:
    if change.ctx.actor.role == Role.ENQUIRER:
        change.then(
            lambda: telling.tell_owner(
                change.unit, change.ctx, change.enquiry, "withdrawn_by_enquirer", reason=command.reason
            )
        )
    params: dict[str, object] = {"wording": command.wording}
    if command.outcome is Outcome.ANSWERED:
        params["answer"] = command.answer
    elif command.outcome is Outcome.SIGNPOSTED:
        params["signposted_to"] = command.signposted_to
    elif command.outcome is Outcome.DECLINED:
        given = command.criteria or ()
        params["criteria"] = list(given.values()) if isinstance(given, dict) else list(given)
    params |= joined
    kind = f"closed_{command.outcome.value}"
    change.then(lambda: telling.tell_enquirer(change.unit, change.ctx, change.enquiry, kind, **params))


def _wind_up(change: Change, command: c.Close) -> None:
    unit, enquiry = change.unit, change.enquiry
    call = calls.current(unit, enquiry.id)
    if change.facts.state == EnquiryState.OPEN_CALL:
        # The reason is between the enquirer and us: it may say who is asking.
        pull_call(unit, change.ctx, enquiry, f"The enquiry is closed: {EXITS[command.outcome].label}.", change)
    elif call is not None and call.pulled_at is None:
        feed_all(unit, change.ctx, enquiry, recipients_of_call(unit, call), "delisted", {})
    offer = calls.open_offer(unit, enquiry.id)
    if offer is not None:
        offer.state, offer.answered_at = OfferState.STOOD_DOWN, change.ctx.now
        unit.add(offer)
    if change.facts.state != EnquiryState.OPEN_CALL:
        stand_down_all(change)
    published = briefs.published(unit, enquiry.id)
    if published is not None:
        published.state = BriefState.CLOSED
        unit.add(published)
    project = unit.get(Project, enquiry.project_id) if enquiry.project_id else None
    # A planned project waits: when the money is found after all, reopening goes on from there.
    if project is not None and project.state in _UNDER_WAY:
        change.project_commands.append(c.TerminateProject(reason=command.reason))


def _merge(change: Change, command: c.Close) -> dict[str, object]:
    """Lead the old reference to the target; its people join there and see what is said from now on.

    Return what the letter about it is told: the reference that counts from now on, at its foot too, and what is asked
    under it, to an enquirer who is part of that already. Nobody else's question is told.
    """
    target = enquiries.by_reference(change.unit, command.target or "")
    if target is None:
        raise LookupError("the guard lets only known targets pass")
    # Both are changed, so both are locked; the lower id first, whichever is merged into the other.
    _, target = enquiries.lock_both(change.unit, change.enquiry.id, target.id)
    if enquiries.final_target(change.unit, target).id == change.enquiry.id:
        raise conflict("That enquiry leads back to this one. Choose the one that stays open.")
    change.enquiry.duplicate_of_id = target.id
    change.data["target"] = target.reference
    asker = change.enquiry.enquirer_id
    place = enquiries.participation_of(change.unit, target.id, asker) if asker else None
    is_theirs = place is not None and place.sees_from is None
    for participation, person in enquiries.participants(change.unit, change.enquiry.id):
        if enquiries.participation_of(change.unit, target.id, person.id) is None:
            change.unit.add(
                Participation(
                    enquiry_id=target.id,
                    person_id=person.id,
                    role="merged",
                    added_by_id=participation.added_by_id,
                    added_at=change.ctx.now,
                    sees_from=change.ctx.now,
                )
            )
    return {
        "target": target.reference,
        "reference": target.reference,
        "old": change.enquiry.reference,
        "target_title": telling.title_of(target) if is_theirs else None,
    }


def reopen(change: Change, command: c.Reopen) -> None:
    """Start a new clock where it was, or in drafting once a call was pulled; the old result stays in the log."""
    enquiry: Enquiry = change.enquiry
    change.data |= {"was": enquiry.outcome}
    enquiry.outcome = None
    enquiry.closed_at = None
    enquiry.closed_from = None
    enquiry.reopen_requested_at = None
    enquiry.epoch += 1
    withdraw_with(change)
    target = change.decision.target
    _take_up(change, target)
    if target == EnquiryState.DRAFTING:
        newest = briefs.newest(change.unit, enquiry.id)
        if newest is None or newest.state != BriefState.DRAFT:
            if newest is not None and newest.state in {BriefState.SENT, BriefState.AGREED}:
                newest.state = BriefState.SUPERSEDED
                change.unit.add(newest)
                change.unit.flush()
            briefs.start_version(change.unit, enquiry, change.ctx.now)
    change.then(lambda: telling.tell_enquirer(change.unit, change.ctx, enquiry, "reopened"))


def _take_up(change: Change, target: State) -> None:
    """Let what closing set aside stand again, as far as the work goes on from there."""
    project = change.unit.get(Project, change.enquiry.project_id) if change.enquiry.project_id else None
    if target in _BEFORE_A_CALL:
        if project is not None and project.state == ProjectState.PLANNED:
            change.project_commands.append(c.TerminateProject(reason=None))
        return
    closed = [v for v in briefs.versions(change.unit, change.enquiry.id) if v.state == BriefState.CLOSED]
    if closed:
        closed[-1].state = BriefState.PUBLISHED
        change.unit.add(closed[-1])
