"""The stop rules: whether a reminder is still wanted, asked again in the transaction that would send it."""

from collections.abc import Iterable
from datetime import date

from service.principals import STAFF, Role
from service.states import (
    BriefState,
    DeliverableStatus,
    EnquiryState,
    Outcome,
    ProjectState,
    WaitingOn,
)
from service.workflows.reminders.anchors import is_after
from service.workflows.reminders.facts import RecipientStanding, ReminderFacts
from service.workflows.reminders.rule import Anchor, Audience, Only

_S = EnquiryState
_CHOSEN = frozenset({_S.COSTING, _S.FUNDING, _S.CONTRACTING, _S.COMMISSIONED})
_SIGNATORIES = frozenset({"commissioner", "university"})
_SETTLING_USES = frozenset({"yes", "no"})
_REPORT_WINDOW_DAYS = 20
"""Calendar days before a report's date from which one that comes in is that report, not a late one before it."""


def not_sent(facts: ReminderFacts, anchor: Anchor) -> bool:
    """The form has not been sent; a discarded one is no longer there."""
    return facts.state == _S.DRAFT


def nobody_answered(facts: ReminderFacts, anchor: Anchor) -> bool:
    """No person of the team has been in touch."""
    return facts.is_open and not facts.was_answered


def no_conversation(facts: ReminderFacts, anchor: Anchor) -> bool:
    """No call or meeting is logged or arranged since it was opened (again), and the brief has not gone out without."""
    reopened, talked = facts.latest("reopen"), facts.last_conversation
    has_talked = talked is not None and (reopened is None or talked.at >= reopened.at)
    return facts.state in {_S.SCOPING, _S.DRAFTING} and not has_talked


def question_stands(facts: ReminderFacts, anchor: Anchor) -> bool:
    """What was asked waits for the enquirer, who has not said a word since; moving on takes the question back."""
    waits = facts.is_open and facts.waiting_on == WaitingOn.ENQUIRER
    newest = facts.latest("ask", "reply")
    moved_on = facts.state_since is not None and facts.state_since > anchor.at
    return (
        waits
        and newest is not None
        and newest.id == anchor.id
        and not moved_on
        and not is_after(facts.last_word, anchor)
    )


def brief_unsent(facts: ReminderFacts, anchor: Anchor) -> bool:
    """The brief is being written."""
    return facts.state == _S.DRAFTING


def brief_awaits_agreement(facts: ReminderFacts, anchor: Anchor) -> bool:
    """The newest version is with the enquirer: neither agreed nor sent back."""
    return facts.is_open and facts.brief_state == BriefState.SENT


def recipient_not_fetched(facts: ReminderFacts, anchor: Anchor) -> bool:
    """The call is open, and this university has neither fetched nor answered it."""
    recipient = _recipient(facts, anchor)
    return _call_open(facts) and recipient is not None and not recipient.was_fetched and not recipient.has_answered


def recipient_not_answered(facts: ReminderFacts, anchor: Anchor) -> bool:
    """The call is open, and this university has neither offered a team nor declined."""
    recipient = _recipient(facts, anchor)
    return _call_open(facts) and recipient is not None and not recipient.has_answered


def call_open(facts: ReminderFacts, anchor: Anchor) -> bool:
    """The call has neither been closed nor pulled."""
    return _call_open(facts)


def somebody_not_told(facts: ReminderFacts, anchor: Anchor) -> bool:
    """A team was chosen, and a university that offered another was not told; alternates wait until the start."""
    if facts.state not in _CHOSEN:
        return False
    spared = frozenset() if facts.state == _S.COMMISSIONED else facts.alternates
    return any(
        one.is_interested and not one.is_settled for one in facts.recipients if one.organisation_id not in spared
    )


def offer_open(facts: ReminderFacts, anchor: Anchor) -> bool:
    """This offer waits for its answer."""
    return facts.state == _S.SELECTING and facts.offer is not None and facts.offer.id == anchor.subject_id


def costs_to_come(facts: ReminderFacts, anchor: Anchor) -> bool:
    """The university has not submitted the current costs."""
    return facts.state == _S.COSTING and facts.project is not None and not facts.project.costs_are_submitted


def not_signed(facts: ReminderFacts, anchor: Anchor) -> bool:
    """Somebody who has to sign the current terms has not."""
    project = facts.project
    return facts.state == _S.CONTRACTING and project is not None and not project.signed_parties >= _SIGNATORIES


