"""Effects of the call: publishing, extending, revising, pulling, closing and opening it again."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from service.actions import telling
from service.actions.change import Change
from service.actions.feeding import brief_payload, brief_title, feed_all, recipients_of_call
from service.context import Context
from service.records import briefs, calls, feed, rankings
from service.records.circumstances import circumstances
from service.records.database import Unit
from service.records.tables import BriefVersion, Call, CallRecipient, Enquiry
from service.records.usual_days import usual_reply_by
from service.states import BriefState
from service.workflows import commands as c
from service.workflows.readiness import advise


def publish(change: Change, command: c.Publish) -> None:
    """Freeze the agreed version as published and send it to every recipient at once."""
    version = briefs.newest(change.unit, change.enquiry.id)
    if version is None:
        raise LookupError("nothing to publish")
    version.state = BriefState.PUBLISHED
    version.published_at = change.ctx.now
    change.unit.add(version)
    reply_by = command.reply_by or _usual_reply_by(change)
    call = _open_call(change, version, reply_by, command.recipients, command.route, command.reason)
    change.data |= {"hash": version.hash, "route": command.route, "readiness": _readiness(change, version)}
    _announce(change, call, version, "published")
    change.then(
        lambda: telling.tell_enquirer(
            change.unit, change.ctx, change.enquiry, "call_published_enquirer",
            reply_by=reply_by.isoformat(), recipients=len(set(command.recipients)),
        )
    )  # fmt: skip


def _readiness(change: Change, version: BriefVersion) -> dict[str, object]:
    """Return what readiness still advised on a brief that goes out: figures read nothing else."""
    found = advise(version.sections, circumstances(change.unit, change.ctx, change.enquiry))
    advised = {advice.section or "enquiry" for advice in found if advice.level != "wording"}
    return {"advised": sorted(advised), "wording": sum(advice.level == "wording" for advice in found)}


def _usual_reply_by(change: Change) -> date:
    return usual_reply_by(change.unit, change.ctx, change.enquiry, is_rapid=change.facts.rapid_product).due


def extend(change: Change, command: c.Extend) -> None:
    """Move the reply-by and tell every recipient."""
    call = _call(change)
    change.data |= {"from": call.reply_by.isoformat(), "reply_by": command.reply_by.isoformat()}
    call.reply_by = command.reply_by
    change.unit.add(call)
    told = recipients_of_call(change.unit, call)
    payload = {"reply_by": command.reply_by.isoformat(), "reason": command.reason}
    feed_all(change.unit, change.ctx, change.enquiry, told, "extended", payload)
    change.then(
        lambda: telling.tell_contacts(
            change.unit, change.ctx, change.enquiry, told, "call_extended",
            reply_by=command.reply_by.isoformat(), reason=command.reason,
        )
    )  # fmt: skip


def revise(change: Change, command: c.Revise) -> None:
    """Publish the newly agreed version in place of the one universities have."""
    call, version = _call(change), briefs.newest(change.unit, change.enquiry.id)
    before = briefs.published(change.unit, change.enquiry.id)
    if version is None:
        raise LookupError("nothing to publish")
    if before is not None:
        before.state = BriefState.SUPERSEDED
        change.unit.add(before)
    version.state = BriefState.PUBLISHED
    version.published_at = change.ctx.now
    call.brief_version = version.number
    change.unit.add(version)
    change.unit.add(call)
    change.unit.flush()
    change.data |= {"version": version.number, "hash": version.hash, "before": before.number if before else None}
    for organisation_id in recipients_of_call(change.unit, call):
        payload = brief_payload(change.unit, change.enquiry, version, call.reply_by, organisation_id)
        payload["reason"] = command.reason
        feed.stage(change.unit, change.ctx, change.enquiry, organisation_id, "revised", version.number, payload)
    change.then(
        lambda: telling.tell_contacts(
            change.unit, change.ctx, change.enquiry, recipients_of_call(change.unit, call), "call_revised",
            version=version.number, reason=command.reason, brief_title=brief_title(version),
        )
    )  # fmt: skip


def pull(change: Change, command: c.Pull) -> None:
    """Take the call back and open a new draft of the brief."""
    pull_call(change.unit, change.ctx, change.enquiry, command.reason, change)
    published = briefs.published(change.unit, change.enquiry.id)
    if published is not None:
        published.state = BriefState.WITHDRAWN
        change.unit.add(published)
        change.unit.flush()
    newest = briefs.newest(change.unit, change.enquiry.id)
    if newest is not None and newest.state in {BriefState.SENT, BriefState.AGREED}:
        newest.state = BriefState.SUPERSEDED
        change.unit.add(newest)
    if newest is None or newest.state != BriefState.DRAFT:
        briefs.start_version(change.unit, change.enquiry, change.ctx.now)


def pull_call(unit: Unit, ctx: Context, enquiry: Enquiry, reason: str, change: Change) -> None:
    """Withdraw the newest call from its recipients, feeds and mail; nothing when there is none."""
    call = calls.current(unit, enquiry.id)
    if call is None or call.pulled_at is not None:
        return
    told = recipients_of_call(unit, call)
    feed_all(unit, ctx, enquiry, told, "withdrawn", {"reason": reason})
    call.pulled_at = ctx.now
    enquiry.call_pulled = True
    unit.add(call)
    unit.add(enquiry)
    change.then(lambda: telling.tell_contacts(unit, ctx, enquiry, told, "call_withdrawn", reason=reason))


def close_call(change: Change, command: c.CloseCall) -> None:
    """End the call; interests are weighed from here on."""
    call = _call(change)
    call.closed_at = change.ctx.now
    change.unit.add(call)
    found = calls.live_interests(change.unit, change.enquiry.id)
    change.data |= {"interests": len(found)}
    feed_all(
        change.unit, change.ctx, change.enquiry, recipients_of_call(change.unit, call), "closed",
        {"closed_at": change.ctx.now.isoformat(timespec="seconds").replace("+00:00", "Z")},
    )  # fmt: skip
    shown = [interest for interest in found if interest.show_enquirer]
    change.then(
        lambda: telling.tell_enquirer(
            change.unit, change.ctx, change.enquiry, "call_closed_enquirer", interests=len(found), shown=len(shown)
        )
    )


def relaunch(change: Change, command: c.Relaunch) -> None:
    """Open a further call on the same published brief; interests already in stay."""
    version = briefs.published(change.unit, change.enquiry.id)
    if version is None:
        raise LookupError("nothing published")
    call = _open_call(change, version, command.reply_by, command.recipients, "open", command.reason)
    _announce(change, call, version, "published")


def _open_call(
    change: Change, version: BriefVersion, reply_by: date, recipients: Iterable[UUID], route: str, reason: str | None
) -> Call:
    rankings.keep(change.unit, change.corpus, change.enquiry.id, change.ctx.now, "call")
    before = calls.current(change.unit, change.enquiry.id)
    call = Call(
        enquiry_id=change.enquiry.id,
        number=(before.number + 1) if before else 1,
        brief_version=version.number,
        route=route,
        reason=reason,
        reply_by=reply_by,
        opened_at=change.ctx.now,
    )
    change.unit.add(call)
    change.unit.flush()
    for organisation_id in sorted(set(recipients)):
        change.unit.add(
            CallRecipient(
                call_id=call.id, enquiry_id=change.enquiry.id, organisation_id=organisation_id, told_at=change.ctx.now
            )
        )
    change.unit.flush()
    change.data |= {
        "version": version.number,
        "call": str(call.id),
        "reply_by": reply_by.isoformat(),
        "recipients": [str(organisation_id) for organisation_id in sorted(set(recipients))],
    }
    return call


def _announce(change: Change, call: Call, version: BriefVersion, kind: str) -> None:
    for organisation_id in recipients_of_call(change.unit, call):
        payload = brief_payload(change.unit, change.enquiry, version, call.reply_by, organisation_id)
        feed.stage(change.unit, change.ctx, change.enquiry, organisation_id, kind, version.number, payload)
    change.then(
        lambda: telling.tell_contacts(
            change.unit, change.ctx, change.enquiry, recipients_of_call(change.unit, call), "call_published",
            reply_by=call.reply_by.isoformat(), brief_title=brief_title(version),
        )
    )  # fmt: skip


def _call(change: Change) -> Call:
    call = calls.current(change.unit, change.enquiry.id)
    if call is None:
        raise LookupError(f"enquiry {change.enquiry.reference} has no call")
    return call
