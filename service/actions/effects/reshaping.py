"""Effects of an enquiry that turns out to be another: of another type, more than one, or a question behind the question."""

from service.actions import telling
from service.actions.change import Change
from service.actions.rewording import reword
from service.actions.submit import split_off
from service.states import EnquiryState
from service.workflows import commands as c


def retype(change: Change, command: c.Retype) -> None:
    """Set the type. The enquirer is not told: the team classifies."""
    change.data |= {"from_type": change.enquiry.enquiry_type, "enquiry_type": command.enquiry_type}
    change.enquiry.enquiry_type = command.enquiry_type


def split(change: Change, command: c.Split) -> None:
    """Let one part of what was asked go on as an enquiry of its own, and tell the enquirer which is which.

    The new one is in triage while this one is; later it is taken on at once, by the same owner: the conversation that
    triage is there to begin has been had.
    """
    unit, ctx, enquiry = change.unit, change.ctx, change.enquiry
    made = split_off(unit, ctx, enquiry, command.question, command.enquiry_type)
    change.data |= {"split_to": str(made.id), "split_to_reference": made.reference}
    if change.facts.state != EnquiryState.TRIAGE:
        change.elsewhere.append((made.id, c.Accept()))
    else:
        change.then(lambda: telling.tell_owner(unit, ctx, made, "new_enquiry"))
    change.then(
        lambda: telling.tell_enquirer(
            unit, ctx, made, "split_off",
            question=command.question, earlier=enquiry.reference, reason=command.reason,
        )
    )  # fmt: skip


def reframe(change: Change, command: c.Reframe) -> None:
    """Put the new question beside those before it, with who prompted it and who was heard, and tell the enquirer."""
    unit, ctx, enquiry = change.unit, change.ctx, change.enquiry
    version = reword(
        unit, ctx, enquiry, command.question,
        reason=command.reason, prompted_by=command.prompted_by, heard=command.heard,
    )  # fmt: skip
    change.data |= {"question": version.number if version else None}
    change.then(
        lambda: telling.tell_enquirer(unit, ctx, enquiry, "reframed", question=command.question, reason=command.reason)
    )
