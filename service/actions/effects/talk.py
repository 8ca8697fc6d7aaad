"""Effects of taking an enquiry on, asking and replying, holding and handing over."""

from typing import Literal

from service.actions import telling
from service.actions.change import Change
from service.actions.entries import add_entry, said
from service.records.tables import Person
from service.workflows import commands as c


def accept(change: Change, command: c.Accept) -> None:
    """Set the owner: the one named, else who owns it already, else the caller."""
    change.enquiry.owner_id = command.owner or change.enquiry.owner_id or change.ctx.actor.person_id
    change.data["owner"] = str(change.enquiry.owner_id)
    if change.enquiry.owner_id != change.ctx.actor.person_id:
        change.then(lambda: telling.tell_owner(change.unit, change.ctx, change.enquiry, "reassigned", reason=None))


def ask(change: Change, command: c.Ask) -> None:
    """Put the question in the conversation and mail it."""
    _put_in(change, "out", command.body)
    change.then(
        lambda: telling.tell_enquirer(change.unit, change.ctx, change.enquiry, "question_asked", body=command.body)
    )


def reply(change: Change, command: c.Reply) -> None:
    """Put the enquirer's words in the conversation and tell the owner."""
    _put_in(change, "in", command.body)
    change.then(
        lambda: telling.tell_owner(change.unit, change.ctx, change.enquiry, "reply_received", body=command.body)
    )


def _put_in(change: Change, direction: Literal["in", "out"], body: str) -> None:
    entry = add_entry(
        change.unit,
        change.ctx,
        change.enquiry,
        kind="message",
        visibility="enquirer",
        direction=direction,
        body=body,
    )
    change.data["entry"] = str(entry.id)
    said(change.unit, change.ctx, change.enquiry, entry)


def hold(change: Change, command: c.Hold) -> None:
    """Freeze the clocks, or renew the hold with a new date; the first start of a renewed hold stands."""
    enquiry = change.enquiry
    renewed = enquiry.on_hold
    enquiry.on_hold = True
    enquiry.hold_until = command.until
    enquiry.hold_reason = command.reason
    enquiry.held_since = enquiry.held_since or change.ctx.now
    change.data |= {"until": command.until.isoformat(), "renewed": renewed}
    change.then(
        lambda: telling.tell_enquirer(
            change.unit, change.ctx, enquiry, "on_hold", until=command.until.isoformat(), reason=command.reason
        )
    )


def resume(change: Change, command: c.Resume) -> None:
    """Let the clocks run again."""
    enquiry = change.enquiry
    change.data["held_since"] = enquiry.held_since.isoformat() if enquiry.held_since else None
    enquiry.on_hold, enquiry.hold_until, enquiry.hold_reason, enquiry.held_since = False, None, None, None
    change.then(lambda: telling.tell_enquirer(change.unit, change.ctx, enquiry, "resumed"))


def reassign(change: Change, command: c.Reassign) -> None:
    """Hand the enquiry to another manager, and tell both sides; of several at once the new owner hears together."""
    before = change.enquiry.owner_id
    change.enquiry.owner_id = command.owner
    change.data |= {"from_owner": str(before) if before else None, "owner": str(command.owner)}
    owner = change.unit.get(Person, command.owner)
    if not isinstance(command, c.ReassignTogether):
        change.then(
            lambda: telling.tell_owner(change.unit, change.ctx, change.enquiry, "reassigned", reason=command.reason)
        )
    if owner is not None and before is not None:
        change.then(lambda: telling.tell_enquirer(change.unit, change.ctx, change.enquiry, "reassigned_enquirer"))
