"""Planning: keep every enquiry's latest safe day (`workflows.plan`) in step with the facts, the ladder and the calendar."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from service.context import Context
from service.records import follow_ups, plans
from service.records.calendars import calendars
from service.records.database import Unit
from service.records.tables import Enquiry
from service.workflows.plan import latest_safe_day
from service.working_time import Calendar, local_date

_AT_ONCE = 200


def set_latest_days(
    unit: Unit, ctx: Context, enquiries: Sequence[Enquiry], known: Mapping[str, Calendar] | None = None
) -> None:
    """Work out the last day on which the stage that each of these, locked by the caller, is in can end safely.

    None where no date presses. `known` are calendars that were read already, by nation.
    """
    for enquiry in enquiries:
        if not plans.may_press(enquiry):
            enquiry.latest_start_on = None
            unit.add(enquiry)
    pressing = [enquiry for enquiry in enquiries if plans.may_press(enquiry)]
    if not pressing:
        return
    wishes = plans.wishes(unit, pressing, local_date(ctx.now), ctx.nation)
    nations = {nation for _, _, nation in wishes}
    if known is None or not nations <= set(known):
        known = calendars(unit, nations)
    for enquiry, wish, nation in wishes:
        enquiry.latest_start_on = latest_safe_day(wish, known[nation])
        unit.add(enquiry)


def replan(unit: Unit, ctx: Context, *, organisation_id: UUID | None = None, unreckoned: bool = False) -> int:
    """Work every latest safe day out again and return how many enquiries were looked at, locked in id order.

    Only those of one organisation's enquiries, or those that have none yet, where asked.
    """
    count, after = 0, None
    while ids := plans.pressed(unit, after, _AT_ONCE, organisation_id=organisation_id, unreckoned=unreckoned):
        set_latest_days(unit, ctx, follow_ups.locked_enquiries(unit, ids))
        unit.flush()
        count, after = count + len(ids), ids[-1]
    return count
