"""Effects of writing the brief and agreeing it."""

from service.actions import telling
from service.actions.change import Change
from service.actions.entries import add_entry, said
from service.principals import Role
from service.records import briefs
from service.records.tables import BriefVersion, Entry
from service.states import BriefState
from service.workflows import commands as c


def begin_brief(change: Change, command: c.BeginBrief) -> None:
    """Open the first draft, unless one is there from before."""
    if briefs.newest(change.unit, change.enquiry.id) is None:
        briefs.start_version(change.unit, change.enquiry, change.ctx.now, sections={})


def send_for_agreement(change: Change, command: c.SendForAgreement) -> None:
    """Freeze the draft and ask the enquirer."""
    version = _newest(change)
    version.state = BriefState.SENT
    version.sent_at = change.ctx.now
    version.hash = briefs.sections_hash(version.sections)
    change.unit.add(version)
    change.data |= {"version": version.number, "hash": version.hash}
    change.then(
        lambda: telling.tell_enquirer(change.unit, change.ctx, change.enquiry, "brief_to_agree", version=version.number)
    )


def request_changes(change: Change, command: c.RequestChanges) -> None:
    """Keep the comment, and open a new version for the owner to work on."""
    sent = _newest(change)
    sent.state = BriefState.SUPERSEDED
    sent.change_comment = command.comment
    change.unit.add(sent)
    draft = briefs.start_version(change.unit, change.enquiry, change.ctx.now)
    change.data |= {"version": sent.number, "new_version": draft.number}
    if change.ctx.actor.role == Role.ENQUIRER:
        entry = add_entry(
            change.unit, change.ctx, change.enquiry,
            kind="message", visibility="enquirer", direction="in", body=command.comment,
        )  # fmt: skip
        said(change.unit, change.ctx, change.enquiry, entry)
        change.data["entry"] = str(entry.id)
    elif command.entry:
        change.data["entry"] = str(command.entry)
    change.then(
        lambda: telling.tell_owner(
            change.unit, change.ctx, change.enquiry, "changes_requested", comment=command.comment
        )
    )


def agree(change: Change, command: c.Agree) -> None:
    """Record the yes to exactly this hash; a manager's quote is told to the enquirer."""
    version = _newest(change)
    version.state = BriefState.AGREED
    version.agreed_at = change.ctx.now
    version.agreed_entry_id = command.entry
    by_enquirer = change.ctx.actor.role == Role.ENQUIRER
    version.agreed_by_id = change.ctx.actor.person_id if by_enquirer else change.enquiry.enquirer_id
    change.unit.add(version)
    change.data |= {"version": version.number, "hash": version.hash}
    if command.entry:
        change.data["entry"] = str(command.entry)
    if by_enquirer:
        change.enquiry.enquirer_active_at = change.ctx.now
        change.then(
            lambda: telling.tell_owner(change.unit, change.ctx, change.enquiry, "brief_agreed", version=version.number)
        )
        return
    quoted = change.unit.get(Entry, command.entry) if command.entry else None
    change.then(
        lambda: telling.tell_enquirer(
            change.unit, change.ctx, change.enquiry, "brief_agreed_for_you",
            version=version.number, entry_quote=quoted.body if quoted and quoted.visibility != "back_stage" else "",
        )
    )  # fmt: skip


def _newest(change: Change) -> BriefVersion:
    version = briefs.newest(change.unit, change.enquiry.id)
    if version is None:
        raise LookupError(f"enquiry {change.enquiry.reference} has no brief")
    return version
