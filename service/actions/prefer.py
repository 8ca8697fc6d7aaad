"""Prefer: the enquirer says which of the teams they saw they would rather work with, or a manager who heard it records it."""

from collections.abc import Sequence
from uuid import UUID

from service.actions import remind, telling
from service.actions.progress import Check
from service.context import Context
from service.errors import conflict, invalid
from service.principals import Role
from service.records import calls, enquiries, events
from service.records.choice_desk import why_not_quotable
from service.records.database import Unit
from service.records.snapshots import snapshot
from service.records.tables import Entry, Preference
from service.workflows.preferring import why_no_preference


def record_preference(
    unit: Unit,
    ctx: Context,
    enquiry_id: UUID,
    *,
    ranked: Sequence[UUID],
    comment: str | None = None,
    entry: UUID | None = None,
    check: Check | None = None,
) -> Preference:
    """Record an order of interests, most wanted first, and return it; the newest counts.

    An empty order with a comment is an answer too. A manager quotes the inward entry in which the enquirer said so.
    Raises Problem 409 when there is nothing to choose between any more, 422 for a team that was not shown or stands
    twice, and for an entry that cannot be quoted.
    """
    enquiry = enquiries.lock(unit, enquiry_id)
    if check is not None:
        check(unit, enquiry)
    if (refused := why_no_preference(snapshot(unit, ctx, enquiry))) is not None:
        raise conflict(refused)
    shown = {interest.id for interest in calls.live_interests(unit, enquiry_id) if interest.show_enquirer}
    if not shown.issuperset(ranked):
        raise invalid("ranked", "One of these teams is no longer there to choose. Look at the list again.")
    if len(set(ranked)) != len(ranked):
        raise invalid("ranked", "Give each team a different place.")
    if not ranked and not comment:
        raise invalid("ranked", "Choose at least one team, or write what you think of them.")
    said_by = ctx.actor.person_id
    if ctx.actor.is_staff:
        said_in = unit.get(Entry, entry) if entry else None
        if (refused := why_not_quotable(unit, enquiry_id, said_in)) is not None:
            raise invalid("entry", refused)
        said_by = (said_in and _whose_word(said_in)) or enquiry.enquirer_id
    preference = Preference(
        enquiry_id=enquiry_id,
        person_id=said_by,
        ranked=[str(interest_id) for interest_id in ranked],
        comment=comment,
        entry_id=entry if ctx.actor.is_staff else None,
        recorded_at=ctx.now,
    )
    if not ctx.actor.is_staff:
        enquiry.enquirer_active_at = ctx.now
    unit.add_all([preference, enquiry])
    unit.flush()
    quoting = {"entry": str(preference.entry_id)} if preference.entry_id else {}
    event = events.note(
        unit,
        ctx,
        enquiry,
        "preference_recorded",
        data={"preference": str(preference.id), "ranked": preference.ranked, **quoting},
    )
    remind.schedule(unit, ctx, enquiry, event)
    telling.tell_owner(unit, ctx, enquiry, "preference_recorded")
    return preference


def _whose_word(entry: Entry) -> UUID | None:
    return entry.said_by_id or (entry.author_id if entry.author_role == Role.ENQUIRER else None)
