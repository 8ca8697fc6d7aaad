"""The enquiry as a whole: its owner, its hold, its end, and what may be struck out."""

from service.principals import Principal
from service.states import Outcome
from service.workflows import commands as c
from service.workflows.facts import Around, EnquiryFacts
from service.workflows.verdicts import Guard
from service.working_time.wording import short_date


def _owner_set(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    chosen = command.owner if isinstance(command, c.Accept) else None
    if chosen is not None and chosen not in around.staff:
        return "The owner must be a manager or service lead of this service."
    if chosen or facts.owner_id or actor.person_id:
        return None
    return "Name an owner: somebody has to be the contact from first word to finish."


def _new_owner_is_staff(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if isinstance(command, c.Reassign) and command.owner not in around.staff:
        return "The new owner must be a manager or service lead of this service."
    return None


def _not_on_hold(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    # The other side is never refused because we paused: only the team is asked to resume first.
    if facts.on_hold and actor.is_staff:
        until = f" until {short_date(facts.hold_until)}" if facts.hold_until else ""
        return f"It is on hold{until}. Resume it first."
    return None


def _is_on_hold(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    return None if facts.on_hold else "It is not on hold."


def _hold_ends_ahead(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if isinstance(command, c.Hold) and command.until <= around.today:
        return "Give a date after today for the hold to end."
    return None


def _within_reopening_time(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    if facts.outcome in {Outcome.SPAM, Outcome.DUPLICATE}:
        return f"An enquiry closed as {facts.outcome} is not reopened. Start a new one that links to it."
    if facts.reopen_until is not None and around.today > facts.reopen_until:
        return f"It could be reopened until {short_date(facts.reopen_until)}. Start a new one that links to it."
    return None


def _one_thing_to_redact(
    facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around
) -> str | None:
    if not isinstance(command, c.Redact):
        return None
    things = (command.entry, command.section, command.question, command.file)
    named = [value for value in things if value is not None]
    return None if len(named) == 1 else "Name exactly one thing to redact: an entry, a section, a question or a file."


def _another_type(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if isinstance(command, c.Retype) and command.enquiry_type == facts.enquiry_type:
        return "It is of that type already."
    return None


def _another_wording(facts: EnquiryFacts, command: c.Command | None, actor: Principal, around: Around) -> str | None:
    if isinstance(command, c.Reframe | c.Split) and " ".join(command.question.split()) == " ".join(
        facts.question.split()
    ):
        return "That is the question as it stands. Write the other one."
    return None


OWNER_SET = Guard("owner_set", _owner_set)
NEW_OWNER_IS_STAFF = Guard("new_owner_is_staff", _new_owner_is_staff)
NOT_ON_HOLD = Guard("not_on_hold", _not_on_hold)
IS_ON_HOLD = Guard("is_on_hold", _is_on_hold)
HOLD_ENDS_AHEAD = Guard("hold_ends_ahead", _hold_ends_ahead)
WITHIN_REOPENING_TIME = Guard("within_reopening_time", _within_reopening_time)
ONE_THING_TO_REDACT = Guard("one_thing_to_redact", _one_thing_to_redact)
ANOTHER_TYPE = Guard("another_type", _another_type)
ANOTHER_WORDING = Guard("another_wording", _another_wording)