def unsigned(party: str) -> Only:
    """Return whether this party's signature is missing."""

    def wanted(facts: ReminderFacts, anchor: Anchor, due_on: date) -> bool:
        return facts.project is not None and party not in facts.project.signed_parties

    return wanted


def funding_undecided(facts: ReminderFacts, anchor: Anchor) -> bool:
    """The money is neither confirmed nor given up."""
    return facts.state == _S.FUNDING


def not_accepted(facts: ReminderFacts, anchor: Anchor) -> bool:
    """The project runs, or waits to be accepted, and this deliverable is neither accepted nor waived."""
    status, project = _deliverable_status(facts, anchor), facts.project
    running = project is not None and project.state in {
        ProjectState.ACTIVE,
        ProjectState.PAUSED,
        ProjectState.DELIVERED,
    }
    return running and status in {DeliverableStatus.PLANNED, DeliverableStatus.DELIVERED}


def not_delivered(facts: ReminderFacts, anchor: Anchor, due_on: date) -> bool:
    """Whoever has delivered is not chased while the other side looks at it."""
    delivered = facts.project is not None and facts.project.state == ProjectState.DELIVERED
    return not delivered and _deliverable_status(facts, anchor) == DeliverableStatus.PLANNED


def report_to_come(facts: ReminderFacts, anchor: Anchor) -> bool:
    """The project runs and no report reaches to this date."""
    project = facts.project
    if project is None or project.state not in {ProjectState.ACTIVE, ProjectState.PAUSED}:
        return False
    return not is_reported(anchor.on, project.reported_until)


def is_reported(due: date, reported_until: Iterable[date]) -> bool:
    """Tell whether one of the days that reports reach to stands for the report due on a day, or for a later one."""
    return any((due - reached).days <= _REPORT_WINDOW_DAYS for reached in reported_until)


def still_on_hold(facts: ReminderFacts, anchor: Anchor) -> bool:
    """It has not been resumed."""
    return facts.on_hold


def satisfaction_unsaid(facts: ReminderFacts, anchor: Anchor) -> bool:
    """It was a real enquiry of its own, it is closed, and nobody has said how the service was."""
    own = facts.outcome not in {Outcome.SPAM, Outcome.DUPLICATE}
    return facts.state == _S.CLOSED and own and not facts.satisfaction_given


def use_may_be_asked(facts: ReminderFacts, anchor: Anchor) -> bool:
    """The project was completed."""
    return facts.project is not None and facts.project.state == ProjectState.COMPLETED


def use_unknown_to(audience: Audience, *roles: Role) -> Only:
    """Return whether one side is still to be asked about the use of the findings.

    Nobody is who asked us to stop asking. A yes or a no from that side settles it; "planned" and "cannot say" are asked again at the next step. Two askings
    in a row without a word from that side end it; an asking has met silence once the next one is due.
    """
    side = frozenset(roles) | STAFF

    def wanted(facts: ReminderFacts, anchor: Anchor, due_on: date) -> bool:
        if facts.project is not None and audience in facts.project.outcomes_stopped_for:
            return False
        said = [use for use in (facts.project.uses if facts.project else ()) if use.by_role in side]
        if any(use.used in _SETTLING_USES for use in said):
            return False
        asked = [
            one.at for one in facts.asked
            if one.rule == "outcome" and one.subject_id == anchor.subject_id and one.addressee == audience
        ]  # fmt: skip
        heard = [use.at for use in said] + [
            one.asked_at for one in facts.postponed if one.rule == "outcome" and one.addressee == audience
        ]
        silent = len(asked) >= 2 and not any(at >= asked[-2] for at in heard)
        return not (silent and facts.today >= due_on)

    return wanted


def _call_open(facts: ReminderFacts) -> bool:
    return facts.call is not None and facts.call.is_open


def _recipient(facts: ReminderFacts, anchor: Anchor) -> RecipientStanding | None:
    return next((one for one in facts.recipients if one.id == anchor.subject_id), None)


def _deliverable_status(facts: ReminderFacts, anchor: Anchor) -> DeliverableStatus | None:
    planned = facts.project.deliverables if facts.project else ()
    return next((one.status for one in planned if one.id == anchor.subject_id), None)
