"""Prefer: the enquirer says which of the teams they saw they would rather work with."""

from collections.abc import Sequence
from uuid import UUID

from service.actions import remind, telling
from service.context import Context
from service.errors import conflict, invalid
from service.records import calls, enquiries, events
from service.records.database import Unit
from service.records.tables import Preference
from service.states import EnquiryState

_CHOOSING = frozenset({EnquiryState.OPEN_CALL, EnquiryState.SELECTING})


def record_preference(
    unit: Unit, ctx: Context, enquiry_id: UUID, *, ranked: Sequence[UUID], comment: str | None = None
) -> Preference:
    """Record an order of interests, most wanted first, and return it; the newest counts.

    An empty order with a comment is an answer too. Raises Problem 409 when there is nothing to choose between any
    more, 422 for a team that was not shown or stands twice.
    """
    enquiry = enquiries.lock(unit, enquiry_id)
    if enquiry.state not in _CHOOSING:
        raise conflict("The choice of researchers has been made, or has not begun. See where it stands below.")
    if calls.open_offer(unit, enquiry_id) is not None:
        raise conflict("An offer has been made to a team already. Send us a message if you think it is wrong.")
    shown = {interest.id for interest in calls.live_interests(unit, enquiry_id) if interest.show_enquirer}
    if not shown.issuperset(ranked):
        raise invalid("ranked", "One of these teams is no longer there to choose. Look at the list again.")
    if len(set(ranked)) != len(ranked):
        raise invalid("ranked", "Give each team a different place.")
    if not ranked and not comment:
        raise invalid("ranked", "Choose at least one team, or write what you think of them.")
    preference = Preference(
        enquiry_id=enquiry_id,
        person_id=ctx.actor.person_id,
        ranked=[str(interest_id) for interest_id in ranked],
        comment=comment,
        recorded_at=ctx.now,
    )
    enquiry.enquirer_active_at = ctx.now
    unit.add_all([preference, enquiry])
    unit.flush()
    event = events.append(
        unit,
        ctx,
        enquiry,
        "preference_recorded",
        from_state=enquiry.state,
        to_state=enquiry.state,
        data={"preference": str(preference.id), "ranked": preference.ranked},
    )
    remind.schedule(unit, ctx, enquiry, event)
    telling.tell_owner(unit, ctx, enquiry, "preference_recorded")
    return preference
